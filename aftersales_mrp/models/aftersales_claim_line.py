# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

from odoo.addons.aftersales_service.rules import allocation


class AftersalesClaimLine(models.Model):
    """A claimed kit: its components move, the kit is what is counted and credited."""

    _inherit = "aftersales.claim.line"

    def _sum_goods(self, moves):
        product = self._get_moved_product(moves)
        kit = moves._get_aftersales_kit(product)
        if kit:
            return moves._sum_aftersales_kits(product, kit)
        return super()._sum_goods(moves)

    def _get_moved_product(self, moves):
        """What `moves` bring: the claimed product, or what is sent in its place."""
        is_new = any(move._is_aftersales_free() for move in moves) or any(
            move.location_final_id == move.company_id.aftersales_free_location_id
            for move in moves
            if move.location_final_id
        )
        return self.replacement_product_id if is_new else self.product_id

    # -- asking back

    def _search_deliveries(self):
        moves = super()._search_deliveries()
        customer = self.claim_id.partner_id.commercial_partner_id
        if moves or self.asset_id or not customer or not self.product_id:
            return moves
        return self.env["stock.move"].search(
            [
                ("sale_line_id.product_id", "=", self.product_id.id),
                ("bom_line_id.bom_id.type", "=", "phantom"),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
                ("location_id.usage", "!=", "customer"),
                ("picking_id.partner_id", "child_of", customer.id),
                ("origin_returned_move_id", "=", False),
            ],
            order="date desc, id desc",
        )

    def _get_return_sources(self):
        """Kits by the order they were sold with: its first move stands for all."""
        moves = self.asset_id.move_id or self._search_deliveries()
        kit = moves._get_aftersales_kit(self.product_id)
        if not kit:
            return super()._get_return_sources()
        return [
            (
                sold[:1],
                sold._sum_aftersales_kits(
                    self.product_id, kit, self._get_returnable_quantity
                ),
            )
            for sold in moves.grouped("sale_line_id").values()
        ]

    def _allocate_return(self, quantity):
        taken = super()._allocate_return(quantity)
        moves = self.env["stock.move"].union(*(move for move, _kits in taken))
        kit = moves._get_aftersales_kit(self.product_id)
        if not kit:
            return taken
        deliveries = self._search_deliveries()
        parts = []
        for first, kits in taken:
            sold = deliveries.filtered(
                lambda m, line=first.sale_line_id: m.sale_line_id == line
            )
            parts += self._split_kits(kit, kits, sold, self._get_returnable_quantity)
        return parts

    def _split_kits(self, kit, quantity, moves, count, skipped=0.0):
        """Spread `quantity` kits over the `moves` of their components.

        :param count: function that tells how much of a move there is to be taken
        :param skipped: kits that are taken before, from the first moves
        :return: [(move, quantity of its component)]
        """
        parts = []
        for bom_line, share in kit._get_aftersales_shares(self.product_id).items():
            sources, gone = [], skipped * share
            for move in moves.filtered(lambda m, bl=bom_line: m.bom_line_id == bl):
                free = count(move)
                used = min(free, gone)
                gone -= used
                sources.append((move, free - used))
            rounding = bom_line.product_id.uom_id.rounding
            parts += allocation.allocate(quantity * share, sources, rounding)[0]
        return parts

    # -- inspecting and refunding

    def _get_received_moves(self):
        moves = self._get_live_moves().sorted("id")
        return moves.filtered(lambda m: m.state == "done" and m._is_aftersales_return())

    def _get_received_sources(self, skipped):
        moves = self._get_received_moves()
        kit = moves._get_aftersales_kit(self.product_id)
        if not kit:
            return super()._get_received_sources(skipped)
        sources = []
        for received in moves.grouped("sale_line_id").values():
            free = received._sum_aftersales_kits(self.product_id, kit)
            gone = min(free, skipped)
            skipped -= gone
            sources.append((received[:1], free - gone))
        return sources

    def _allocate_received(self, quantity, skipped=0.0):
        moves = self._get_received_moves()
        kit = moves._get_aftersales_kit(self.product_id)
        if not kit:
            return super()._allocate_received(quantity, skipped)
        return self._split_kits(
            kit,
            quantity,
            moves,
            lambda move: move._get_aftersales_quantity(),
            skipped + self.accepted_quantity + self.refused_quantity,
        )

    # -- replacing

    def _get_delivery_key(self, move):
        key = super()._get_delivery_key(move)
        if not move.bom_line_id:
            return key
        same = self._get_open_deliveries().filtered(
            lambda m: m.bom_line_id == move.bom_line_id
        )
        planned = sum(other._get_aftersales_quantity() for other in same - move)
        return f"{self.id}-new-{move.bom_line_id.id}-{planned:g}"
