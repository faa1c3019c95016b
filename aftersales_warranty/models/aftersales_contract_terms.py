# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ..rules.contract import LONGEST, PERIOD_MONTHS, last_day_of_term
from .aftersales_contract_mixin import PROMISES


class AftersalesContractTerms(models.Model):
    """What a maintenance contract promises, for all that are sold from now on."""

    _name = "aftersales.contract.terms"
    _description = "Contract Terms"
    _inherit = ["aftersales.text.mixin", "aftersales.contract.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    scope = fields.Selection(
        [
            ("asset", "The products named in it"),
            ("park", "All products of the customer"),
        ],
        string="Covers",
        required=True,
        default="asset",
    )
    duration = fields.Integer(required=True, default=1)
    duration_unit = fields.Selection(
        [("day", "Days"), ("month", "Months"), ("year", "Years")],
        required=True,
        default="year",
    )
    terms = fields.Html(
        string="Conditions",
        translate=True,
        sanitize_style=True,
        help="Printed on the contract.",
    )
    product_ids = fields.One2many(
        "product.template", "aftersales_contract_terms_id", string="Sold By"
    )

    _duration_positive = models.Constraint(
        "CHECK (duration > 0)", "A contract lasts at least one day, month or year."
    )

    @api.constrains("duration", "duration_unit", "invoice_period")
    def _check_duration(self):
        for terms in self:
            if terms.duration > LONGEST[terms.duration_unit]:
                raise ValidationError(
                    self.env._(
                        "%(terms)s: a contract lasts 50 years at most.",
                        terms=terms.name,
                    )
                )
            months = PERIOD_MONTHS.get(terms.invoice_period)
            if not months:
                continue
            total = terms._get_months()
            if not total or total % months:
                raise ValidationError(
                    self.env._(
                        "%(terms)s: the term is no whole number of the periods that "
                        "are billed.",
                        terms=terms.name,
                    )
                )

    @api.constrains("scope", "price_per_asset")
    def _check_price_per_asset(self):
        for terms in self:
            if terms.price_per_asset and terms.scope != "asset":
                raise ValidationError(
                    self.env._(
                        "%(terms)s: a price per product needs products that are named.",
                        terms=terms.name,
                    )
                )

    @api.constrains(
        "duration", "duration_unit", "invoice_period", "renewal_mode", "notice_days"
    )
    def _check_notice(self):
        start = fields.Date.today()
        for terms in self.filtered(lambda one: one.renewal_mode != "none"):
            end = terms._get_last_day(
                start, terms._get_usual_quantity(), terms.invoice_period
            )
            if terms.notice_days > (end - start).days:
                raise ValidationError(
                    self.env._(
                        "%(terms)s: a notice of %(days)s days is longer than the term.",
                        terms=terms.name,
                        days=terms.notice_days,
                    )
                )

    def _get_months(self):
        """Months of the term, or 0 when it is counted in days."""
        self.ensure_one()
        return {"month": 1, "year": 12}.get(self.duration_unit, 0) * self.duration

    def _get_usual_quantity(self):
        """The quantity on an order with which the contract runs its usual term."""
        self.ensure_one()
        months = PERIOD_MONTHS.get(self.invoice_period)
        return self._get_months() // months if months else 1

    def _get_last_day(self, start, quantity, invoice_period):
        """The last day of a contract from `start` that was sold in this quantity.

        :raises ValidationError: for a term that no contract has
        """
        self.ensure_one()
        months = PERIOD_MONTHS.get(invoice_period)
        number = (months or self.duration) * quantity
        try:
            return last_day_of_term(
                start, number, "month" if months else self.duration_unit
            )
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "%(terms)s can't begin on %(day)s in a quantity of %(quantity)s: a "
                    "contract runs 50 years at most. Check both.",
                    terms=self.name,
                    day=format_date(self.env, start),
                    quantity=quantity,
                )
            ) from error

    def _prepare_contract_vals(self):
        """What a contract that is sold now keeps of these terms."""
        self.ensure_one()
        values = {
            name: [Command.set(self[name].ids)]
            if self._fields[name].relational
            else self[name]
            for name in PROMISES
        }
        return {
            **values,
            "terms_id": self.id,
            "scope": self.scope,
            "terms_texts": {
                code: self.with_context(lang=code).terms or ""
                for code, _name in self.env["res.lang"].get_installed()
            },
        }
