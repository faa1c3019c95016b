# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_portal_scope = fields.Selection(
        related="company_id.aftersales_portal_scope", readonly=False
    )
    aftersales_analytic_account_id = fields.Many2one(
        related="company_id.aftersales_analytic_account_id", readonly=False
    )
    aftersales_accounting_user_id = fields.Many2one(
        related="company_id.aftersales_accounting_user_id", readonly=False
    )
    aftersales_spare_part_years = fields.Integer(
        related="company_id.aftersales_spare_part_years", readonly=False
    )
    aftersales_rework_days = fields.Integer(
        related="company_id.aftersales_rework_days", readonly=False
    )
    aftersales_approval_amount = fields.Monetary(
        related="company_id.aftersales_approval_amount", readonly=False
    )
    aftersales_warranty_account_id = fields.Many2one(
        related="company_id.aftersales_warranty_location_id.valuation_account_id",
        string="Warranty Parts Expense Account",
        readonly=False,
        help="With automatic inventory valuation, parts used under warranty are "
        "booked to this account.",
    )
