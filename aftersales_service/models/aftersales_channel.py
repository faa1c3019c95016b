# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class AftersalesChannel(models.Model):
    _name = "aftersales.channel"
    _inherit = "aftersales.text.mixin"
    _description = "Claim Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    @api.model
    def _get(self, name):
        """The channel that comes with the addon, or none: it may be deleted."""
        channel = self.env.ref(f"aftersales_service.channel_{name}", False)
        return channel or self.browse()
