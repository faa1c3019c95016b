# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from .repair_order import STEP_FIELDS

STEP_FIELDS.update({"bulletin_asset_id", "bulletin_id"})


class RepairOrder(models.Model):
    _inherit = "repair.order"

    bulletin_asset_id = fields.Many2one(
        "aftersales.bulletin.asset",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    bulletin_id = fields.Many2one(
        related="bulletin_asset_id.bulletin_id",
        string="Product Notice",
        store=True,
        index="btree_not_null",
    )

    new_version = fields.Char(
        string="Version Afterwards",
        copy=False,
        help="Firmware or revision that the product has when the job is done. It is "
        "kept in the product's history.",
    )

    _one_visit = models.UniqueIndex(
        "(bulletin_asset_id) WHERE bulletin_asset_id IS NOT NULL AND state != 'cancel'",
        "There is a visit for this product already.",
    )

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        # Products and notices follow what is done to them, whoever does it.
        repairs = self.sudo()
        for repair in repairs:
            version, asset = repair.new_version, repair.asset_id
            # What the notice has filled in takes back nothing that came since.
            is_filled_in = version == repair.bulletin_id.new_version
            if version and asset and not (is_filled_in and asset._has_version(version)):
                asset._set_version(
                    version, repair_id=repair.id, bulletin_id=repair.bulletin_id.id
                )
        repairs.bulletin_asset_id._action_done()
        return result

    def action_repair_cancel(self):
        result = super().action_repair_cancel()
        # As above.
        self.sudo().bulletin_asset_id._action_take_up_again()
        return result

    def action_repair_cancel_draft(self):
        result = super().action_repair_cancel_draft()
        # As above. What was confirmed only is called off on the way.
        self.sudo().bulletin_asset_id._action_book_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_takes_up_notice_again(self):
        """A visit that is deleted does not take place."""
        # As above; what is done, or called off already, stays as it is.
        planned = self.sudo().filtered(lambda r: r.state not in ("done", "cancel"))
        planned.bulletin_asset_id._action_take_up_again()
