# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date
from urllib.parse import urlsplit

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_money import AftersalesMoneyCommon

LINK = "https://track.example.com/?n=<shipmenttrackingnumber>"


class TransportCommon(AftersalesMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carrier = cls.env["res.partner"].create(
            {
                "name": "Ràpid Transport",
                "is_company": True,
                "email": "claims@rapid.example.com",
                "lang": "en_US",
                "aftersales_tracking_url": LINK,
            }
        )

    def _open_transport(self, claim, user=None):
        action = claim.with_user(user or self.agent).action_edit_transport()
        return Form(
            self.env[action["res_model"]]
            .with_user(user or self.agent)
            .with_context(**action["context"])
        )

    def _enter_transport(self, claim, index=0, **values):
        form = self._open_transport(claim)
        with form.line_ids.edit(index) as line:
            for name, value in values.items():
                setattr(line, name, value)
        form.save().action_apply()


@tagged("post_install", "-at_install")
class TestTransport(TransportCommon):
    def test_agent_enters_how_the_goods_come_back(self):
        line = self._decide_return(self._sell(self.helmet))
        with self.assertRaises(AccessError):
            line.sudo().move_ids.picking_id.with_user(self.agent).check_access("write")
        self._enter_transport(
            line.claim_id,
            carrier_partner_id=self.carrier,
            tracking_ref=" RT 1/2 ",
            promised_date=date(2026, 3, 4),
            cost=7.5,
        )
        parcel = line.sudo().move_ids.picking_id
        self.assertEqual(parcel.aftersales_carrier_partner_id, self.carrier)
        self.assertEqual(parcel.aftersales_tracking_ref, "RT 1/2")
        self.assertEqual(
            parcel._get_aftersales_tracking_url(),
            "https://track.example.com/?n=RT%201%2F2",
        )
        for shown in (line.transport_html, line.claim_id.transport_html):
            self.assertIn("Ràpid Transport", shown)
            self.assertIn("https://track.example.com/?n=RT%201%2F2", shown)
            self.assertIn("03/04/2026", shown)
            self.assertIn("To us", shown)

    def test_what_came_back_has_arrived_when_it_was_received(self):
        with freeze_time("2026-03-02 10:00:00"):
            line = self._decide_return(self._sell(self.helmet))
            self._enter_transport(line.claim_id, promised_date=date(2026, 3, 4))
            parcel = line.sudo().move_ids.picking_id
            self.assertFalse(parcel._is_aftersales_late())
        with freeze_time("2026-03-05 10:00:00"):
            self.assertTrue(parcel._is_aftersales_late())
        # Late at night in UTC is the next day in Madrid.
        with freeze_time("2026-03-04 23:30:00"):
            self._receive(line)
        self.assertEqual(parcel._get_aftersales_arrival(), date(2026, 3, 5))
        self.assertTrue(parcel._is_aftersales_late())
        self.assertIn("Late", line.transport_html)

    def test_both_ways_of_a_replacement_and_what_they_cost(self):
        asset = self._sell(self.helmet)
        line = self._create_claim(asset).with_user(self.agent).line_ids
        line.action_create_replacement()
        self._enter_transport(line.claim_id, cost=4)
        self.assertEqual(line.transport_cost, 0)
        self._receive(line)
        self.assertEqual(line.transport_cost, 4)
        self._inspect(line, 1)
        self._enter_transport(line.claim_id, 1, cost=6, carrier_partner_id=self.carrier)
        parcels = line.sudo()._get_parcels()
        self.assertEqual(parcels.mapped("picking_type_code"), ["incoming", "outgoing"])
        self._deliver(parcels[1])
        self.assertEqual(line.transport_cost, 10)
        self.assertEqual(
            line.cost, line.transport_cost + line.replacement_cost + line.refund_cost
        )

    def test_lines_share_the_cost_of_their_parcel_to_the_cent(self):
        order = self._sell_many((self.helmet, 1), (self.battery, 1), (self.bike, 0))
        assets = self._get_assets(order)
        claim = self._create_claim(assets).with_user(self.agent)
        claim.line_ids.action_create_return()
        self._enter_transport(claim, cost=9.99)
        self._receive(claim.line_ids)
        self.assertEqual(sum(claim.line_ids.mapped("transport_cost")), 9.99)
        costs = sorted(claim.line_ids.mapped("transport_cost"))
        self.assertLessEqual(costs[1] - costs[0], 0.011)

    def test_repaired_goods_are_parcels_too(self):
        line = self._create_claim(self._sell(self.helmet)).line_ids
        line.with_user(self.agent).action_create_repair()
        repair = line.repair_ids
        repair.action_expect_goods()
        parcel = repair.goods_move_ids.picking_id
        self.assertEqual(line._get_parcels(), parcel)
        self._enter_transport(line.claim_id, cost=5, carrier_partner_id=self.carrier)
        repair._receive_goods()
        self.assertEqual(line.transport_cost, 5)
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        repair.action_send_goods()
        back = repair.goods_move_ids.picking_id - parcel
        self.assertEqual(line._get_parcels(), parcel | back)
        vals = line.claim_id._get_portal_parcel_vals()
        self.assertEqual([one["way"] for one in vals], ["in", "out"])
        self.assertEqual(vals[0]["carrier"], "Ràpid Transport")

    def test_nobody_reaches_other_parcels(self):
        line = self._decide_return(self._sell(self.helmet))
        other = self._sell(self.helmet).picking_id
        wizard = (
            self.env["aftersales.transport"]
            .with_user(self.agent)
            .create(
                {
                    "claim_id": line.claim_id.id,
                    "line_ids": [
                        Command.create({"picking_id": other.id, "tracking_ref": "X"})
                    ],
                }
            )
        )
        with self.assertRaises(AccessError):
            wizard.action_apply()
        self.assertFalse(other.aftersales_tracking_ref)
        for user in (self.technician, self.stocker, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.claim_id.with_user(user).action_edit_transport()
        stranger = self._create_user("outsider", "aftersales_service.group_user")
        with self.assertRaises(AccessError):
            line.claim_id.with_user(stranger).action_edit_transport()

    def test_a_cost_is_a_number(self):
        claim = self._decide_return(self._sell(self.helmet)).claim_id
        wizard = self._open_transport(claim).save()
        for cost in (float("nan"), float("inf")):
            with self.subTest(cost=cost):
                with self.assertRaisesRegex(ValidationError, "a number"):
                    wizard.line_ids.cost = cost
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                wizard.line_ids.cost = -1
                self.env.flush_all()

    def test_links_are_web_addresses(self):
        for url in ("javascript:alert(1)//<shipmenttrackingnumber>", "https://a.b/c"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    self.carrier.aftersales_tracking_url = url

    def test_the_promise_of_the_order_is_the_promise(self):
        order = self._sell_many((self.helmet, 1), commitment_date="2026-03-04 23:30:00")
        parcel = order.picking_ids
        self.assertEqual(parcel._get_aftersales_promised(), date(2026, 3, 5))
        parcel.aftersales_promised_date = date(2026, 3, 9)
        self.assertEqual(parcel._get_aftersales_promised(), date(2026, 3, 9))


@tagged("post_install", "-at_install")
class TestTransportPages(TransportCommon, HttpCase):
    def test_customer_follows_the_parcel_with_login_and_with_the_link(self):
        line = self._decide_return(self._sell(self.helmet))
        self._enter_transport(
            line.claim_id,
            carrier_partner_id=self.carrier,
            tracking_ref="RT<b>1",
            promised_date=date(2026, 3, 4),
            cost=3.21,
        )
        self.authenticate("test_marta", "test_marta")
        for url in (
            f"/my/claims/{line.claim_id.id}",
            urlsplit(line.claim_id.sudo()._get_tracking_url()).path,
        ):
            page = self.url_open(url).text
            with self.subTest(url=url):
                self.assertIn("Ràpid Transport", page)
                self.assertIn("https://track.example.com/?n=RT%3Cb%3E1", page)
                self.assertNotIn("RT<b>1", page)
                self.assertIn("Expected on", page)
                self.assertIn("Mar 4, 2026", page)
                self.assertNotIn("3.21", page)
        self.authenticate("test_jordi", "test_jordi")
        page = self.url_open(f"/my/claims/{line.claim_id.id}").text
        self.assertNotIn("track.example.com", page)
