# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Longer ones are typing errors: a date of that time can't be computed with.
MAX_INTERVAL = 3650


class AftersalesPlanMixin(models.AbstractModel):
    """When care is due and what it consists of: of a template and of a plan alike."""

    _name = "aftersales.plan.mixin"
    _description = "Terms of Preventive Care"

    trigger = fields.Selection(
        [("interval", "Every So Often"), ("season", "By Season")],
        string="Due",
        required=True,
        default="interval",
    )
    interval_number = fields.Integer(string="Every", default=12)
    interval_unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")],
        required=True,
        default="month",
    )
    basis = fields.Selection(
        [("fixed", "The start, always"), ("floating", "The last visit done")],
        string="Counted From",
        required=True,
        default="fixed",
        help="From the start the dates stay the same, whenever the work is done; from "
        "the last visit the next one follows when the work has been done.",
    )
    month_ids = fields.Many2many("aftersales.plan.month", string="Months")
    month_day = fields.Integer(
        string="Day of the Month",
        default=1,
        help="In a month without such a day: its last day.",
    )
    lead_days = fields.Integer(
        string="Days Ahead",
        default=14,
        help="How many days before it is due the visit is planned and the customer "
        "told.",
    )
    tolerance_days = fields.Integer(
        string="Tolerance (Days)",
        default=7,
        help="Within these days of the due date a visit may be moved to join a trip, "
        "and after them it counts as late.",
    )
    service_mode = fields.Selection(
        selection=lambda self: self.env["repair.order"]
        ._fields["service_mode"]
        ._description_selection(self.env),
        required=True,
        default="onsite",
    )
    hours = fields.Float(string="Usual Hours", default=1.0)
    checklist_id = fields.Many2one(
        "aftersales.checklist",
        help="Empty: the checklists for preventive service of such products.",
    )
    instructions = fields.Html(
        sanitize_style=True, help="For the technician, on each repair order."
    )

    @api.constrains("trigger", "interval_number", "month_ids", "month_day")
    def _check_trigger(self):
        for terms in self:
            if terms.trigger == "interval" and not (
                0 < terms.interval_number <= MAX_INTERVAL
            ):
                raise ValidationError(
                    self.env._(
                        "Care every %(number)s days, weeks or months can't be planned: "
                        "enter a number between 1 and %(most)s.",
                        number=terms.interval_number,
                        most=MAX_INTERVAL,
                    )
                )
            if terms.trigger == "season":
                terms._check_season()

    def _check_season(self):
        self.ensure_one()
        if not self.month_ids:
            raise ValidationError(
                self.env._("A season needs months: choose one at least.")
            )
        if not 1 <= self.month_day <= 31:
            raise ValidationError(
                self.env._("The day of the month lies between 1 and 31.")
            )

    @api.constrains("lead_days", "tolerance_days", "hours")
    def _check_numbers(self):
        for terms in self:
            if not (0 <= terms.lead_days <= 365 and 0 <= terms.tolerance_days <= 365):
                raise ValidationError(
                    self.env._(
                        "The days ahead and the tolerance lie between 0 and 365."
                    )
                )
            if not 0 < terms.hours < 1000:
                raise ValidationError(
                    self.env._(
                        "A visit takes more than no time, and less than 1,000 hours."
                    )
                )

    @api.model
    def _get_term_fields(self):
        """Names of what a plan takes over from its template. To be extended."""
        return [
            "trigger",
            "interval_number",
            "interval_unit",
            "basis",
            "month_ids",
            "month_day",
            "lead_days",
            "tolerance_days",
            "service_mode",
            "hours",
            "checklist_id",
            "instructions",
        ]
