# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo.tools import mute_logger

from .common import AftersalesCommon

SEND = "aftersales_service.ir_cron_send_bulletins"
FOLLOW_UP = "aftersales_service.ir_cron_follow_up_bulletins"


class BulletinCommon(AftersalesCommon):
    """Three bikes of Marta, one of Jordi, and a recall of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marta_bikes = cls._sell(cls.bike, serials=["EB-0100", "EB-0101", "EB-0200"])
        cls.jordi_bike = cls._sell(cls.bike, serials=["EB-0300"], partner=cls.stranger)
        cls.bikes = cls.marta_bikes | cls.jordi_bike
        # What else customers have: not everything is affected.
        cls.own_helmet = cls._sell(cls.helmet)
        cls.bulletin = cls._create_bulletin(product_ids=cls.bike.ids)

    @classmethod
    def _create_bulletin(cls, **values):
        return (
            cls.env["aftersales.bulletin"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "The battery may overheat",
                    "description": "<p>Do not charge it any more.</p>",
                    **values,
                }
            )
        )

    @contextmanager
    def _refused_by_the_database(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                yield
                self.env.flush_all()

    def _approve(self, bulletin):
        """As a manager does: look at the list, then approve what is shown."""
        if bulletin.state == "draft":
            bulletin.action_list_affected()
        action = bulletin.action_approve()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )
        wizard.action_confirm()
        return wizard

    def _run(self, cron=SEND):
        with self.enter_registry_test_mode():
            self.env.ref(cron).method_direct_trigger()
        self.env.invalidate_all()

    def _send(self, bulletin):
        """Approve and send; return the mails."""
        with self.mock_mail_gateway():
            self._approve(bulletin)
            self._run()
        return self._new_mails

    def _lines(self, assets=None, bulletin=None):
        lines = (bulletin or self.bulletin).sudo().line_ids
        return lines.filtered(
            lambda line: line.state != "gone"
            and (assets is None or line.asset_id in assets)
        )
