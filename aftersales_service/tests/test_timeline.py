# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime

from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from ..rules import timeline
from ..rules.timeline import AHEAD, BEGUN, OVER, Facts
from .common import AftersalesCommon

#: facts: the steps, done ones first, then > the current one, then what may come
WAYS = [
    (Facts("new"), "> received | diagnosis solved"),
    (Facts("in_progress"), "received > diagnosis | solved"),
    (Facts("waiting"), "received diagnosis > waiting | solved"),
    (
        Facts("in_progress", repair=AHEAD),
        "received > diagnosis | repair solved",
    ),
    (
        Facts("in_progress", goods=BEGUN, repair=AHEAD, shipping=AHEAD),
        "received diagnosis > goods_expected | repair shipping solved",
    ),
    (
        Facts("in_progress", goods=OVER, parts=BEGUN, repair=AHEAD),
        "received diagnosis goods > parts | repair solved",
    ),
    (
        Facts("in_progress", repair=AHEAD, has_quote=True),
        "received diagnosis > quote | repair solved",
    ),
    (
        Facts("waiting", repair=BEGUN, has_quote=True),
        "received diagnosis repair > quote | solved",
    ),
    (
        Facts("new", repair=BEGUN),
        "received diagnosis > repair | solved",
    ),
    (
        Facts("in_progress", repair=OVER, shipping=BEGUN),
        "received diagnosis repaired > shipping | solved",
    ),
    (
        Facts("in_progress", goods=OVER, repair=OVER, shipping=OVER),
        "received diagnosis goods repaired > shipped | solved",
    ),
    (
        Facts("solved", repair=OVER, shipping=AHEAD),
        "received diagnosis repaired solved",
    ),
    (Facts("cancelled", waiting=datetime(2026, 1, 1)), "received diagnosis cancelled"),
]


@tagged("post_install", "-at_install")
class TestTimelineRule(BaseCase):
    def test_ways(self):
        for facts, expected in WAYS:
            with self.subTest(facts=facts):
                words, previous = [], "done"
                for key, _date, state in timeline.steps(facts):
                    if state == "current":
                        words.append(">")
                    elif state == "ahead" and previous != "ahead":
                        words.append("|")
                    words.append(key)
                    previous = state
                self.assertEqual(" ".join(words), expected)


@tagged("post_install", "-at_install")
class TestTimeline(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        with freeze_time("2026-03-02 09:00:00"):
            cls.claim = cls._create_claim(cls.asset)

    def _get_states(self, claim=None):
        return {
            s["key"]: s["state"] for s in (claim or self.claim)._get_portal_timeline()
        }

    def test_a_repair_is_followed_to_its_end(self):
        self.assertEqual(self._get_states()["received"], "current")
        self.claim.with_user(self.agent).action_assign_to_me()
        self.claim.line_ids.action_create_repair()
        repair = self.claim.repair_ids
        self.assertEqual(self._get_states()["repair"], "ahead")
        repair.action_validate()
        with freeze_time("2026-03-04 09:00:00"):
            repair.action_repair_start()
        self.assertEqual(self._get_states()["repair"], "current")
        with freeze_time("2026-03-05 23:30:00"):
            repair.action_repair_done()
        steps = {step["key"]: step for step in self.claim._get_portal_timeline()}
        self.assertEqual(steps["repaired"]["date"], datetime(2026, 3, 5, 23, 30))
        # It is the next day already where the company is.
        self.assertEqual(steps["repaired"]["date_text"], "Mar 6, 2026")
        self.claim._action_solve()
        self.assertEqual(set(self._get_states().values()), {"done"})

    def test_a_missing_part_is_said(self):
        rare = self._create_product("Rare motor", "none", 1.0, 2.0)
        self.claim.line_ids.action_create_repair()
        repair = self.claim.repair_ids
        repair.move_ids = [
            Command.create(
                {"product_id": rare.id, "product_uom_qty": 1, "repair_line_type": "add"}
            )
        ]
        repair.action_validate()
        self.assertEqual(self._get_states()["parts"], "current")
        self._stock(rare, 1)
        repair.action_assign()
        self.assertNotIn("parts", self._get_states())

    def test_a_quote_waits_for_the_customer(self):
        self.claim.line_ids.action_create_repair()
        repair = self.claim.repair_ids
        repair.action_create_sale_order()
        self.assertNotIn("quote", self._get_states())
        repair.sale_order_id.action_quotation_sent()
        self.assertEqual(self._get_states()["quote"], "current")
        self.assertIn("quote", self.claim._get_portal_next_step()["text"])
        repair.sale_order_id.action_confirm()
        self.assertNotIn("quote", self._get_states())

    def test_parcels_both_ways(self):
        line, picking = self.claim.line_ids, self.asset.picking_id
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.aftersales_claim_line_id = line
        self.assertEqual(self._get_states()["goods_expected"], "current")
        back.move_ids.move_line_ids.lot_id = self.asset.lot_id
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(self._get_states()["goods"], "current")
        away = picking.copy({"move_ids": []})
        away.move_ids = [
            Command.create(
                {
                    "product_id": self.helmet.id,
                    "product_uom_qty": 1,
                    "location_id": away.location_id.id,
                    "location_dest_id": away.location_dest_id.id,
                    "aftersales_claim_line_id": line.id,
                }
            )
        ]
        self.assertEqual(self._get_states()["shipping"], "current")
        self._deliver(away)
        self.assertEqual(self._get_states()["shipped"], "current")

    def test_only_the_promise_is_told_of_the_sla(self):
        self.claim.sla_status_ids.unlink()
        self.assertFalse(self.claim._get_portal_next_step()["by"])
        status = self.env["aftersales.sla.status"].create(
            {
                "claim_id": self.claim.id,
                "sla_id": self.env["aftersales.sla"]
                .create({"name": "Promise", "target": "solved", "hours": 8})
                .id,
                "deadline": "2026-03-03 15:00:00",
            }
        )
        with freeze_time("2026-03-02 10:00:00"):
            step = self.claim.with_user(self.portal_user)._get_portal_next_step()
        self.assertEqual(step["by"], status.deadline)
        self.assertEqual(step["by_text"], "Tuesday, March 3, 2026, 16:00")
        with freeze_time("2026-03-04 10:00:00"):
            step = self.claim._get_portal_next_step()
        self.assertTrue(step["is_late"])
        self.assertFalse(step["by"])
        self.claim._action_solve()
        self.assertFalse(self.claim._get_portal_next_step()["is_late"])

    def test_nothing_is_announced_once_all_is_done(self):
        self.claim.with_user(self.agent).action_assign_to_me()
        line = self.claim.line_ids.with_user(self.agent)
        before = self.claim._get_portal_next_step()["text"]
        self.assertIn("what we propose", before)
        line.action_assist()
        step = self.claim.with_user(self.portal_user)._get_portal_next_step()
        self.assertIn("done our part", step["text"])
        self.assertFalse(step["by"])
        line.action_cancel_remedy()
        self.assertEqual(self.claim._get_portal_next_step()["text"], before)

    def test_the_remedy_is_told_in_the_customer_s_words(self):
        line = self.claim.line_ids
        words = {}
        for remedy in line._fields["remedy"].get_values(self.env):
            line.remedy = remedy
            words[remedy] = line._get_portal_remedy()
        self.assertEqual(words["compensate"], "Compensation")
        self.assertEqual(words["reject"], "Not accepted")

    def test_the_words_are_the_reader_s(self):
        self._install_language("es_ES")
        labels = [
            step["label"]
            for step in self.claim.with_context(lang="es_ES")._get_portal_timeline()
        ]
        self.assertNotIn("Received", labels)
