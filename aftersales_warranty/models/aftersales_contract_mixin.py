# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What a contract takes from its terms when it is sold.
PROMISES = (
    "invoice_period",
    "price_per_asset",
    "visits_included",
    "unlimited_visits",
    "hours_included",
    "unlimited_hours",
    "parts_percent",
    "travel_percent",
    "transport_percent",
    "excluded_cause_ids",
    "stops_unpaid",
    "unpaid_days",
    "renewal_mode",
    "notice_days",
    "price_adjustment",
    "sla_ids",
)

#: The most that a contract can promise: what is above was mistyped.
MOST = {
    "visits_included": 10_000,
    "hours_included": 100_000,
    "unpaid_days": 3_650,
    "notice_days": 3_650,
}


class AftersalesContractMixin(models.AbstractModel):
    """What a contract promises: set on its terms, kept by each contract as sold."""

    _name = "aftersales.contract.mixin"
    _description = "What a Contract Includes"

    invoice_period = fields.Selection(
        [
            ("once", "In advance, the whole term"),
            ("month", "Every month"),
            ("quarter", "Every three months"),
            ("half_year", "Every six months"),
            ("year", "Every year"),
        ],
        string="Billed",
        required=True,
        default="once",
        help="Per period: the quantity on the order is the number of periods, its "
        "price that of one, billed on its first day.",
    )
    price_per_asset = fields.Boolean(
        string="Price per Product Covered",
        help="The price on the order is multiplied by the number of products covered.",
    )
    visits_included = fields.Integer()
    unlimited_visits = fields.Boolean()
    hours_included = fields.Float()
    unlimited_hours = fields.Boolean()
    parts_percent = fields.Float(
        string="Parts Paid (%)", digits=(5, 2), help="What we pay of the parts used."
    )
    travel_percent = fields.Float(
        string="Travel Paid (%)",
        digits=(5, 2),
        help="What we pay of the travel of each visit that is included.",
    )
    transport_percent = fields.Float(string="Transport Paid (%)", digits=(5, 2))
    excluded_cause_ids = fields.Many2many(
        "aftersales.cause",
        string="Excluded Causes",
        help="What the contract does not pay, such as misuse.",
    )
    stops_unpaid = fields.Boolean(
        string="Stops When Unpaid",
        default=True,
        help="With an invoice overdue the contract covers nothing until it is paid.",
    )
    unpaid_days = fields.Integer(
        string="Days of Grace", help="Days after the due date before it stops."
    )
    renewal_mode = fields.Selection(
        [
            ("none", "Not renewed"),
            ("acceptance", "When the customer accepts"),
            ("automatic", "Automatically, unless the customer refuses"),
        ],
        string="Renewal",
        required=True,
        default="acceptance",
    )
    notice_days = fields.Integer(
        string="Notice",
        default=30,
        help="Days before the end on which the customer gets the offer to go on.",
    )
    price_adjustment = fields.Float(
        string="Price Adjustment (%)",
        digits=(5, 2),
        help="Added to the price with each renewal.",
    )

    _included_positive = models.Constraint(
        "CHECK (visits_included >= 0 AND hours_included >= 0 AND unpaid_days >= 0 "
        "AND notice_days >= 0)",
        "A contract can't include less than nothing.",
    )
    _percents_range = models.Constraint(
        "CHECK (parts_percent BETWEEN 0 AND 100 AND travel_percent BETWEEN 0 AND 100 "
        "AND transport_percent BETWEEN 0 AND 100)",
        "What a contract pays lies between 0 and 100 %.",
    )
    _adjustment_range = models.Constraint(
        "CHECK (price_adjustment > -100 AND price_adjustment <= 1000)",
        "A price adjustment lies between -100 and 1000 %.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ensure_plausible(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_plausible(vals)
        return super().write(vals)

    @api.model
    def _ensure_plausible(self, vals):
        """Raise ValidationError for a number that no contract can promise.

        Before it is written: dates are computed from some of them.
        """
        for name in MOST.keys() & vals.keys():
            most, field = MOST[name], self._fields[name]
            value = field.convert_to_cache(vals[name], self)
            if not isfinite(value) or value > most:
                raise ValidationError(
                    self.env._(
                        "%(field)s: %(most)s at most.",
                        field=field._description_string(self.env),
                        most=most,
                    )
                )
