# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged, users, warmup
from odoo.tools import mute_logger

from ..models.aftersales_article_search import CONFIGURATIONS
from .common import AftersalesCommon

OPERATIONS = ("read", "write", "create", "unlink")
#: model: {role: operations allowed by its access rights}
MATRIX = {
    "aftersales.article": {
        "portal_user": "read",
        "technician": "read",
        "agent": "read write create",
        "manager": "read write create unlink",
    },
    "aftersales.article.reading": {
        "portal_user": "",
        "technician": "read",
        "agent": "read",
        "manager": "read",
    },
    "aftersales.article.search": {
        "portal_user": "",
        "technician": "",
        "agent": "",
        "manager": "read",
    },
}
#: What a person writes, with or without accents, and the article it must find first.
GOLDEN = {
    "es_ES": [
        ("La bateria no carga en el frio", "battery"),
        ("Batería: no carga", "battery"),
        ("problemas con las baterias", "battery"),
        ("hace ruido al frenar", "brake"),
        ("los frenos hacen ruidos", "brake"),
        ("reparaciones de la pantalla", "screen"),
        ("REPARACION pantalla", "screen"),
        ("error E07", "screen"),
    ],
    "ca_ES": [
        ("La bateria no es carrega", "battery"),
        ("bateries que no carreguen amb el fred", "battery"),
        ("els frens fan soroll", "brake"),
        ("installacio de la pantalla", "screen"),
        ("instal·lació", "screen"),
    ],
    "en_US": [
        ("My batteries are not charging when it is cold", "battery"),
        ("noisy brakes", "brake"),
        ("the brake makes a noise", "brake"),
        ("repairing the screens", "screen"),
    ],
}
TEXTS = {
    "battery": {
        "en_US": (
            "Battery does not charge",
            "Below 5 degrees it charges slowly: cold.",
        ),
        "es_ES": (
            "La batería no carga",
            "Por debajo de 5 grados carga despacio: frío.",
        ),
        "ca_ES": (
            "La bateria no carrega",
            "Sota els 5 graus carrega a poc a poc: fred.",
        ),
    },
    "brake": {
        "en_US": ("Noise of the brakes", "Clean the disc with alcohol."),
        "es_ES": ("Ruido en los frenos", "Limpie el disco con alcohol."),
        "ca_ES": ("Soroll als frens", "Netegeu el disc amb alcohol."),
    },
    "screen": {
        "en_US": ("Screen shows E07", "Repair or install the screen anew."),
        "es_ES": (
            "La pantalla muestra E07",
            "Reparación o instalación de la pantalla.",
        ),
        "ca_ES": ("La pantalla mostra E07", "Reparació o instal·lació de la pantalla."),
    },
}


class ArticleCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["aftersales.article"].search([]).active = False
        for code in ("es_ES", "ca_ES"):
            cls.env["res.lang"]._activate_lang(code)

    @classmethod
    def _create_article(cls, name="Charge in the warm", **values):
        return cls.env["aftersales.article"].create(
            {"name": name, "body": "<p>Bring the battery inside.</p>", **values}
        )

    @classmethod
    def _create_translated(cls, key, **values):
        texts = dict(TEXTS[key])
        name, body = texts.pop("en_US")
        article = cls._create_article(name, body=f"<p>{body}</p>", **values)
        for code, (name, translation) in texts.items():
            article.with_context(lang=code).name = name
            article.update_field_translations("body", {code: {body: translation}})
        return article


