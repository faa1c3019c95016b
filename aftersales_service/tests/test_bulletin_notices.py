# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.mail.tests.common import MailCase

from .common_bulletin import BulletinCommon


@tagged("post_install", "-at_install")
class TestBulletinNotices(BulletinCommon, MailCase):
    """What agents see, and the versions of a product."""

    def test_agents_see_it_on_the_asset_and_the_claim(self):
        claim = self._create_claim(self.marta_bikes[:1])
        bike = self.marta_bikes[0].with_user(self.agent)
        self.assertFalse(bike.open_notices)
        self._send(self.bulletin)
        bike.invalidate_recordset()
        self.assertEqual(bike.open_notices, "Recall: The battery may overheat (Told)")
        self.assertTrue(bike.has_danger)
        as_agent = claim.with_user(self.agent)
        self.assertIn("EB-0100: Recall: The battery", as_agent.open_notices)
        self.assertTrue(as_agent.has_danger)
        self._lines(bike).with_user(self.agent).action_answer_done()
        self.env.invalidate_all()
        self.assertFalse(bike.open_notices)
        self.assertFalse(as_agent.open_notices)

    def test_an_update_is_no_danger(self):
        self.bulletin.kind = "firmware"
        self._send(self.bulletin)
        self.assertFalse(self.jordi_bike.has_danger)
        self.assertTrue(self.jordi_bike.open_notices)

    def test_a_list_of_assets_costs_the_same_for_more(self):
        self._send(self.bulletin)

        def count_queries(assets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            assets.mapped("open_notices")
            return self.env.cr.sql_log_count - before

        count_queries(self.bikes)
        self.assertLessEqual(
            count_queries(self.bikes), count_queries(self.bikes[:1]) + 1
        )

    # -- versions

    def test_the_history_of_a_version_says_who_when_and_from_what(self):
        bike = self.jordi_bike.with_user(self.agent)
        with freeze_time("2026-03-01 09:00:00"):
            bike.version = "1.0"
        with freeze_time("2026-04-01 09:00:00"):
            bike.version = "1.1"
            bike.version = "1.1"
        latest, first = bike.version_ids
        self.assertEqual((first.old_version, first.version), (False, "1.0"))
        self.assertEqual((latest.old_version, latest.version), ("1.0", "1.1"))
        self.assertEqual(latest.user_id, self.agent)
        self.assertEqual(str(latest.date), "2026-04-01 09:00:00")
        with self.assertRaises(AccessError):
            latest.version = "9"
        with self.assertRaises(AccessError):
            latest.unlink()

    def test_many_versions_at_once_cost_the_same(self):
        def count_queries(assets, version):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            assets.version = version
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count_queries(self.bikes, "0")
        few = count_queries(self.bikes[:1], "1")
        self.assertLessEqual(count_queries(self.bikes, "2"), few + 1)

    def test_an_update_that_is_done_changes_the_version(self):
        self.bulletin.write({"kind": "firmware", "new_version": "2.0"})
        self._send(self.bulletin)
        self._lines(self.jordi_bike).with_user(self.agent).action_answer_done()
        self.assertEqual(self.jordi_bike.version, "2.0")
        history = self.jordi_bike.version_ids
        self.assertEqual(history.bulletin_id, self.bulletin)
        self.assertEqual(history.user_id, self.agent)

    def test_a_version_noted_by_hand_completes_the_update(self):
        self.bulletin.write({"kind": "firmware", "new_version": "2.0"})
        self._send(self.bulletin)
        self.jordi_bike.with_user(self.agent).version = "1.9"
        self.assertEqual(self._lines(self.jordi_bike).state, "told")
        self.jordi_bike.with_user(self.agent).version = "2.0"
        self.assertEqual(self._lines(self.jordi_bike).state, "done")
