# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import hashlib
import json

from odoo import api, fields, models

from .aftersales_warranty_policy_coverage import UNITS

TEXT_FIELDS = ("name", "terms", "claim_instructions", "source")
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


class AftersalesWarrantyPolicy(models.Model):
    _name = "aftersales.warranty.policy"
    _description = "Warranty Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the policy serves all companies."
    )
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
    is_transferable = fields.Boolean(
        string="Transferable",
        default=True,
        help="Goes with the product when it changes owner.",
    )
    terms = fields.Html(
        translate=True,
        sanitize_style=True,
        help="The conditions in plain words, printed on the certificate.",
    )
    claim_instructions = fields.Text(
        string="How to Claim",
        translate=True,
        help="Printed on the certificate. Empty: how to reach the company.",
    )
    source = fields.Text(
        string="Legal Reference",
        translate=True,
        help="The law or the document these terms come from, and its date.",
    )
    version = fields.Char(help="E.g. 2026-01. A certificate keeps the one it got.")
    date = fields.Date(string="Terms Dated")
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

    @api.constrains("kind", "company_id", "active", "product_tmpl_ids", "category_ids")
    def _check_attached(self):
        self.product_tmpl_ids._check_aftersales_warranty_policy_ids()
        self.category_ids._check_aftersales_warranty_policy_ids()

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

    def _applies_to(self, company):
        """Tell whether this policy serves `company` (its own or a parent's)."""
        self.ensure_one()
        return not self.company_id or self.company_id in company.parent_ids

    def _overlaps(self, other):
        """Tell whether some company would be served by this policy and by `other`."""
        self.ensure_one()
        mine, theirs = self.company_id, other.company_id
        if self == other:
            return False
        if not mine or not theirs:
            return True
        return mine in theirs.parent_ids or theirs in mine.parent_ids

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
                "version": policy.version,
                "date": fields.Date.to_string(policy.date),
                "kind": policy.kind,
                "duration": policy.duration,
                "duration_unit": policy.duration_unit,
                "start_event": policy.start_event,
                "is_transferable": policy.is_transferable,
                "texts": texts[policy],
                "coverage": policy.coverage_ids._prepare_terms_coverage(),
                "excluded_cause_ids": sorted(policy.excluded_cause_ids.ids),
            }
            content = json.dumps(vals, sort_keys=True).encode()
            vals["digest"] = hashlib.sha256(content).hexdigest()
            result[policy] = vals
        return result

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
        return {name: str(self[name] or "") for name in TEXT_FIELDS}
