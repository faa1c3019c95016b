# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_transport import TransportCommon


@tagged("post_install", "-at_install")
class TestCarrierClaim(TransportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.damaged = cls.env.ref("aftersales_service.aftersales_cause_transport")
        cls.hidden = cls.env.ref("aftersales_service.aftersales_cause_transport_hidden")
        cls.late = cls.env.ref("aftersales_service.aftersales_cause_delay")
        cls.lost = cls.env.ref("aftersales_service.aftersales_cause_loss")
        cls.company.country_id = cls.env.ref("base.es")

    @classmethod
    def _deliver_by_carrier(cls, *wanted, arrived=date(2026, 3, 2)):
        order = cls._sell_many(*(wanted or ((cls.helmet, 2),)))
        order.picking_ids.write(
            {
                "aftersales_carrier_partner_id": cls.carrier.id,
                "aftersales_tracking_ref": "RT-77",
                "aftersales_arrival_date": arrived,
            }
        )
        return cls._get_assets(order)

    def _claim_damage(self, assets, cause=None, **values):
        claim = self._create_claim(assets, user_id=self.agent.id, **values)
        claim = claim.with_user(self.agent)
        claim.line_ids.cause_id = cause or self.damaged
        return claim.line_ids

    def test_a_damage_gathers_in_the_claim_of_its_parcel(self):
        assets = self._deliver_by_carrier((self.helmet, 2), (self.battery, 1))
        lines = self._claim_damage(assets)
        claim = lines.carrier_claim_id
        self.assertEqual(len(claim), 1)
        self.assertEqual((claim.state, claim.kind), ("draft", "damage"))
        self.assertEqual(claim.partner_id, self.carrier)
        self.assertEqual(claim.sudo().picking_id, assets.picking_id)
        self.assertIn("RT-77", claim.parcel)
        self.assertEqual(claim.incident_date, date(2026, 3, 2))
        self.assertEqual(claim.deadline, date(2026, 3, 2))
        self.assertEqual(claim.deadline_source, "Ley 15/2009, art. 60.1")
        # Nothing was spent yet: the value of the goods is the damage.
        self.assertEqual(claim.claimed_amount, 220.0)
        activity = claim.activity_ids
        self.assertEqual(activity.user_id, self.agent)
        self.assertEqual(activity.date_deadline, claim.deadline)

    def test_each_kind_has_its_last_day_and_its_law(self):
        asset = self._deliver_by_carrier((self.helmet, 4))
        expected = {
            self.damaged: ("damage", date(2026, 3, 2), "Ley 15/2009, art. 60.1"),
            self.hidden: ("hidden", date(2026, 3, 9), "Ley 15/2009, art. 60.1"),
            self.late: ("delay", date(2026, 3, 23), "Ley 15/2009, art. 60.3"),
        }
        for cause, facts in expected.items():
            claim = self._claim_damage(asset, cause).carrier_claim_id
            with self.subTest(cause=cause.name):
                self.assertEqual(
                    (claim.kind, claim.deadline, claim.deadline_source), facts
                )

    def test_between_countries_it_is_the_convention(self):
        self.customer.country_id = self.env.ref("base.fr")
        claim = self._claim_damage(
            self._deliver_by_carrier(), self.hidden
        ).carrier_claim_id
        self.assertEqual(claim.legal_basis, "cmr")
        self.assertEqual(claim.deadline, date(2026, 3, 10))
        self.assertEqual(claim.deadline_source, "CMR, art. 30.1")

    def test_lost_parcels_wait_a_year(self):
        asset = self._deliver_by_carrier(arrived=False)
        asset.picking_id.aftersales_promised_date = date(2026, 3, 2)
        claim = self._claim_damage(asset, self.lost).carrier_claim_id
        self.assertEqual((claim.kind, claim.deadline), ("loss", date(2027, 3, 22)))

    def test_another_diagnosis_leaves_the_claim(self):
        asset = self._deliver_by_carrier((self.helmet, 2))
        line = self._claim_damage(asset)
        claim = line.carrier_claim_id
        line.cause_id = self.hidden
        self.assertNotEqual(line.carrier_claim_id, claim)
        self.assertEqual(line.carrier_claim_id.kind, "hidden")
        self.assertFalse(claim.exists())
        line.cause_id = self.cause
        self.assertFalse(line.carrier_claim_id)

    def test_what_was_sent_stays_what_it_was(self):
        line = self._claim_damage(self._deliver_by_carrier())
        claim = line.carrier_claim_id
        claim.action_send()
        line.cause_id = self.cause
        self.assertEqual(line.carrier_claim_id, claim)
        self.assertEqual(claim.claimed_amount, 20.0)
        line.action_create_replacement()
        line.claim_id.sudo().line_ids._get_parcels()[:1].aftersales_transport_cost = 5
        self._receive(line)
        self.assertEqual(line.transport_cost, 5.0)
        self.assertEqual(claim.claimed_amount, 20.0)
        with self.assertRaises(UserError):
            claim.sudo().unlink()

    def test_the_damage_is_what_the_line_cost(self):
        order = self._sell_many((self.helmet, 2))
        self._invoice(order)
        line = self._claim_damage(self._get_assets(order))
        line.quantity = 2
        self.assertEqual(line.carrier_claim_id.damage_amount, 40.0)
        line.action_create_refund()
        line.sudo().refund_ids.with_user(self.accountant).action_post()
        self.assertEqual(line.carrier_claim_id.damage_amount, 90.0)
        line.carrier_claim_id.extra_amount = 12.0
        self.assertEqual(line.carrier_claim_id.claimed_amount, 102.0)

    def test_the_carrier_is_told_in_writing_once(self):
        line = self._claim_damage(self._deliver_by_carrier())
        claim = line.carrier_claim_id
        claim.note = "The box was open.\nThe driver saw it."
        with freeze_time("2026-03-04 09:00:00"):
            claim.action_send()
            self.assertTrue(claim.is_late)
        self.assertEqual((claim.state, claim.date_sent), ("sent", date(2026, 3, 4)))
        mails = claim.message_ids.filtered(lambda m: self.carrier in m.partner_ids)
        self.assertEqual(len(mails), 1)
        self.assertEqual(mails.author_id, self.company.partner_id)
        for text in (
            claim.name,
            "RT-77",
            "Visible Damage",
            "The box was open",
            "20.00",
        ):
            self.assertIn(text, mails.body)
        self.assertNotIn("Marta", mails.body)
        with self.assertRaisesRegex(UserError, "moved on"):
            claim.action_send()

    def test_goods_that_nobody_named_are_not_made_up(self):
        claim = self._create_claim(user_id=self.agent.id).with_user(self.agent)
        claim.line_ids = [Command.create({"cause_id": self.hidden.id})]
        damage = claim.line_ids.carrier_claim_id
        template = self.env.ref("aftersales_service.mail_template_carrier_claim")
        body = template._render_field("body_html", damage.ids)[damage.id]
        self.assertIn(damage.name, body)
        self.assertNotIn("Tramuntana", body)
        claim.line_ids.product_id = self.helmet
        damage.invalidate_recordset()
        body = template._render_field("body_html", damage.ids)[damage.id]
        self.assertIn(self.helmet.name, body)

    def test_nothing_is_claimed_from_nobody_or_for_nothing(self):
        line = self._claim_damage(self._sell(self.helmet))
        claim = line.carrier_claim_id
        self.assertFalse(claim.partner_id)
        with self.assertRaisesRegex(UserError, "carrier first"):
            claim.action_send()
        claim.partner_id = self.carrier
        claim.extra_amount = -claim.damage_amount
        with self.assertRaisesRegex(UserError, "nothing to claim"):
            claim.action_send()
        self.assertEqual(claim.state, "draft")

    def test_accepted_in_part_is_credited_once_and_recovered_when_posted(self):
        line = self._claim_damage(self._deliver_by_carrier())
        claim = line.carrier_claim_id
        claim.action_send()
        claim.accepted_amount = 15.0
        claim.action_accept()
        claim.action_create_credit_note()
        refund = claim.sudo().refund_ids
        self.assertEqual(
            (refund.move_type, refund.state, refund.partner_id, refund.amount_total),
            ("in_refund", "draft", self.carrier, 15.0),
        )
        self.assertEqual(refund.invoice_origin, claim.name)
        self.assertEqual(claim.recovered_amount, 0)
        with self.assertRaisesRegex(UserError, "exists already"):
            claim.action_create_credit_note()
        refund.invoice_date = refund.date
        refund.with_user(self.accountant).action_post()
        self.assertEqual(claim.recovered_amount, 15.0)
        self.assertEqual(claim.recovered_percent, 75.0)
        with self.assertRaisesRegex(UserError, "exists already"):
            claim.action_reopen()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                refund.copy({"aftersales_carrier_claim_id": claim.id})

    def test_refused_is_claimed_again(self):
        claim = self._claim_damage(self._deliver_by_carrier()).carrier_claim_id
        claim.action_send()
        claim.action_refuse()
        self.assertEqual(claim.state, "refused")
        with self.assertRaisesRegex(UserError, "moved on"):
            claim.action_accept()
        claim.action_reopen()
        claim.action_accept()
        self.assertEqual((claim.state, claim.accepted_amount), ("accepted", 20.0))

    def test_the_register_adds_up_by_carrier(self):
        first = self._claim_damage(self._deliver_by_carrier()).carrier_claim_id
        second = self._claim_damage(self._deliver_by_carrier()).carrier_claim_id
        self.assertNotEqual(first, second)
        groups = (
            self.env["aftersales.carrier.claim"]
            .with_user(self.agent)
            .formatted_read_group(
                [("partner_id", "=", self.carrier.id)],
                ["partner_id"],
                ["claimed_amount:sum", "recovered_amount:sum"],
            )
        )
        self.assertEqual(groups[0]["claimed_amount:sum"], 40.0)

    def test_steps_belong_to_agents_and_facts_to_the_steps(self):
        claim = self._claim_damage(self._deliver_by_carrier()).carrier_claim_id
        for user in (self.technician, self.stocker, self.accountant, self.portal_user):
            for step in ("send", "accept", "refuse", "reopen", "create_credit_note"):
                with self.subTest(user=user.login, step=step):
                    with self.assertRaises(AccessError):
                        getattr(claim.with_user(user), f"action_{step}")()
            with self.assertRaises(AccessError):
                claim.with_user(user).read(["name"])
        for name, value in (("state", "accepted"), ("date_sent", "2026-01-01")):
            with self.subTest(field=name), self.assertRaises(AccessError):
                claim.write({name: value})
        with self.assertRaises(AccessError):
            claim.claim_line_ids.write({"carrier_claim_id": False})

    def test_confidential_claims_stay_among_their_people(self):
        line = self._claim_damage(self._deliver_by_carrier())
        claim = line.carrier_claim_id
        colleague = self._create_user("colleague", "aftersales_service.group_user")
        self.team.member_ids |= colleague
        self.assertEqual(
            claim.with_user(colleague).read(["name"])[0]["name"], claim.name
        )
        line.claim_id.sudo().is_confidential = True
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            claim.with_user(colleague).read(["name"])
        self.assertTrue(claim.with_user(self.agent).read(["name"]))
        self.assertTrue(claim.with_user(self.manager).read(["name"]))

    def test_another_company_sees_and_joins_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        claim = self._claim_damage(self._deliver_by_carrier()).carrier_claim_id
        foreign = self._create_user(
            "foreign",
            "aftersales_service.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            claim.with_user(foreign).read(["name"])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            claim.sudo().company_id = other

    def test_amounts_are_numbers(self):
        claim = self._claim_damage(self._deliver_by_carrier()).carrier_claim_id
        for value in (float("nan"), float("inf")):
            for name in ("extra_amount", "accepted_amount"):
                with self.subTest(name=name, value=value):
                    with self.assertRaisesRegex(ValidationError, "a number"):
                        claim.write({name: value})

    def test_a_split_line_stays_with_its_parcel(self):
        line = self._claim_damage(self._deliver_by_carrier())
        line.quantity = 2
        other = line._split_quantity(1)
        self.assertEqual(other.carrier_claim_id, line.carrier_claim_id)

    def test_many_lines_cost_a_bounded_number_of_queries(self):
        asset = self._deliver_by_carrier((self.helmet, 60))

        def gather(count):
            claim = self._create_claim(user_id=self.agent.id)
            claim.line_ids = [
                Command.create({"asset_id": asset.id, "quantity": 1})
                for _each in range(count)
            ]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            claim.line_ids._gather_for_carriers()
            claim.line_ids.with_context(tracking_disable=True).write(
                {"cause_id": self.damaged.id}
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        gather(2)
        few, many = gather(3), gather(30)
        self.assertLessEqual(many, few + 10)
