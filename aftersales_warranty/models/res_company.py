# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResCompany(models.Model):
    """Where the provision for warranties was booked the last time."""

    _inherit = "res.company"

    aftersales_provision_journal_id = fields.Many2one(
        "account.journal", string="Journal of the Warranty Provision"
    )
    aftersales_provision_expense_id = fields.Many2one(
        "account.account", string="Expense of the Warranty Provision"
    )
    aftersales_provision_account_id = fields.Many2one(
        "account.account", string="Warranty Provision"
    )
