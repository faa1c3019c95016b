# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common_concurrency import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestContractJobsConcurrency(ConcurrencyCase):
    """Two planners who want the last hours of a contract at the same moment."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create({"name": "Served Once"})
            product = env["product.product"].create({"name": "Served Once"})
            asset = env["aftersales.asset"].create(
                {"partner_id": partner.id, "product_id": product.id}
            )
            terms = env["aftersales.contract.terms"].create(
                {"name": "Served Once", "scope": "park", "hours_included": 5.0}
            )
            contract = env["aftersales.contract"].create(
                {"partner_id": partner.id, "terms_id": terms.id}
            )
            contract.action_activate()
            self.asset_id, self.contract_id = asset.id, contract.id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            contract = env["aftersales.contract"].browse(self.contract_id)
            asset = env["aftersales.asset"].browse(self.asset_id)
            terms, partner = contract.terms_id, contract.partner_id
            asset.repair_ids.unlink()
            env.flush_all()
            # What has run is never deleted: only this test takes it away.
            cr.execute("DELETE FROM aftersales_contract WHERE id = %s", contract.ids)
            env.invalidate_all()
            product = asset.product_id
            asset.unlink()
            product.product_tmpl_id.unlink()
            terms.unlink()
            partner.unlink()

    def _plan(self, cr):
        asset = self._get_env(cr)["aftersales.asset"].browse(self.asset_id)
        repair = asset.env["repair.order"].create(
            {
                "partner_id": asset.partner_id.id,
                "product_id": asset.product_id.id,
                "asset_id": asset.id,
                "service_kind": "preventive",
                "estimated_hours": 4.0,
            }
        )
        asset.env.flush_all()
        return repair

    def test_the_last_hours_are_taken_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            # The second transaction has begun, and sees five hours.
            second.execute("SELECT 1 FROM aftersales_contract")
            self._plan(first)
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._plan(second)
            second.rollback()
            # It is run again.
            self.assertEqual(self._plan(second).contract_hours, 1.0)
            second.commit()
        with self.registry.cursor() as cr:
            contract = self._get_env(cr)["aftersales.contract"].browse(self.contract_id)
            self.assertEqual(contract.hours_used, 5.0)
            self.assertEqual(contract.repair_count, 2)

    def test_a_job_and_the_cancellation_of_its_contract(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            second.execute("SELECT 1 FROM aftersales_contract")
            self._get_env(first)["aftersales.contract"].browse(
                self.contract_id
            ).action_cancel()
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._plan(second)
            second.rollback()
            self.assertFalse(self._plan(second).contract_id)
