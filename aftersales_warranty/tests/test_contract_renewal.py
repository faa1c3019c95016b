# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractRenewal(ContractCommon):
    def _renew(self, moment):
        self._run("ir_cron_contract_renew", moment)

    def _mails(self):
        return self.env["mail.mail"].search(
            [
                ("recipient_ids", "in", self.customer.ids),
                ("subject", "ilike", "ends on"),
            ]
        )

    def test_offered_once_before_the_end_with_the_price_adjusted(self):
        self.terms.price_adjustment = 3.0
        contract = self._sell_contract()
        self.assertEqual(contract.renewal_date, date(2027, 2, 7))
        self._renew("2027-02-06 10:00:00")
        self.assertFalse(contract.renewal_line_ids)
        self._renew("2027-02-07 10:00:00")
        self._renew("2027-02-08 10:00:00")
        line = contract.renewal_line_ids
        self.assertEqual(len(line), 1)
        self.assertEqual(line.order_id.state, "sent")
        self.assertEqual((line.product_uom_qty, line.price_unit), (12, 30.9))
        self.assertEqual(line.aftersales_contract_asset_ids, self.asset)
        self.assertEqual(len(self._mails()), 1)
        self.assertIn("/my/orders/", self._mails().body_html)
        self.assertEqual(contract.state, "active")
        line.order_id.action_confirm()
        following = contract.next_ids
        self.assertEqual(following.date_start, date(2027, 3, 10))
        self.assertEqual(following.date_end, date(2028, 3, 9))
        self.assertEqual(following.state, "active")

    def test_on_acceptance_silence_ends_it(self):
        contract = self._sell_contract()
        self._renew("2027-02-07 10:00:00")
        self._renew("2027-03-09 10:00:00")
        self.assertFalse(contract.next_ids)
        self.assertEqual(contract.renewal_line_ids.order_id.state, "sent")

    def test_automatic_goes_on_unless_refused(self):
        self.terms.renewal_mode = "automatic"
        contract = self._sell_contract()
        other = self._create_asset(product_id=self.bare_product.id)
        refused = self._sell_contract(assets=other)
        self._renew("2027-02-07 10:00:00")
        refused.renewal_line_ids.order_id._action_cancel()
        self._renew("2027-03-08 10:00:00")
        self.assertFalse(contract.next_ids)
        self._renew("2027-03-09 10:00:00")
        self._renew("2027-03-10 10:00:00")
        self.assertEqual(contract.next_ids.date_start, date(2027, 3, 10))
        self.assertFalse(refused.next_ids)

    def test_an_archived_customer_is_left_to_a_person(self):
        contract = self._sell_contract()
        contract.user_id = self._create_user("keeper", "sales_team.group_sale_salesman")
        self.customer.active = False
        self._renew("2027-02-07 10:00:00")
        self.assertFalse(contract.renewal_line_ids)
        self.assertFalse(self._mails())
        self.assertEqual(contract.activity_ids.user_id.login, "keeper")

    def test_a_contract_by_hand_is_left_to_a_person(self):
        keeper = self._create_user("keeper2", "sales_team.group_sale_salesman")
        contract = self.env["aftersales.contract"].create(
            {
                "partner_id": self.customer.id,
                "terms_id": self.terms.id,
                "user_id": keeper.id,
                "date_start": date(2026, 3, 10),
                "date_end": date(2027, 3, 9),
                "asset_line_ids": [Command.create({"asset_id": self.asset.id})],
            }
        )
        contract.action_activate()
        for moment in ("2027-02-07 10:00:00", "2027-02-08 10:00:00"):
            self._renew(moment)
        self.assertEqual(contract.activity_ids.user_id, keeper)
        self.assertFalse(contract.renewal_line_ids)

    def test_only_what_is_still_covered_is_offered(self):
        other = self._create_asset(product_id=self.bare_product.id)
        contract = self._sell_contract(assets=self.asset | other)
        other.state = "returned"
        self._renew("2027-02-07 10:00:00")
        line = contract.renewal_line_ids
        self.assertEqual(line.aftersales_contract_asset_ids, self.asset)

    def test_what_leaves_after_the_offer_is_not_renewed(self):
        self.terms.renewal_mode = "automatic"
        leaves, comes = (
            self._create_asset(product_id=self.bare_product.id) for _number in range(2)
        )
        contract = self._sell_contract(assets=self.asset | leaves)
        self._renew("2027-02-07 10:00:00")
        with freeze_time("2027-02-20 10:00:00"):
            leaves.state = "returned"
            contract.asset_line_ids = [Command.create({"asset_id": comes.id})]
        self._renew("2027-03-09 10:00:00")
        self.assertEqual(contract.next_ids.state, "active")
        self.assertEqual(contract.next_ids.asset_line_ids.asset_id, self.asset | comes)

    def test_the_price_follows_the_number_of_products(self):
        self.terms.write({"price_per_asset": True, "price_adjustment": 10.0})
        leaves, comes, later = (
            self._create_asset(product_id=self.bare_product.id) for _number in range(3)
        )
        contract = self._sell_contract(assets=self.asset | leaves)
        self.assertEqual(contract.sale_line_id.price_unit, 60.0)
        with freeze_time("2026-09-01 10:00:00"):
            leaves.state = "returned"
        self._renew("2027-02-07 10:00:00")
        line = contract.renewal_line_ids
        self.assertEqual(
            (line.aftersales_contract_asset_ids, line.price_unit), (self.asset, 33.0)
        )
        # What comes while the offer waits for its answer.
        manager = self._create_user("boss5", "aftersales_service.group_manager")
        with freeze_time("2027-02-20 10:00:00"):
            contract.with_user(manager).asset_line_ids = [
                Command.create({"asset_id": one.id}) for one in comes | later
            ]
        self.assertEqual(line.price_unit, 99.0)
        self.assertIn(later.name, line.name)
        with freeze_time("2027-02-25 10:00:00"):
            later.state = "returned"
            self.assertEqual(line.price_unit, 66.0)
            line.order_id.action_confirm()
        self.assertEqual(contract.next_ids.asset_line_ids.asset_id, self.asset | comes)
        self.assertEqual(contract.next_ids.sale_line_id.price_unit, 66.0)

    def test_a_negotiated_price_grows_in_proportion(self):
        self.terms.price_per_asset = True
        contract = self._sell_contract()
        self._renew("2027-02-07 10:00:00")
        line = contract.renewal_line_ids
        line.price_unit = 25.0
        other = self._create_asset(product_id=self.bare_product.id)
        with freeze_time("2027-02-20 10:00:00"):
            contract.asset_line_ids = [Command.create({"asset_id": other.id})]
        self.assertEqual(line.price_unit, 50.0)

    def test_a_price_for_all_of_them_stays(self):
        other = self._create_asset(product_id=self.bare_product.id)
        contract = self._sell_contract(assets=self.asset | other)
        other.state = "returned"
        self._renew("2027-02-07 10:00:00")
        self.assertEqual(contract.renewal_line_ids.price_unit, 30.0)

    def test_the_offer_starts_after_a_changed_end(self):
        contract = self._sell_contract()
        self._renew("2027-02-07 10:00:00")
        contract.date_end = date(2027, 4, 9)
        line = contract.renewal_line_ids
        self.assertEqual(line.aftersales_contract_start, date(2027, 4, 10))
        # Nor does it lapse before.
        self.assertEqual(line.order_id.validity_date, date(2027, 4, 9))

    def test_what_was_refused_is_offered_again_for_a_longer_term(self):
        self.terms.renewal_mode = "automatic"
        contract = self._sell_contract()
        self._renew("2027-02-07 10:00:00")
        first = contract.renewal_line_ids.order_id
        first._action_cancel()
        self._renew("2027-03-09 08:00:00")
        with freeze_time("2027-03-09 10:00:00"):
            self.assertTrue(contract.is_renewal_settled)
            contract.sale_line_id.product_uom_qty = 18
        self._renew("2027-03-10 10:00:00")
        self.assertEqual(contract.renewal_line_ids.order_id, first)
        self._renew("2027-08-10 10:00:00")
        second = contract.renewal_line_ids.order_id - first
        self.assertEqual(second.state, "sent")
        self._renew("2027-09-09 10:00:00")
        self.assertEqual(contract.next_ids.date_start, date(2027, 9, 10))

    def test_refused_early_it_is_not_offered_again_for_a_product(self):
        contract = self._sell_contract()
        contract.action_offer_renewal()
        first = contract.renewal_line_ids.order_id
        first._action_cancel()
        other = self._create_asset(product_id=self.bare_product.id)
        contract.asset_line_ids = [Command.create({"asset_id": other.id})]
        self._renew("2027-02-07 10:00:00")
        self.assertEqual(contract.renewal_line_ids.order_id, first)

    def test_sold_anew_it_is_offered_at_its_new_end(self):
        contract = self._sell_contract()
        contract.action_offer_renewal()
        contract.renewal_line_ids.order_id._action_cancel()
        order = contract.sale_order_id
        with freeze_time("2026-04-01 10:00:00"):
            order._action_cancel()
            order.action_draft()
            order.action_confirm()
        self._renew("2027-02-28 10:00:00")
        self.assertEqual(len(contract.renewal_line_ids), 1)
        self._renew("2027-03-01 10:00:00")
        self.assertEqual(len(contract.renewal_line_ids), 2)

    def test_what_was_offered_is_what_is_sold(self):
        self.terms.write({"renewal_mode": "automatic", "price_adjustment": 3.0})
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        order = self._quote_contract(fiscal_position_id=position.id)
        order.order_line.write({"price_unit": 5.0, "discount": 10.0})
        order.action_confirm()
        contract = order.order_line.aftersales_contract_ids
        self._renew("2027-02-07 10:00:00")
        line = contract.renewal_line_ids
        self.assertEqual((line.price_unit, line.discount), (5.15, 10.0))
        self.assertEqual(line.order_id.fiscal_position_id, position)
        other = self._create_asset(product_id=self.bare_product.id)
        with freeze_time("2027-02-20 10:00:00"):
            contract.asset_line_ids = [Command.create({"asset_id": other.id})]
        self._renew("2027-03-09 10:00:00")
        self.assertEqual(contract.next_ids.sale_line_id, line)
        self.assertEqual((line.price_unit, line.discount), (5.15, 10.0))
        self.assertEqual(contract.next_ids.asset_line_ids.asset_id, self.asset | other)

    def test_what_was_refused_is_offered_again_if_asked(self):
        contract = self._sell_contract()
        manager = self._create_user("boss6", "aftersales_service.group_manager")
        self._renew("2027-02-07 10:00:00")
        first = contract.renewal_line_ids.order_id
        with freeze_time("2027-02-20 10:00:00"):
            with self.assertRaisesRegex(UserError, "goes on already"):
                contract.with_user(manager).action_offer_renewal()
            first._action_cancel()
            self._renew("2027-02-21 10:00:00")
            self.assertEqual(contract.renewal_line_ids.order_id, first)
            contract.with_user(manager).action_offer_renewal()
        second = contract.renewal_line_ids.order_id - first
        self.assertEqual(second.state, "sent")
        second.action_confirm()
        with self.assertRaisesRegex(UserError, "goes on already"):
            contract.with_user(manager).action_offer_renewal()

    def test_not_renewed(self):
        self.terms.renewal_mode = "none"
        contract = self._sell_contract()
        self._renew("2027-03-09 10:00:00")
        self.assertFalse(contract.renewal_line_ids)

    def test_a_mail_that_fails_leaves_no_order(self):
        contract = self._sell_contract()
        template = type(self.env["mail.template"])
        with (
            self.subTest("crash"),
            mute_logger(
                "odoo.addons.aftersales_warranty.models.aftersales_batch_mixin"
            ),
        ):
            send = template.send_mail
            self.patch(template, "send_mail", lambda *a, **k: 1 / 0)
            self._renew("2027-02-07 10:00:00")
            self.assertFalse(contract.renewal_line_ids)
            self.patch(template, "send_mail", send)
        self._renew("2027-02-08 10:00:00")
        self.assertEqual(len(contract.renewal_line_ids), 1)

    def test_who_may_offer(self):
        contract = self._sell_contract()
        agent = self._create_user("agent9", "aftersales_service.group_user")
        with self.assertRaises(AccessError):
            contract.with_user(agent).action_offer_renewal()
        manager = self._create_user("boss9", "aftersales_service.group_manager")
        contract.with_user(manager).action_offer_renewal()
        self.assertEqual(contract.renewal_line_ids.order_id.state, "sent")
