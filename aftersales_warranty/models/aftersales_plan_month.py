# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesPlanMonth(models.Model):
    """The months, to be chosen for a season."""

    _name = "aftersales.plan.month"
    _description = "Month of a Season"
    _order = "number"

    name = fields.Char(required=True, translate=True)
    number = fields.Integer(required=True)

    _number_uniq = models.UniqueIndex("(number)", "There is such a month already.")
    _number_range = models.Constraint(
        "CHECK (number >= 1 AND number <= 12)", "A year has twelve months."
    )
