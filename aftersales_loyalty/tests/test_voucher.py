# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common_compensation import CompensationCommon


@tagged("post_install", "-at_install")
class TestVoucher(CompensationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gift = cls._create_program("gift_card")
        cls.company.aftersales_voucher_program_id = cls.gift

    @classmethod
    def _create_program(cls, kind, **reward):
        programs = cls.env["loyalty.program"]
        program = programs.create(
            {
                **programs._program_type_default_values().get(kind, {}),
                "name": f"Sorry, {kind}",
                "program_type": kind,
                "company_id": False,
                "currency_id": cls.company.currency_id.id,
            }
        )
        if reward:
            program.reward_ids = [Command.clear(), Command.create(reward)]
        return program

    def _cards(self, given):
        return given.sudo().card_ids

    def _use(self, card, order, partner=None):
        """As the salesperson does with the code that the customer names."""
        status = order._try_apply_code(card.code)
        self.assertNotIn("error", status)
        for coupon, rewards in status.items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)
        order._update_programs_and_rewards()

    def _mailed(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.customer.id)])

    def test_agent_gives_a_voucher(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 20.0)
        card = self._cards(given)
        self.assertEqual(len(card), 1)
        self.assertEqual((card.points, card.partner_id), (20, self.customer))
        self.assertEqual(card.expiration_date, given.date_until)
        self.assertEqual((given.state, line.state), ("granted", "done"))
        self.assertFalse(line.cost)
        action = card.with_user(self.manager).sudo().action_view_aftersales_claim()
        self.assertEqual(action["res_id"], line.claim_id.id)

    def test_cost_counts_when_it_is_used(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 20.0)
        order = self._quote()
        self._use(self._cards(given), order)
        self.assertAlmostEqual(order.amount_total, 101)
        self.assertFalse(line.cost)
        with self.assertRaisesRegex(UserError, "is on"):
            line.action_cancel_compensation()
        order.action_confirm()
        self.assertEqual(given.state, "used")
        self.assertEqual((line.voucher_cost, line.cost), (20, 20))
        self.assertEqual(given.used_amount, 20)
        with self.assertRaises(UserError):
            line.action_cancel_compensation()
        order._action_cancel()
        self.assertEqual((given.state, line.cost), ("granted", 0))

    def test_used_in_parts(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 50.0)
        order = self._quote(price=20)
        self._use(self._cards(given), order)
        order.action_confirm()
        self.assertEqual(given.state, "granted")
        self.assertAlmostEqual(given.used_amount, 24.2)
        self.assertAlmostEqual(self._cards(given).points, 25.8)
        with self.assertRaises(UserError):
            line.action_cancel_compensation()
        other = self._quote()
        self._use(self._cards(given), other)
        other.action_confirm()
        self.assertEqual(given.state, "used")
        self.assertAlmostEqual(line.cost, 50)

    def _use_at_the_till(self, card, points):
        """What a point of sale leaves of it: less points, and why."""
        card.points -= points
        self.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": "Onsite",
                "order_model": "pos.order",
                "order_id": 1,
                "used": points,
            }
        )

    def test_used_at_the_till(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 50.0)
        card = self._cards(given)
        self._use_at_the_till(card, 20)
        self.assertEqual((given.state, given.used_amount), ("granted", 20))
        self.assertEqual((given.reserved_amount, line.cost), (20, 20))
        with self.assertRaisesRegex(UserError, "was used"):
            line.action_cancel_compensation()
        order = self._quote()
        self._use(card, order)
        order.action_confirm()
        self.assertEqual((given.state, given.used_amount), ("used", 50))
        self.assertAlmostEqual(line.cost, 50)

    def test_coupon_used_at_the_till(self):
        self.company.aftersales_voucher_program_id = self._create_program(
            "coupons", reward_type="discount", discount_mode="per_order", discount=15
        )
        given = self._compensate_voucher(self._claim_line())
        card = self._cards(given)
        self._use_at_the_till(card, card.points)
        self.assertEqual((given.state, given.used_amount, given.cost), ("used", 15, 15))

    def test_taken_back_it_is_worth_nothing(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 20.0)
        card = self._cards(given)
        line.action_cancel_compensation()
        self.assertEqual(
            (given.state, card.active, card.points), ("cancelled", False, 0)
        )
        self.assertIn("error", self._quote()._try_apply_code(card.code))
        again = self._compensate(line, "voucher", 10.0)
        self.assertEqual(self._cards(again).points, 10)

    def test_expired_is_not_taken(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 20.0)
        self._cards(given).expiration_date = Date.today() - timedelta(days=1)
        self.assertIn("error", self._quote()._try_apply_code(self._cards(given).code))

    def test_nothing_is_issued_before_it_is_approved(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 60.0)
        self.assertEqual(given.state, "to_approve")
        self.assertFalse(self._cards(given))
        given.with_user(self.lead).action_approve()
        self.assertEqual(self._cards(given).points, 60)

    def test_coupon_is_worth_its_reward(self):
        table = [
            ({"discount_mode": "per_order", "discount": 15}, 15),
            (
                {"discount_mode": "percent", "discount": 10, "discount_max_amount": 30},
                30,
            ),
            ({"discount_mode": "per_point", "discount": 3, "required_points": 4}, 12),
        ]
        for reward, worth in table:
            with self.subTest(**reward):
                self.company.aftersales_voucher_program_id = self._create_program(
                    "coupons", reward_type="discount", **reward
                )
                line = self._claim_line()
                wizards = line.env["aftersales.claim.line.compensate"]
                with Form(wizards.with_context(default_line_id=line.id)) as form:
                    form.kind = "voucher"
                    self.assertEqual(form.amount, worth)
                    self.assertTrue(form.is_amount_fixed)
                form.record.action_confirm()
                given = line.compensation_id
                self.assertEqual(given.amount, worth)
                card = self._cards(given)
                self.assertEqual(card.points, reward.get("required_points", 1))

    def test_coupon_used(self):
        self.company.aftersales_voucher_program_id = self._create_program(
            "coupons", reward_type="discount", discount_mode="per_order", discount=12.1
        )
        line = self._claim_line()
        given = self._compensate_voucher(line)
        order = self._quote()
        self._use(self._cards(given), order)
        order.action_confirm()
        self.assertEqual(given.state, "used")
        self.assertAlmostEqual(given.used_amount, 12.1)
        self.assertAlmostEqual(line.cost, 10)

    def _compensate_voucher(self, line):
        return line._action_compensate({"kind": "voucher", "amount": 1.0})

    def test_free_product_costs_its_cost(self):
        self.company.aftersales_voucher_program_id = self._create_program(
            "coupons",
            reward_type="product",
            reward_product_id=self.battery.id,
            reward_product_qty=1,
        )
        line = self._claim_line()
        given = line.with_user(self.manager)._action_compensate(
            {"kind": "voucher", "amount": 1.0}
        )
        self.assertEqual(given.amount, 420)
        order = self._quote()
        self._use(self._cards(given), order)
        order.action_confirm()
        self.assertEqual(given.state, "used")
        self.assertEqual(line.cost, 200)

    def test_worth_must_be_known(self):
        self.company.aftersales_voucher_program_id = self._create_program(
            "coupons", reward_type="discount", discount_mode="percent", discount=10
        )
        line = self._claim_line()
        with self.assertRaisesRegex(UserError, "Nobody can tell"), self.cr.savepoint():
            self._compensate_voucher(line)
        self.company.aftersales_voucher_program_id = False
        with self.assertRaisesRegex(UserError, "no program"), self.cr.savepoint():
            self._compensate_voucher(line)
        self.assertEqual(line.state, "draft")

    def test_program_must_fit(self):
        with self.assertRaises(ValidationError):
            self.company.aftersales_voucher_program_id = self._create_program(
                "promotion"
            )
        self.gift.company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(ValidationError):
            self.company._check_aftersales_voucher_program()

    # -- who reads the code

    def test_customer_has_the_code_the_service_has_not(self):
        line = self._claim_line()
        given = self._compensate(line, "voucher", 20.0)
        code = self._cards(given).code
        (fact,) = line.claim_id.sudo()._get_portal_compensations()
        self.assertEqual(fact["code"], code)
        mails = self._mailed().filtered(lambda m: code in m.body_html)
        self.assertEqual(len(mails), 1)
        self.assertFalse(mails.mail_message_id.model)
        messages = line.claim_id.sudo().message_ids
        self.assertNotIn(code, "".join(messages.mapped("body")))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_of_the_service_or_a_stranger_reads_it(self):
        given = self._compensate(self._claim_line(), "voucher", 20.0)
        card = self._cards(given)
        for user in (self.agent, self.manager, self.portal_user, self.stranger_user):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    card.with_user(user).read(["code"])
                with self.assertRaises(AccessError):
                    given.with_user(user).read(["card_ids"])

    def test_mail_speaks_the_customer_s_language(self):
        for code, word in (("es_ES", "vale"), ("ca_ES", "val")):
            self._install_language(code)
            self.customer.lang = code
            with self.subTest(lang=code):
                given = self._compensate(self._claim_line(), "voucher", 20.0)
                number = self._cards(given).code
                mail = self._mailed().filtered(lambda m, n=number: n in m.body_html)
                self.assertIn(word, mail.body_html.lower())
                self.assertIn("20,00", mail.body_html)

    def test_one_voucher_for_a_compensation(self):
        given = self._compensate(self._claim_line(), "voucher", 20.0)
        card = self._cards(given)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            card.copy({"code": "other"}).aftersales_compensation_id = given.sudo()
            self.env.flush_all()
