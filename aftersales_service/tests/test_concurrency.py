# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """With real transactions, which commit; what they made is deleted after."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create({"name": "Twice at Once"})
            product = env["product.product"].create(
                {"name": "Claimed Once", "is_storable": True}
            )
            asset = env["aftersales.asset"].create(
                {"partner_id": partner.id, "product_id": product.id}
            )
            self.partner_id, self.asset_id = partner.id, asset.id
        self.addCleanup(self._clean_up)

    def _get_env(self, cr):
        cr.execute("SET lock_timeout = '5s'")
        return api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            asset = env["aftersales.asset"].browse(self.asset_id)
            product = asset.product_id
            asset.claim_line_ids.claim_id.unlink()
            asset.unlink()
            product.product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def _claim(self, env):
        env["aftersales.claim"].create(
            {
                "subject": "Broken",
                "partner_id": self.partner_id,
                "line_ids": [Command.create({"asset_id": self.asset_id})],
            }
        )

    def test_one_unit_is_not_claimed_twice_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            late = self._get_env(second)
            second.execute("SELECT COUNT(*) FROM aftersales_claim_line")
            self._claim(self._get_env(first))
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._claim(late)
            second.rollback()
