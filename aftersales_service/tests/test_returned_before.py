# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo.tests import tagged

from .common_money import AftersalesMoneyCommon


@tagged("post_install", "-at_install")
class TestReturnedBefore(AftersalesMoneyCommon):
    """The warehouse took the goods back before anybody decided on the claim."""

    def _claim_returned(self, sold=1, quantity=1, back=1):
        order = self._sell_many((self.helmet, sold))
        self._invoice(order)
        asset = self._get_assets(order)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.quantity = quantity
        picking = self._return(asset.picking_id, back)
        # The claim is older than the return, in the same transaction as well.
        picking.move_ids.date = line.create_date + timedelta(minutes=1)
        return order.order_line, asset, line

    def _assert_quantities(self, sale_line, delivered, invoiced):
        self.assertEqual(
            (sale_line.qty_delivered, sale_line.qty_invoiced, sale_line.qty_to_invoice),
            (delivered, invoiced, delivered - invoiced),
        )

    def test_refunded_once_it_is_inspected(self):
        for step in ("action_create_refund", "action_create_return"):
            with self.subTest(step=step):
                sale_line, asset, line = self._claim_returned()
                getattr(line, step)()
                self.assertEqual(
                    (line.remedy, line.return_state), ("refund", "received")
                )
                self.assertFalse(line.sudo().refund_ids)
                self.assertFalse(self._get_pending(line))
                self._inspect(line, 1)
                line.sudo().refund_ids.with_user(self.accountant).action_post()
                self.assertEqual((line.state, asset.quantity), ("done", 0))
                self._assert_quantities(sale_line, 0, 0)

    def test_replaced_once_it_is_inspected(self):
        sale_line, _asset, line = self._claim_returned()
        self._assert_quantities(sale_line, 0, 1)
        line.action_create_replacement()
        self.assertEqual(line.return_state, "received")
        self._assert_quantities(sale_line, 1, 1)
        self._inspect(line, 1)
        self._deliver(line.sudo()._get_open_deliveries().picking_id)
        self.assertEqual(line.state, "done")
        self._assert_quantities(sale_line, 1, 1)

    def test_what_came_back_while_a_replacement_waited_for_it(self):
        order = self._sell_many((self.helmet, 1))
        self._invoice(order)
        asset = self._get_assets(order)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        line.action_create_replacement()
        self._return(asset.picking_id, 1)
        self.assertEqual(line.return_state, "received")
        self.assertFalse(self._get_pending(line))
        self._assert_quantities(order.order_line, 1, 1)

    def test_earlier_returns_are_another_matter(self):
        order = self._sell_many((self.helmet, 3))
        self._invoice(order)
        asset = self._get_assets(order)
        back = self._return(asset.picking_id, 1)
        line = self._create_claim(asset).line_ids.with_user(self.agent)
        back.move_ids.date = line.create_date - timedelta(minutes=1)
        line.action_create_refund()
        self.assertFalse(back.move_ids.aftersales_claim_line_id)
        self.assertEqual(line.refund_state, "draft")

    def test_what_was_sent_again_did_not_come_back(self):
        _sale_line, asset, line = self._claim_returned()
        back = asset.move_id.returned_move_ids
        self._return(back.picking_id, 1)
        self.assertEqual(asset.quantity, 1)
        line.action_create_return()
        self.assertEqual(line.return_state, "awaited")
        self.assertFalse(back.aftersales_claim_line_id)

    def test_each_return_belongs_to_one_line(self):
        asset = self._get_assets(self._sell_many((self.helmet, 2)))
        line, other = (
            self._create_claim(asset).line_ids.with_user(self.agent)
            for _claim in range(2)
        )
        back = self._return(asset.picking_id, 1).move_ids
        back.date = other.create_date + timedelta(minutes=1)
        line.action_create_refund()
        other.action_create_return()
        self.assertEqual(
            (line.return_state, other.return_state), ("received", "awaited")
        )
