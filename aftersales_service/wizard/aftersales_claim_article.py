# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

MAX_RESULTS = 20


class AftersalesClaimArticle(models.TransientModel):
    _name = "aftersales.claim.article"
    _inherit = "aftersales.text.mixin"
    _description = "Find Articles for a Claim"

    claim_id = fields.Many2one("aftersales.claim", required=True, readonly=True)
    text = fields.Char(
        string="Words", help="Empty means the words and facts of the claim."
    )
    line_ids = fields.One2many("aftersales.claim.article.line", "finder_id")

    def _find(self):
        """Put the articles that fit best in the lines, best first."""
        self.ensure_one()
        articles = self.claim_id._get_suggested_articles(MAX_RESULTS, self.text)
        facts = self.claim_id._get_article_facts()
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "sequence": sequence,
                        "article_id": article.id,
                        "reason": self._get_reason(article, facts),
                    }
                )
                for sequence, article in enumerate(articles)
            ),
        ]

    def _get_reason(self, article, facts):
        """Why `article` is proposed, in words."""
        reasons = [
            (self.env._("same product"), article.product_ids, "product"),
            (self.env._("same category"), article.categ_ids, "categ"),
            (self.env._("same symptom"), article.symptom_ids, "symptom"),
            (self.env._("same cause"), article.cause_ids, "cause"),
        ]
        shared = [
            text for text, records, fact in reasons if {*records.ids} & {*facts[fact]}
        ]
        return ", ".join(shared or [self.env._("same words")])

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Find Articles"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_search(self):
        """Look again, for the words the user typed."""
        self.ensure_one()
        self._find()
        return self._get_action()


class AftersalesClaimArticleLine(models.TransientModel):
    _name = "aftersales.claim.article.line"
    _inherit = "aftersales.text.mixin"
    _description = "Article Found for a Claim"
    _order = "sequence, id"

    finder_id = fields.Many2one(
        "aftersales.claim.article", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    article_id = fields.Many2one(
        "aftersales.article", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(related="article_id.kind")
    body = fields.Html(related="article_id.body")
    is_published = fields.Boolean(related="article_id.is_published")
    solved_count = fields.Integer(related="article_id.solved_count")
    reason = fields.Char(string="Why", readonly=True)

    def action_apply(self):
        """Note the article as the solution of the claim."""
        self.ensure_one()
        self.finder_id.claim_id._apply_article(self.article_id)
        return {"type": "ir.actions.act_window_close"}

    def action_insert(self):
        """Open an answer to the customer with the text of the article.

        :raises UserError: for a procedure that customers may not read
        """
        self.ensure_one()
        self.finder_id.claim_id._ensure_is_agent()
        article = self.article_id
        if not article._is_for_customers():
            raise UserError(
                self.env._(
                    "“%s” is an internal procedure. Publish it before you send it to "
                    "a customer.",
                    article.name,
                )
            )
        return self.finder_id.claim_id._get_article_answer_action(article)
