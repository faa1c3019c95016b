# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_tell_received = fields.Boolean(
        related="company_id.aftersales_tell_received", readonly=False
    )
    aftersales_tell_waiting = fields.Boolean(
        related="company_id.aftersales_tell_waiting", readonly=False
    )
    aftersales_tell_quote = fields.Boolean(
        related="company_id.aftersales_tell_quote", readonly=False
    )
    aftersales_tell_visited = fields.Boolean(
        related="company_id.aftersales_tell_visited", readonly=False
    )
    aftersales_tell_repaired = fields.Boolean(
        related="company_id.aftersales_tell_repaired", readonly=False
    )
    aftersales_tell_shipped = fields.Boolean(
        related="company_id.aftersales_tell_shipped", readonly=False
    )
    aftersales_tell_solved = fields.Boolean(
        related="company_id.aftersales_tell_solved", readonly=False
    )
    aftersales_alert_urgent = fields.Boolean(
        related="company_id.aftersales_alert_urgent", readonly=False
    )
    aftersales_mail_days = fields.Integer(
        related="company_id.aftersales_mail_days", readonly=False
    )
