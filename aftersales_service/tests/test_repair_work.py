# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


class WorkCommon(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-100"])
        cls.repair = cls._create_repair(cls.asset)
        cls.worker = cls.repair.with_user(cls.technician)

    @classmethod
    def _sell(cls, *args, **kwargs):
        assets = super()._sell(*args, **kwargs)
        # The tests go back in time; nothing is repaired before it was sold.
        assets.delivery_date = "2026-01-02"
        return assets

    @classmethod
    def _create_repair(cls, asset, **values):
        claim = cls._create_claim(asset, user_id=cls.technician.id)
        claim.line_ids.action_create_repair()
        claim.repair_ids.write(values)
        return claim.repair_ids

    def _end(self, repair):
        repair = repair.with_user(self.technician)
        repair.action_repair_start()
        repair.action_repair_end()


@tagged("post_install", "-at_install")
class TestRepairWork(WorkCommon, HttpCase):
    def test_the_clock_books_the_hours(self):
        with freeze_time("2026-03-10 09:00:00"):
            self.worker.action_start_work()
        self.assertEqual(self.repair.state, "under_repair")
        self.assertEqual(self.repair.claim_line_id.state, "in_progress")
        self.assertTrue(self.worker.clock_started_on)
        self.assertFalse(self.repair.with_user(self.agent).clock_started_on)
        with freeze_time("2026-03-10 09:10:00"):
            # Another tab.
            self.worker.action_start_work()
        with freeze_time("2026-03-10 10:30:00"):
            self.worker.action_stop_work()
            self.worker.action_stop_work()
        self.assertEqual(self.repair.labour_ids.mapped("hours"), [1.5])
        self.assertEqual(self.repair.labour_ids.technician_id, self.technician)
        self.assertFalse(self.worker.clock_started_on)
        with freeze_time("2026-03-10 11:00:00"):
            self.worker.action_start_work()
        with freeze_time("2026-03-10 11:30:00"):
            self.worker.action_finish_work()
        self.assertEqual(self.repair.state, "done")
        self.assertEqual(self.repair.worked_hours, 2)
        with self.assertRaisesRegex(UserError, "already ended"):
            self.worker.action_start_work()

    def test_one_clock_a_technician_and_a_forgotten_one_ends(self):
        other = self._create_repair(self._sell(self.helmet)).with_user(self.technician)
        with freeze_time("2026-03-10 09:00:00"):
            self.worker.action_start_work()
        with freeze_time("2026-03-10 10:00:00"):
            other.action_start_work()
        self.assertEqual(self.repair.worked_hours, 1)
        self.assertFalse(self.worker.clock_started_on)
        with freeze_time("2026-03-14 10:00:00"):
            other.action_stop_work()
        self.assertEqual(other.worked_hours, 24)

    def test_two_technicians_have_a_clock_each_and_done_stops_both(self):
        colleague = self._create_user("mate", "aftersales_service.group_technician")
        self.repair.user_id = False
        with freeze_time("2026-03-10 09:00:00"):
            self.repair.with_user(colleague).action_start_work()
        self.repair.user_id = False
        with freeze_time("2026-03-10 10:00:00"):
            self.worker.action_start_work()
        with freeze_time("2026-03-10 11:00:00"):
            self.worker.action_finish_work()
        hours = {r.technician_id: r.hours for r in self.repair.labour_ids}
        self.assertEqual(hours, {colleague: 2, self.technician: 1})

    def test_the_clock_is_not_set_by_hand(self):
        self.worker.labour_ids = [Command.create({"hours": 1})]
        with self.assertRaises(AccessError):
            self.worker.labour_ids.started_on = "2020-01-01 00:00:00"

    def test_serials_of_parts_are_typed(self):
        motor = self._create_product("Motor", "serial", 300.0, 600.0)
        new = self._create_lot(motor, "MO-NEW")
        self._stock(motor, 1, new)
        self._stock(motor, 1, self._create_lot(motor, "MO-FIRST"))
        form = Form(self.worker, "aftersales_service.repair_order_view_form_technician")
        with form.move_ids.new() as part:
            part.product_id = motor.with_env(self.worker.env)
            part.repair_serial = "MO-NEW"
        with form.move_ids.new() as part:
            part.product_id = motor.with_env(self.worker.env)
            part.repair_line_type = "remove"
            part.repair_serial = "MO-OLD"
        form.findings = "New motor"
        form.save()
        self._end(self.repair)
        parts = {p["is_removed"]: p["serials"] for p in self.repair._get_parts_vals()}
        self.assertEqual(parts, {False: ["MO-NEW"], True: ["MO-OLD"]})
        self.assertEqual(motor.qty_available, 1)

    def test_serials_that_cannot_be_are_refused(self):
        motor = self._create_product("Motor", "serial", 300.0, 600.0)
        self._stock(motor, 1, self._create_lot(motor, "MO-HERE"))
        for kind, product, serial, message in (
            ("add", motor, "MO-NONE", "not in stock"),
            ("remove", motor, "MO-HERE", "can't be taken out"),
            ("add", self.battery, "B-1", "no serial numbers"),
        ):
            with (
                self.subTest(serial=serial),
                self.assertRaisesRegex(UserError, message),
                self.env.cr.savepoint(),
            ):
                self.worker.move_ids = [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "repair_line_type": kind,
                            "repair_serial": serial,
                        }
                    )
                ]

    def test_the_checks_of_kind_and_category_have_to_be_made(self):
        bikes = self.env["product.category"].create({"name": "Bikes"})
        electric = self.env["product.category"].create(
            {"name": "Electric", "parent_id": bikes.id}
        )
        self.bike.categ_id = electric
        checklists = self.env["aftersales.checklist"].with_user(self.manager)
        for name, kind, category in (
            ("Brakes", "corrective", bikes),
            ("Paint", "corrective", self.helmet.categ_id),
            ("Unpack", "installation", bikes),
        ):
            checklists.create(
                {
                    "name": name,
                    "service_kind": kind,
                    "category_ids": category.ids,
                    "line_ids": [
                        Command.create({"name": name}),
                        Command.create({"name": f"{name} +", "is_required": False}),
                    ],
                }
            )
        self.helmet.categ_id = self.env["product.category"].create({"name": "Helmets"})
        checklists.search([("name", "=", "Paint")]).category_ids = self.helmet.categ_id
        self.worker.action_validate()
        self.assertEqual(self.repair.check_ids.mapped("name"), ["Brakes", "Brakes +"])
        self.worker.action_repair_start()
        with self.assertRaisesRegex(UserError, "Still to check: Brakes."):
            self.worker.action_repair_end()
        self.worker.check_ids[0].result = "ok"
        self.assertEqual(self.repair.check_ids[0].checked_by_id, self.technician)
        self.worker.action_repair_end()
        with self.assertRaisesRegex(UserError, "history"):
            self.worker.check_ids[0].result = "not_ok"

    def test_everybody_reads_the_checks_in_their_language(self):
        for lang in ("es_ES", "ca_ES"):
            self.env["res.lang"]._activate_lang(lang)
        checklist = self.env["aftersales.checklist"].create(
            {"name": "Brakes", "line_ids": [Command.create({"name": "Brakes work"})]}
        )
        line = checklist.line_ids
        line.with_context(lang="es_ES").name = "Los frenos funcionan"
        line.with_context(lang="ca_ES").name = "Els frens funcionen"
        # Whoever confirms it, in whatever language.
        self.technician.lang = "ca_ES"
        self.worker.with_context(lang="ca_ES").action_validate()
        line.with_context(lang="es_ES").name = "Frenos, otra cosa"
        check = self.repair.check_ids
        for lang, name in (
            ("en_US", "Brakes work"),
            ("es_ES", "Los frenos funcionan"),
            ("ca_ES", "Els frens funcionen"),
        ):
            self.assertEqual(check.with_context(lang=lang).name, name)
        check.result = "ok"
        (told,) = self.repair._get_printable("es_ES")._get_checks_vals()
        self.assertEqual(told["name"], "Los frenos funcionan")

    def test_a_second_repair_soon_after_is_rework(self):
        with freeze_time("2026-03-01 10:00:00"):
            self._end(self.repair)
        with freeze_time("2026-03-20 10:00:00"):
            second = self._create_repair(self.asset)
            self.assertEqual(second.rework_of_id, self.repair)
            self.assertEqual(self.repair.rework_ids, second)
            self._end(second)
        with freeze_time("2026-05-20 10:00:00"):
            self.assertFalse(self._create_repair(self.asset).rework_of_id)

    def test_steps_are_sent_and_the_customer_says_whether_they_worked(self):
        self.repair.service_mode = "remote"
        with self.assertRaisesRegex(UserError, "Write the steps"):
            self.worker.action_send_steps()
        self.worker.remote_steps = "<p>Hold the button for ten seconds.</p>"
        self.worker.action_send_steps()
        message = self.repair.claim_id.message_ids[0]
        self.assertIn("ten seconds", message.body)
        self.assertIn(self.customer, message.notified_partner_ids)
        token = self._get_sent_token(message)
        page = self.url_open(f"/aftersales/steps?answer={token}")
        self.assertIn("ten seconds", page.text)
        self.assertNotIn(self.customer.name, page.text)
        self.assertFalse(self.repair.remote_result)
        csrf = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
        for worked in ("no", "yes"):
            self.url_open(
                "/aftersales/steps/answer",
                data={"csrf_token": csrf, "answer": token, "worked": worked},
            )
        # The first answer counts.
        self.assertEqual(self.repair.remote_result, "failed")
        self.assertIn("did not work", self.repair.activity_ids.mapped("summary")[-1])

    def _get_sent_token(self, message):
        """The token in the customer's own mail; nobody else's copy has one."""
        own = message.mail_ids.filtered(lambda m: m.recipient_ids == self.customer)
        [token] = set(
            re.findall(r"/aftersales/steps\?answer=([\w.~%-]+)", own.body_html)
        )
        for text in (message.body, *(message.mail_ids - own).mapped("body_html")):
            self.assertNotIn("answer=", text)
            self.assertIn(f"/my/repairs/{self.repair.id}/steps", text)
        return token

    def _send_steps(self):
        self.worker.remote_steps = "<p>Hold the button for ten seconds.</p>"
        self.worker.action_send_steps()
        document = self.repair.claim_id or self.repair
        return document.message_ids.filtered(lambda m: "ten seconds" in m.body)[0]

    def _open_steps(self, token):
        return self.url_open(f"/aftersales/steps?answer={token}").status_code

    def test_staff_who_follow_are_sent_no_link_to_answer(self):
        self.agent.notification_type = "email"
        self.repair.claim_id.message_subscribe(self.agent.partner_id.ids)
        message = self._send_steps()
        self.assertIn(self.agent.partner_id, message.notified_partner_ids)
        self.assertEqual(self._open_steps(self._get_sent_token(message)), 200)

    def test_steps_of_a_repair_without_claim_have_their_link_as_well(self):
        self.repair = self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.helmet.id,
                "user_id": self.technician.id,
            }
        )
        self.worker = self.repair.with_user(self.technician)
        message = self._send_steps()
        token = self._get_sent_token(message)
        self.assertEqual(self._open_steps(token), 200)
        own = message.mail_ids.filtered(lambda m: m.recipient_ids == self.customer)
        # No button to a page that is not for customers.
        self.assertNotIn("/mail/view", own.body_html)

    def test_the_guide_is_sent_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        guide = self.env["aftersales.article"].create(
            {"name": "Reset", "kind": "guide", "body": "<p>Hold the button.</p>"}
        )
        guide.with_context(lang="es_ES").body = "<p>Mantén el botón.</p>"
        self.customer.lang = "es_ES"
        self.worker.article_id = guide
        self.assertIn("Mantén el botón", self.repair.remote_steps)

    @mute_logger("odoo.http")
    def test_the_link_to_answer_ends_with_the_customer_and_when_it_is_revoked(self):
        claim = self.repair.claim_id
        token = self._get_sent_token(self._send_steps())
        claim.with_user(self.manager).action_revoke_tracking_link()
        self.assertEqual(self._open_steps(token), 404)
        token = self.repair._get_answer_token()
        self.assertEqual(self._open_steps(token), 200)
        claim.with_user(self.manager).partner_id = self.stranger
        self.assertEqual(self._open_steps(token), 404)
        token = self.repair._get_answer_token()
        self.repair.partner_id = self.stranger
        self.assertEqual(self._open_steps(token), 404)

    @mute_logger("odoo.http")
    def test_who_signs_in_is_led_to_the_question(self):
        path = f"/my/repairs/{self.repair.id}/steps"
        self.authenticate("test_marta", "test_marta")
        self.assertEqual(self.url_open(path).status_code, 404, "nothing was sent")
        self._send_steps()
        self.assertIn("ten seconds", self.url_open(path).text)
        for login in ("test_jordi", "test_agent"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(path).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(path).url)

    @mute_logger("odoo.http")
    def test_a_wrong_or_old_link_answers_nothing(self):
        with freeze_time("2026-01-01 10:00:00"):
            old = self.repair._get_answer_token()
        for token in (old, "wrong", "", self.repair._get_answer_token()[:-2]):
            with self.subTest(token=token):
                page = self.url_open(f"/aftersales/steps?answer={token}")
                self.assertEqual(page.status_code, 404)

    def _set_created(self, repair, moment):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE repair_order SET create_date = %s WHERE id = %s",
            [moment, repair.id],
        )
        repair.invalidate_recordset(["create_date"])

    def test_failures_are_counted_with_their_times(self):
        with freeze_time("2026-03-01 08:00:00"):
            self._set_created(self.repair, "2026-03-01 08:00:00")
            self.asset.delivery_date = "2026-02-01"
            self.worker.move_ids = [
                Command.create(
                    {
                        "product_id": self.battery.id,
                        "product_uom_qty": 1,
                        "repair_line_type": "add",
                    }
                )
            ]
            self.worker.action_repair_start()
        with freeze_time("2026-03-01 11:00:00"):
            self.worker.action_repair_end()
        with freeze_time("2026-03-21 11:00:00"):
            second = self._create_repair(self.asset)
            self._set_created(second, "2026-03-21 11:00:00")
            self._end(second)
        self.env.flush_all()
        rows = self.env["aftersales.repair.report"].with_user(self.manager)
        first = rows.search([("repair_id", "=", self.repair.id)])
        self.assertEqual(first.part_id, self.battery)
        self.assertEqual(first.symptom_id, self.symptom)
        self.assertEqual((first.age_days, first.hours_to_repair), (28, 3))
        again = rows.search([("repair_id", "=", second.id)])
        self.assertEqual((again.rework, again.days_between), (1, 20))