@tagged("post_install", "-at_install")
class TestArticleSearch(ArticleCommon):
    def test_the_right_article_comes_first_in_every_language(self):
        articles = {key: self._create_translated(key) for key in TEXTS}
        for lang, cases in GOLDEN.items():
            self.customer.lang = lang
            for text, key in cases:
                with self.subTest(lang=lang, text=text):
                    claim = self._create_claim(subject=text)
                    found = claim.with_user(self.agent)._get_suggested_articles()
                    self.assertEqual(found[:1], articles[key])

    def test_customers_language_counts_whatever_the_agent_speaks(self):
        article = self._create_translated("brake")
        self.customer.lang = "ca_ES"
        self.agent.lang = "en_US"
        claim = self._create_claim(subject="Soroll molest")
        self.assertEqual(claim.with_user(self.agent)._get_suggested_articles(), article)

    def test_articles_without_translation_are_found_by_their_words(self):
        article = self._create_article("Código de error E42")
        self.customer.lang = "ca_ES"
        claim = self._create_claim(subject="Surt E42")
        self.assertEqual(claim._get_suggested_articles(), article)

    def test_words_that_say_nothing_find_nothing(self):
        self._create_article("The one that is not for you")
        claim = self._create_claim(subject="It is not for you")
        self.assertFalse(claim._get_suggested_articles())
        self.assertFalse(self.env["aftersales.article"]._rank("  \x00 & | ! ' \\ :*"))

    def test_facts_of_the_claim_lift_an_article(self):
        plain = self._create_article("Battery trouble")
        by_symptom = self._create_article(
            "Battery trouble", symptom_ids=[Command.set(self.symptom.ids)]
        )
        by_product = self._create_article(
            "Battery trouble",
            product_ids=[Command.set(self.bike.ids)],
            symptom_ids=[Command.set(self.symptom.ids)],
        )
        others = self._create_article(
            "Battery trouble", product_ids=[Command.set(self.helmet.ids)]
        )
        claim = self._create_claim(
            self._sell(self.bike, serials=["EB-1"]), subject="Battery trouble"
        )
        self.assertEqual(
            claim._get_suggested_articles().ids,
            (by_product | by_symptom | plain | others).ids,
        )

    def test_category_above_the_product_and_cause_count(self):
        parent = self.env["product.category"].create({"name": "Vehicles"})
        child = parent.create({"name": "Bikes", "parent_id": parent.id})
        self.bike.categ_id = child
        claim = self._create_claim(
            self._sell(self.bike, serials=["EB-1"]), subject="Odd"
        )
        claim.line_ids.cause_id = self.cause
        by_cause = self._create_article("X", cause_ids=[Command.set(self.cause.ids)])
        by_category = self._create_article("Y", categ_ids=[Command.set(parent.ids)])
        self.assertEqual(
            claim._get_suggested_articles().ids, (by_cause | by_category).ids
        )

    def test_changes_and_archiving_are_known_at_once(self):
        article = self._create_article("Nothing", body="")
        claim = self._create_claim(subject="Squeaking hinge")
        self.assertFalse(claim._get_suggested_articles())
        article.body = "<p>Oil the <b>squeaking</b> hinge</p>"
        self.assertEqual(claim._get_suggested_articles(), article)
        article.active = False
        self.assertFalse(claim._get_suggested_articles())

    def test_words_at_the_end_of_a_paragraph_stay_apart(self):
        article = self._create_article(
            "X", body="<p>Check the fuse</p><ul><li>Then <b>reset</b>.</li></ul>"
        )
        self.assertEqual(article.excerpt, "Check the fuse Then reset.")
        self.assertEqual(self.env["aftersales.article"]._rank("fuses"), article)

    def test_search_box_of_the_list_finds_words_without_accents(self):
        article = self._create_translated("battery")
        articles = self.env["aftersales.article"].with_context(lang="es_ES")
        for text in ("baterias", "batería", "FRIO"):
            with self.subTest(text=text):
                self.assertIn(
                    article, articles.search([("search_text", "ilike", text)])
                )
        self.assertNotIn(article, articles.search([("search_text", "ilike", "freno")]))

    def test_a_server_without_the_language_compares_words_as_they_are(self):
        with patch.dict(CONFIGURATIONS, {"ca": "missing"}):
            article = self._create_article("Bateria freda")
            articles = self.env["aftersales.article"].with_context(lang="ca_ES")
            article.with_context(lang="ca_ES").name = "Bateria freda"
            self.assertEqual(articles._rank("bateria"), article)

    def test_very_long_text_is_no_trouble(self):
        article = self._create_article("Long", body=f"<p>{'wordy ' * 30000}</p>")
        article.name = "x" * 5000
        claim = self._create_claim(subject="wordy", description="blah " * 15000)
        self.assertEqual(claim._get_suggested_articles(), article)

    @users("test_agent")
    @warmup
    def test_queries_are_constant(self):
        claim = self._create_claim(
            self._sell(self.bike, serials=["EB-1"]), subject="Battery"
        ).with_env(self.env)

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            claim._get_suggested_articles(20).mapped("name")
            return self.env.cr.sql_log_count - before

        def finder_queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            claim.action_find_articles()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._create_article("Battery")
        queries(), finder_queries()  # what is cached once is not counted
        few = queries(), finder_queries()
        for _index in range(15):
            self._create_article("Battery", product_ids=[Command.set(self.bike.ids)])
        self.env.flush_all()
        self.assertEqual((queries(), finder_queries()), few)
        self.assertLessEqual(few[0], 14)

    def test_indexing_many_costs_no_more_queries_than_a_few(self):
        def queries(articles):
            before = self.env.cr.sql_log_count
            articles._update_search()
            return self.env.cr.sql_log_count - before

        articles = self.env["aftersales.article"].create(
            [{"name": f"A {i}", "body": "<p>b</p>"} for i in range(40)]
        )
        articles.flush_recordset()
        articles.invalidate_recordset()
        few = queries(articles[:2])
        articles.invalidate_recordset()
        self.assertLessEqual(queries(articles), few)


