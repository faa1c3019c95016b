# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.aftersales_service.tests.common_money import AftersalesMoneyCommon

LABEL = b"%PDF-1.4 label"


@tagged("post_install", "-at_install")
class TestStockDelivery(AftersalesMoneyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier_company = cls.env["res.partner"].create(
            {"name": "Ràpid Transport", "email": "claims@rapid.example.com"}
        )
        cls.shipping = cls.env["product.product"].create(
            {"name": "Shipping", "type": "service", "taxes_id": cls.tax.ids}
        )
        cls.method = cls.env["delivery.carrier"].create(
            {
                "name": "Home in a Day",
                "delivery_type": "fixed",
                "fixed_price": 8.0,
                "product_id": cls.shipping.id,
                "aftersales_partner_id": cls.carrier_company.id,
                "tracking_url": "https://track.example.com/<shipmenttrackingnumber>",
            }
        )

    def _sell_with_delivery(self, product=None, quantity=1):
        order = self._sell_many((product or self.helmet, quantity), deliver=False)
        order.picking_ids.carrier_id = self.method
        order.set_delivery_line(self.method, 8.0)
        order.carrier_id = self.method
        self._deliver(order.picking_ids)
        return order

    def _give_labels(self, label=LABEL, error=None):
        """Let the method give return labels, by the names a provider's addon has."""
        carrier_class = type(self.env["delivery.carrier"])
        self.method.invalidate_recordset()

        def get_return_label(carrier, pickings, tracking_number=None, origin_date=None):
            if error:
                raise UserError(error)
            pickings.carrier_tracking_ref = "RT-BACK"
            name = f"{carrier.get_return_label_prefix()}-RT-BACK.pdf"
            pickings.message_post(attachments=[(name, label)])

        def can_generate_return(carriers):
            carriers.can_generate_return = True

        self.startPatcher(
            patch.object(
                carrier_class, "fixed_get_return_label", get_return_label, create=True
            )
        )
        self.startPatcher(
            patch.object(
                carrier_class, "_compute_can_generate_return", can_generate_return
            )
        )

    def _get_instructions(self, claim):
        return claim.sudo().message_ids.filtered(
            lambda m: "send this back" in (m.body or "")
        )

    def test_the_label_leaves_with_the_instructions_once(self):
        self._give_labels()
        line = self._decide_return(self._get_assets(self._sell_with_delivery()))
        picking = line.sudo().move_ids.picking_id
        self.assertEqual(picking.carrier_id, self.method)
        message = self._get_instructions(line.claim_id)
        self.assertEqual(message.attachment_ids.mapped("raw"), [LABEL])
        self.assertEqual(
            picking._make_aftersales_return_label(), message.attachment_ids
        )
        self.assertEqual(len(picking.return_label_ids), 1)
        self.assertIn("https://track.example.com/RT-BACK", line.transport_html)

    def test_a_label_that_came_with_the_goods_is_used_again(self):
        self._give_labels()
        order = self._sell_with_delivery()
        self.method.get_return_label(order.picking_ids)
        line = self._decide_return(self._get_assets(order))
        message = self._get_instructions(line.claim_id)
        self.assertEqual(message.attachment_ids, order.picking_ids.return_label_ids)

    def test_a_carrier_without_labels_or_with_a_fault_holds_nobody_up(self):
        line = self._decide_return(self._get_assets(self._sell_with_delivery()))
        self.assertFalse(line.sudo().move_ids.picking_id.carrier_id)
        self.assertFalse(self._get_instructions(line.claim_id).attachment_ids)
        self._give_labels(error="The carrier's computer is down.")
        line = self._decide_return(self._get_assets(self._sell_with_delivery()))
        self.assertEqual(line.return_state, "awaited")
        self.assertEqual(len(self._get_instructions(line.claim_id)), 1)
        activity = line.sudo().move_ids.picking_id.activity_ids
        self.assertIn("computer is down", activity.note)

    def test_customer_downloads_the_label(self):
        self._give_labels()
        line = self._decide_return(self._get_assets(self._sell_with_delivery()))
        claim = line.claim_id.sudo()
        self.assertFalse(claim._get_portal_documents())
        self.method.get_return_label_from_portal = True
        document = claim._get_portal_documents()[0]
        self.assertEqual(self.url_open(document["url"]).content, LABEL)
        bare = document["url"].split("&access_token")[0]
        self.assertNotEqual(self.url_open(bare).content, LABEL)
        self._receive(line)
        self.assertFalse(claim._get_portal_documents())

    def test_what_the_delivery_cost_is_refunded_once(self):
        order = self._sell_with_delivery(quantity=2)
        invoice = self._invoice(order)
        self.assertEqual(invoice.amount_untaxed, 98.0)
        claim = self._create_claim(self._get_assets(order)).with_user(self.agent)
        first = claim.line_ids
        first.is_shipping_refunded = True
        first.quantity = 1
        first.action_create_refund()
        self.assertEqual(first.sudo().refund_ids.amount_untaxed, 53.0)
        first.sudo().refund_ids.with_user(self.accountant).action_post()
        self.assertEqual(first.refund_cost, 53.0)
        second = self._create_claim(self._get_assets(order)).with_user(self.agent)
        second.line_ids.is_shipping_refunded = True
        second.line_ids.action_create_refund()
        self.assertEqual(second.line_ids.sudo().refund_ids.amount_untaxed, 45.0)

    def test_the_delivery_is_no_part_of_the_goods(self):
        order = self._sell_with_delivery(quantity=3)
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)).line_ids
        line = line.with_user(self.agent)
        line.is_shipping_refunded = True
        line.quantity = 3
        line.action_create_return()
        for quantity, untaxed in ((2, 98.0), (1, 45.0)):
            self._receive(line, quantity)
            self._inspect(line, quantity)
            note = line.sudo().refund_ids.filtered(lambda m: m.state == "draft")
            self.assertEqual(note.amount_untaxed, untaxed)
            note.with_user(self.accountant).action_post()
        self.assertEqual((line.refunded_quantity, line.state), (3, "done"))

    def test_without_the_wish_the_delivery_stays_paid(self):
        order = self._sell_with_delivery()
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)).line_ids
        line.with_user(self.agent).action_create_refund()
        self.assertEqual(line.refund_ids.amount_untaxed, 45.0)

    def test_a_replacement_goes_as_the_order_went_and_costs_what_it_costs(self):
        order = self._sell_with_delivery()
        delivery_lines = order.order_line.filtered("is_delivery")
        line = (
            self._create_claim(self._get_assets(order)).with_user(self.agent).line_ids
        )
        line.replacement_mode = "keep"
        line.action_create_replacement()
        parcel = line.sudo().move_ids.picking_id
        self.assertEqual(parcel.carrier_id, self.method)
        self._deliver(parcel)
        self.assertEqual(parcel.carrier_price, 8.0)
        self.assertEqual(line.transport_cost, 8.0)
        self.assertEqual(line.cost, 28.0)
        self.assertEqual(order.order_line.filtered("is_delivery"), delivery_lines)
        parcel.aftersales_transport_cost = 6.5
        self.assertEqual(line.transport_cost, 6.5)

    def test_refused_goods_go_back_by_the_carrier_that_brought_them(self):
        line = self._decide_return(self._get_assets(self._sell_with_delivery()))
        self._receive(line)
        self._inspect(line, 0, note="It was dropped.")
        back = line.sudo().move_ids.filtered(lambda m: m._is_aftersales_send_back())
        self.assertEqual(back.picking_id.carrier_id, self.method)

    def test_the_carriers_company_is_claimed_from(self):
        order = self._sell_with_delivery()
        order.picking_ids.carrier_tracking_ref = "RT-77"
        line = self._create_claim(self._get_assets(order)).line_ids
        line.with_user(self.agent).cause_id = self.env.ref(
            "aftersales_service.aftersales_cause_transport"
        )
        claim = line.carrier_claim_id
        self.assertEqual(claim.partner_id, self.carrier_company)
        self.assertIn("RT-77", claim.parcel)

    def test_agent_and_warehouse_write_the_same_number(self):
        line = self._decide_return(self._get_assets(self._sell_with_delivery()))
        parcel = line.sudo().move_ids.picking_id
        parcel.carrier_tracking_ref = "RT-1"
        self.assertEqual(parcel.aftersales_tracking_ref, "RT-1")
        parcel.aftersales_tracking_ref = "RT-2"
        self.assertEqual(parcel.carrier_tracking_ref, "RT-2")
