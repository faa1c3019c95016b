# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..rules.search_words import MAX_WORD, fold, query_words, words

FALLBACK_LANGUAGE = "en_US"
#: PostgreSQL's text search configuration of a language; where the server lacks it
#: (Catalan before version 14) words are compared as they are.
CONFIGURATIONS = {
    "ca": "catalan",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}
#: Words of a claim that are looked for; the first ones say what it is about.
MAX_QUERY_WORDS = 60
#: What a fact shared with the claim adds; the text itself adds up to 1.
BOOSTS = {
    "product": 0.5,
    "categ": 0.25,
    "symptom": 0.5,
    "cause": 0.5,
    "type": 0.2,
}
#: What is left to an article that is about other products.
OTHER_PRODUCT_FACTOR = 0.3


class AftersalesArticleSearch(models.Model):
    """The words of each article in each language it is written in.

    Words are kept as the language's stems and, without accents, as they are, so that
    neither a missing accent nor a missing extension of PostgreSQL hides an article.
    """

    _name = "aftersales.article.search"
    _description = "Words of a Knowledge Article"
    _log_access = False

    article_id = fields.Many2one(
        "aftersales.article", required=True, ondelete="cascade"
    )
    lang = fields.Char(required=True)

    _article_lang_uniq = models.UniqueIndex("(article_id, lang)")

    def init(self):
        result = super().init()
        self.env.cr.execute(
            """
            ALTER TABLE aftersales_article_search
                ADD COLUMN IF NOT EXISTS vector tsvector;
            CREATE INDEX IF NOT EXISTS aftersales_article_search_vector_idx
                ON aftersales_article_search USING gin (vector);
            """
        )
        return result


