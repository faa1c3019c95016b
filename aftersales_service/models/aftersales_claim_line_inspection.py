# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict
from math import isfinite

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..rules import allocation


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    def action_inspect(self):
        """Ask what of the goods that came back is accepted, and where it goes."""
        self._ensure_may_inspect()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inspect the Return"),
            "res_model": "aftersales.inspection",
            "view_mode": "form",
            "target": "new",
            # Stock users see no claims: what there is to inspect is not secret.
            "context": {"default_claim_line_ids": self.sudo()._get_inspectable().ids},
        }

    def _ensure_may_inspect(self):
        """Agents inspect for their claims, stock users what they have received."""
        if not self.env.user.has_group("stock.group_stock_user"):
            self._ensure_is_agent()
            return
        # Stock users have no rights on claims: only the companies are compared.
        companies = self.sudo().company_id
        if companies - self.env.companies:
            raise AccessError(self.env._("These goods belong to another company."))

    def _get_inspectable(self):
        return self.filtered(lambda line: line.return_state == "received")

    def _get_uninspected_quantity(self):
        self.ensure_one()
        return self.received_quantity - self.accepted_quantity - self.refused_quantity

    def _prepare_inspection_line(self):
        """What the form of the inspection proposes: all of it is accepted."""
        self.ensure_one()
        left = self._get_uninspected_quantity()
        return {
            "claim_line_id": self.id,
            "received_quantity": left,
            "accepted_quantity": left,
            "destination": self.company_id.aftersales_return_destination,
        }

    def _inspect(self, decisions):
        """Accept or refuse what came back, and let the rest follow.

        :param decisions: {line: {"accepted": quantity, "refused": quantity (both in
            the product's unit), "destination": stock / repair / scrap / refurbish,
            "note": text}}
        :raises UserError: for a quantity that is not there to be inspected
        """
        self._ensure_may_inspect()
        self._lock_documents()
        # Whoever inspects has rights on one side only, stock or claims.
        lines = self.sudo()
        accepted, refused = [], defaultdict(list)
        for line in lines:
            decision = decisions[line]
            line._ensure_can_inspect(decision["accepted"], decision["refused"])
            for move, quantity in line._allocate_received(decision["accepted"]):
                accepted.append((line, move, quantity, decision["destination"]))
            for move, quantity in line._allocate_received(
                decision["refused"], skipped=decision["accepted"]
            ):
                refused[move.picking_id].append((line, move, quantity))
        for line in lines:
            line._note_inspection(decisions[line])
        lines._store_accepted(accepted)
        lines._make_returns(refused)
        lines._post_inspection_hook()
        lines._sync_with_documents()

    def _ensure_can_inspect(self, accepted, refused):
        uom = self.product_id.uom_id
        if not (isfinite(accepted) and isfinite(refused)):
            raise UserError(self.env._("The quantity must be a number."))
        left = self._get_uninspected_quantity()
        if (
            uom.compare(accepted, 0) < 0
            or uom.compare(refused, 0) < 0
            or uom.is_zero(accepted + refused)
            or uom.compare(accepted + refused, left) > 0
        ):
            raise UserError(
                self.env._(
                    "Of “%(line)s” %(left)g %(unit)s are there to be inspected.",
                    line=self.display_name,
                    left=left,
                    unit=uom.name,
                )
            )

    def _allocate_received(self, quantity, skipped=0.0):
        """The done returns that hold `quantity` of what was not inspected yet.

        :param skipped: what is taken before, in the same inspection
        """
        skipped += self.accepted_quantity + self.refused_quantity
        sources = self._get_received_sources(skipped)
        rounding = self.product_id.uom_id.rounding
        return allocation.allocate(quantity, sources, rounding)[0]

    def _get_received_sources(self, skipped):
        """What came back after the first `skipped` units.

        :return: [(done return move, quantity in the product's unit)]
        """
        sources = []
        for move in self._get_live_moves().sorted("id"):
            if move.state != "done" or not move._is_aftersales_return():
                continue
            free = move._get_aftersales_quantity()
            gone = min(free, skipped)
            skipped -= gone
            sources.append((move, free - gone))
        return sources

    def _note_inspection(self, decision):
        uom = self.product_id.uom_id
        values = {
            "accepted_quantity": self.accepted_quantity + decision["accepted"],
            "refused_quantity": self.refused_quantity + decision["refused"],
        }
        if decision["refused"] and decision.get("note") and not self.reject_reason:
            values["reject_reason"] = decision["note"]
        self.write(values)
        self.claim_id._message_log(
            body=self.env._(
                "%(line)s inspected by %(user)s: %(accepted)g %(unit)s accepted, "
                "%(refused)g refused. %(note)s",
                line=self.display_name,
                user=self.env.user.name,
                accepted=decision["accepted"],
                refused=decision["refused"],
                unit=uom.name,
                note=decision.get("note") or "",
            )
        )

    # -- where accepted goods go

    def _store_accepted(self, accepted):
        """Bring accepted goods where the company wants them.

        :param accepted: [(line, done return move, quantity, destination)]
        """
        by_place = defaultdict(list)
        for line, move, quantity, destination in accepted:
            if destination == "scrap":
                line._scrap(move, quantity)
                continue
            place = line._get_destination_location(move, destination)
            if place != move.location_dest_id:
                key = (move.location_dest_id, place, move.picking_id.picking_type_id)
                by_place[key].append((line, move, quantity))
        for (source, place, picking_type), parts in by_place.items():
            self._move_accepted(source, place, picking_type.warehouse_id, parts)

    def _get_destination_location(self, move, destination):
        """The location for accepted goods.

        :raises UserError: when the company has not said where these goods go
        """
        company = self.company_id
        place = {
            "stock": move.picking_type_id.warehouse_id.lot_stock_id,
            "repair": company.aftersales_repair_location_id,
            "refurbish": company.aftersales_refurbish_location_id,
        }[destination]
        if not place:
            raise UserError(
                self.env._(
                    "Choose first where such goods go: After-Sales > Configuration > "
                    "Settings."
                )
            )
        return place

    def _move_accepted(self, source, place, warehouse, parts):
        """One internal transfer; done at once by whoever may move stock."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": source.id,
                "location_dest_id": place.id,
                "origin": ", ".join(sorted({p[0].claim_id.name for p in parts})),
                "company_id": warehouse.company_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": move.product_id.id,
                            "product_uom": move.product_id.uom_id.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": place.id,
                            "aftersales_claim_line_id": line.id,
                        }
                    )
                    for line, move, quantity in parts
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        for move in picking.move_ids:
            move._set_aftersales_lot(move.aftersales_claim_line_id.lot_id)
        if self.env.user.has_group("stock.group_stock_user"):
            picking.move_ids.picked = True
            picking._action_done()

    def _scrap(self, move, quantity):
        """Scrap accepted goods, at once by whoever may move stock."""
        scrap = self.env["stock.scrap"].create(
            {
                "company_id": self.company_id.id,
                "product_id": move.product_id.id,
                "product_uom_id": move.product_id.uom_id.id,
                "scrap_qty": quantity,
                "lot_id": (self.lot_id or move.lot_ids[:1]).id,
                "location_id": move.location_dest_id.id,
                "origin": self.claim_id.name,
                "aftersales_claim_line_id": self.id,
            }
        )
        if self.env.user.has_group("stock.group_stock_user"):
            scrap.do_scrap()

    def _post_inspection_hook(self):
        """Called for lines whose goods have just been inspected."""