@tagged("post_install", "-at_install")
class TestRepairPlanning(WorkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Monday to Friday, 8 to 12 and 13 to 17.
        cls.company.resource_calendar_id.tz = "Europe/Madrid"
        cls.repair.write(
            {
                "user_id": cls.technician.id,
                "schedule_date": "2026-03-10 09:00:00",
                "estimated_hours": 2,
            }
        )

    def test_what_does_not_fit_is_told(self):
        self.assertFalse(self.repair.planning_warning)
        self.assertEqual(str(self.repair.schedule_end), "2026-03-10 11:00:00")
        other = self._create_repair(
            self._sell(self.helmet),
            user_id=self.technician.id,
            schedule_date="2026-03-10 10:00:00",
            estimated_hours=1,
        )
        self.repair.invalidate_recordset(["planning_warning"])
        self.assertIn(other.name, self.repair.planning_warning)
        other.action_repair_cancel()
        self.repair.invalidate_recordset(["planning_warning"])
        self.assertFalse(self.repair.planning_warning)
        self.repair.schedule_date = "2026-03-14 09:00:00"
        self.assertIn("does not work", self.repair.planning_warning)
        self.repair.schedule_date = "2026-03-10 09:00:00"
        skill = self.env["product.category"].create({"name": "Washing machines"})
        self.technician.aftersales_skill_ids = skill
        self.repair.invalidate_recordset(["planning_warning"])
        self.assertIn("does not repair", self.repair.planning_warning)

    def test_who_is_free_and_skilled_comes_first(self):
        busy, skilled, off = (
            self._create_user(name, "aftersales_service.group_technician")
            for name in ("busy", "skilled", "off")
        )
        off.aftersales_skill_ids = self.env["product.category"].create({"name": "TV"})
        self._create_repair(
            self._sell(self.helmet),
            user_id=busy.id,
            schedule_date="2026-03-10 08:00:00",
            estimated_hours=6,
        )
        wizard = self.env["aftersales.repair.assign"].with_user(self.agent)
        wizard = wizard.browse(
            self.repair.with_user(self.agent).action_find_technician()["res_id"]
        )
        lines = {line.user_id: line for line in wizard.line_ids}
        self.assertEqual(lines[busy].free_hours, 2)
        self.assertEqual(lines[skilled].free_hours, 8)
        self.assertFalse(lines[off].is_skilled)
        order = wizard.line_ids.user_id.ids
        self.assertLess(order.index(skilled.id), order.index(busy.id))
        self.assertLess(order.index(busy.id), order.index(off.id))
        wizard.date = "2026-03-14"
        self.assertEqual(set(wizard.line_ids.mapped("work_hours")), {0})
        lines = wizard.line_ids.filtered(lambda line: line.user_id == skilled)
        lines.action_assign()
        self.assertEqual(self.repair.user_id, skilled)

    def test_leave_is_no_time_to_work(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Bank holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-03-10 00:00:00",
                "date_to": "2026-03-10 23:00:00",
            }
        )
        self.assertIn("does not work", self.repair.planning_warning)

    def test_late_repairs_are_found(self):
        repairs = self.env["repair.order"].search
        with freeze_time("2026-03-10 10:00:00"):
            self.assertFalse(self.repair.is_late)
            self.assertNotIn(self.repair, repairs([("is_late", "=", True)]))
        self.repair.invalidate_recordset(["is_late"])
        with freeze_time("2026-03-10 12:00:00"):
            self.assertTrue(self.repair.is_late)
            self.assertIn(self.repair, repairs([("is_late", "=", True)]))
            self.assertNotIn(self.repair, repairs([("is_late", "=", False)]))


