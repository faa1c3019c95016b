# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules.plain_text import clean

MAX_KEY = 64


class AftersalesArticleDeflection(models.Model):
    """A customer whom an article helped, so that no claim was needed."""

    _name = "aftersales.article.deflection"
    _description = "Customer Helped by an Article"
    _order = "id desc"

    article_id = fields.Many2one(
        "aftersales.article", required=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    key = fields.Char(
        required=True,
        groups="base.group_system",
        help="Of the page on which it was said: saying it again counts once.",
    )

    _key_uniq = models.UniqueIndex("(key, article_id)")


class AftersalesArticle(models.Model):
    _inherit = "aftersales.article"

    deflection_ids = fields.One2many(
        "aftersales.article.deflection",
        "article_id",
        readonly=True,
        groups="base.group_user",
    )
    deflection_count = fields.Integer(
        string="Helped",
        compute="_compute_deflection_count",
        store=True,
        compute_sudo=True,
        groups="base.group_user",
        help="Customers who said that the article helped them, without a claim.",
    )

    @api.depends("deflection_ids")
    def _compute_deflection_count(self):
        counts = dict(
            self.env["aftersales.article.deflection"]._read_group(
                [("article_id", "in", self.ids)], ["article_id"], ["__count"]
            )
        )
        for article in self:
            article.deflection_count = counts.get(article, 0)

    def _note_deflection(self, key):
        """Count that the article helped whoever reads it; the same key only once.

        :param key: what the page was issued with
        :raises UserError: without a key
        """
        self.ensure_one()
        self.check_access("read")
        key = clean(key)
        if not key or len(key) > MAX_KEY:
            raise UserError(self.env._("The form has expired. Open it again, please."))
        # Customers write nothing but this: that the article they read helped.
        deflections = self.env["aftersales.article.deflection"].sudo()
        if not deflections.search_count(
            [("key", "=", key), ("article_id", "=", self.id)], limit=1
        ):
            deflections.create({"article_id": self.id, "key": key})

    def action_view_deflections(self):
        """Show when the article helped, by month."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Helped"),
            "res_model": "aftersales.article.deflection",
            "view_mode": "graph,list",
            "domain": [("article_id", "=", self.id)],
        }
