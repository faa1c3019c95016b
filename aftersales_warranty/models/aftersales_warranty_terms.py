# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules.period import last_covered_day
from .aftersales_warranty_policy import KINDS, SOURCE_LANGUAGE, START_EVENTS
from .aftersales_warranty_policy_coverage import UNITS


class AftersalesWarrantyTerms(models.Model):
    """The terms of a policy as they read when certificates were issued under them.

    Never changed: when the policy changes, later certificates get other terms.
    """

    _name = "aftersales.warranty.terms"
    _description = "Warranty Terms as Sold"
    _order = "id desc"

    policy_id = fields.Many2one(
        "aftersales.warranty.policy", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    version = fields.Char()
    date = fields.Date(string="Terms Dated")
    kind = fields.Selection(KINDS, required=True)
    start_event = fields.Selection(START_EVENTS, required=True)
    duration = fields.Integer(required=True)
    duration_unit = fields.Selection(UNITS, required=True)
    is_transferable = fields.Boolean(string="Transferable")
    texts = fields.Json(required=True)
    coverage = fields.Json()
    excluded_cause_ids = fields.Many2many("aftersales.cause")
    digest = fields.Char(required=True)
    name = fields.Char(compute="_compute_texts")
    terms = fields.Html(compute="_compute_texts", sanitize_style=True)
    claim_instructions = fields.Text(compute="_compute_texts")
    source = fields.Text(compute="_compute_texts")

    _policy_digest = models.Index("(policy_id, digest)")

    @api.depends("texts", "policy_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for terms in self:
            text = terms._get_text(self.env.lang or SOURCE_LANGUAGE)
            terms.name = text["name"]
            terms.terms = text["terms"]
            terms.claim_instructions = text["claim_instructions"]
            terms.source = text["source"]

    def _get_text(self, lang):
        """The texts in `lang`.

        A language that was not there yet comes from the policy, as long as what it
        translates is still the text that was sold.
        """
        self.ensure_one()
        source = self.texts[SOURCE_LANGUAGE]
        if lang in self.texts or lang == SOURCE_LANGUAGE:
            return self.texts.get(lang, source)
        # The policy of another company may be out of the reader's reach.
        policy = self.sudo().policy_id
        if policy.with_context(lang=SOURCE_LANGUAGE)._get_text() == source:
            return policy.with_context(lang=lang)._get_text()
        return source

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(
                self.env._("Terms under which certificates were issued can't change.")
            )
        return super().write(vals)

    def _get_component_last_days(self, start):
        """Return {component: its last day} for those with a duration of their own."""
        self.ensure_one()
        return {
            line["component"]: last_covered_day(
                start, line["duration"], line["duration_unit"]
            )
            for line in self.coverage or []
            if line["has_own_duration"]
        }
