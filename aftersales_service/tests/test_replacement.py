# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import freeze_time, tagged

from .common_money import AftersalesMoneyCommon


@tagged("post_install", "-at_install")
class TestReplacement(AftersalesMoneyCommon):
    def _decide(self, asset, mode="after", product=None, quantity=1, **values):
        claim = self._create_claim(asset, **values).with_user(self.agent)
        line = claim.line_ids
        line.write({"replacement_mode": mode, "quantity": quantity})
        if product:
            line.replacement_product_id = product
        line.action_create_replacement()
        return line

    def _get_delivery(self, line):
        return (
            line.sudo()._get_replacement_moves().filtered(lambda m: m.state != "done")
        ).picking_id

    def _ship(self, line, lot=None):
        picking = self._get_delivery(line).with_user(self.stocker)
        if lot:
            picking.move_ids.move_line_ids.lot_id = lot
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def test_after_reception_and_inspection(self):
        asset = self._sell(self.bike, serials=["EB-1"])
        new_lot = self._create_lot(self.bike, "EB-NEW")
        self._stock(self.bike, 1, new_lot)
        line = self._decide(asset)
        self.assertEqual((line.state, line.return_state), ("decided", "awaited"))
        self.assertFalse(self._get_delivery(line))
        self.assertFalse(line.sudo().move_ids.to_refund)
        self._receive(line)
        self._inspect(line, 1)
        delivery = self._get_delivery(line)
        self.assertEqual(delivery.partner_id, self.customer)
        self.assertEqual(delivery.state, "assigned")
        self.assertFalse(delivery.move_ids.sale_line_id)
        carried = []
        with patch.object(
            type(asset), "_carry_over_to", lambda old, new: carried.append((old, new))
        ):
            self._ship(line, new_lot)
        new = line.replacement_asset_ids
        self.assertEqual(new.lot_id, new_lot)
        self.assertEqual(new.partner_id, self.customer)
        self.assertEqual((asset.replaced_by_id, new.replaces_id), (new, asset))
        self.assertEqual(asset.quantity, 0)
        self.assertEqual(carried, [(asset, new)])
        self.assertEqual(line.state, "done")
        sale_line = asset.sale_line_id
        self.assertEqual((sale_line.qty_delivered, sale_line.product_uom_qty), (1, 1))
        self.assertEqual(sale_line.qty_to_invoice, 1)
        self.assertFalse(line.sudo().refund_ids)

    def test_refused_goods_bring_no_replacement(self):
        line = self._decide(self._sell(self.helmet))
        self._receive(line)
        self._inspect(line, 0, note="It was dropped.")
        self.assertFalse(self._get_delivery(line))
        back = line.sudo().move_ids.filtered(lambda m: m._is_aftersales_send_back())
        back.picking_id.move_ids.picked = True
        back.picking_id.button_validate()
        self.assertEqual((line.state, line.remedy), ("done", "reject"))

    def test_customer_keeps_the_old_one(self):
        asset = self._sell(self.helmet, quantity=3)
        line = self._decide(asset, "keep", quantity=2)
        self.assertFalse(self._get_pending(line))
        self._ship(line)
        self.assertEqual(line.state, "done")
        self.assertEqual(line.replacement_asset_ids.quantity, 2)
        self.assertEqual(asset.state, "in_service")
        with self.assertRaisesRegex(Exception, "would be claimed"):
            self._create_claim(asset).line_ids.quantity = 2

    def test_partly_accepted_partly_replaced(self):
        asset = self._sell(self.helmet, quantity=3)
        line = self._decide(asset, quantity=3)
        self._receive(line)
        self._inspect(line, 2)
        self.assertEqual(self._get_delivery(line).move_ids.product_qty, 2)

    def test_lines_of_a_claim_leave_in_one_transfer(self):
        order = self._sell_many((self.helmet, 1), (self.battery, 1))
        claim = self._create_claim(self._get_assets(order)).with_user(self.agent)
        claim.line_ids.replacement_mode = "keep"
        claim.line_ids.action_create_replacement()
        self.assertEqual(
            len(claim.sudo().line_ids._get_replacement_moves().picking_id), 1
        )

    def test_several_steps_to_the_customer(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        line = self._decide(self._sell_in_steps(), "keep")
        for _step in range(3):
            self.assertNotEqual(line.state, "done")
            picking = line.sudo().move_ids.picking_id.filtered(
                lambda p: p.state == "assigned"
            )
            picking.move_ids.picked = True
            picking.button_validate()
        self.assertEqual(line.state, "done")
        self.assertEqual(line.replacement_asset_ids.quantity, 1)

    def _sell_in_steps(self):
        order = self._sell_many((self.helmet, 1), deliver=False)
        for _step in range(3):
            picking = order.picking_ids.filtered(lambda p: p.state == "assigned")
            picking.move_ids.picked = True
            picking.button_validate()
        return self._get_assets(order)

    def test_cancelled_delivery_is_made_again(self):
        line = self._decide(self._sell(self.helmet))
        self._receive(line)
        self._inspect(line, 1)
        self._get_delivery(line).action_cancel()
        self.assertEqual(line.state, "in_progress")
        line.action_create_replacement()
        self._ship(line)
        self.assertEqual(line.state, "done")

    def test_once_is_enough(self):
        line = self._decide(self._sell(self.helmet), "keep")
        with self.assertRaisesRegex(UserError, "Nothing is to be delivered"):
            line.action_create_replacement()
        self.assertEqual(len(line.sudo()._get_replacement_moves()), 1)

    def test_taken_back_before_it_left(self):
        line = self._decide(self._sell(self.helmet), "advance")
        line.action_cancel_remedy()
        self.assertEqual(set(line.sudo().move_ids.mapped("state")), {"cancel"})
        self.assertEqual((line.state, line.remedy), ("draft", False))

    def test_archived_product_asks_for_another(self):
        asset = self._sell(self.helmet)
        self.helmet.active = False
        claim = self._create_claim(asset).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "still sold"), self.env.cr.savepoint():
            claim.line_ids.action_create_replacement()
        self.assertEqual(claim.line_ids.state, "draft")

    def test_better_product_is_quoted_and_waits_for_the_answer(self):
        order = self._sell_many((self.helmet, 1, {"price_unit": 40}))
        self._invoice(order)
        line = self._decide(self._get_assets(order), "keep", self.battery)
        self.assertFalse(self._get_delivery(line))
        quote = line.sudo().difference_line_id.order_id
        self.assertEqual(quote.state, "draft")
        self.assertEqual(quote.amount_untaxed, 380)
        self.assertEqual(quote.order_line.tax_ids, self.tax)
        self.assertEqual(quote.origin, line.claim_id.name)
        quote.action_confirm()
        self._ship(line)
        self.assertEqual(line.replacement_asset_ids.product_id, self.battery)
        self.assertEqual(line.state, "done")
        invoice = self._invoice(quote)
        self.assertEqual(invoice.invoice_line_ids.aftersales_claim_line_id, line)

    def test_cheaper_product_is_credited(self):
        order = self._sell_many((self.battery, 2, {"price_unit": 400}))
        invoice = self._invoice(order)
        line = self._decide(self._get_assets(order), "keep", self.helmet)
        credit = line.sudo().refund_ids
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.state, "draft")
        self.assertEqual(credit.amount_untaxed, 355)
        self.assertEqual(credit.invoice_line_ids.tax_ids, self.tax)
        credit.action_post()
        self.assertFalse(line.refunded_quantity)
        self.assertEqual(order.order_line.qty_invoiced, 2)
        self._ship(line)
        self.assertEqual(line.state, "done")

    def test_not_invoiced_cheaper_product_is_refused_whole(self):
        order = self._sell_many((self.battery, 1, {"price_unit": 400}))
        claim = self._create_claim(self._get_assets(order)).with_user(self.agent)
        claim.line_ids.replacement_product_id = self.helmet
        with self.assertRaisesRegex(UserError, "not been invoiced"):
            with self.env.cr.savepoint():
                claim.line_ids.action_create_replacement()
        self.assertFalse(claim.sudo().line_ids.move_ids)

    def test_only_agents_replace(self):
        line = self._create_claim(self._sell(self.helmet)).line_ids
        for user in (self.technician, self.stocker, self.accountant):
            with self.assertRaises(AccessError):
                line.with_user(user).action_create_replacement()
            with self.assertRaises(AccessError):
                line.with_user(user).action_charge_exchange()

    # -- advance exchange

    def _exchange(self):
        self.company.aftersales_exchange_days = 14
        with freeze_time("2026-03-02 10:00:00"):
            order = self._sell_many((self.helmet, 1, {"price_unit": 40}))
            line = self._decide(
                self._get_assets(order), "advance", user_id=self.agent.id
            )
            self._ship(line)
        return line

    def _run_cron(self, moment):
        cron = self.env.ref("aftersales_service.ir_cron_exchange")
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_mails(self, line):
        return line.claim_id.message_ids.filtered(
            lambda m: "still wait for the old one" in (m.body or "")
        )

    def test_advance_exchange_reminds_once_and_charges_once(self):
        line = self._exchange()
        self.assertEqual(line.state, "decided")
        self.assertEqual(line.return_due_date, Date.to_date("2026-03-16"))
        self._run_cron("2026-03-12 09:00:00")
        self.assertFalse(self._get_mails(line))
        for _twice in range(2):
            self._run_cron("2026-03-13 09:00:00")
        self.assertEqual(len(self._get_mails(line)), 1)
        self._run_cron("2026-03-16 09:00:00")
        self.assertFalse(line.sudo().exchange_charge_id)
        for _twice in range(2):
            self._run_cron("2026-03-17 09:00:00")
        quote = line.sudo().exchange_charge_id.order_id
        self.assertEqual((quote.state, quote.amount_untaxed), ("draft", 40))
        self.assertEqual(
            self.env["sale.order"].search_count([("origin", "=", line.claim_id.name)]),
            1,
        )
        quote.action_confirm()
        self.assertFalse(self._get_pending(line))
        self.assertEqual(line.state, "done")

    def test_old_unit_that_comes_late_cancels_its_charge(self):
        line = self._exchange()
        self._run_cron("2026-03-20 09:00:00")
        quote = line.sudo().exchange_charge_id.order_id
        self._receive(line)
        self.assertEqual(quote.state, "cancel")
        self._inspect(line, 1)
        self.assertEqual(line.state, "done")

    def test_agent_charges_by_hand_once(self):
        line = self._exchange()
        line.action_charge_exchange()
        with self.assertRaisesRegex(UserError, "nothing to charge"):
            line.action_charge_exchange()

    def test_one_poisoned_exchange_does_not_hold_up_the_others(self):
        lines = self._exchange() | self._exchange()
        poisoned = lines[0]
        original = type(lines)._charge_exchange

        def _charge(self):
            if poisoned in self:
                raise UserError(self.env._("The quantity must be a number."))
            return original(self)

        with patch.object(type(lines), "_charge_exchange", _charge):
            self._run_cron("2026-03-20 09:00:00")
        self.assertFalse(poisoned.sudo().exchange_charge_id)
        self.assertTrue(lines[1].sudo().exchange_charge_id)
        self.assertIn("must be a number", poisoned.claim_id.sudo().activity_ids.note)

    def test_due_date_of_the_agent_is_kept(self):
        claim = self._create_claim(self._sell(self.helmet)).with_user(self.agent)
        day = Date.today() + timedelta(days=30)
        claim.line_ids.write({"replacement_mode": "advance", "return_due_date": day})
        claim.line_ids.action_create_replacement()
        self.assertEqual(claim.line_ids.return_due_date, day)
        claim.line_ids = [Command.create({"product_id": self.battery.id})]
        self.assertFalse(claim.line_ids[1].return_due_date)
