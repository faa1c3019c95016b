# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    aftersales_labour_ids = fields.One2many(
        "aftersales.repair.labour", "sale_line_id", string="Repair Labour"
    )

    aftersales_labour_repair_id = fields.Many2one(
        "repair.order",
        string="Labour of Repair",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The repair whose hours, expected or booked, are quoted on this line.",
    )
    aftersales_charge_ids = fields.One2many(
        "aftersales.repair.charge", "sale_line_id", string="Repair Charges"
    )

    @api.depends(
        "move_ids.repair_id.claim_line_id.parts_percent",
        "aftersales_labour_ids.repair_id.claim_line_id.labour_percent",
        "aftersales_labour_repair_id.claim_line_id.labour_percent",
        "aftersales_charge_ids.repair_id.claim_line_id.travel_percent",
        "aftersales_charge_ids.repair_id.claim_line_id.transport_percent",
    )
    def _compute_discount(self):
        # Salespeople read no claims: only the share is taken.
        percents = {
            line: line.sudo()._get_aftersales_covered_percent() for line in self
        }
        # What was invoiced stays, whatever is decided about the coverage later.
        invoiced = self.filtered(
            lambda line: percents[line] is not None and line.sudo().invoice_lines
        )
        for line in invoiced:
            line.discount = line.discount
        lines = self - invoiced
        result = super(SaleOrderLine, lines)._compute_discount()
        enabled = self.env["product.pricelist.item"]._is_discount_feature_enabled()
        for line in lines.filtered(lambda line: percents[line] is not None):
            # The core leaves an old discount where it computes none.
            own = line.discount if enabled and line.order_id.pricelist_id else 0.0
            line.discount = 100 - (100 - own) * (100 - percents[line]) / 100
        return result

    def _get_aftersales_covered_percent(self):
        """Share of the line (0 to 100) that the warranty takes off the price.

        :return: None for what is no part or labour of a repair with a decision
        """
        self.ensure_one()
        labour = self.aftersales_labour_ids.repair_id | self.aftersales_labour_repair_id
        charge = self.aftersales_charge_ids[:1]
        part = self.move_ids.filtered(lambda m: m.repair_line_type == "add")[:1]
        repair = labour[:1] or charge.repair_id or part.repair_id
        if not repair or not repair._has_coverage():
            return None
        if part and not labour and not charge:
            return part._get_aftersales_covered_percent()
        return repair._get_covered_percent("labour" if labour else charge.component)

    def _cancel_repair_order(self):
        """Who sells needs no right on repairs for lines that have none."""
        # Only compared.
        repairs = self.order_id.sudo().repair_order_ids
        lines = self & repairs.sale_order_line_id
        if not lines:
            return None
        return super(SaleOrderLine, lines)._cancel_repair_order()