@tagged("post_install", "-at_install")
class TestArticle(ArticleCommon):
    def _find(self, claim, user=None):
        action = claim.with_user(user or self.agent).action_find_articles()
        finder = self.env[action["res_model"]].with_user(user or self.agent)
        return finder.browse(action["res_id"])

    def test_apply_sets_the_solution_and_counts_it(self):
        article = self._create_article(body="<p>Bring it <b>inside</b>.</p>")
        claim = self._create_claim(subject="Does not charge")
        line = self._find(claim).line_ids
        self.assertEqual(line.article_id, article)
        self.assertIn("words", line.reason)
        line.action_apply()
        self.assertEqual(claim.article_id, article)
        self.assertEqual(claim.resolution, "Bring it *inside*.")
        self.assertEqual((article.solved_count, article.used_count), (1, 1))
        claim.article_id = False
        self.assertEqual((article.solved_count, article.used_count), (0, 1))

    def test_apply_keeps_a_resolution_and_speaks_the_customers_language(self):
        self._create_translated("brake")
        self.customer.lang = "es_ES"
        written = self._create_claim(subject="Frenos", resolution="Done by hand")
        self._find(written).line_ids[0].action_apply()
        self.assertEqual(written.resolution, "Done by hand")
        empty = self._create_claim(subject="Frenos")
        self._find(empty).line_ids[0].action_apply()
        self.assertEqual(empty.resolution, "Limpie el disco con alcohol.")

    def test_internal_procedure_is_noted_and_never_sent(self):
        article = self._create_article(kind="procedure")
        claim = self._create_claim(subject="Charge")
        line = self._find(claim).line_ids
        with self.assertRaisesRegex(UserError, "internal procedure"):
            line.action_insert()
        line.action_apply()
        self.assertEqual(claim.article_id, article)
        self.assertFalse(claim.resolution)

    def test_insert_opens_the_answer_in_the_customers_language(self):
        article = self._create_translated("brake")
        self.customer.lang = "es_ES"
        claim = self._create_claim(subject="Frenos")
        action = self._find(claim).line_ids[0].action_insert()
        composer = Form.from_action(self.env(user=self.agent), action).save()
        self.assertIn("Limpie el disco", composer.body)
        composer.action_send_mail()
        message = claim.message_ids[0]
        self.assertIn("Limpie el disco", message.body)
        self.assertIn(self.customer, message.partner_ids)
        self.assertTrue(claim.first_response_date)
        self.assertEqual((article.used_count, article.solved_count), (1, 0))
        self._find(claim).line_ids[0].action_insert()
        self.assertEqual(article.used_count, 1)

    def test_other_words_can_be_looked_for(self):
        self._create_article("Charge in the warm")
        brake = self._create_article("Brake noise", body="<p>Clean it.</p>")
        finder = self._find(self._create_claim(subject="Charge"))
        finder.text = "brakes"
        finder.action_search()
        self.assertEqual(finder.line_ids.article_id, brake)

    def test_technician_reads_but_does_not_apply(self):
        self._create_article("Charge")
        claim = self._create_claim(subject="Charge", user_id=self.technician.id)
        line = self._find(claim, self.technician).line_ids
        self.assertTrue(line.body)
        for method in (line.action_apply, line.action_insert):
            with self.assertRaises(AccessError):
                method()

    # -- versions and reading

    def test_change_of_text_keeps_the_old_one_and_asks_to_read_again(self):
        article = self._create_article(kind="procedure").with_user(self.agent)
        self.assertTrue(article.is_to_read)
        self.assertIn(self.agent, article.unread_user_ids)
        self.assertNotIn(self.portal_user, article.unread_user_ids)
        article.action_mark_as_read()
        article.action_mark_as_read()
        self.assertEqual(article.reading_ids.user_id, self.agent)
        self.assertFalse(article.is_to_read)
        self.assertNotIn(self.agent, article.unread_user_ids)
        self.assertIn(self.technician, article.unread_user_ids)
        article.name = "Another title"
        self.assertFalse(article.is_to_read)
        article.body = "<p>Leave it outside.</p>"
        self.assertEqual(article.version, 2)
        self.assertIn("Bring the battery inside", article.message_ids[0].body)
        self.assertTrue(article.is_to_read)
        self.assertIn(self.agent, article.unread_user_ids)
        article.body = "<p>Leave it outside.</p>"
        self.assertEqual(article.version, 2)

    def test_only_the_teams_named_have_to_read(self):
        other = self.env["aftersales.team"].create(
            {"name": "Workshop", "member_ids": [Command.set(self.technician.ids)]}
        )
        article = self._create_article(kind="procedure", team_ids=other.ids)
        self.assertEqual(article.unread_user_ids, self.technician)
        self.assertFalse(article.with_user(self.agent).is_to_read)
        mine = self.env["aftersales.article"].with_user(self.technician)
        self.assertIn(article, mine.search([("is_to_read", "=", True)]))
        article.with_user(self.technician).action_mark_as_read()
        self.assertNotIn(article, mine.search([("is_to_read", "=", True)]))
        self.assertIn(article, mine.search([("is_to_read", "=", False)]))
        self.assertFalse(article.unread_user_ids)

    def test_nobody_signs_for_another_nor_unsigns(self):
        article = self._create_article(kind="procedure")
        article.with_user(self.agent).action_mark_as_read()
        for values in (
            {"article_id": article.id, "user_id": self.technician.id, "version": 1},
        ):
            with self.assertRaises(AccessError):
                self.env["aftersales.article.reading"].with_user(self.manager).create(
                    values
                )
        with self.assertRaises(AccessError):
            article.reading_ids.with_user(self.manager).unlink()
        with self.assertRaisesRegex(UserError, "Archive it"):
            article.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            article.with_user(self.portal_user).action_mark_as_read()

    # -- review

    def _run_review_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                "aftersales_service.ir_cron_article_review"
            ).method_direct_trigger()

    def test_owner_is_reminded_once_and_again_after_the_next_date(self):
        article = self._create_article(
            user_id=self.agent.id, review_date="2026-03-02", review_months=6
        )
        later = self._create_article(
            user_id=self.agent.id, review_date="2026-03-20", name="Later"
        )
        self._run_review_cron("2026-03-01 08:00:00")
        self.assertFalse(article.activity_ids)
        self._run_review_cron("2026-03-02 08:00:00")
        self._run_review_cron("2026-03-03 08:00:00")
        self.assertEqual(len(article.activity_ids), 1)
        self.assertEqual(article.activity_ids.user_id, self.agent)
        self.assertFalse(later.activity_ids)
        with freeze_time("2026-03-04 08:00:00"):
            article.with_user(self.agent).action_review()
        self.assertFalse(article.activity_ids)
        self.assertEqual(str(article.review_date), "2026-09-04")
        self._run_review_cron("2026-09-05 08:00:00")
        self.assertEqual(len(article.activity_ids), 1)

    @mute_logger("odoo.addons.aftersales_service.models.aftersales_article")
    def test_one_reminder_that_fails_does_not_stop_the_others(self):
        bad, good = (
            self._create_article(name, user_id=self.agent.id, review_date="2026-03-02")
            for name in ("Bad", "Good")
        )
        remind = type(bad)._remind_review

        def fail_for_bad(records):
            if records == bad:
                raise ValueError("poisoned")
            return remind(records)

        self.patch(type(bad), "_remind_review", fail_for_bad)
        self._run_review_cron("2026-03-02 08:00:00")
        self.assertFalse(bad.activity_ids)
        self.assertTrue(good.activity_ids)