@tagged("post_install", "-at_install")
class TestSparePart(WorkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = (
            cls.env["aftersales.spare.part"]
            .with_user(cls.manager)
            .create(
                {
                    "product_tmpl_id": cls.bike.product_tmpl_id.id,
                    "product_id": cls.battery.id,
                    "hours": 0.5,
                    "symptom_ids": cls.symptom.ids,
                }
            )
        )

    def test_the_usual_parts_are_planned_once(self):
        self.repair.estimated_hours = 0
        self.worker.action_add_usual_parts()
        self.worker.action_add_usual_parts()
        moves = self.repair.move_ids
        self.assertEqual((moves.product_id, moves.product_uom_qty), (self.battery, 1))
        self.assertEqual(self.repair.estimated_hours, 0.5)

    def test_a_substitute_is_taken_while_only_it_is_in_stock(self):
        other = self._create_product("Battery 600 Wh", "none", 240.0, 460.0)
        self.part.substitute_id = other
        self._stock(self.battery, -10)
        self.worker.action_add_usual_parts()
        self.assertEqual(self.repair.move_ids.product_id, self.battery)
        self.repair.move_ids.unlink()
        self._stock(other, 1)
        self.worker.action_add_usual_parts()
        self.assertEqual(self.repair.move_ids.product_id, other)

    def test_parts_are_kept_for_years_after_the_end_of_production(self):
        self.assertFalse(self.part.available_until)
        self.bike.product_tmpl_id.aftersales_end_of_production = "2024-02-29"
        self.assertEqual(str(self.part.available_until), "2034-02-28")

    def test_impossible_parts_are_refused(self):
        for values in (
            {"product_id": self.bike.id},
            {"substitute_id": self.battery.id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.part.write(values)
        with self.assertRaises(AccessError):
            self.part.with_user(self.agent).hours = 3

    def _diagnose(self):
        return self._create_claim(self._sell(self.bike, serials=["EB-200"])).line_ids

    def test_repair_and_replacement_stand_side_by_side(self):
        line = self._diagnose().with_user(self.agent)
        self.assertEqual(line.estimate_source, "spare-part list")
        # A battery of 200 and half an hour of 20, against a bike of 1,000.
        self.assertEqual(
            (line.estimated_repair_cost, line.estimated_replacement_cost), (210, 1000)
        )
        self.assertEqual(line.repair_customer_amount, 420 + 22.5)
        self.assertEqual(line.recommended_remedy, "repair")
        line.sudo()._override_coverage(
            {"parts": 100, "labour": 0, "travel": 0, "transport": 0}, "Test"
        )
        line.invalidate_recordset()
        self.assertEqual(line.repair_customer_amount, 22.5)
        self.part.available_until = "2020-01-01"
        line.invalidate_recordset()
        self.assertEqual(line.recommended_remedy, "replace")
        line.action_create_repair()
        self.assertEqual(line.repair_ids.estimated_hours, 0.5)

    def test_done_repairs_teach(self):
        self.part.unlink()
        line = self._diagnose()
        self.assertFalse(line.recommended_remedy)
        for hours in (1, 3):
            repair = self._create_repair(self._sell(self.bike, serials=[f"EB-{hours}"]))
            repair.with_user(self.technician).labour_ids = [
                Command.create({"hours": hours})
            ]
            self._end(repair)
        line.invalidate_recordset()
        self.assertEqual((line.repair_hours, line.estimated_repair_cost), (2, 40))
        self.assertIn("2", line.estimate_source)
        self.assertEqual(line.recommended_remedy, "repair")

    def test_a_remedy_above_the_limit_is_a_managers(self):
        self.company.aftersales_approval_amount = 100
        line = self._diagnose()
        with self.assertRaisesRegex(UserError, "manager has to approve"):
            line.with_user(self.agent).action_create_repair()
        with self.assertRaises(AccessError):
            line.with_user(self.agent).action_approve_remedy()
        line.with_user(self.manager).action_approve_remedy()
        line.with_user(self.agent).action_create_repair()
        repair = line.repair_ids
        repair.with_user(self.agent).action_add_usual_parts()
        self.assertFalse(repair.needs_approval)

    def test_a_part_that_is_not_covered_is_paid_by_the_customer(self):
        """Whatever the share of the other parts: the warranty decides part by part."""
        pads = self._create_product("Brake pads", "none", 10.0, 30.0)
        self.part.copy({"product_id": pads.id, "hours": 0, "is_wear": True})
        line = self._diagnose()
        line._override_coverage(
            {"parts": 100, "labour": 100, "travel": 100, "transport": 100}, "Test"
        )
        self.assertEqual(line.repair_customer_amount, 0)
        paid = {pads: 0.0}
        self.patch(
            self.registry["aftersales.claim.line"],
            "_get_part_percent",
            lambda _line, product: paid.get(product, 100.0),
        )
        line.invalidate_recordset()
        self.assertEqual(line.repair_customer_amount, 30)
        line.action_create_repair()
        repair = line.repair_ids
        repair.action_add_usual_parts()
        self.assertEqual(repair.customer_amount, 30)

    def test_usual_travel_and_transport_are_part_of_the_estimate(self):
        travel = self.env["product.product"].create(
            {
                "name": "Way there",
                "type": "service",
                "aftersales_charge": "travel",
                "standard_price": 12.0,
                "list_price": 30.0,
            }
        )
        self.repair.charge_ids = [Command.create({"product_id": travel.id})]
        self._end(self.repair)
        line = self._diagnose()
        # The battery and half an hour, as above, and the way.
        self.assertEqual(line.estimated_repair_cost, 210 + 12)
        self.assertEqual(line.repair_charges_cost, 12)
        self.assertEqual(line.repair_customer_amount, 420 + 22.5 + 30)
