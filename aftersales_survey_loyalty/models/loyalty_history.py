# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    aftersales_invitation_id = fields.Many2one(
        "aftersales.survey.invitation", readonly=True, ondelete="set null"
    )

    _once_per_answer = models.UniqueIndex(
        "(aftersales_invitation_id) WHERE aftersales_invitation_id IS NOT NULL",
        "This answer was rewarded already.",
    )