@tagged("post_install", "-at_install", "security")
class TestArticleSecurity(ArticleCommon):
    def test_role_matrix(self):
        for model, roles in MATRIX.items():
            for role, allowed in roles.items():
                user = getattr(self, role)
                for operation in OPERATIONS:
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(
                            self.env[model].with_user(user).has_access(operation),
                            operation in allowed.split(),
                        )

    def test_portal_reads_published_ones_and_no_internal_facts(self):
        article = self._create_article(product_ids=[Command.set(self.bike.ids)])
        theirs = article.with_user(self.portal_user)
        self.assertFalse(theirs.has_access("read"))
        article.is_published = True
        self.assertEqual(theirs.read(["name", "kind"])[0]["name"], article.name)
        for name in (
            "user_id",
            "version",
            "review_date",
            "team_ids",
            "reading_ids",
            "unread_user_ids",
            "is_to_read",
            "solved_count",
            "solved_claim_ids",
            "used_count",
            "product_ids",
            "cause_ids",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                theirs.search_read([("id", "=", article.id)], [name])
        claim = self._create_claim(article_id=article.id)
        for name in ("article_id", "used_article_ids"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                claim.with_user(self.portal_user).read([name])
        with self.assertRaises(AccessError):
            claim.with_user(self.portal_user)._apply_article(theirs)

    def test_companies_are_apart(self):
        company = self.env["res.company"].create({"name": "Other"})
        user = self._create_user(
            "elsewhere",
            "aftersales_service.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        own = self._create_article("Charge", company_id=self.company.id)
        shared = self._create_article("Charge", kind="procedure")
        articles = self.env["aftersales.article"].with_user(user)
        self.assertEqual(articles._rank("charge"), shared)
        self.assertFalse(own.with_user(user).has_access("read"))
        own.kind = "procedure"
        self.assertNotIn(user, own.unread_user_ids)
        self.assertIn(user, shared.unread_user_ids)
        own.with_user(self.agent).action_mark_as_read()
        self.assertFalse(own.reading_ids.with_user(user).has_access("read"))
        claim = self._create_claim(
            subject="Charge", company_id=company.id, team_id=False
        )
        with self.assertRaises(UserError):
            claim.article_id = own

    def test_employee_without_the_group_sees_nothing(self):
        outsider = self._create_user("outsider", "base.group_user")
        for model in MATRIX:
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(outsider).has_access("read"))


@tagged("post_install", "-at_install")
class TestArticlePortal(ArticleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.guide = cls._create_article(
            "First ride",
            kind="guide",
            is_published=True,
            product_ids=[Command.set(cls.bike.ids)],
        )
        cls.internal = cls._create_article("Internal ride")

    def test_customer_finds_and_reads_what_is_published(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open("/my/articles").text
        self.assertIn("First ride", page)
        self.assertNotIn("Internal ride", page)
        page = self.url_open("/my/articles?search=rides").text
        self.assertIn("First ride", page)
        self.assertNotIn("Internal ride", page)
        page = self.url_open("/my/articles?search=zzz%00<script>").text
        self.assertIn("Nothing was found", page)
        self.assertNotIn("<script>”", page)
        page = self.url_open(f"/my/articles/{self.guide.id}").text
        self.assertIn("Bring the battery inside", page)

    def test_product_page_links_to_its_guides_only(self):
        helmets = self._create_article(
            "Helmet care",
            kind="guide",
            is_published=True,
            product_ids=[Command.set(self.helmet.ids)],
        )
        self.bike.categ_id = self.env["product.category"].create({"name": "Bikes"})
        by_category = self._create_article(
            "All bikes",
            kind="known_issue",
            is_published=True,
            categ_ids=[Command.set(self.bike.categ_id.ids)],
        )
        self.assertNotEqual(self.bike.categ_id, self.helmet.categ_id)
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(f"/my/assets/{self.asset.id}").text
        self.assertIn(f"/my/articles/{self.guide.id}", page)
        self.assertIn(f"/my/articles/{by_category.id}", page)
        self.assertNotIn(f"/my/articles/{helmets.id}", page)
        self.assertNotIn(f"/my/articles/{self.internal.id}", page)

    @mute_logger("odoo.http")
    def test_others_get_the_same_not_found_as_for_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self._create_article("X", is_published=True, company_id=company.id)
        archived = self._create_article("X", is_published=True, active=False)
        self.authenticate("test_marta", "test_marta")
        for article_id in (self.internal.id, foreign.id, archived.id, 999999999):
            with self.subTest(article_id=article_id):
                answer = self.url_open(f"/my/articles/{article_id}")
                self.assertEqual(answer.status_code, 404)
        self.authenticate(None, None)
        answer = self.url_open(f"/my/articles/{self.guide.id}", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_hostile_style_is_cleaned(self):
        self.guide.body = (
            '<p style="background:url(http://evil.example);color:red">a</p>'
            "<script>alert(1)</script>"
        )
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(f"/my/articles/{self.guide.id}").text
        self.assertNotIn("evil.example", page)
        self.assertNotIn("alert(1)", page)

    def test_pages_cost_the_same_for_few_and_many(self):
        self.authenticate("test_marta", "test_marta")
        paths = ("/my/articles", "/my/articles?search=ride")

        def queries(path):
            self.env.flush_all()
            self.env.invalidate_all()
            self.url_open(path)
            before = self.env.cr.sql_log_count
            self.url_open(path)
            return self.env.cr.sql_log_count - before

        few = [queries(path) for path in paths]
        for index in range(15):
            self._create_article(f"Ride {index}", is_published=True)
        for path, before in zip(paths, few, strict=True):
            self.assertLessEqual(queries(path), before + 3)


@tagged("post_install", "-at_install")
class TestArticleTour(ArticleCommon, HttpCase):
    def test_agent_answers_with_an_article_and_applies_another(self):
        inserted = self._create_article("Batería y frío", body="<p>Cárguela bien.</p>")
        applied = self._create_article("Ruido de frenos", body="<p>Con alcohol.</p>")
        claim = self._create_claim(subject="Frenos con ruido", user_id=self.agent.id)
        self.start_tour(
            f"/odoo/claims/{claim.id}", "aftersales_service_article", login="test_agent"
        )
        self.assertEqual(claim.article_id, applied)
        self.assertEqual(claim.resolution, "Con alcohol.")
        self.assertEqual(claim.used_article_ids, inserted | applied)
        self.assertTrue(claim.first_response_date)
