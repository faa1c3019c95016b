# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import Form, freeze_time, tagged, users
from odoo.tools import mute_logger

from ..rules import compensation
from .common_compensation import LIMITS, CompensationCommon

#: Amount, and who may give it at least.
DECIDERS = [
    (0.01, "agent"),
    (50.0, "agent"),
    (50.01, "lead"),
    (200.0, "lead"),
    (200.01, "manager"),
    (1000.0, "manager"),
    (1000.01, None),
    (1e300, None),
]


@tagged("post_install", "-at_install")
class TestCompensation(CompensationCommon):
    def test_who_may_give_how_much(self):
        for amount, expected in DECIDERS:
            with self.subTest(amount=amount):
                self.assertEqual(compensation.decider(amount, LIMITS), expected)

    def test_agent_gives_a_discount(self):
        line = self._claim_line()
        given = self._compensate(line)
        self.assertEqual((line.remedy, line.state), ("compensate", "done"))
        self.assertEqual(given.state, "granted")
        self.assertEqual(given.granted_by_id, self.agent)
        today = self.company._aftersales_today()
        self.assertEqual(given.date_until, today + timedelta(days=365))
        self.assertFalse(line.cost, "It costs nothing until it is used.")
        line.claim_id.action_solve()
        self.assertEqual(line.claim_id.stage_category, "solved")

    def test_needs_no_rights_of_others_and_gives_none(self):
        given = self._compensate(self._claim_line(), "payment")
        for model, records in (
            ("account.move", given.sudo().account_line_ids.move_id),
            ("aftersales.compensation", given),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.agent).browse(records.ids).write(
                    {"partner_id": self.stranger.id}
                )
        with self.assertRaises(AccessError):
            self.env["aftersales.compensation"].with_user(self.agent).create({})

    def test_holds_no_goods(self):
        """All four helmets can be claimed besides."""
        line = self._claim_line()
        self._compensate(line)
        other = self._create_claim(self.asset).line_ids
        other.quantity = 4
        self.assertEqual(other.quantity, 4)

    # -- approval

    def test_above_the_limit_the_lead_is_asked(self):
        line = self._claim_line()
        given = self._compensate(line, amount=60)
        self.assertEqual((given.state, line.state), ("to_approve", "decided"))
        activity = line.claim_id.activity_ids
        self.assertEqual(activity.user_id, self.lead)
        self.assertFalse(self._mails(line.claim_id), "Nothing is promised yet.")
        with self.assertRaises(UserError):
            line.claim_id.action_solve()
        with self.assertRaises(AccessError):
            given.action_approve()
        self.assertFalse(given.can_approve)
        given.with_user(self.lead).action_approve()
        self.assertEqual((given.state, line.state), ("granted", "done"))
        self.assertFalse(line.claim_id.activity_ids)
        self.assertEqual(given.granted_by_id, self.lead)
        self.assertEqual(len(self._mails(line.claim_id)), 1)
        with self.assertRaises(UserError):
            given.with_user(self.lead).action_approve()

    def test_above_the_lead_a_manager_is_asked(self):
        given = self._compensate(self._claim_line(), amount=300)
        self.assertTrue(
            given.sudo().activity_id.user_id.has_group(
                "aftersales_service.group_manager"
            )
        )
        with self.assertRaises(AccessError):
            given.with_user(self.lead).action_approve()
        given.with_user(self.manager).action_approve()
        self.assertEqual(given.state, "granted")

    def test_roles_give_up_to_their_limit(self):
        for user, amount, state in (
            (self.agent, 50, "granted"),
            (self.lead, 200, "granted"),
            (self.lead, 200.01, "to_approve"),
            (self.manager, 1000, "granted"),
        ):
            with self.subTest(user=user.login, amount=amount):
                given = self._compensate(self._claim_line(), amount=amount, user=user)
                self.assertEqual(given.state, state)

    def test_nobody_gives_more_than_a_manager(self):
        line = self._claim_line()
        for amount in (1000.01, 1e12):
            with self.subTest(amount=amount), self.assertRaises(UserError):
                self._compensate(line, amount=amount, user=self.manager)
            line.invalidate_recordset()
            self.assertEqual(line.state, "draft")

    def test_lead_without_rights_is_not_asked(self):
        self.team.member_ids -= self.lead
        given = self._compensate(self._claim_line(), amount=60)
        self.assertTrue(
            given.sudo().activity_id.user_id.has_group(
                "aftersales_service.group_manager"
            )
        )

    def test_what_is_not_approved_goes_back_to_diagnosis(self):
        line = self._claim_line()
        given = self._compensate(line, amount=60)
        given.with_user(self.lead).action_refuse()
        self.assertEqual(given.state, "cancelled")
        self.assertEqual((line.state, line.remedy), ("draft", False))
        self.assertFalse(line.claim_id.activity_ids)
        self.assertFalse(self._mails(line.claim_id))
        self._compensate(line, amount=40)
        self.assertEqual(line.state, "done")

    def test_the_wizard_says_who_is_asked(self):
        line = self._claim_line()
        wizards = line.env["aftersales.claim.line.compensate"]
        with Form(wizards.with_context(default_line_id=line.id)) as form:
            form.amount = 50
            self.assertFalse(form.limit_note)
            form.amount = 51
            self.assertIn("lead", form.limit_note)
            form.amount = 201
            self.assertIn("manager", form.limit_note)
            form.kind = "credit"
            self.assertIn("invoice", form.problem)

    # -- on top of another remedy

    def test_on_top_of_a_repair(self):
        line = self._claim_line()
        line.action_create_repair()
        given = self._compensate(line)
        self.assertEqual((line.remedy, line.state), ("repair", "decided"))
        line.action_cancel_compensation()
        self.assertEqual(given.state, "cancelled")
        self.assertEqual((line.remedy, line.state), ("repair", "decided"))

    # -- bad input

    def test_bad_input_leaves_nothing(self):
        self._invoice(self.order)
        yesterday = Date.today() - timedelta(days=2)
        table = [
            {"amount": 0.0},
            {"amount": -5.0},
            {"amount": 0.001},
            {"amount": float("nan")},
            {"amount": float("inf")},
            {"kind": "gold"},
            {"kind": False},
            {"date_until": yesterday},
            {"kind": "credit", "amount": 400.0},
        ]
        line = self._claim_line()
        for values in table:
            with (
                self.subTest(**values),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                line.with_user(self.manager)._action_compensate(
                    {"kind": "discount", "amount": 10.0, **values}
                )
            line.invalidate_recordset()
            self.assertEqual((line.state, line.remedy), ("draft", False))
            self.assertFalse(line.sudo().compensation_ids)

    def test_archived_customer(self):
        line = self._claim_line()
        self.portal_user.active = False
        self.customer.active = False
        with self.assertRaisesRegex(UserError, "archived"), self.cr.savepoint():
            self._compensate(line)

    def test_closed_claim(self):
        line = self._claim_line()
        line.claim_id.action_solve()
        with self.assertRaisesRegex(UserError, "closed"):
            line._action_compensate({"kind": "discount", "amount": 10.0})

    def test_credit_in_a_currency_without_rate(self):
        currency = self.env["res.currency"].create({"name": "XQT", "symbol": "Q"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "Q", "currency_id": currency.id}
        )
        order = self._sell_many((self.helmet, 1), pricelist_id=pricelist.id)
        order.order_line.price_unit = 100
        self._invoice(order)
        line = self._create_claim(self._get_assets(order)).line_ids
        with self.assertRaisesRegex(UserError, "no rate"), self.cr.savepoint():
            self._compensate(line, "credit")

    def test_closed_period(self):
        self._invoice(self.order)
        self.company.fiscalyear_lock_date = Date.today() + timedelta(days=30)
        for kind in ("credit", "payment"):
            line = self._claim_line()
            with (
                self.subTest(kind=kind),
                self.assertRaisesRegex(UserError, "books are closed"),
                self.cr.savepoint(),
            ):
                self._compensate(line, kind)
            line.invalidate_recordset()
            self.assertEqual(line.state, "draft")
            self.assertFalse(line.sudo().refund_line_ids)

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_user(
            "elsewhere",
            "aftersales_service.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        given = self._compensate(self._claim_line())
        self.env.flush_all()
        self.env.invalidate_all()
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            given.with_user(stranger).read(["amount"])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_customers_and_strangers_see_none(self):
        given = self._compensate(self._claim_line(user_id=self.agent.id))
        for user in (
            self.portal_user,
            self.stranger_user,
            self.technician,
            self.stocker,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                given.with_user(user).read(["amount"])

    # -- taking it back

    def test_taken_back_before_it_is_used(self):
        line = self._claim_line()
        given = self._compensate(line)
        given.action_cancel()
        self.assertEqual(given.state, "cancelled")
        self.assertEqual((line.state, line.remedy), ("draft", False))
        again = self._compensate(line, amount=30)
        line.action_cancel_remedy()
        self.assertEqual(again.state, "cancelled")
        with self.assertRaises(UserError):
            line.action_cancel_compensation()

    def test_once_per_line(self):
        line = self._claim_line()
        self._compensate(line)
        with self.assertRaises(UserError):
            line.action_create_compensation()
        with self.assertRaises(UserError):
            line._action_compensate({"kind": "payment", "amount": 1.0})

    # -- what the customer reads

    def test_customer_is_told_once_in_their_language(self):
        for code, word, amount in (
            ("es_ES", "pedido", "20,00"),
            ("ca_ES", "comanda", "20,00"),
            ("en_US", "order", "20.00"),
        ):
            self._install_language(code)
            self.customer.lang = code
            line = self._claim_line()
            given = self._compensate(line)
            with self.subTest(lang=code):
                mail = self._mails(line.claim_id)
                self.assertEqual(len(mail), 1)
                self.assertEqual(mail.notified_partner_ids, self.customer)
                self.assertIn(word, mail.body)
                self.assertIn(amount, mail.body)
                self.assertIn(line.claim_id.name, mail.body)
                given.sudo()._settle()
                self.assertEqual(len(self._mails(line.claim_id)), 1)

    def test_credit_is_told_once_it_is_booked(self):
        self._invoice(self.order)
        line = self._claim_line()
        given = self._compensate(line, "credit")
        self.assertFalse(self._mails(line.claim_id))
        note = given.sudo().account_line_ids.move_id.with_user(self.accountant)
        note.action_post()
        self.assertEqual(len(self._mails(line.claim_id)), 1)
        note.button_draft()
        note.action_post()
        self.assertEqual(len(self._mails(line.claim_id)), 1)

    @users("test_marta")
    def test_customer_without_rights_has_facts(self):
        line = self._claim_line()
        self._compensate(line)
        claim = line.claim_id.with_env(self.env).sudo()
        (fact,) = claim._get_portal_compensations()
        self.assertIn("20.00", fact["text"])
        self.assertIn(claim.name, fact["how"])
        self.assertEqual(fact["state"], "granted")


@tagged("post_install", "-at_install")
class TestDiscountOnOrder(CompensationCommon):
    def test_taken_off_the_next_order(self):
        line = self._claim_line()
        given = self._compensate(line)
        quote = self._quote().with_user(self.salesman)
        self.assertEqual(quote.aftersales_discount, 20)
        quote.action_apply_aftersales_discount()
        self.assertAlmostEqual(quote.amount_total, 121 - 20)
        self.assertFalse(quote.aftersales_discount)
        self.assertEqual((given.state, given.cost), ("granted", 0))
        with self.assertRaises(UserError):
            quote.action_apply_aftersales_discount()
        with self.assertRaisesRegex(UserError, "is on"):
            given.action_cancel()
        quote.action_confirm()
        self.assertEqual((given.state, given.used_amount), ("used", 20))
        self.assertEqual(line.voucher_cost, 16.53)
        self.assertEqual(line.cost, 16.53)
        self._deliver(quote.sudo().picking_ids)
        invoice = quote.sudo()._create_invoices()
        self.assertEqual(invoice.amount_total, quote.amount_total)
        self.assertEqual(invoice.aftersales_claim_ids, line.claim_id)
        with self.assertRaises(UserError):
            given.action_cancel()

    def test_cancelled_order_gives_it_back(self):
        line = self._claim_line()
        given = self._compensate(line)
        quote = self._quote()
        quote.action_apply_aftersales_discount()
        quote.action_confirm()
        self.assertEqual(line.voucher_cost, 16.53)
        quote._action_cancel()
        self.assertEqual((given.state, line.voucher_cost), ("granted", 0))
        other = self._quote()
        other.action_apply_aftersales_discount()
        other.action_confirm()
        self.assertEqual(given.state, "used")
        quote.action_draft()
        with self.assertRaisesRegex(UserError, "any more"):
            quote.action_confirm()

    def test_used_in_parts(self):
        given = self._compensate(self._claim_line(), amount=50)
        small = self._quote(price=20)
        small.action_apply_aftersales_discount()
        self.assertAlmostEqual(small.amount_total, 0)
        small.action_confirm()
        self.assertEqual(given.state, "granted")
        self.assertAlmostEqual(given.used_amount, 24.2)
        (fact,) = given.claim_id.sudo()._get_portal_compensations()
        self.assertIn("25.80", fact["left"])
        rest = self._quote()
        self.assertAlmostEqual(rest.aftersales_discount, 25.8)
        rest.action_apply_aftersales_discount()
        rest.action_confirm()
        self.assertEqual(given.state, "used")

    def test_not_after_its_last_day(self):
        given = self._compensate(
            self._claim_line(), date_until=Date.today() + timedelta(days=10)
        )
        quote = self._quote()
        with freeze_time(Date.today() + timedelta(days=11, hours=36)):
            quote.invalidate_recordset()
            self.assertFalse(quote.aftersales_discount)
            with self.assertRaises(UserError):
                quote.action_apply_aftersales_discount()
        with freeze_time(given.date_until):
            quote.invalidate_recordset()
            self.assertTrue(quote.aftersales_discount)

    def test_of_this_customer_and_company_alone(self):
        self._compensate(self._claim_line())
        self.assertFalse(self._quote(partner=self.stranger).aftersales_discount)
        colleague = self.customer.copy({"name": "Somebody else"})
        self.assertFalse(self._quote(partner=colleague).aftersales_discount)

    def test_copied_order_has_no_discount(self):
        self._compensate(self._claim_line())
        quote = self._quote()
        quote.action_apply_aftersales_discount()
        self.assertAlmostEqual(quote.copy().amount_total, 121)

    def test_removed_line_gives_it_back(self):
        given = self._compensate(self._claim_line())
        quote = self._quote()
        quote.action_apply_aftersales_discount()
        given.sudo().sale_line_ids.unlink()
        self.assertFalse(given.reserved_amount)
        self.assertEqual(quote.aftersales_discount, 20)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_sells_nothing_takes_nothing_off(self):
        self._compensate(self._claim_line())
        quote = self._quote()
        for user in (self.agent, self.portal_user, self.stranger_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                quote.with_user(user).action_apply_aftersales_discount()

    def test_banner_costs_the_same_for_any_number_of_orders(self):
        self._compensate(self._claim_line())
        quotes = self._quote().browse()
        for _number in range(8):
            quotes |= self._quote()
        counts = []
        for records in (quotes[:2], quotes):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("aftersales_discount")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
