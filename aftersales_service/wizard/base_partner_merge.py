# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # What they were told and have answered becomes that of the one who stays.
        recipients = self.env["aftersales.bulletin.recipient"].sudo()
        recipients._merge_owners(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
