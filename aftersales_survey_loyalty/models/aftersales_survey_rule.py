# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.aftersales_loyalty.models.loyalty_program import VOUCHER_TYPES

#: Programs whose points are collected on one card of the customer.
CARD_TYPES = ("loyalty", "ewallet")


class AftersalesSurveyRule(models.Model):
    _inherit = "aftersales.survey.rule"

    reward_program_id = fields.Many2one(
        "loyalty.program",
        ondelete="restrict",
        domain=[("program_type", "in", [*CARD_TYPES, *VOUCHER_TYPES])],
        help="Points go to the customer's card, a coupon program sends a voucher.",
    )
    reward_points = fields.Float(
        default=1.0, help="Points for the card, or what the voucher is worth."
    )
    reward_for = fields.Selection(
        [
            ("answer", "Every answer"),
            ("justified", "The answer after a justified complaint"),
            ("complaint", "A justified complaint, answered or not"),
        ],
        required=True,
        default="answer",
        help="A complaint is justified when the fault was not the customer's and it "
        "was not rejected. Without an answer the reward goes out with the survey.",
    )

    _reward_points_positive = models.Constraint(
        "CHECK (reward_program_id IS NULL OR reward_points > 0)",
        "A reward is worth more than nothing.",
    )

    @api.constrains("reward_program_id", "company_id")
    def _check_reward_program(self):
        for rule in self:
            # Who writes the rule may not read every program.
            program = rule.reward_program_id.sudo()
            if not program:
                continue
            if program.program_type not in (*CARD_TYPES, *VOUCHER_TYPES):
                raise ValidationError(
                    self.env._(
                        "%(program)s gives no points or vouchers to a customer.",
                        program=program.name,
                    )
                )
            if program.company_id and program.company_id != rule.company_id:
                raise ValidationError(
                    self.env._(
                        "%(program)s is of one company: give the rule that company.",
                        program=program.name,
                    )
                )
