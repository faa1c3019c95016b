# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date, datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestCertificate(WarrantyCommon):
    def test_issued_with_the_asset(self):
        warranty = self._create_asset().warranty_ids
        self.assertRecordValues(
            warranty,
            [
                {
                    "policy_id": self.legal.id,
                    "partner_id": self.customer.id,
                    "product_id": self.product.id,
                    "company_id": self.company.id,
                    "kind": "legal",
                    "date_start": date(2025, 5, 3),
                    "date_end": date(2028, 5, 3),
                    "state": "active",
                    "is_valid": True,
                }
            ],
        )
        self.assertRegex(warranty.name, r"^WA/2026/\d{5}$")

    def test_product_without_policy_gets_none(self):
        asset = self._create_asset(product_id=self._create_product().id)
        self.assertFalse(asset.warranty_ids)

    def test_backdated_delivery_is_expired_at_once(self):
        asset = self._create_asset(delivery_date=date(2020, 1, 1))
        self.assertEqual(asset.warranty_ids.state, "expired")
        self.assertFalse(asset.is_under_warranty)

    def test_issued_by_a_real_delivery(self):
        tracked = self._create_product(policies=self.legal, tracking="serial")
        lots = self.env["stock.lot"].create(
            [{"name": f"SN-{i}", "product_id": tracked.id} for i in range(3)]
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        move = self.env["stock.move"].create(
            {
                "product_id": tracked.id,
                "product_uom_qty": 3,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "partner_id": self.customer.id,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": tracked.id,
                            "lot_id": lot.id,
                            "quantity": 1,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                    for lot in lots
                ],
                "picked": True,
            }
        )
        move._action_confirm()
        move.picked = True
        # Midnight in Madrid has passed where it hasn't in Greenwich.
        with freeze_time("2026-06-30 22:30:00"):
            move._action_done()
        warranties = self.env["aftersales.warranty"].search(
            [("lot_id", "in", lots.ids)]
        )
        self.assertEqual(warranties.lot_id, lots)
        self.assertEqual(set(warranties.mapped("date_start")), {date(2026, 7, 1)})
        self.assertEqual(set(warranties.mapped("date_end")), {date(2029, 7, 1)})
        self.assertEqual(len(set(warranties.mapped("name"))), 3)

    def _count_queries(self, number):
        values = [self._prepare_asset() for _index in range(number)]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        assets = self.env["aftersales.asset"].create(values)
        self.env.flush_all()
        self.assertEqual(len(assets.warranty_ids), 2 * number)
        return self.cr.sql_log_count - before

    def test_batch_has_a_constant_number_of_queries(self):
        """Constant up to the hundred rows that the ORM inserts at once."""
        self.category.aftersales_warranty_policy_ids = self._create_policy(
            name="Two years on top", kind="commercial", duration=2
        )
        self.env = self.env(context=dict(self.env.context, tracking_disable=True))
        self._count_queries(1)  # freezes the terms and warms the caches
        self.assertEqual(self._count_queries(5), self._count_queries(50))

    def test_issuing_again_changes_nothing(self):
        asset = self._create_asset()
        again = self.env["aftersales.warranty"]._issue(asset)
        self.assertFalse(again)
        self.assertEqual(len(asset.warranty_ids), 1)

    @mute_logger("odoo.sql_db")
    def test_one_certificate_for_an_asset_and_policy(self):
        asset = self._create_asset()
        values = {"asset_id": asset.id, "policy_id": self.legal.id}
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["aftersales.warranty"].create(values)
        # Once it is void there may be another.
        asset.warranty_ids.action_void("Wrong policy")
        self.assertTrue(self.env["aftersales.warranty"].create(values))

    def test_certificate_keeps_the_terms_it_was_issued_with(self):
        self.legal.terms = "<p>Free of charge</p>"
        warranty = self._create_asset().warranty_ids
        self.legal.terms = "<p>Half price</p>"
        self.legal.duration = 1
        self.legal.kind = "commercial"
        self.legal.coverage_ids.unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIn("Free of charge", warranty.terms)
        self.assertEqual(warranty.kind, "legal")
        self.assertEqual(warranty.date_end, date(2028, 5, 3))
        self.assertIn("Parts 100 %", warranty.coverage_summary)

    @mute_logger("odoo.sql_db")
    def test_bad_dates(self):
        warranty = self._create_asset().warranty_ids
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            warranty.date_end = date(2025, 5, 2)
            warranty.flush_recordset()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            warranty.write({"date_start": False, "date_end": False})
            warranty.flush_recordset()

    def test_terms_of_another_policy(self):
        other = self._create_policy(name="Other")
        warranty = self._create_asset().warranty_ids
        with self.assertRaisesRegex(ValidationError, "another policy"):
            warranty.policy_id = other

    def test_return_voids_and_coming_back_restores(self):
        asset = self._create_asset()
        warranty = asset.warranty_ids
        asset.state = "returned"
        self.assertEqual(warranty.state, "void")
        self.assertEqual(warranty.void_origin, "return")
        self.assertIn("returned", warranty.void_reason)
        self.assertFalse(asset.is_under_warranty)
        self.assertFalse(asset.warranty_date_end)
        asset.state = "in_service"
        self.assertEqual(warranty.state, "active")
        self.assertEqual(warranty.date_end, date(2028, 5, 3))

    def test_voided_by_a_person_stays_void(self):
        asset = self._create_asset()
        asset.warranty_ids.action_void("Serial filed off")
        asset.state = "returned"
        asset.state = "in_service"
        self.assertEqual(asset.warranty_ids.state, "void")
        self.assertEqual(asset.warranty_ids.void_reason, "Serial filed off")

    def test_void_asks_for_the_reason(self):
        warranty = self._create_asset().warranty_ids
        with self.assertRaises(UserError):
            warranty.action_void("  ")
        action = warranty.action_open_void()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason = "Issued for the wrong unit"
        form.save().action_confirm()
        self.assertEqual(warranty.state, "void")
        self.assertIn("Issued for the wrong unit", warranty.message_ids[0].body)

    def test_issued_certificates_are_not_deleted(self):
        warranty = self._create_asset().warranty_ids
        with self.assertRaises(UserError):
            warranty.unlink()

    def test_activation(self):
        policy = self._create_policy(
            name="Register and win", kind="commercial", start_event="activation"
        )
        product = self._create_product(policies=policy)
        warranty = self._create_asset(product_id=product.id).warranty_ids
        self.assertRecordValues(
            warranty, [{"state": "draft", "date_start": False, "date_end": False}]
        )
        agent = self._create_user("agent", "aftersales_service.group_user")
        warranty.with_user(agent).action_activate()
        self.assertRecordValues(
            warranty,
            [
                {
                    "state": "active",
                    "date_start": date(2026, 6, 1),
                    "date_end": date(2029, 6, 1),
                }
            ],
        )

    def test_activation_is_not_for_technicians(self):
        policy = self._create_policy(kind="commercial", start_event="activation")
        product = self._create_product(policies=policy)
        warranty = self._create_asset(product_id=product.id).warranty_ids
        technician = self._create_user("tech", "aftersales_service.group_technician")
        with self.assertRaises(AccessError):
            warranty.with_user(technician).action_activate()

    def test_without_a_delivery_date(self):
        asset = self._create_asset(delivery_date=False)
        warranty = asset.warranty_ids
        self.assertEqual(warranty.state, "draft")
        with self.assertRaisesRegex(UserError, "delivery date"):
            warranty.action_activate()
        asset.delivery_date = date(2026, 5, 1)
        warranty.action_activate()
        self.assertEqual(warranty.date_end, date(2029, 5, 1))

    def test_invoice_start_waits_for_its_date(self):
        policy = self._create_policy(kind="commercial", start_event="invoice")
        product = self._create_product(policies=policy)
        warranty = self._create_asset(product_id=product.id).warranty_ids
        with self.assertRaises(UserError):
            warranty.action_activate()
        warranty.date_start = date(2026, 1, 31)
        warranty.action_activate()
        self.assertEqual(warranty.state, "active")
        self.assertEqual(warranty.date_end, date(2029, 1, 31))

    def test_manager_issues_one_by_hand(self):
        manager = self._create_user("manager", "aftersales_service.group_manager")
        asset = self._create_asset(product_id=self._create_product().id)
        form = Form(self.env["aftersales.warranty"].with_user(manager))
        form.asset_id = asset
        form.policy_id = self.legal
        form.date_start = date(2026, 6, 1)
        self.assertEqual(form.date_end, date(2029, 6, 1))
        warranty = form.save()
        warranty.action_activate()
        self.assertEqual(warranty.state, "active")
        self.assertEqual(asset.warranty_date_end, date(2029, 6, 1))

    def test_valid_on_the_last_day_without_any_cron(self):
        asset = self._create_asset()
        warranty = asset.warranty_ids
        valid = [("id", "=", warranty.id), ("is_valid", "=", True)]
        invalid = [("id", "=", warranty.id), ("is_valid", "=", False)]
        covered = [("id", "=", asset.id), ("is_under_warranty", "=", True)]
        # 21:59 in Greenwich is 23:59 in Madrid, of the same day.
        for moment, expected in (
            ("2025-05-02 21:59:00", False),
            ("2025-05-02 22:00:00", True),
            ("2028-05-03 21:59:00", True),
            ("2028-05-03 22:00:00", False),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(warranty.is_valid, expected)
                self.assertEqual(asset.is_under_warranty, expected)
                self.assertEqual(warranty.state, "active")
                self.assertEqual(bool(warranty.search(valid)), expected)
                self.assertEqual(bool(warranty.search(invalid)), not expected)
                self.assertEqual(bool(asset.search(covered)), expected)

    def test_cron_expires_what_ended(self):
        ended = self._create_asset().warranty_ids
        running = self._create_asset(delivery_date=date(2026, 5, 3)).warranty_ids
        cron = self.env.ref("aftersales_warranty.ir_cron_expire")
        with freeze_time("2028-05-03 20:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(ended.state, "active")
        with freeze_time("2028-05-04 03:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(ended.state, "expired")
        self.assertEqual(running.state, "active")

    def test_cron_goes_on_after_a_bad_record(self):
        warranties = self.env["aftersales.warranty"].union(
            *(self._create_asset().warranty_ids for _index in range(3))
        )
        Warranty = self.registry["aftersales.warranty"]
        bad, plain = warranties[1].id, Warranty._expire

        def expire(records):
            if bad in records.ids:
                raise ValueError("poisoned")
            return plain(records)

        self.patch(Warranty, "_expire", expire)
        with (
            freeze_time("2028-05-04 03:00:00"),
            self.enter_registry_test_mode(),
            mute_logger(
                "odoo.addons.aftersales_warranty.models.aftersales_batch_mixin"
            ),
        ):
            self.env.ref("aftersales_warranty.ir_cron_expire").method_direct_trigger()
        self.assertEqual(warranties.mapped("state"), ["expired", "active", "expired"])

    def test_time_zone_of_each_company(self):
        island = self.env["res.company"].create({"name": "Far shop"})
        island.partner_id.tz = "Pacific/Auckland"
        here = self._create_asset().warranty_ids
        there = self._create_asset(company_id=island.id).warranty_ids
        moment = datetime(2028, 5, 3, 13, 0)  # already the fourth in Auckland
        with freeze_time(moment):
            self.env.invalidate_all()
            self.assertTrue(here.is_valid)
            self.assertFalse(there.is_valid)
            found = here.search(
                [("id", "in", (here | there).ids), ("is_valid", "=", True)]
            )
            self.assertEqual(found, here)

    def test_of_another_company(self):
        """Neither one certificate nor one among many takes what another company has."""
        other = self.env["res.company"].create({"name": "Other shop"})
        theirs = self._create_policy(name="Theirs", company_id=other.id)
        bare = self._create_product()
        assets = self.env["aftersales.asset"].create(
            [self._prepare_asset(product_id=bare.id) for _index in range(3)]
        )
        values = [
            {"asset_id": asset.id, "policy_id": policy.id}
            for asset, policy in zip(
                assets, (self.legal, self.legal, theirs), strict=True
            )
        ]
        for number in (1, 3):
            with self.subTest(number), self.assertRaises(UserError):
                self.env["aftersales.warranty"].create(values[-number:])
        manager = self._create_user("manager", "aftersales_service.group_manager")
        there = self._create_asset(company_id=other.id).warranty_ids
        with self.assertRaises(AccessError):
            there.with_user(manager).action_void("Not mine")
        with self.assertRaises(AccessError):
            there.with_user(manager).read(["name"])

    def test_steps_are_no_fields_to_edit(self):
        warranty = self._create_asset().warranty_ids
        manager = self._create_user("manager", "aftersales_service.group_manager")
        for values in (
            {"state": "void"},
            {"void_reason": "Forged"},
            {"is_reminded": True},
            {"follows_id": warranty.id},
            {"extension_ids": [Command.create({"months": 120})]},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                warranty.with_user(manager).write(values)
