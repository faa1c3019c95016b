# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


class ReadingCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours = cls.env.ref("aftersales_service.aftersales_counter_hours")
        cls.km = cls.env.ref("aftersales_service.aftersales_counter_kilometres")
        cls.km.highest_value = 99999
        cls.bike.aftersales_counter_ids = cls.km
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.asset.delivery_date = "2025-01-01"

    @classmethod
    def _read(cls, value, day=None, asset=None, user=None, **values):
        readings = cls.env["aftersales.reading"].with_user(user or cls.agent)
        vals = {
            "asset_id": (asset or cls.asset).id,
            "counter_id": cls.km.id,
            "value": value,
            **values,
        }
        if day:
            vals["date"] = f"{day} 10:00:00"
        return readings.create(vals)


@tagged("post_install", "-at_install")
class TestReading(ReadingCommon):
    # -- what can be read

    def test_bad_readings_get_a_clear_answer(self):
        for value, day, message in (
            (float("nan"), "2025-03-01", "is a number"),
            (float("inf"), "2025-03-01", "is a number"),
            (-1, "2025-03-01", "zero or more"),
            (100000, "2025-03-01", "99,999 at most"),
            (5, "2999-01-01", "in the future"),
            (5, "2024-12-31", "not delivered yet"),
        ):
            with (
                self.subTest(value=value, day=day),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                self._read(value, day)
        self.assertFalse(self.asset.reading_ids)

    def test_the_day_of_the_delivery_is_the_company_s(self):
        with freeze_time("2025-03-01 12:00:00"):
            # Half past midnight of the day of delivery in Madrid.
            reading = self._read(5, date="2024-12-31 23:30:00")
        self.assertEqual(reading.state, "counted")

    def test_only_counters_that_the_product_has(self):
        with (
            self.assertRaisesRegex(ValidationError, "has no counter “Hours”"),
            self.env.cr.savepoint(),
        ):
            self._read(5, counter_id=self.hours.id)
        self.bike.categ_id = self.env["product.category"].create({"name": "Bikes"})
        self.bike.categ_id.aftersales_counter_ids = self.hours
        self.assertTrue(self._read(5, counter_id=self.hours.id))
        self.assertEqual(self.asset.counter_ids, self.hours | self.km)

    def test_a_counter_of_a_category_above(self):
        above = self.env["product.category"].create(
            {"name": "Machines", "aftersales_counter_ids": self.hours.ids}
        )
        self.bike.categ_id = above.create({"name": "Drills", "parent_id": above.id})
        self.assertEqual(self.asset._get_counters(), self.hours | self.km)
        self.hours.active = False
        self.assertEqual(self.asset._get_counters(), self.km)

    def test_once_at_a_moment(self):
        self._read(5, "2025-03-01")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._read(5, "2025-03-01")

    def test_limits_of_a_counter(self):
        for values in ({"highest_value": -1}, {"highest_a_day": float("nan")}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.km.write(values)

    # -- what is questioned

    def test_a_lower_one_waits_for_a_person(self):
        self._read(100, "2025-03-01")
        lower = self._read(40, "2025-03-11")
        self.assertEqual((lower.state, lower.question), ("questioned", "lower"))
        self.assertEqual(self.asset._get_counter_values(self.km), {self.asset: 100})
        self.assertEqual(self.asset.questioned_reading_count, 1)
        with self.assertRaisesRegex(UserError, "does not run backwards"):
            lower.action_confirm()

    def test_the_counter_was_replaced(self):
        self._read(100, "2025-03-01")
        lower = self._read(40, "2025-03-11")
        lower.start_value = 30
        lower.action_confirm_replaced()
        self.assertEqual((lower.state, lower.kind), ("counted", "replaced"))
        self.assertEqual(lower.total, 110)
        self.assertEqual(lower.confirmed_by_id, self.agent)
        self.assertEqual(self._read(50, "2025-03-12").total, 120)

    def test_a_new_counter_began_no_higher_than_it_stands(self):
        self._read(100, "2025-03-01")
        lower = self._read(40, "2025-03-11")
        lower.start_value = 41
        with self.assertRaisesRegex(UserError, "begun higher"):
            lower.action_confirm_replaced()

    def test_the_display_rolled_over(self):
        self.asset.delivery_date = "2024-12-01"
        self._read(99990, "2025-03-01")
        lower = self._read(10, "2025-03-11")
        lower.action_confirm_rolled_over()
        self.assertEqual(lower.total, 100010)
        self.hours.highest_value = 0
        self.bike.aftersales_counter_ids += self.hours
        self._read(20, "2025-03-11", counter_id=self.hours.id)
        other = self._read(5, "2025-03-12", counter_id=self.hours.id)
        with self.assertRaisesRegex(UserError, "does not roll over"):
            other.action_confirm_rolled_over()

    def test_a_typing_error_is_kept_and_not_counted(self):
        self._read(100, "2025-03-01")
        lower = self._read(40, "2025-03-11")
        lower.action_reject()
        self.assertEqual((lower.state, lower.total), ("rejected", 0))
        self.assertEqual(self.asset._get_counter_values(self.km), {self.asset: 100})
        with self.assertRaisesRegex(UserError, "check it again first"):
            lower.action_confirm_replaced()
        with self.assertRaisesRegex(ValidationError, "typing error instead"):
            lower.unlink()

    def test_what_was_no_typing_error_is_checked_again(self):
        self._read(100, "2025-03-01")
        lower, fine = self._read(40, "2025-03-11"), self._read(120, "2025-03-12")
        (lower | fine).action_reject()
        (lower | fine).action_check_again()
        self.assertEqual((lower.state, lower.question), ("questioned", "lower"))
        self.assertEqual((fine.state, fine.total), ("counted", 120))
        self.assertFalse((lower | fine).confirmed_by_id)
        lower.action_reject()
        with self.assertRaises(AccessError):
            lower.with_user(self.technician).action_check_again()

    def test_a_first_one_that_can_t_be_waits_for_a_person(self):
        first = self._read(90000, "2025-01-11")
        self.assertEqual((first.state, first.question), ("questioned", "jump"))
        self.assertEqual(self._read(310, "2025-01-12").state, "counted")
        other = self._sell(self.bike, serials=["EB-2"])
        other.delivery_date = "2025-01-01"
        used = self._read(90000, "2025-01-11", other)
        used.action_confirm()
        self.assertEqual((used.state, used.total), ("counted", 90000))

    def test_the_one_before_was_the_typing_error(self):
        wrong = self._read(1000, "2025-03-01")
        right = self._read(140, "2025-03-11")
        self.assertEqual(right.state, "questioned")
        wrong.action_reject()
        self.assertEqual((right.state, right.question), ("counted", False))
        self.assertEqual(right.total, 140)

    def test_an_absurd_jump(self):
        self._read(100, "2025-03-01")
        jump = self._read(90000, "2025-03-11")
        self.assertEqual((jump.state, jump.question), ("questioned", "jump"))
        # Until then the next one is compared with the last that counts.
        self.assertEqual(self._read(200, "2025-03-12").state, "counted")
        jump.action_reject()
        again = self._read(90000, "2025-03-13")
        again.action_confirm()
        self.assertEqual((again.state, again.total), ("counted", 90000))

    def test_an_old_jump_is_not_right_beside_what_was_read_since(self):
        self._read(100, "2025-03-01")
        jump = self._read(90000, "2025-03-11")
        later = self._read(200, "2025-03-21")
        last = self._read(300, "2025-03-31")
        with self.assertRaisesRegex(UserError, "does not run backwards"):
            jump.action_confirm()
        self.assertEqual(jump.state, "questioned")
        # Another counter was fitted since: then both are right.
        later.action_confirm_replaced()
        jump.action_confirm()
        self.assertEqual([r.total for r in (jump, later, last)], [90000, 90200, 90300])

    def test_several_that_contradict_each_other_are_not_right_together(self):
        self._read(100, "2025-03-01")
        jumps = self._read(90000, "2025-03-11") | self._read(80000, "2025-03-12")
        self.assertEqual(set(jumps.mapped("question")), {"jump"})
        with self.assertRaisesRegex(UserError, "does not run backwards"):
            jumps.action_confirm()
        self.assertEqual(set(jumps.mapped("state")), {"questioned"})

    def test_what_followed_is_questioned_when_what_it_followed_was_wrong(self):
        self._read(500, "2025-03-01")
        new = self._read(10, "2025-03-11")
        new.action_confirm_replaced()
        after = self._read(30, "2025-03-21")
        checked = self._read(20000, "2025-03-22")
        checked.action_confirm()
        self.assertEqual([after.total, checked.total], [530, 20500])
        new.action_reject()
        self.assertEqual((after.state, after.question), ("questioned", "lower"))
        self.assertEqual((after.total, checked.total), (0, 20000))
        self.assertEqual(self.asset._get_counter_values(self.km), {self.asset: 20000})

    def test_what_was_checked_and_falls_behind_is_checked_again(self):
        self._read(500, "2025-03-01")
        new = self._read(10, "2025-03-11")
        new.action_confirm_replaced()
        right = self._read(400, "2025-03-12")
        right.action_confirm()
        self.assertTrue(right.confirmed_by_id)
        new.action_reject()
        self.assertEqual((right.state, right.question), ("questioned", "lower"))
        self.assertFalse(right.confirmed_by_id)

    def test_a_new_counter_questions_what_went_on_from_the_old_one(self):
        self._read(500, "2025-03-01")
        new = self._read(10, "2025-03-11")
        follower = self._read(20000, "2025-09-01")
        self.km.highest_a_day = 100
        self.assertEqual(follower.state, "counted")
        new.action_confirm_replaced()
        self.assertEqual((follower.state, follower.question), ("questioned", "jump"))

    def test_another_number_is_not_what_was_checked(self):
        repair = self.env["repair.order"].create(
            {
                "asset_id": self.asset.id,
                "product_id": self.bike.id,
                "lot_id": self.asset.lot_id.id,
                "partner_id": self.customer.id,
            }
        )
        self._read(500, "2025-03-01")
        new = self._read(10, "2025-03-11", repair_id=repair.id)
        new.action_confirm_replaced()
        self._read(30, "2025-03-21")
        new.value = 40
        self.assertEqual((new.state, new.question), ("questioned", "lower"))
        self.assertEqual((new.kind, new.confirmed_by_id.id), ("normal", False))

    def test_where_a_new_counter_began_is_corrected_but_not_above_it(self):
        self._read(100, "2025-03-01")
        new = self._read(40, "2025-03-11")
        new.action_confirm_replaced()
        new.start_value = 10
        self.assertEqual(new.total, 130)
        with self.assertRaisesRegex(ValidationError, "begun higher"):
            new.start_value = 41

    def test_the_limit_of_a_display_that_rolled_over(self):
        self.asset.delivery_date = "2024-12-01"
        self._read(99990, "2025-03-01")
        low = self._read(10, "2025-03-11")
        low.action_confirm_rolled_over()
        with self.assertRaisesRegex(ValidationError, "has shown"):
            self.km.highest_value = 9999
        with self.assertRaisesRegex(ValidationError, "has rolled over"):
            self.km.highest_value = 0
        self.km.highest_value = 999999
        self.assertEqual(low.total, 1000010)

    def test_numbers_and_days_that_none_can_compute_with(self):
        for value, day, message in (
            (1e9, "2025-03-01", "No counter shows"),
            (1e308, "2025-03-01", "No counter shows"),
            (5, "0001-01-01", "not delivered yet"),
            (5, "9999-12-31", "in the future"),
        ):
            with self.subTest(value=value, day=day):
                self.km.highest_value = 0
                with (
                    self.assertRaisesRegex(ValidationError, message),
                    self.env.cr.savepoint(),
                ):
                    self._read(value, day)

    def test_one_entered_later_between_two_others(self):
        self._read(100, "2025-03-01")
        last = self._read(300, "2025-03-21")
        between = self._read(200, "2025-03-11")
        self.assertEqual((between.state, last.total), ("counted", 300))
        higher = self._read(301, "2025-03-12")
        self.assertEqual((higher.state, higher.question), ("questioned", "higher"))

    def test_an_import_in_any_order(self):
        fields = ["asset_id", "counter_id", "date", "value"]
        name = f"{self.bike.name} · EB-1"
        rows = [
            [name, "Kilometres", f"2025-03-{day:02} 10:00:00", str(value)]
            for day, value in ((21, 300), (1, 100), (11, 200), (31, 250))
        ]
        result = self.env["aftersales.reading"].with_user(self.agent).load(fields, rows)
        self.assertFalse(result["messages"], result["messages"])
        readings = self.asset.reading_ids.sorted("date")
        self.assertEqual(
            readings.mapped("state"), ["counted", "counted", "counted", "questioned"]
        )
        self.assertEqual(readings.mapped("total"), [100, 200, 300, 0])
        self.assertEqual(set(readings.mapped("source")), {"office"})

    def test_an_import_of_rubbish_imports_nothing(self):
        fields = ["asset_id", "counter_id", "date", "value"]
        name = f"{self.bike.name} · EB-1"
        rows = [
            [name, "Kilometres", "2025-03-01 10:00:00", "100"],
            [name, "Kilometres", "2025-03-02 10:00:00", "-4"],
        ]
        result = self.env["aftersales.reading"].with_user(self.agent).load(fields, rows)
        self.assertFalse(result["ids"])
        self.assertIn("zero or more", result["messages"][0]["message"])
        self.assertFalse(self.asset.reading_ids)

    def test_many_cost_what_one_costs(self):
        assets = self._sell(self.bike, serials=[f"EB-2{n}" for n in range(12)])
        assets.delivery_date = "2025-01-01"

        def cost(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["aftersales.reading"].create(
                [
                    {"asset_id": asset.id, "counter_id": self.km.id, "value": 5}
                    for asset in some
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(assets[:1])
        self.assertLessEqual(cost(assets[1:]), cost(self.asset) + 3)

    # -- what they tell

    def test_dates_are_predicted_in_a_batch(self):
        other = self._sell(self.bike, serials=["EB-3"])
        other.delivery_date = "2025-01-01"
        self._read(100, "2025-03-01")
        self._read(200, "2025-03-11")
        self._read(100, "2025-03-01", asset=other)
        targets = {self.asset: 400, other: 400}
        self.env.invalidate_all()
        self.asset.mapped("company_id.partner_id.tz")
        with self.assertQueryCount(1):
            found = self.env["aftersales.asset"]._predict_counter_dates(
                self.km, targets
            )
        self.assertEqual(found, {self.asset: date(2025, 3, 31), other: None})
        why = other._predict_counter(self.km, targets)[other][1]
        self.assertIn("Two readings", other._get_usage_reason(why))
        self.assertEqual(other._get_counter_values(self.hours), {other: None})

    def test_a_prediction_goes_on_over_a_new_counter(self):
        self.asset.delivery_date = "2024-12-01"
        self._read(99950, "2025-03-01")
        lower = self._read(50, "2025-03-11")
        lower.action_confirm_rolled_over()
        found = self.asset._predict_counter_dates(self.km, {self.asset: 100150})
        self.assertEqual(found[self.asset], date(2025, 3, 21))

    def test_the_history_stays_with_the_product(self):
        self._read(100, "2025-03-01")
        self.asset.partner_id = self.stranger
        self.asset.state = "returned"
        self.asset.active = False
        self.assertEqual(self.asset._get_counter_values(self.km), {self.asset: 100})

    # -- at the service

    def _repair(self):
        claim = self._create_claim(self.asset, user_id=self.technician.id)
        claim.line_ids.action_create_repair()
        repair = claim.repair_ids
        repair.user_id = self.technician
        return repair

    def test_a_technician_enters_it_on_the_repair(self):
        repair = self._repair()
        form = Form(
            repair.with_user(self.technician),
            "aftersales_service.repair_order_view_form_technician",
        )
        with form.reading_ids.new() as line:
            self.assertEqual(line.counter_id, self.km)
            line.value = 120
        form.save()
        reading = repair.reading_ids
        self.assertEqual(reading.asset_id, self.asset)
        self.assertEqual((reading.source, reading.state), ("service", "counted"))
        self.assertEqual(reading.user_id, self.technician)
        # A slip of the finger, until the repair is done.
        reading.with_user(self.technician).value = 125
        self.assertEqual(reading.total, 125)
        repair.with_user(self.technician).action_validate()
        repair.with_user(self.technician).action_repair_start()
        repair.with_user(self.technician).action_repair_done()
        with self.assertRaises(ValidationError):
            reading.with_user(self.technician).value = 130
        with self.assertRaises(ValidationError):
            reading.with_user(self.technician).unlink()

    def test_deleted_before_the_end_it_is_not_counted(self):
        repair = self._repair()
        self._read(100, "2025-03-01")
        wrong = self._read(200, user=self.technician, repair_id=repair.id)
        self.assertEqual(self.asset._get_counter_values(self.km), {self.asset: 200})
        wrong.unlink()
        self.assertEqual(self.asset._get_counter_values(self.km), {self.asset: 100})

    def test_a_service_may_ask_for_it(self):
        self.km.is_required_at_service = True
        repair = self._repair().with_user(self.technician)
        repair.action_validate()
        repair.action_repair_start()
        with self.assertRaisesRegex(UserError, "Still to read: Kilometres"):
            repair.action_repair_done()
        repair.reading_ids = [Command.create({"counter_id": self.km.id, "value": 7})]
        repair.action_repair_done()
        self.assertEqual(repair.state, "done")

    # -- who may not

    def test_a_technician_enters_on_their_repairs_only(self):
        other = self._create_user("other", "aftersales_service.group_technician")
        repair = self._repair()
        with self.assertRaises(AccessError):
            self._read(5, user=other, repair_id=repair.id)
        with self.assertRaises(AccessError):
            self._read(5, user=self.technician)
        mine = self._read(5, user=self.technician, repair_id=repair.id)
        with self.assertRaises(AccessError):
            mine.with_user(other).value = 7
        with self.assertRaises(AccessError):
            mine.with_user(other).unlink()
        with self.assertRaisesRegex(UserError, "agents check"):
            mine.with_user(self.technician).action_reject()
        # To a repair that is about another product.
        helmet = self._create_claim(self._sell(self.helmet))
        helmet.line_ids.action_create_repair()
        with self.assertRaises(AccessError):
            mine.with_user(self.technician).repair_id = helmet.repair_ids
        with self.assertRaisesRegex(ValidationError, "another product|no counter"):
            mine.with_user(self.agent).repair_id = helmet.repair_ids

    def test_what_follows_is_nobody_s_to_enter(self):
        reading = self._read(5)
        for values in (
            {"total": 9},
            {"state": "rejected"},
            {"source": "customer"},
            {"kind": "replaced"},
            {"confirmed_by_id": self.agent.id},
        ):
            with self.subTest(values=values):
                with self.assertRaises(AccessError):
                    reading.with_user(self.manager).write(values)
                with self.assertRaises(AccessError):
                    self._read(6, **values)

    def test_strangers(self):
        reading = self._read(5)
        employee = self._create_user("employee", "base.group_user")
        for user in (employee, self.portal_user, self.stranger_user):
            with self.subTest(user=user.login):
                as_user = reading.with_user(user)
                with self.assertRaises(AccessError):
                    as_user.read(["value"])
                with self.assertRaises(AccessError):
                    as_user.action_reject()
                with self.assertRaises(AccessError):
                    self._read(6, user=user)

    def test_other_companies(self):
        company = self.env["res.company"].create({"name": "Second"})
        colleague = self._create_user(
            "far",
            "aftersales_service.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        reading = self._read(5)
        with self.assertRaises(AccessError):
            reading.with_user(colleague).action_reject()
        with self.assertRaises(AccessError):
            self._read(6, "2025-03-01", user=colleague)
        theirs = self.hours.create({"name": "T", "unit": "t", "company_id": company.id})
        self.bike.aftersales_counter_ids |= theirs
        self.assertNotIn(theirs, self.asset._get_counters())


@tagged("post_install", "-at_install")
class TestPortalReading(ReadingCommon, HttpCase):
    def _post(self, asset, login="test_marta", **values):
        self.authenticate(login, login)
        page = self.url_open("/my")
        token = page.text.split('csrf_token: "')[1].split('"')[0]
        return self.url_open(
            f"/my/assets/{asset.id}/reading",
            data={"csrf_token": token, "counter_id": self.km.id, **values},
        )

    def test_a_customer_reads_the_counter(self):
        response = self._post(self.asset, value="1,250.5 km")
        self.assertIn("we have noted the reading", response.text)
        reading = self.asset.reading_ids
        self.assertEqual((reading.value, reading.source), (1250.5, "customer"))
        self.assertEqual(reading.user_id, self.portal_user)
        # The same again, and a second click.
        self._post(self.asset, value="1250.5")
        self.assertEqual(len(self.asset.reading_ids), 1)

    def test_a_lower_one_is_kept_and_questioned(self):
        self._read(2000, "2025-03-01")
        response = self._post(self.asset, value="1000")
        self.assertIn("we will check it", response.text)
        self.assertEqual(self.asset.questioned_reading_count, 1)

    def test_two_in_one_second_are_both_noted(self):
        as_customer = self.asset.with_user(self.portal_user)
        with freeze_time("2026-03-01 10:00:00"):
            as_customer._add_portal_reading(self.km.id, "100")
            as_customer._add_portal_reading(self.km.id, "90")
            as_customer._add_portal_reading(self.km.id, "90")
        readings = self.asset.reading_ids.sorted("date")
        self.assertEqual(readings.mapped("value"), [100, 90])
        self.assertEqual(readings.mapped("state"), ["counted", "questioned"])

    def test_rubbish_gets_an_answer(self):
        for value, answer in (
            ("", "Write the number"),
            ("<b>12</b>", "Write the number"),
            ("nan", "Write the number"),
            ("-5", "zero or more"),
            ("100000", "99,999 at most"),
        ):
            with self.subTest(value=value):
                response = self._post(self.asset, value=value)
                self.assertIn(answer, response.text)
                self.assertNotIn("<b>12", response.text)
        for counter in ("x", "0", self.hours.id, "1" * 25):
            with self.subTest(counter=counter):
                response = self._post(self.asset, value="5", counter_id=counter)
                self.assertIn("no such counter", response.text)
        self.assertFalse(self.asset.reading_ids)

    def test_only_the_number_is_taken(self):
        self._post(
            self.asset,
            value="5",
            source="office",
            date="2025-02-01",
            state="rejected",
            repair_id="1",
        )
        reading = self.asset.reading_ids
        self.assertEqual((reading.source, reading.state), ("customer", "counted"))
        self.assertGreater(str(reading.date), "2025-03-01")

    def test_strangers_find_nothing(self):
        self.assertEqual(
            self._post(self.asset, "test_jordi", value="5").status_code, 404
        )
        self.authenticate(None, None)
        url = f"/my/assets/{self.asset.id}/reading"
        response = self.url_open(url, data={"value": "5"}, allow_redirects=False)
        self.assertIn(response.status_code, (303, 400))
        self.authenticate("test_marta", "test_marta")
        response = self.url_open(url, data={"counter_id": self.km.id, "value": "5"})
        self.assertEqual(response.status_code, 400, "without a token")
        self.assertEqual(self.url_open(url).status_code, 405)
        self.assertFalse(self.asset.reading_ids)

    def test_who_gave_it_away_reads_nothing_more(self):
        self.asset.partner_id = self.stranger
        self.assertEqual(self._post(self.asset, value="5").status_code, 404)
        self.assertEqual(
            self._post(self.asset, "test_jordi", value="5").status_code, 200
        )
        self.assertEqual(len(self.asset.reading_ids), 1)

    def test_a_returned_product_has_no_more_readings(self):
        self.asset.state = "returned"
        response = self._post(self.asset, value="5")
        self.assertIn("no such counter", response.text)
        self.assertNotIn("What does it show now?", response.text)

    def test_a_product_without_counters_shows_none(self):
        helmet = self._sell(self.helmet)
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(f"/my/assets/{helmet.id}")
        self.assertNotIn("aftersales_asset_counters", page.text)

    def test_nothing_in_the_address_is_shown(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(
            f"/my/assets/{self.asset.id}?reading_error=BAD&noted=BAD&reading_value=BAD"
        )
        self.assertNotIn("BAD<", page.text)
