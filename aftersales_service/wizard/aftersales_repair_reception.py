# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesRepairReception(models.TransientModel):
    _name = "aftersales.repair.reception"
    _description = "Receive the Customer's Goods"
    _inherit = "aftersales.text.mixin"

    repair_id = fields.Many2one("repair.order", required=True, readonly=True)
    product_id = fields.Many2one(related="repair_id.product_id")
    expected_serial = fields.Char(compute="_compute_expected_serial")
    serial = fields.Char(
        help="Type or scan the serial of what the customer brings: it must be the "
        "repair's."
    )
    accessories = fields.Text(
        compute="_compute_from_repair", store=True, readonly=False
    )
    goods_condition = fields.Text(
        compute="_compute_from_repair", store=True, readonly=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        repairs = self.env["repair.order"].browse(
            [vals["repair_id"] for vals in vals_list if vals.get("repair_id")]
        )
        # What is on the repair is shown here.
        repairs.check_access("write")
        return super().create(vals_list)

    @api.depends("repair_id")
    def _compute_expected_serial(self):
        for reception in self:
            # The serial of the repair's own product, whatever the rights on serials.
            reception.expected_serial = reception.repair_id.sudo().lot_id.name

    @api.depends("repair_id")
    def _compute_from_repair(self):
        for reception in self:
            reception.accessories = reception.repair_id.accessories
            reception.goods_condition = reception.repair_id.goods_condition

    def action_receive(self):
        """Receive the goods and print the reception sheet.

        :raises UserError: when another serial was brought than the repair's
        """
        self.ensure_one()
        repair = self.repair_id
        repair.check_access("write")
        typed = (self.serial or "").strip()
        if typed and typed.lower() != (self.expected_serial or "").lower():
            raise UserError(
                self.env._(
                    "%(repair)s is for serial %(expected)s, not for %(typed)s.",
                    repair=repair.name,
                    expected=self.expected_serial or "–",
                    typed=typed,
                )
            )
        repair.write(
            {
                "accessories": self.accessories,
                "goods_condition": self.goods_condition,
            }
        )
        repair._receive_goods()
        return {
            **repair.action_print_reception(),
            "close_on_report_download": True,
        }
