# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

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

    _one_visit = models.UniqueIndex(
        "(bulletin_asset_id) WHERE bulletin_asset_id IS NOT NULL AND state != 'cancel'",
        "There is a visit for this product already.",
    )

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        # The notice follows its visits, whoever does them.
        self.sudo().bulletin_asset_id._action_done()
        return result

    def action_repair_cancel(self):
        result = super().action_repair_cancel()
        # As above.
        self.sudo().bulletin_asset_id._action_take_up_again()
        return result
