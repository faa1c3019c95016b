# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from ..rules.scores import MINIMUM_ANSWERS


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_minimum_answers = fields.Integer(
        string="Answers for a Score",
        default=MINIMUM_ANSWERS,
        required=True,
        help="Of fewer answers no score is shown: they say little, and would tell who "
        "said what where a survey is anonymous.",
    )

    _aftersales_minimum_answers_positive = models.Constraint(
        "CHECK (aftersales_minimum_answers > 0)",
        "A score needs at least one answer.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_minimum_answers = fields.Integer(
        related="company_id.aftersales_minimum_answers", readonly=False
    )
