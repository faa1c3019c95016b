# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_survey.tests.common import SurveyCommon

INVITATION = "odoo.addons.aftersales_survey_loyalty.models.aftersales_survey_invitation"


@tagged("post_install", "-at_install")
class TestReward(SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.write({"cooldown_days": 0, "bad_action": "none"})
        cls.points = cls._create_program("loyalty")
        cls.coupons = cls._create_program("coupons")

    @classmethod
    def _create_program(cls, kind):
        programs = cls.env["loyalty.program"]
        return programs.create(
            {
                **programs._program_type_default_values().get(kind, {}),
                "name": f"Thanks, {kind}",
                "program_type": kind,
                "company_id": False,
                "currency_id": cls.env.company.currency_id.id,
            }
        )

    def _reward(self, program, points=10, when="answer", partner=None):
        self.rule.write(
            {
                "reward_program_id": program.id,
                "reward_points": points,
                "reward_for": when,
            }
        )

    def _answered(self, claim=None, **vals):
        invitation = self._solve(claim or self._create_claim(**vals))
        invitation._action_send(by_hand=True)
        self._answer(invitation, csat="5", nps="10")
        return invitation

    def _cards(self, program):
        return self.env["loyalty.card"].search(
            [("program_id", "=", program.id), ("partner_id", "=", self.customer.id)]
        )

    def test_points_are_collected_on_one_card(self):
        self._reward(self.points)
        first, second = self._answered(), self._answered()
        card = self._cards(self.points)
        self.assertEqual(len(card), 1)
        self.assertEqual(card.points, 20)
        self.assertEqual(card.history_ids.mapped("issued"), [10, 10])
        self.assertEqual(first.reward_card_id | second.reward_card_id, card)
        self.assertEqual(first.reward_points, 10)

    def test_voucher_for_each_answer(self):
        self._reward(self.coupons, points=1)
        self._answered()
        self._answered()
        cards = self._cards(self.coupons)
        self.assertEqual(len(cards), 2)
        self.assertEqual(cards.mapped("points"), [1, 1])
        mails = self._mails().filtered(lambda m: "voucher" in m.subject)
        self.assertEqual(len(mails), 2)
        self.assertIn(cards[0].code, "".join(mails.mapped("body_html")))
        self.assertFalse(mails.mail_message_id.mapped("model")[0])

    def test_once_per_answer(self):
        self._reward(self.points)
        invitation = self._answered()
        invitation._try_reward()
        self.assertEqual(self._cards(self.points).points, 10)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["loyalty.history"].create(
                invitation._prepare_reward_history_vals(self._cards(self.points))
            )
            self.env.flush_all()

    def _claim_with(self, **line):
        product = self.env["product.product"].create({"name": "Bell"})
        claim = self._create_claim(
            line_ids=[Command.create({"product_id": product.id})]
        )
        claim.line_ids.write({"state": "done", "remedy": "assist", **line})
        return claim

    def test_justified_complaints_only(self):
        self._reward(self.points, when="justified")
        table = [
            ({"liability": "company"}, True),
            ({"liability": "carrier"}, True),
            ({"liability": "customer"}, False),
            ({"liability": False}, False),
            ({"liability": "company", "remedy": "reject"}, False),
        ]
        for line, expected in table:
            with self.subTest(**line):
                invitation = self._answered(self._claim_with(**line))
                self.assertEqual(bool(invitation.reward_points), expected)

    def test_a_justified_complaint_needs_no_answer(self):
        self._reward(self.coupons, points=1, when="complaint")
        mine = self._solve(self._claim_with(liability="customer"))
        mine._action_send(by_hand=True)
        self.assertFalse(mine.reward_points)
        invitation = self._solve(self._claim_with(liability="supplier"))
        self.assertFalse(invitation.reward_points)
        invitation._action_send(by_hand=True)
        self.assertEqual(invitation.reward_points, 1)
        mail = self._mails().filtered(lambda m: "voucher" in m.subject)
        self.assertIn("Thank you for telling us about", mail.body_html)
        self._answer(invitation, csat="5", nps="10")
        self.assertEqual(len(self._cards(self.coupons)), 1)

    def test_nothing_without_a_program(self):
        self.assertFalse(self._answered().reward_points)
        self._reward(self.points)
        self.points.active = False
        self.assertFalse(self._answered().reward_points)

    def test_anonymous_answer_is_rewarded_and_stays_anonymous(self):
        self.survey.is_aftersales_anonymous = True
        self._reward(self.points)
        invitation = self._answered()
        self.assertEqual(self._cards(self.points).points, 10)
        self.assertFalse(invitation.user_input_id)
        self.assertFalse(invitation.has_csat)

    def test_answer_is_kept_when_the_reward_fails(self):
        self._reward(self.points)
        with (
            patch.object(
                type(self.Invitation), "_add_points", side_effect=ZeroDivisionError
            ),
            mute_logger(INVITATION),
        ):
            invitation = self._answered()
        self.assertEqual(invitation.csat_score, 5)
        self.assertFalse(invitation.reward_points)

    def test_customer_is_told(self):
        self._reward(self.points)
        thanks = self._answered().user_input_id._get_thanks()
        self.assertIn("10", thanks["reward"])
        self._reward(self.coupons)
        thanks = self._answered().user_input_id._get_thanks()
        self.assertIn("voucher", thanks["reward"])

    def test_program_must_fit(self):
        promotion = self._create_program("promotion")
        with self.assertRaises(ValidationError):
            self._reward(promotion)
        self.points.company_id = self.env.company
        with self.assertRaises(ValidationError):
            self._reward(self.points)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_service_sees_no_voucher_codes(self):
        self._reward(self.coupons)
        invitation = self._answered()
        self.rule.with_user(self.manager).reward_program_id.read(["name"])
        with self.assertRaises(AccessError):
            invitation.with_user(self.manager).read(["reward_card_id"])
        with self.assertRaises(AccessError):
            self._cards(self.coupons).with_user(self.manager).read(["code"])
        self.assertTrue(invitation.with_user(self.agent).reward_points)
