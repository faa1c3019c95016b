# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_warranty_policy_coverage import UNITS

TEXT_FIELDS = (
    "name",
    "terms",
    "duties",
    "territory",
    "claim_instructions",
    "dispute_resolution",
    "source",
)
#: What frozen terms keep as it stands in the policy.
KEPT_FIELDS = (
    "version",
    "kind",
    "duration",
    "duration_unit",
    "start_event",
    "registration_days",
    "condition",
    "requires_proof",
    "maintenance_months",
    "is_transferable",
    "exchange_mode",
    "stops_clock",
    "repair_extension_months",
    "reminder_days",
)
SOURCE_LANGUAGE = "en_US"
KINDS = [
    ("legal", "Legal warranty"),
    ("commercial", "Commercial warranty"),
    ("extended", "Extended warranty"),
    ("satisfaction", "Satisfaction guarantee"),
]
START_EVENTS = [
    ("delivery", "Delivery"),
    ("invoice", "Invoice"),
    ("activation", "Activation by the customer"),
]


CONDITIONS = [
    ("any", "New and second-hand goods"),
    ("new", "New goods"),
    ("second_hand", "Second-hand goods"),
]
EXCHANGE_MODES = [
    ("carry", "Goes on with what remained"),
    ("restart", "Starts anew"),
]


