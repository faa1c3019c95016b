# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestLifecycle(WarrantyCommon):
    def _create_line(self, asset, **values):
        return (
            self.env["aftersales.claim"]
            .create(
                {
                    "subject": "Broken",
                    "partner_id": self.customer.id,
                    "line_ids": [Command.create({"asset_id": asset.id, **values})],
                }
            )
            .line_ids
        )

    # -- exchange

    def test_exchange_carries_the_remainder_over(self):
        old = self._create_asset()
        first = old.warranty_ids
        new = self._create_asset(delivery_date=date(2026, 6, 1))
        fresh = new.warranty_ids
        old._carry_over_to(new)
        self.assertEqual((first.state, first.void_origin), ("void", "exchange"))
        self.assertEqual(fresh.state, "void")
        carried = new.warranty_ids - fresh
        self.assertRecordValues(
            carried,
            [
                {
                    "policy_id": self.legal.id,
                    "terms_id": first.terms_id.id,
                    "origin_id": first.id,
                    "date_start": date(2025, 5, 3),
                    "date_end": date(2028, 5, 3),
                    "state": "active",
                }
            ],
        )
        self.assertEqual(new.warranty_date_end, date(2028, 5, 3))

    def test_exchange_after_the_return_carries_over_too(self):
        old = self._create_asset()
        old.state = "returned"
        new = self._create_asset(delivery_date=date(2026, 6, 1))
        old._carry_over_to(new)
        self.assertEqual(old.warranty_ids.void_origin, "exchange")
        self.assertEqual(new.warranty_date_end, date(2028, 5, 3))
        # A second exchange of the same product finds nothing left to give.
        third = self._create_asset(delivery_date=date(2026, 6, 2))
        old._carry_over_to(third)
        self.assertEqual(third.warranty_date_end, date(2029, 6, 2))

    def test_exchange_of_a_part_leaves_the_rest_covered(self):
        old = self._create_asset(quantity=3)
        new = self._create_asset(quantity=1, delivery_date=date(2026, 6, 1))
        old._carry_over_to(new)
        self.assertEqual(old.warranty_ids.state, "active")
        self.assertEqual(new.warranty_date_end, date(2028, 5, 3))

    def test_exchange_restarts_by_policy(self):
        self.legal.exchange_mode = "restart"
        old = self._create_asset()
        new = self._create_asset(delivery_date=date(2026, 6, 1))
        old._carry_over_to(new)
        self.assertEqual(old.warranty_ids.state, "void")
        self.assertEqual(new.warranty_ids.state, "active")
        self.assertEqual(new.warranty_date_end, date(2029, 6, 1))

    def test_exchange_keeps_what_a_repair_added(self):
        self.legal.write({"stops_clock": True, "repair_extension_months": 12})
        old = self._create_asset()
        self._repair(old, "2026-06-13 10:00:00")
        new = self._create_asset(delivery_date=date(2026, 7, 1))
        old._carry_over_to(new)
        self.assertEqual(new.warranty_date_end, date(2029, 5, 15))

    # -- owner

    def test_new_owner_keeps_what_is_transferable(self):
        asset = self._create_asset()
        asset.partner_id = self.customer.copy({"name": "Pere"})
        self.assertEqual(asset.warranty_ids.state, "active")
        self.assertEqual(asset.warranty_ids.partner_id.name, "Pere")

    def test_new_owner_loses_what_is_personal(self):
        self.legal.is_transferable = False
        asset = self._create_asset()
        asset.partner_id = self.customer.copy({"name": "Pere"})
        warranty = asset.warranty_ids
        self.assertEqual((warranty.state, warranty.void_origin), ("void", "transfer"))

    def test_contacts_of_one_firm_are_one_owner(self):
        self.legal.is_transferable = False
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        one, two = self.env["res.partner"].create(
            [{"name": name, "parent_id": firm.id} for name in ("One", "Two")]
        )
        asset = self._create_asset(partner_id=one.id)
        asset.partner_id = two
        self.assertEqual(asset.warranty_ids.state, "active")

    # -- repair

    def _repair(self, asset, done, **values):
        """Repair `asset` under a claim made now; it is ready at `done`."""
        line = self._create_line(asset)
        line.action_create_repair()
        repair = line.repair_ids
        repair.write({"service_mode": "workshop", **values})
        repair.action_validate()
        repair.action_repair_start()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE repair_order SET create_date = '2026-06-01 10:00:00' WHERE id = %s",
            [repair.id],
        )
        repair.invalidate_recordset(["create_date"])
        with freeze_time(done):
            repair.action_repair_end()
        return repair

    def test_nothing_is_added_unless_the_policy_says_so(self):
        asset = self._create_asset()
        self._repair(asset, "2026-06-13 10:00:00")
        self.assertEqual(asset.warranty_date_end, date(2028, 5, 3))

    def test_the_clock_stands_still_during_the_repair(self):
        self.legal.stops_clock = True
        asset = self._create_asset()
        repair = self._repair(asset, "2026-06-13 10:00:00")
        self.assertEqual(asset.warranty_date_end, date(2028, 5, 15))
        # Ended twice, or told twice: counted once.
        repair._post_repair_done_hook()
        self.assertEqual(asset.warranty_date_end, date(2028, 5, 15))

    def test_a_repair_extends_once_from_the_original_start(self):
        self.legal.repair_extension_months = 12
        asset = self._create_asset(delivery_date=date(2024, 2, 29))
        self._repair(asset, "2026-06-13 10:00:00")
        # 2024-02-29 and four years, not 2027-02-28 and one.
        self.assertEqual(asset.warranty_date_end, date(2028, 2, 29))
        self._repair(asset, "2026-07-13 10:00:00")
        self.assertEqual(asset.warranty_date_end, date(2028, 2, 29))

    def test_what_is_not_covered_extends_nothing(self):
        self.legal.write({"stops_clock": True, "repair_extension_months": 12})
        asset = self._create_asset()
        line = self._create_line(asset, cause_id=self.misuse.id)
        line.action_create_repair()
        line.repair_ids.done_date = datetime(2026, 6, 13, 10)
        line.repair_ids._post_repair_done_hook()
        self.assertEqual(asset.warranty_date_end, date(2028, 5, 3))

    @mute_logger("odoo.sql_db")
    def test_a_repair_is_counted_once_whatever_happens(self):
        self.legal.repair_extension_months = 12
        asset = self._create_asset()
        self._repair(asset, "2026-06-13 10:00:00")
        added = asset.warranty_ids.extension_ids
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            added.copy()

    # -- activation by the customer, invoice

    def _waiting(self, event, **values):
        policy = self._create_policy(kind="commercial", start_event=event, **values)
        return self._create_product(policies=policy)

    def test_customer_registers_within_the_days(self):
        product = self._waiting("activation", registration_days=30)
        for delivered, allowed in ((date(2026, 5, 2), True), (date(2026, 5, 1), False)):
            with self.subTest(delivered=delivered):
                warranty = self._create_asset(
                    product_id=product.id, delivery_date=delivered
                ).warranty_ids
                self.assertEqual(warranty._can_be_registered(), allowed)
                if allowed:
                    warranty._action_register()
                    self.assertEqual(warranty.date_start, date(2026, 6, 1))
                with self.assertRaises(UserError):
                    warranty._action_register()

    def _sell_and_invoice(self, product):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.invoice_date = date(2026, 5, 31)
        return order.order_line, invoice

    def test_invoice_starts_what_waits_for_it(self):
        product = self._waiting("invoice")
        product.invoice_policy = "order"
        line, invoice = self._sell_and_invoice(product)
        asset = self._create_asset(product_id=product.id, sale_line_id=line.id)
        self.assertEqual(asset.warranty_ids.state, "draft")
        accountant = self._create_user("books", "account.group_account_invoice")
        invoice.with_user(accountant).action_post()
        self.assertRecordValues(
            asset.warranty_ids,
            [
                {
                    "state": "active",
                    "date_start": date(2026, 5, 31),
                    "date_end": date(2029, 5, 31),
                }
            ],
        )

    def test_delivered_after_the_invoice(self):
        product = self._waiting("invoice")
        product.invoice_policy = "order"
        line, invoice = self._sell_and_invoice(product)
        invoice.action_post()
        asset = self._create_asset(product_id=product.id, sale_line_id=line.id)
        self.assertEqual(asset.warranty_ids.state, "active")
        self.assertEqual(asset.warranty_ids.date_start, date(2026, 5, 31))

    # -- claims in diagnosis follow

    def test_claims_in_diagnosis_are_decided_again(self):
        asset = self._create_asset()
        line = self._create_line(asset)
        self.assertEqual(line.coverage, "covered")
        asset.warranty_ids.action_void("Serial filed off.")
        self.assertEqual(line.coverage, "not_covered")

    def test_what_was_decided_stays(self):
        asset = self._create_asset()
        line = self._create_line(asset)
        line.action_create_repair()
        asset.warranty_ids.action_void("Serial filed off.")
        self.assertEqual(line.coverage, "covered")

    def test_proof_seen_decides_again(self):
        self.legal.requires_proof = True
        asset = self._create_asset()
        line = self._create_line(asset)
        self.assertEqual(line.coverage, "unknown")
        self.assertIn("proof of purchase", line.coverage_note)
        asset.is_purchase_proven = True
        self.assertEqual(line.coverage, "covered")

    def test_wear_part_is_paid_by_the_customer(self):
        pads = self._create_product(name="Brake pads", is_storable=False)
        motor = self._create_product(name="Motor", is_storable=False)
        self.legal.excluded_product_ids = pads
        line = self._create_line(self._create_asset())
        self.assertEqual(line.coverage, "covered")
        self.assertIn("does not pay: Brake pads.", line.coverage_note)
        self.assertEqual(line._get_part_percent(pads), 0)
        self.assertEqual(line._get_part_percent(motor), 100)
        line.action_create_repair()
        repair = line.repair_ids
        repair.move_ids = [
            Command.create(
                {
                    "product_id": part.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
            for part in (pads, motor)
        ]
        shares = repair.move_ids.mapped(lambda m: m._get_aftersales_covered_percent())
        self.assertEqual(shares, [0, 100])
