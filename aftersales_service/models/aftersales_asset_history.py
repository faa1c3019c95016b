# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import AccessError


class AftersalesAsset(models.Model):
    """What was done to the product, on paper: for its owner, and with costs for us."""

    _inherit = "aftersales.asset"

    def _get_done_repairs(self):
        """The repairs that whoever sees the asset may know of, the latest first.

        One of a confidential claim is told to staff who may read it, and to the owner
        who made the claim, not to the next one.

        :return: repair.order, as superuser
        :raises AccessError: for those who may not read the asset
        """
        self.ensure_one()
        self.check_access("read")
        # Owners and technicians read few repairs, but what was done to the product.
        done = self.sudo().repair_ids.filtered(lambda r: r.state == "done")
        visible = done.filtered(self._is_told)
        return visible.sorted(lambda r: (r.done_date, r.id), reverse=True)

    def _is_told(self, repair):
        claim = repair.claim_id
        if not claim.is_confidential:
            return True
        if self.env.user._is_internal():
            # Judged by the reader's own rights.
            return repair.sudo(False).has_access("read")
        # Only compared: the owner may be out of the reader's reach.
        owner = self.sudo().partner_id.commercial_partner_id
        return claim.partner_id.commercial_partner_id == owner

    def _get_printable_history(self, lang, with_costs=False):
        """Done repairs as the printed history shows them, in `lang`.

        :raises AccessError: for the costs, to those who are no agents
        """
        if with_costs and not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(
                self.env._("Only after-sales agents print the history with its costs.")
            )
        return self._get_done_repairs().with_context(lang=lang)

    def _get_printable(self, lang):
        """The asset as its prints show it, in `lang`.

        :raises AccessError: for those who may not read the asset
        """
        self.ensure_one()
        self.check_access("read")
        # Whoever may read the asset may have what is printed of it.
        return self.sudo().with_context(lang=lang)

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Service History %s", self._get_portal_name())