class AftersalesWarrantyPolicy(models.Model):
    _name = "aftersales.warranty.policy"
    _description = "Warranty Policy"
    _inherit = ["aftersales.policy.mixin"]
    _order = "sequence, id"

    kind = fields.Selection(
        KINDS,
        required=True,
        default="commercial",
        help="The order in which warranties are asked: legal, commercial, extended, "
        "then the others. A commercial term never shortens the legal one.",
    )
    duration = fields.Integer(required=True, default=1)
    duration_unit = fields.Selection(UNITS, required=True, default="year")
    start_event = fields.Selection(
        START_EVENTS,
        string="Starts With",
        required=True,
        default="delivery",
        help="A delivery issues the certificate with its dates. For the other events "
        "the certificate waits as a draft until it is activated.",
    )
    coverage_ids = fields.One2many(
        "aftersales.warranty.policy.coverage", "policy_id", copy=True
    )
    excluded_cause_ids = fields.Many2many(
        "aftersales.cause",
        string="Excluded Causes",
        help="A defect that has one of these causes is not covered.",
    )
    excluded_product_ids = fields.Many2many(
        "product.product",
        string="Excluded Parts",
        help="Wear parts and other goods that this warranty never pays.",
    )
    excluded_categ_ids = fields.Many2many(
        "product.category",
        "aftersales_warranty_policy_excluded_categ_rel",
        string="Excluded Categories",
        help="Parts of these categories, and of those below them, are not paid.",
    )
    registration_days = fields.Integer(
        string="Register Within (Days)",
        help="How long after the delivery the customer may activate the warranty. "
        "Zero: at any time.",
    )
    condition = fields.Selection(
        CONDITIONS,
        string="For",
        required=True,
        default="any",
        help="Which goods of the products it is attached to.",
    )
    requires_proof = fields.Boolean(
        string="Proof of Purchase",
        help="Nothing is covered before somebody has seen one. What we delivered "
        "ourselves is proven.",
    )
    maintenance_months = fields.Integer(
        string="Maintenance Every (Months)",
        help="Nothing is covered while nobody has seen that it was maintained in "
        "time. What we maintained ourselves is known. Zero: none is asked for.",
    )
    is_transferable = fields.Boolean(
        string="Transferable",
        default=True,
        help="Goes with the product when it changes owner.",
    )
    exchange_mode = fields.Selection(
        EXCHANGE_MODES,
        string="After an Exchange",
        required=True,
        default="carry",
        help="What becomes of the warranty when the product is replaced.",
    )
    stops_clock = fields.Boolean(
        string="Stands Still during Repair",
        help="The days that a covered product is with us to be put right are added "
        "at the end.",
    )
    repair_extension_months = fields.Integer(
        string="Longer by (Months) after Repair",
        help="Added once, when the customer's product is repaired under this warranty. "
        "EU Directive 2024/1799 asks for 12 months from 31 July 2026 on: look first at "
        "the law of your country.",
    )
    reminder_days = fields.Integer(
        string="Remind (Days before the End)",
        help="The customer is told once that the warranty ends. Zero: never.",
    )
    sale_deadline_days = fields.Integer(
        string="Sold Until (Days after Delivery)",
        help="How long after the delivery customers may still buy this warranty for "
        "what they have. Zero: as long as the product is covered.",
    )
    apply_by = fields.Selection(
        [
            ("attached", "To chosen products and categories"),
            ("rule", "To whatever fits the rule"),
        ],
        string="Applies",
        required=True,
        default="attached",
    )
    valid_from = fields.Date(
        string="Deliveries From", help="Only for goods delivered since this day."
    )
    valid_until = fields.Date(
        string="Deliveries Until", help="Only for goods delivered up to this day."
    )
    duties = fields.Html(
        string="What the Customer Must Do",
        translate=True,
        sanitize_style=True,
        help="Register, maintain, keep the proof: what cover depends on.",
    )
    territory_country_ids = fields.Many2many(
        "res.country",
        "aftersales_warranty_policy_territory_rel",
        string="Valid In",
        help="Where the product is served: nothing is covered for owners who live "
        "elsewhere. Empty: everywhere.",
    )
    territory = fields.Char(
        string="Where It Is Valid",
        translate=True,
        help="In words, as printed. Empty: the names of the countries.",
    )
    dispute_resolution = fields.Text(
        string="If We Don't Agree",
        translate=True,
        help="Who decides when customer and company see it differently.",
    )
    claim_instructions = fields.Text(
        string="How to Claim",
        translate=True,
        help="Printed on the certificate. Empty: how to reach the company.",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", copy=False
    )
    category_ids = fields.Many2many(
        "product.category", string="Product Categories", copy=False
    )
    warranty_count = fields.Integer(
        string="Certificates", compute="_compute_warranty_count"
    )

    # A hundred years at most: whoever types more has missed a key.
    _duration_range = models.Constraint(
        "CHECK (duration > 0 AND duration <= CASE duration_unit WHEN 'day' THEN 36525 "
        "WHEN 'month' THEN 1200 ELSE 100 END)",
        "A warranty lasts at least one day and at most a hundred years.",
    )
    _days_positive = models.Constraint(
        "CHECK (registration_days >= 0 AND repair_extension_months >= 0 "
        "AND reminder_days >= 0 AND sale_deadline_days >= 0 "
        "AND maintenance_months >= 0)",
        "Days and months of a warranty can't be negative.",
    )
    _validity_order = models.Constraint(
        "CHECK (valid_until >= valid_from)",
        "The last delivery can't lie before the first one.",
    )

    def _compute_warranty_count(self):
        counts = dict(
            self.env["aftersales.warranty"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
        )
        for policy in self:
            policy.warranty_count = counts.get(policy, 0)

    @api.constrains("duration", "duration_unit")
    def _check_duration(self):
        self.coverage_ids._check_duration()

    @api.constrains(
        "kind",
        "company_id",
        "active",
        "product_tmpl_ids",
        "category_ids",
        "apply_by",
        "country_ids",
        "customer_kind",
        "condition",
        "valid_from",
        "valid_until",
    )
    def _check_attached(self):
        self.product_tmpl_ids._check_aftersales_warranty_policy_ids()
        self.category_ids._check_aftersales_warranty_policy_ids()
        ruling = self.filtered(lambda policy: policy.active and policy._is_legal_rule())
        for policy in ruling:
            for other in self.search([("apply_by", "=", "rule")]):
                if other._is_legal_rule() and policy._overlaps(other):
                    raise ValidationError(
                        self.env._(
                            "%(one)s and %(other)s would both apply to the same sales. "
                            "The law gives one: keep the one that applies.",
                            one=policy.display_name,
                            other=other.display_name,
                        )
                    )

    def _is_legal_rule(self):
        self.ensure_one()
        return self.kind == "legal" and self.apply_by == "rule"

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for policy, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", policy.name)
        return vals_list

    def action_view_warranties(self):
        """Open the certificates issued under these policies."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.aftersales_warranty_action"
        )
        return {**action, "domain": [("policy_id", "in", self.ids)], "context": {}}

    @api.model
    def _get_general(self):
        """Policies that apply to whatever fits their rule, to be filtered for each."""
        return self.search([("apply_by", "=", "rule")])

    def _applies_to(self, company, buyer=None, is_second_hand=None):
        """Tell whether this policy serves a sale; what isn't known is not asked.

        :param company: the seller; a policy serves its own company and those below
        :param buyer: Buyer or None
        """
        self.ensure_one()
        if self.company_id and self.company_id not in company.parent_ids:
            return False
        if is_second_hand is not None and self.condition != "any":
            if (self.condition == "second_hand") != is_second_hand:
                return False
        return buyer is None or self._is_for(buyer)

    def _is_for(self, buyer):
        if not super()._is_for(buyer):
            return False
        day = buyer.delivery_date
        return not day or (
            (not self.valid_from or self.valid_from <= day)
            and (not self.valid_until or day <= self.valid_until)
        )

    def _overlaps(self, other):
        """Tell whether some sale would be served by this policy and by `other`."""
        self.ensure_one()
        if self == other:
            return False
        mine, theirs = self.company_id, other.company_id
        if mine and theirs:
            if mine not in theirs.parent_ids and theirs not in mine.parent_ids:
                return False
        return self._shares_buyers(other)

    def _shares_buyers(self, other):
        for name, anything in (("condition", "any"), ("customer_kind", "all")):
            if anything not in (self[name], other[name]) and self[name] != other[name]:
                return False
        if self.country_ids and other.country_ids:
            if not self.country_ids & other.country_ids:
                return False
        return not any(
            one.valid_until and two.valid_from and one.valid_until < two.valid_from
            for one, two in ((self, other), (other, self))
        )

    def _get_current_terms(self):
        """Return {policy: its terms as they read now}, frozen for certificates.

        A policy that has not changed since it was last frozen keeps the same terms:
        thousands of certificates share one record.
        """
        Terms = self.env["aftersales.warranty.terms"]
        wanted = self._prepare_terms_vals()
        digests = [vals["digest"] for vals in wanted.values()]
        found = {
            (terms.policy_id, terms.digest): terms
            for terms in Terms.search(
                [("policy_id", "in", self.ids), ("digest", "in", digests)]
            )
        }
        missing = [
            vals
            for policy, vals in wanted.items()
            if (policy, vals["digest"]) not in found
        ]
        for terms in Terms.create(missing):
            found[terms.policy_id, terms.digest] = terms
        return {
            policy: found[policy, vals["digest"]] for policy, vals in wanted.items()
        }

    def _prepare_terms_vals(self):
        """Return {policy: vals of its frozen terms}."""
        texts = self._get_texts()
        result = {}
        for policy in self.with_context(active_test=False):
            vals = {
                "policy_id": policy.id,
                "date": fields.Date.to_string(policy.date),
                "texts": texts[policy],
                "coverage": policy.coverage_ids._prepare_terms_coverage(),
                **{name: policy[name] for name in KEPT_FIELDS},
                "excluded_cause_ids": sorted(policy.excluded_cause_ids.ids),
                "territory_countries": sorted(policy.territory_country_ids.ids),
                "excluded_parts": {
                    "products": sorted(policy.excluded_product_ids.ids),
                    "categories": sorted(policy.excluded_categ_ids.ids),
                },
            }
            content = json.dumps(vals, sort_keys=True).encode()
            vals["digest"] = hashlib.sha256(content).hexdigest()
            result[policy] = vals
        return result

    def _preview_terms(self):
        """The terms as they read now, not frozen: nothing is sold under them."""
        self.ensure_one()
        vals = self._prepare_terms_vals()[self]
        causes = [fields.Command.set(vals["excluded_cause_ids"])]
        return self.env["aftersales.warranty.terms"].new(
            {**vals, "excluded_cause_ids": causes}
        )

    def _get_texts(self):
        """Return {policy: {language: {field: text}}}, source language first.

        A language without a translation of its own is left out.
        """
        source = self.with_context(lang=SOURCE_LANGUAGE)
        texts = {
            policy: {SOURCE_LANGUAGE: in_source._get_text()}
            for policy, in_source in zip(self, source, strict=True)
        }
        for code, _name in self.env["res.lang"].get_installed():
            translated = self.with_context(lang=code)
            for policy, in_language in zip(self, translated, strict=True):
                text = in_language._get_text()
                if text != texts[policy][SOURCE_LANGUAGE]:
                    texts[policy][code] = text
        return texts

    def _get_text(self):
        self.ensure_one()
        parts = self.excluded_product_ids.with_context(display_default_code=False)
        names = [
            *parts.mapped("display_name"),
            *self.excluded_categ_ids.mapped("name"),
        ]
        texts = {name: str(self[name] or "") for name in TEXT_FIELDS}
        if not texts["territory"]:
            texts["territory"] = ", ".join(
                sorted(self.territory_country_ids.mapped("name"))
            )
        return {**texts, "excluded_names": ", ".join(names)}
