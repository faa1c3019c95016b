# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

from ..rules import compensation


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_agent_limit = fields.Monetary(
        string="Agents Compensate up to",
        default=50.0,
        help="What an agent gives a customer without asking, tax included.",
    )
    aftersales_lead_limit = fields.Monetary(
        string="Team Leads Compensate up to",
        default=200.0,
        help="What the lead of a team gives, or allows an agent to give.",
    )
    aftersales_manager_limit = fields.Monetary(
        string="Managers Compensate up to",
        default=1000.0,
        help="Nobody gives more than that.",
    )
    aftersales_compensation_days = fields.Integer(
        string="Days to Use a Compensation",
        default=365,
        help="How long a discount or a voucher can be used.",
    )
    aftersales_compensation_account_id = fields.Many2one(
        "account.account",
        string="Expense Account of Compensations",
        check_company=True,
        help="Takes credits, payments and discounts given to customers. Empty: the "
        "account of the invoice or of the journal.",
    )

    def _get_aftersales_limits(self):
        """{role: up to how much it gives, in the company's currency}"""
        self.ensure_one()
        # The limits are no secret, but the company's settings are out of reach.
        company = self.sudo()
        return {
            role: company[f"aftersales_{role}_limit"] for role in compensation.ROLES
        }


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_agent_limit = fields.Monetary(
        related="company_id.aftersales_agent_limit",
        readonly=False,
    )
    aftersales_lead_limit = fields.Monetary(
        related="company_id.aftersales_lead_limit",
        readonly=False,
    )
    aftersales_manager_limit = fields.Monetary(
        related="company_id.aftersales_manager_limit",
        readonly=False,
    )
    aftersales_compensation_days = fields.Integer(
        related="company_id.aftersales_compensation_days", readonly=False
    )
    aftersales_compensation_account_id = fields.Many2one(
        related="company_id.aftersales_compensation_account_id", readonly=False
    )
