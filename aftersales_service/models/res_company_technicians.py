# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_aftersales_technicians(self):
        """The users who may repair for this company."""
        self.ensure_one()
        # Who repairs is no secret; agents may not read groups.
        group = self.env.ref("aftersales_service.group_technician").sudo()
        return group.all_user_ids.filtered(
            lambda user: user.active
            and not user.share
            and user.id != self.env.ref("base.user_root").id
            and self in user.company_ids
        )

    def _get_aftersales_workers(self):
        """Those of them who do nothing but repair, or all when there are none."""
        technicians = self._get_aftersales_technicians()
        # As above.
        desk = self.env.ref("aftersales_service.group_user").sudo().all_user_ids
        return technicians - desk or technicians
