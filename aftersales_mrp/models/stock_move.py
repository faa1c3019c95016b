# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_aftersales_kit(self, product):
        """The kit (mrp.bom) of `product` whose components these moves are, or none."""
        # Whoever claims or receives a kit need not read bills of materials.
        kits = self.sudo().bom_line_id.bom_id.filtered(lambda b: b.type == "phantom")
        if not kits or product in self.product_id:
            return self.env["mrp.bom"]
        own = kits.filtered(
            lambda b: b.product_id == product
            or not b.product_id
            and b.product_tmpl_id == product.product_tmpl_id
        )
        # A kit of kits: its moves know the inner ones alone.
        return (
            own[:1]
            or kits._bom_find(
                product, company_id=self.company_id[:1].id, bom_type="phantom"
            )[product]
        )

    def _sum_aftersales_kits(self, product, kit, count=None):
        """How many whole kits these moves hold, in the unit of `product`.

        :param count: function that tells the quantity of a move, in its product's unit
        """
        count = count or (lambda move: move._get_aftersales_quantity())
        kits = []
        for bom_line, share in kit._get_aftersales_shares(product).items():
            moves = self.filtered(lambda m, bl=bom_line: m.bom_line_id == bl)
            kits.append(sum(map(count, moves)) / share)
        # As in the core, a part of a kit is none.
        return float(product.uom_id.round(min(kits, default=0.0)) // 1)


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    def _get_aftersales_shares(self, product):
        """What of each component one kit of `product` takes, both in their units.

        :return: {mrp.bom.line: quantity}, without services and optional components
        """
        self.ensure_one()
        # The whole bill: exploding a single kit would round components up.
        _boms, lines = self.explode(product, 1.0)
        one = product.uom_id._compute_quantity(1, self.product_uom_id, round=False)
        shares = {}
        for bom_line, data in lines:
            component = bom_line.product_id
            quantity = data["qty"] / self.product_qty * one
            if component.type == "service" or bom_line.product_uom_id.is_zero(
                data["qty"]
            ):
                continue
            shares[bom_line] = bom_line.product_uom_id._compute_quantity(
                quantity, component.uom_id, round=False
            )
        return shares