class AftersalesArticle(models.Model):
    _inherit = "aftersales.article"

    search_text = fields.Char(
        string="Words", compute="_compute_search_text", search="_search_search_text"
    )

    def _compute_search_text(self):
        self.search_text = False

    @api.model
    def _search_search_text(self, operator, value):
        if operator not in ("ilike", "in"):
            return NotImplemented
        text = value if isinstance(value, str) else " ".join(filter(None, value))
        matching = SQL(
            "(%s SELECT article_id FROM texts)", self._get_texts_sql(text, ())
        )
        return Domain("id", "in", matching)

    # -- the words of articles

    @api.model
    def _get_searched_fields(self):
        return {"name", "body", "product_ids", "symptom_ids", "cause_ids"}

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        if field_name in self._get_searched_fields():
            self._update_search()
        return result

    def _update_search(self):
        """Keep the words of these articles, in every language they are written in."""
        if not self:
            return
        self.flush_recordset(["name", "body"])
        rows = [
            self._prepare_search_sql(article, lang)
            for lang, ids in self._get_written_languages().items()
            # What an article is about is no secret to the search: names only.
            for article in self.browse(ids).sudo().with_context(lang=lang)
        ]
        self.env.cr.execute(
            SQL(
                "DELETE FROM aftersales_article_search WHERE article_id = ANY(%s)",
                list(self.ids),
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO aftersales_article_search (article_id, lang, vector) "
                "VALUES %s",
                SQL(", ").join(rows),
            )
        )

    def _get_written_languages(self):
        """{language: ids of the articles with a text of their own in it}"""
        self.env.cr.execute(
            SQL(
                """
                SELECT key, array_agg(DISTINCT article.id)
                  FROM aftersales_article article,
                       jsonb_object_keys(article.name || COALESCE(article.body, '{}'))
                           AS key
                 WHERE article.id = ANY(%s) AND key NOT LIKE '\\_%%'
              GROUP BY key
              ORDER BY key
                """,
                list(self.ids),
            )
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _prepare_search_sql(self, article, lang):
        about = (article.product_ids, article.symptom_ids, article.cause_ids)
        names = " ".join(" ".join(records.mapped("name")) for records in about)
        weighted = [
            ("A", article.name),
            ("B", names),
            ("D", article._get_plain_text()),
        ]
        config = self._get_configuration_sql(lang)
        parts = [
            self._get_vector_sql(config, weight, text) for weight, text in weighted
        ]
        return SQL("(%s, %s, %s)", article.id, lang, SQL(" || ").join(parts))

    @api.model
    def _get_vector_sql(self, config, weight, text):
        usable = " ".join(word for word in words(text) if len(word) <= MAX_WORD)
        folded = fold(usable)
        return SQL(
            "setweight(to_tsvector(%(config)s, %(text)s) "
            "|| to_tsvector(%(config)s, %(folded)s) "
            "|| to_tsvector('simple', %(folded)s), %(weight)s)",
            config=config,
            text=usable,
            folded=folded,
            weight=weight,
        )

    @api.model
    def _get_configuration_sql(self, lang):
        return SQL(
            "COALESCE((SELECT oid FROM pg_ts_config "
            "WHERE cfgname = %s AND pg_ts_config_is_visible(oid) LIMIT 1), "
            "'simple'::regconfig)::regconfig",
            CONFIGURATIONS.get(lang.split("_")[0], "simple"),
        )

    # -- finding

    @api.model
    def _get_texts_sql(self, text, languages):
        """CTEs ending in ``texts`` (article_id, matched), for the words of `text`.

        `matched` grows with the number of words found and with where they stand; a
        word that says nothing in one of `languages` is left out.
        """
        languages = list(
            dict.fromkeys(
                [*filter(None, languages), self.env.lang or FALLBACK_LANGUAGE]
            )
        )
        asked = query_words(text, MAX_QUERY_WORDS)
        return SQL(
            """
            WITH configs AS (
                SELECT unnest(ARRAY[%(configs)s]) AS config
            ),
            words AS (
                SELECT word.raw, word.folded
                  FROM unnest(%(raw)s::text[], %(folded)s::text[]) AS word(raw, folded)
                 WHERE NOT EXISTS (
                           SELECT FROM configs
                            WHERE length(to_tsvector(config, word.raw)) = 0)
            ),
            terms AS (
                SELECT quote_literal(stem.lexeme) AS term
                  FROM words, configs,
                       unnest(to_tsvector(config, raw || ' ' || folded)) AS stem
                 UNION
                SELECT quote_literal(folded)
                       || CASE WHEN length(folded) > 4 THEN ':*' ELSE '' END
                  FROM words
            ),
            query AS (
                SELECT string_agg(term, ' | ')::tsquery AS value,
                       (SELECT count(*) FROM words) AS size
                  FROM terms
            ),
            texts AS (
                SELECT search.article_id,
                       max(ts_rank('{0.2, 0.3, 0.6, 1.0}', search.vector, value)
                           * size) AS matched
                  FROM aftersales_article_search search
                  JOIN query ON search.vector @@ query.value
                 WHERE search.lang = ANY(%(languages)s)
                    OR search.lang = %(fallback)s
                   AND NOT EXISTS (
                           SELECT FROM aftersales_article_search own
                            WHERE own.article_id = search.article_id
                              AND own.lang = ANY(%(languages)s))
              GROUP BY search.article_id
            )
            """,
            configs=SQL(", ").join(map(self._get_configuration_sql, languages)),
            raw=asked,
            folded=[fold(word) for word in asked],
            languages=languages,
            fallback=FALLBACK_LANGUAGE,
        )

    @api.model
    def _get_facts_sql(self, facts):
        """CTE ``facts`` (article_id, boost, fits): what articles share with `facts`.

        :param facts: {key of BOOSTS: ids}
        """
        shared = [
            SQL(
                "SELECT DISTINCT article_id, %s::float AS boost, %s AS fits "
                "FROM %s WHERE %s = ANY(%s)",
                boost,
                fact in ("product", "categ"),
                SQL.identifier(f"aftersales_article_{fact}_rel"),
                SQL.identifier(f"{fact}_id"),
                list(facts.get(fact, ())),
            )
            for fact, boost in BOOSTS.items()
        ]
        return SQL(
            "facts AS (SELECT article_id, sum(boost) AS boost, bool_or(fits) AS fits "
            "FROM (%s) AS shared GROUP BY article_id)",
            SQL(" UNION ALL ").join(shared),
        )

    @api.model
    def _rank(self, text, languages=(), facts=None, domain=None, limit=None, floor=0.0):
        """The articles the user may read that fit best, best first, in one query.

        :param text: free text; accents and endings of words do not matter
        :param languages: codes in which `text` may be written, besides the user's
        :param facts: {"product" | "categ" | "symptom" | "cause" | "type": ids}
        :param domain: further conditions
        :param floor: leave out what scores less
        """
        facts = facts or {}
        self.flush_model(["solved_count"])
        allowed = self._search(Domain(domain or Domain.TRUE))
        query = SQL(
            """
            %(texts)s, %(facts)s,
            scored AS (
                SELECT article.id, article.solved_count,
                       (COALESCE(texts.matched / (texts.matched + 1), 0)
                        + COALESCE(facts.boost, 0))
                       * CASE WHEN %(has_product)s
                               AND facts.fits IS NOT TRUE
                               AND (EXISTS (SELECT FROM aftersales_article_product_rel
                                             WHERE article_id = article.id)
                                    OR EXISTS (SELECT FROM aftersales_article_categ_rel
                                                WHERE article_id = article.id))
                              THEN %(other)s ELSE 1 END AS score
                  FROM aftersales_article article
             LEFT JOIN texts ON texts.article_id = article.id
             LEFT JOIN facts ON facts.article_id = article.id
                 WHERE COALESCE(texts.article_id, facts.article_id) IS NOT NULL
                   AND article.id IN %(allowed)s
            )
            SELECT id FROM scored
             WHERE score >= %(floor)s
          ORDER BY score DESC, solved_count DESC, id
             LIMIT %(limit)s
            """,
            texts=self._get_texts_sql(text, languages),
            facts=self._get_facts_sql(facts),
            has_product=bool(facts.get("product")),
            other=OTHER_PRODUCT_FACTOR,
            allowed=allowed.subselect(),
            floor=floor,
            limit=limit,
        )
        return self.browse(row[0] for row in self.env.execute_query(query))
