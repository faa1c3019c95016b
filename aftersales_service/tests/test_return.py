# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_money import AftersalesMoneyCommon


@tagged("post_install", "-at_install")
class TestReturn(AftersalesMoneyCommon):
    def test_agent_decides_and_the_warehouse_has_its_return(self):
        asset = self._sell(self.bike, serials=["EB-1", "EB-2"])[1]
        line = self._decide_return(asset)
        self.assertEqual(
            (line.remedy, line.state, line.return_state),
            ("refund", "decided", "awaited"),
        )
        move = line.sudo().move_ids
        self.assertEqual(move.picking_id.return_id, asset.picking_id)
        self.assertEqual(move.origin_returned_move_id, asset.move_id)
        # What is written on the parcel is found by whoever takes it in.
        pickings = self.env["stock.picking"].with_user(self.stocker)
        found = pickings.search([("origin", "ilike", line.claim_id.name)])
        self.assertEqual(found, move.picking_id)
        self.assertEqual(move.lot_ids, asset.lot_id)
        self.assertEqual(move.quantity, 1)
        self.assertTrue(move.to_refund)
        self.assertEqual(
            move.location_dest_id, self.warehouse._get_aftersales_return_location()
        )
        self.assertEqual(line.claim_id.stage_category, "in_progress")

    def test_agent_gets_no_rights_in_stock_or_accounting(self):
        line = self._decide_return(self._sell(self.helmet))
        with self.assertRaises(AccessError):
            line.sudo().move_ids.picking_id.with_user(self.agent).check_access("write")
        for name in ("accepted_quantity", "return_state", "uninvoiced_quantity"):
            with self.assertRaises(AccessError):
                line.write({name: 1 if name != "return_state" else "accepted"})

    def test_customer_is_told_how_to_send_it_back(self):
        self.customer.lang = "en_US"
        line = self._decide_return(self._sell(self.bike, serials=["EB-1"]))
        message = line.claim_id.message_ids.filtered(
            lambda m: "send this back" in (m.body or "")
        )
        self.assertEqual(len(message), 1)
        self.assertIn("EB-1", message.body)
        self.assertIn(line.claim_id.name, message.body)
        self.assertIn(self.customer, message.partner_ids)

    def test_quantity_over_several_deliveries(self):
        first = self._sell(self.helmet, quantity=2)
        second = self._sell(self.helmet, quantity=3)
        claim = self._create_claim().with_user(self.agent)
        claim.line_ids = [Command.create({"product_id": self.helmet.id, "quantity": 4})]
        claim.line_ids.action_create_return()
        moves = claim.sudo().line_ids.move_ids
        self.assertEqual(
            {move.origin_returned_move_id: move.product_qty for move in moves},
            {second.move_id: 3, first.move_id: 1},
        )
        self.assertEqual(len(moves.picking_id), 2)

    def test_more_than_the_customer_has_is_refused_with_nothing_done(self):
        asset = self._sell(self.helmet, quantity=2)
        self._return(asset.picking_id, 1)
        claim = self._create_claim().with_user(self.agent)
        claim.line_ids = [Command.create({"product_id": self.helmet.id, "quantity": 2})]
        with self.assertRaisesRegex(UserError, "than the customer has"):
            with self.env.cr.savepoint():
                claim.line_ids.action_create_return()
        self.assertEqual(claim.line_ids.state, "draft")
        self.assertFalse(claim.sudo().line_ids.move_ids)

    def test_another_customers_or_companys_delivery_is_not_found(self):
        self._sell(self.helmet, partner=self.stranger)
        claim = self._create_claim().with_user(self.agent)
        claim.line_ids = [Command.create({"product_id": self.helmet.id})]
        with self.assertRaisesRegex(UserError, "No delivery"):
            claim.line_ids.action_create_return()

    def test_a_number_is_a_number(self):
        claim = self._create_claim(self._sell(self.helmet, quantity=2))
        for quantity in (float("nan"), float("inf")):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                claim.line_ids.write({"quantity": quantity})

    def test_units_of_a_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._sell_many((self.helmet, 1, {"product_uom_id": dozen.id}))
        asset = self._get_assets(order)
        self.assertEqual(asset.quantity, 12)
        line = self._decide_return(asset, 5)
        move = line.sudo().move_ids
        self.assertEqual((move.product_uom_qty, move.product_uom.name), (5, "Units"))
        self._receive(line)
        self.assertEqual(asset.quantity, 7)
        self.assertEqual(line.received_quantity, 5)

    def test_partial_reception_goes_on_with_the_rest(self):
        asset = self._sell(self.helmet, quantity=3)
        line = self._decide_return(asset, 3)
        self._receive(line, 2)
        self.assertEqual(line.return_state, "received")
        self.assertEqual(line.received_quantity, 2)
        self.assertEqual(asset.quantity, 1)
        self.assertEqual(line.sudo()._get_held_quantity(), 1)
        self._inspect(line, 2)
        self.assertEqual((line.return_state, line.state), ("awaited", "in_progress"))
        self._receive(line)
        self._inspect(line, 1)
        self.assertEqual((line.return_state, line.state), ("accepted", "done"))
        self.assertEqual(asset.quantity, 0)

    def test_stock_user_inspects_and_goods_go_where_the_company_says(self):
        repair = self.env["stock.location"].create(
            {
                "name": "Returns to Repair",
                "location_id": self.warehouse.view_location_id.id,
                "usage": "internal",
            }
        )
        self.company.aftersales_repair_location_id = repair
        places = {
            "stock": self.warehouse.lot_stock_id,
            "repair": repair,
        }
        for destination, place in places.items():
            with self.subTest(destination=destination):
                before = self._on_hand(place)
                line = self._decide_return(self._sell(self.helmet))
                self._receive(line)
                picking = line.sudo().move_ids.picking_id.with_user(self.stocker)
                self.assertTrue(picking.aftersales_to_inspect)
                self.assertEqual(
                    self._on_hand(self.warehouse._get_aftersales_return_location()), 1
                )
                self._inspect(line, 1, self.stocker, destination=destination)
                self.assertFalse(picking.aftersales_to_inspect)
                gained = 0 if destination == "stock" else 1
                self.assertEqual(self._on_hand(place) - before, gained)
                self.assertEqual(
                    self._on_hand(self.warehouse._get_aftersales_return_location()), 0
                )

    def _on_hand(self, place):
        return sum(
            self.env["stock.quant"]
            .search(
                [
                    ("location_id", "=", place.id),
                    ("product_id", "=", self.helmet.id),
                ]
            )
            .mapped("quantity")
        )

    def test_scrapped_goods_are_gone(self):
        line = self._decide_return(self._sell(self.helmet))
        self._receive(line)
        self._inspect(line, 1, self.stocker, destination="scrap")
        scrap = self.env["stock.scrap"].search(
            [("aftersales_claim_line_id", "=", line.id)]
        )
        self.assertEqual((scrap.state, scrap.scrap_qty), ("done", 1))
        self.assertEqual(scrap.origin, line.claim_id.name)
        self.assertEqual(
            self._on_hand(self.warehouse._get_aftersales_return_location()), 0
        )

    def test_agent_inspects_and_leaves_the_transfer_to_the_warehouse(self):
        line = self._decide_return(self._sell(self.bike, serials=["EB-1"]))
        self._receive(line)
        self._inspect(line, 1)
        transfer = line.sudo().move_ids.filtered(
            lambda m: m.location_id == self.warehouse._get_aftersales_return_location()
        )
        self.assertEqual(transfer.state, "assigned")
        self.assertEqual(transfer.lot_ids.name, "EB-1")

    def test_no_destination_set_no_half_inspection(self):
        line = self._decide_return(self._sell(self.helmet))
        self._receive(line)
        with self.assertRaisesRegex(UserError, "Choose first"), self.env.cr.savepoint():
            self._inspect(line, 1, destination="refurbish")
        self.assertEqual(line.return_state, "received")

    def test_refused_goods_go_back_to_the_customer(self):
        asset = self._sell(self.bike, serials=["EB-1"])
        line = self._decide_return(asset)
        self._receive(line)
        self.assertEqual((asset.quantity, asset.state), (0, "returned"))
        self._inspect(line, 0, note="It was dropped.")
        self.assertEqual(line.return_state, "refused")
        self.assertEqual(line.state, "in_progress")
        back = line.sudo().move_ids.filtered(lambda m: m._is_aftersales_send_back())
        self.assertEqual(back.picking_id.picking_type_code, "outgoing")
        self.assertEqual(back.lot_ids, asset.lot_id)
        back.picking_id.move_ids.picked = True
        back.picking_id.button_validate()
        self.assertEqual((asset.quantity, asset.state), (1, "in_service"))
        same = [("lot_id", "=", asset.lot_id.id)]
        self.assertEqual(self.env["aftersales.asset"].search_count(same), 1)
        self.assertEqual((line.state, line.remedy), ("done", "reject"))
        self.assertEqual(line.reject_reason, "It was dropped.")
        self.assertEqual(asset.sale_line_id.qty_delivered, 1)
        self.assertTrue(self._create_claim(asset))

    def test_accepted_in_part(self):
        order = self._sell_many((self.helmet, 3))
        invoice = self._invoice(order)
        asset = self._get_assets(order)
        line = self._decide_return(asset, 3)
        self._receive(line)
        self._inspect(line, 2, note="One is scratched.")
        self.assertEqual(line.return_state, "partial")
        refund = line.sudo().refund_ids
        self.assertEqual(refund.reversed_entry_id, invoice)
        self.assertEqual(refund.invoice_line_ids.quantity, 2)
        refund.with_user(self.accountant).action_post()
        self.assertEqual(line.state, "in_progress")
        back = self._pending_back(line)
        self.assertEqual(back.product_qty, 1)
        back.picking_id.move_ids.picked = True
        back.picking_id.button_validate()
        self.assertEqual(line.state, "done")
        self.assertEqual(asset.quantity, 1)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.order_line.qty_invoiced, 1)

    def _pending_back(self, line):
        return line.sudo().move_ids.filtered(lambda m: m._is_aftersales_send_back())

    def test_more_than_received_is_not_inspected(self):
        line = self._decide_return(self._sell(self.helmet, quantity=2), 2)
        self._receive(line)
        for accepted, received in ((3, 3), (-1, 2), (float("nan"), 2)):
            with self.subTest(accepted=accepted):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    line.with_user(self.agent)._inspect(
                        {
                            line: {
                                "accepted": accepted,
                                "refused": received - accepted,
                                "destination": "stock",
                            }
                        }
                    )

    def test_return_made_straight_in_stock_is_the_lines(self):
        asset = self._sell(self.helmet, quantity=2)
        line = self._decide_return(asset, 2)
        waiting = self._get_pending(line)
        self._return(asset.picking_id, 1)
        self.assertEqual(line.received_quantity, 1)
        self.assertEqual(line.return_state, "received")
        self.assertEqual(waiting.product_uom_qty, 1)
        self._return(asset.picking_id, 1)
        self.assertEqual(line.received_quantity, 2)
        self.assertEqual(waiting.state, "cancel")
        self.assertEqual(asset.quantity, 0)

    def test_cancelled_return_takes_the_decision_back(self):
        asset = self._sell(self.helmet)
        line = self._decide_return(asset)
        self._get_pending(line).picking_id.action_cancel()
        self.assertEqual((line.state, line.remedy), ("draft", False))
        line.action_create_return()
        self.assertEqual(line.return_state, "awaited")
        line.action_cancel_remedy()
        self.assertFalse(self._get_pending(line))
        self.assertEqual(line.state, "draft")

    def test_received_goods_can_not_be_taken_back(self):
        line = self._decide_return(self._sell(self.helmet))
        self._receive(line)
        with self.assertRaisesRegex(UserError, "have been moved"):
            line.action_cancel_remedy()

    def test_twice_is_once(self):
        line = self._decide_return(self._sell(self.helmet, quantity=2))
        with self.assertRaisesRegex(UserError, "already"):
            line.action_create_return()
        self.assertEqual(len(line.sudo().move_ids), 1)

    def test_policy_objects_unless_a_manager_has_a_reason(self):
        line = self._create_claim(self._sell(self.helmet)).line_ids
        with patch.object(
            type(line),
            "_get_return_policy_objection",
            lambda self: "The 14 days are over.",
        ):
            with self.assertRaisesRegex(UserError, "14 days are over"):
                line.with_user(self.agent).action_create_return()
            with self.assertRaises(AccessError):
                line.with_user(self.agent).return_override_reason = "Please"
            line.with_user(self.manager).return_override_reason = "A good customer"
            line.with_user(self.agent).action_create_return()
        self.assertEqual(line.return_state, "awaited")

    def test_multi_step_reception_and_delivery(self):
        self.warehouse.write(
            {"reception_steps": "three_steps", "delivery_steps": "pick_pack_ship"}
        )
        order = self._sell_many((self.helmet, 2), deliver=False)
        for _step in range(3):
            picking = order.picking_ids.filtered(lambda p: p.state == "assigned")
            picking.move_ids.picked = True
            picking.button_validate()
        asset = self._get_assets(order)
        self.assertEqual(asset.quantity, 2)
        line = self._decide_return(asset, 2)
        self._receive(line)
        self.assertEqual(asset.quantity, 0)
        self._inspect(line, 2, self.stocker, destination="stock")
        self.assertEqual(self._on_hand(self.warehouse.lot_stock_id), 100)
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(line.state, "done")

    def test_archived_product_comes_back_all_the_same(self):
        asset = self._sell(self.helmet)
        self.helmet.active = False
        line = self._decide_return(asset)
        self._receive(line)
        self.assertEqual(line.return_state, "received")
