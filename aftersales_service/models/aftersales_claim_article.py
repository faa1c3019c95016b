# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import html2plaintext

#: What scores less has hardly a word in common with the claim.
MINIMUM_SCORE = 0.05


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    article_id = fields.Many2one(
        "aftersales.article",
        string="Solved by Article",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        check_company=True,
        tracking=True,
        groups="base.group_user",
    )
    used_article_ids = fields.Many2many(
        "aftersales.article",
        "aftersales_claim_article_rel",
        "claim_id",
        "article_id",
        string="Articles Used",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def _get_article_languages(self):
        """The languages the claim may be written in, the customer's first."""
        self.ensure_one()
        languages = (self.partner_id.lang, self.env.lang)
        return list(dict.fromkeys(filter(None, languages)))

    def _get_article_text(self):
        """What is known in words: they decide which articles are proposed."""
        self.ensure_one()
        lines = self.line_ids.with_context(lang=self.partner_id.lang)
        names = lines.symptom_id.mapped("name") + lines.cause_id.mapped("name")
        return " ".join([self.subject or "", *names, self.description or ""])

    def _get_article_facts(self):
        """What is known for certain, as ``aftersales.article._rank`` wants it."""
        self.ensure_one()
        lines = self.line_ids
        # Staff decide remedies without rights on products; only ids are used.
        products = lines.product_id.sudo()
        paths = products.categ_id.mapped("parent_path")
        return {
            "product": products.product_tmpl_id.product_variant_ids.ids,
            "categ": [int(part) for path in paths for part in path.split("/") if part],
            "symptom": lines.symptom_id.ids,
            "cause": lines.cause_id.ids,
            "type": self.type_id.ids,
        }

    def _get_suggested_articles(self, limit=5, text=None):
        """Articles for this claim that the user may read, best first.

        :param text: look for these words instead of those of the claim
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["aftersales.article"]._rank(
            text or self._get_article_text(),
            self._get_article_languages(),
            self._get_article_facts(),
            domain=[("company_id", "in", [False, self.company_id.id])],
            limit=limit,
            floor=MINIMUM_SCORE,
        )

    def action_find_articles(self):
        """Show the articles that fit the claim, to apply one."""
        self.ensure_one()
        self.check_access("read")
        finder = self.env["aftersales.claim.article"].create({"claim_id": self.id})
        finder._find()
        return finder._get_action()

    def _apply_article(self, article):
        """Note `article` as what solves the claim; it fills an empty resolution.

        An internal procedure is no text for the customer: it is only noted.
        """
        self.ensure_one()
        self._ensure_is_agent()
        article.check_access("read")
        values = {"article_id": article.id}
        if not self.resolution and article._is_for_customers():
            translated = article.with_context(lang=self.partner_id.lang)
            values["resolution"] = html2plaintext(translated.body or "").strip()
        self.write(values)
        # Checked above; what was used is noted, not edited.
        self.sudo().used_article_ids = [Command.link(article.id)]

    def _get_article_answer_action(self, article):
        """A message to the customer that starts with the text of `article`."""
        self.ensure_one()
        self._ensure_is_agent()
        article.check_access("read")
        # Checked above; what was used is noted, not edited.
        self.sudo().used_article_ids = [Command.link(article.id)]
        translated = article.with_context(lang=self.partner_id.lang)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self.partner_id.ids,
                "default_subtype_xmlid": "mail.mt_comment",
                "default_body": translated.body or "",
            },
        }
