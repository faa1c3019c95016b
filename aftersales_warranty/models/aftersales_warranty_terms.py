# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules.period import last_covered_day
from .aftersales_warranty_policy import (
    CONDITIONS,
    EXCHANGE_MODES,
    KINDS,
    SOURCE_LANGUAGE,
    START_EVENTS,
    TEXT_FIELDS,
)
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
    #: Ids of products and of categories, {"products": [], "categories": []}: read with
    #: the terms themselves, whatever has become of those records.
    excluded_parts = fields.Json()
    #: Ids of the countries in which the product is served; none: everywhere.
    territory_countries = fields.Json()
    registration_days = fields.Integer()
    condition = fields.Selection(CONDITIONS)
    requires_proof = fields.Boolean()
    maintenance_months = fields.Integer()
    exchange_mode = fields.Selection(EXCHANGE_MODES)
    stops_clock = fields.Boolean()
    repair_extension_months = fields.Integer()
    reminder_days = fields.Integer()
    digest = fields.Char(required=True)
    name = fields.Char(compute="_compute_texts")
    terms = fields.Html(compute="_compute_texts", sanitize_style=True)
    duties = fields.Html(compute="_compute_texts", sanitize_style=True)
    territory = fields.Char(compute="_compute_texts")
    claim_instructions = fields.Text(compute="_compute_texts")
    dispute_resolution = fields.Text(compute="_compute_texts")
    source = fields.Text(compute="_compute_texts")
    excluded_names = fields.Char(compute="_compute_texts")

    _policy_digest = models.Index("(policy_id, digest)")

    @api.depends("texts", "policy_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        for terms in self:
            text = terms._get_text(self.env.lang or SOURCE_LANGUAGE)
            for name in (*TEXT_FIELDS, "excluded_names"):
                # Terms frozen by an older version lack the texts it did not have.
                terms[name] = text.get(name, "")

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
        current = policy.with_context(lang=SOURCE_LANGUAGE)._get_text()
        if all(current[name] == text for name, text in source.items()):
            return policy.with_context(lang=lang)._get_text()
        return source

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(
                self.env._("Terms under which certificates were issued can't change.")
            )
        return super().write(vals)

    def _get_duration_label(self):
        """E.g. "3 years", in the reader's language."""
        self.ensure_one()
        number = self.duration
        if self.duration_unit == "day":
            return self.env._("%s days", number) if number != 1 else self.env._("1 day")
        if self.duration_unit == "month":
            if number == 1:
                return self.env._("1 month")
            return self.env._("%s months", number)
        return self.env._("%s years", number) if number != 1 else self.env._("1 year")

    def _get_excluded_ids(self, what):
        """Ids of the "products" or "categories" whose parts are not paid."""
        self.ensure_one()
        return (self.excluded_parts or {}).get(what, [])

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
