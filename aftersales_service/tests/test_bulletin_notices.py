# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

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

    def test_a_version_that_is_taken_away_completes_nothing(self):
        self._send(self.bulletin)
        bike = self.jordi_bike.with_user(self.agent)
        bike.version = "1.0"
        bike.version = False
        self.assertEqual(self._lines(bike).state, "told")

    def _update(self, version="2.0"):
        self.bulletin.write({"kind": "firmware", "new_version": version})
        self._send(self.bulletin)
        return self._lines(self.jordi_bike)

    def test_the_history_names_the_notice_also_when_it_was_read_before(self):
        line = self._update()
        bike = self.jordi_bike
        bike.version = "1.0"
        self.assertEqual(len(bike.version_ids), 1)
        line.with_user(self.agent).action_answer_done()
        self.env.invalidate_all()
        latest, first = bike.version_ids
        self.assertEqual((latest.version, latest.bulletin_id), ("2.0", self.bulletin))
        self.assertFalse(first.bulletin_id)

    def test_a_later_version_is_kept_and_completes_the_update(self):
        line = self._update("2.9")
        self.jordi_bike.version = "2.10"
        self.assertEqual(line.state, "done")
        self.assertEqual(self.jordi_bike.version, "2.10")
        self.marta_bikes[0].sudo().with_context(tracking_disable=True).version = "3"
        other = self._create_bulletin(product_ids=self.bike.ids, new_version="2.0")
        self._send(other)
        done = self._lines(self.jordi_bike, other)
        done.with_user(self.agent).action_answer_done()
        self.assertEqual(self.jordi_bike.version, "2.10")

    def test_a_visit_takes_no_later_version_back(self):
        line = self._update("2.1")
        line.with_user(self.agent).action_answer_visit()
        repair = line.repair_ids
        self.assertEqual(repair.new_version, "2.1")
        self.jordi_bike.version = "2.2"
        repair.user_id = self.technician
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertEqual(self.jordi_bike.version, "2.2")

    def test_who_updates_it_by_the_link_is_the_owner(self):
        line = self._update()
        public = self.env.ref("base.public_user")
        line.with_user(public).sudo()._answer("done")
        history = self.jordi_bike.version_ids
        self.assertEqual((history.version, history.bulletin_id), ("2.0", self.bulletin))
        self.assertFalse(history.user_id)

    def _repair(self, **values):
        repair = self.env["repair.order"].create(
            {
                "partner_id": self.stranger.id,
                "product_id": self.bike.id,
                "asset_id": self.jordi_bike.id,
                "user_id": self.technician.id,
                "service_mode": "onsite",
                **values,
            }
        )
        return repair.with_user(self.technician)

    def _finish(self, repair):
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertEqual(repair.state, "done")

    def test_a_technician_notes_the_version_with_the_repair(self):
        self.jordi_bike.version = "1.0"
        repair = self._repair()
        with Form(repair) as form:
            form.new_version = "1.1"
        self.assertEqual(self.jordi_bike.version, "1.0")
        self._finish(repair)
        self.assertEqual(self.jordi_bike.version, "1.1")
        history = self.jordi_bike.version_ids.sorted("id")[-1]
        self.assertEqual(history.repair_id, repair)
        self.assertEqual(history.user_id, self.technician)
        self.assertFalse(history.bulletin_id)

    def test_a_visit_that_left_another_version_says_so(self):
        line = self._update()
        line.with_user(self.agent).action_answer_visit()
        repair = line.repair_id
        self.assertEqual(repair.new_version, "2.0")
        repair.write({"user_id": self.technician.id, "new_version": "2.0.1"})
        self._finish(repair.with_user(self.technician))
        self.assertEqual(line.state, "done")
        self.assertEqual(self.jordi_bike.version, "2.0.1")
        history = self.jordi_bike.version_ids
        self.assertEqual(
            (history.bulletin_id, history.repair_id.id), (self.bulletin, repair.id)
        )

    def test_imported_versions_are_in_the_history(self):
        line = self._update()
        result = (
            self.env["aftersales.asset"]
            .with_user(self.agent)
            .load([".id", "version"], [[str(self.jordi_bike.id), "2.0"]])
        )
        self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
        self.assertEqual(self.jordi_bike.version_ids.user_id, self.agent)
        self.assertEqual(line.state, "done")
