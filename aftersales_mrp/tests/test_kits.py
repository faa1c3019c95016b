# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.common_money import AftersalesMoneyCommon


@tagged("post_install", "-at_install")
class TestKits(AftersalesMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set = cls._create_product("Rider's Set", "none", 0.0, 450.0)
        cls.set.write({"taxes_id": cls.tax.ids, "invoice_policy": "delivery"})
        cls.kit = cls._create_kit(cls.set, (cls.helmet, 2), (cls.battery, 1))

    @classmethod
    def _create_kit(cls, product, *components, quantity=1.0):
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": quantity,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": count})
                    for part, count in components
                ],
            }
        )

    def _claim_kit(self, quantity=1, product=None, **values):
        claim = self._create_claim().with_user(self.agent)
        product = product or self.set
        claim.line_ids = [
            Command.create({"product_id": product.id, "quantity": quantity, **values})
        ]
        return claim.line_ids

    def _get_parts(self, moves):
        return {
            product: sum(m._get_aftersales_quantity() for m in part)
            for product, part in moves.grouped("product_id").items()
        }

    def _quantities(self, order):
        line = order.order_line
        return line.qty_delivered, line.qty_invoiced

    def test_a_kit_comes_back_in_parts_and_is_credited_as_a_kit(self):
        order = self._sell_many((self.set, 3, {"discount": 10.0}))
        invoice = self._invoice(order)
        helmets, batteries = self._get_assets(order)
        line = self._claim_kit(2)
        line.action_create_return()
        self.assertEqual(
            self._get_parts(line.sudo().move_ids), {self.helmet: 4, self.battery: 2}
        )
        self._receive(line)
        self.assertEqual((line.received_quantity, line.return_state), (2, "received"))
        self.assertEqual((helmets.quantity, batteries.quantity), (2, 1))
        self._inspect(line, 2, self.stocker)
        refund = line.sudo().refund_ids
        self.assertEqual(refund.reversed_entry_id, invoice)
        credit = refund.invoice_line_ids
        self.assertEqual(credit.product_id, self.set)
        self.assertEqual((credit.quantity, credit.discount), (2, 10.0))
        self.assertEqual(refund.amount_untaxed, 810.0)
        refund.with_user(self.accountant).action_post()
        self.assertEqual(line.state, "done")
        self.assertEqual(self._quantities(order), (1, 1))

    def test_not_invoiced_kits_are_not_invoiced(self):
        order = self._sell_many((self.set, 2))
        line = self._claim_kit(1)
        line.action_create_return()
        self._receive(line)
        self._inspect(line, 1)
        self.assertFalse(line.sudo().refund_ids)
        self.assertEqual((line.uninvoiced_quantity, line.state), (1, "done"))
        self.assertEqual(self._invoice(order).invoice_line_ids.quantity, 1)

    def test_ordered_kits_are_credited_and_not_invoiced_again(self):
        self.set.invoice_policy = "order"
        order = self._sell_many((self.set, 2))
        self._invoice(order)
        line = self._claim_kit(1)
        line.action_create_return()
        self._receive(line)
        self._inspect(line, 1)
        line.sudo().refund_ids.with_user(self.accountant).action_post()
        self.assertEqual(order.order_line.product_uom_qty, 1)
        self.assertEqual(order.order_line.qty_to_invoice, 0)

    def test_half_a_kit_is_none_until_the_rest_is_here(self):
        self._sell_many((self.set, 1))
        line = self._claim_kit()
        line.action_create_return()
        picking = self._get_pending(line).picking_id
        battery = picking.move_ids.filtered(lambda m: m.product_id == self.battery)
        (picking.move_ids - battery).picked = True
        battery.quantity = 0
        self._finish(picking)
        self.assertEqual((line.received_quantity, line.return_state), (0, "awaited"))
        self._receive(line)
        self.assertEqual((line.received_quantity, line.return_state), (1, "received"))

    def _finish(self, picking):
        action = picking.with_user(self.stocker).button_validate()
        if isinstance(action, dict):
            self.env[action["res_model"]].with_user(self.stocker).with_context(
                **action["context"]
            ).create({"pick_ids": [Command.set(picking.ids)]}).process()

    def test_more_kits_than_delivered_are_refused_with_nothing_done(self):
        self._sell_many((self.set, 2))
        first = self._claim_kit(1)
        first.action_create_return()
        second = self._claim_kit(2)
        with self.assertRaisesRegex(UserError, "than the customer has"):
            with self.env.cr.savepoint():
                second.action_create_return()
        self.assertEqual((second.state, second.sudo().move_ids.ids), ("draft", []))

    def test_a_returned_component_lowers_the_kits_there_are(self):
        order = self._sell_many((self.set, 2))
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({"picking_id": order.picking_ids.id})
        )
        for part in wizard.product_return_moves:
            part.quantity = 1 if part.product_id == self.helmet else 0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        line = self._claim_kit(2)
        with self.assertRaisesRegex(UserError, "than the customer has"):
            line.action_create_return()

    def test_kits_of_several_orders(self):
        first = self._sell_many((self.set, 1))
        second = self._sell_many((self.set, 2))
        invoices = self._invoice(first), self._invoice(second)
        line = self._claim_kit(3)
        line.action_create_return()
        self.assertEqual(len(line.sudo().move_ids.picking_id), 2)
        for picking in line.sudo().move_ids.picking_id:
            picking.move_ids.picked = True
            self._finish(picking)
        self._inspect(line, 3)
        refunds = line.sudo().refund_ids
        self.assertEqual(
            {r.reversed_entry_id: r.invoice_line_ids.quantity for r in refunds},
            {invoices[0]: 1, invoices[1]: 2},
        )

    def test_refused_kits_go_back_whole(self):
        order = self._sell_many((self.set, 2))
        self._invoice(order)
        line = self._claim_kit(2)
        line.action_create_return()
        self._receive(line)
        self._inspect(line, 1, note="One is used.")
        self.assertEqual(line.return_state, "partial")
        self.assertEqual(line.sudo().refund_ids.invoice_line_ids.quantity, 1)
        line.sudo().refund_ids.with_user(self.accountant).action_post()
        back = line.sudo().move_ids.filtered(lambda m: m._is_aftersales_send_back())
        self.assertEqual(self._get_parts(back), {self.helmet: 2, self.battery: 1})
        back.picked = True
        back.picking_id.button_validate()
        self.assertEqual(line.state, "done")
        self.assertEqual(self._quantities(order), (1, 1))
        self.assertEqual(sorted(self._get_assets(order).mapped("quantity")), [1, 2])

    def test_refunded_kits_the_customer_keeps(self):
        order = self._sell_many((self.set, 2))
        self._invoice(order)
        line = self._claim_kit(1)
        line.action_create_refund()
        refund = line.sudo().refund_ids
        self.assertEqual(refund.amount_untaxed, 450.0)
        refund.with_user(self.accountant).action_post()
        self.assertEqual((line.state, line.refunded_quantity), ("done", 1))
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_a_component_has_no_price_of_its_own(self):
        order = self._sell_many((self.set, 1))
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)[:1]).line_ids
        with self.assertRaisesRegex(UserError, "claim “Rider's Set” as a whole"):
            line.with_user(self.agent).action_create_refund()

    def test_a_component_is_replaced_by_itself(self):
        order = self._sell_many((self.set, 1))
        asset = self._get_assets(order).filtered(lambda a: a.product_id == self.battery)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.action_create_replacement()
        self._receive(line)
        self._inspect(line, 1)
        self._deliver(line.sudo()._get_replacement_moves().picking_id)
        self.assertEqual(line.state, "done")

    def test_a_kit_is_replaced_by_a_kit(self):
        self._sell_many((self.set, 2))
        line = self._claim_kit(2)
        line.action_create_replacement()
        self._receive(line)
        self._inspect(line, 2)
        new = line.sudo()._get_replacement_moves()
        self.assertEqual(self._get_parts(new), {self.helmet: 4, self.battery: 2})
        self._deliver(new.picking_id)
        self.assertEqual(line.state, "done")
        with self.assertRaisesRegex(UserError, "Nothing is to be delivered|decided"):
            line.action_create_replacement()

    def test_a_bill_for_ten_and_a_kit_of_kits(self):
        pair = self._create_product("Pair of Sets", "none", 0.0, 900.0)
        pair.write({"taxes_id": self.tax.ids, "invoice_policy": "delivery"})
        self._create_kit(pair, (self.set, 20), quantity=10)
        order = self._sell_many((pair, 1))
        self._invoice(order)
        line = self._claim_kit(1, pair)
        line.action_create_return()
        self.assertEqual(
            self._get_parts(line.sudo().move_ids), {self.helmet: 4, self.battery: 2}
        )
        self._receive(line)
        self.assertEqual(line.received_quantity, 1)
        self._inspect(line, 1)
        credit = line.sudo().refund_ids.invoice_line_ids
        self.assertEqual((credit.product_id, credit.quantity), (pair, 1))

    def test_kits_sold_by_the_dozen(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self._stock(self.battery, 10)
        order = self._sell_many((self.set, 1, {"product_uom_id": dozen.id}))
        invoice = self._invoice(order)
        line = self._claim_kit(5)
        line.action_create_return()
        self.assertEqual(
            self._get_parts(line.sudo().move_ids), {self.helmet: 10, self.battery: 5}
        )
        self._receive(line)
        self._inspect(line, 5)
        refund = line.sudo().refund_ids
        self.assertEqual(refund.reversed_entry_id, invoice)
        self.assertEqual(refund.amount_untaxed, 5 * invoice.amount_untaxed / 12)
