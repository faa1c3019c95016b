# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common_plan import PlanCommon

MIXIN = "odoo.addons.aftersales_warranty.models.aftersales_batch_mixin"


class VisitCommon(PlanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "marta@example.com"
        with freeze_time("2026-03-26 10:00:00"):
            cls.plan = cls._create_plan(user_id=cls.agent.id)

    def _get_mails(self, partner):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("recipient_ids", "in", partner.ids)], order="id")
        )

    def _get_url(self, visit):
        return f"/aftersales/visit/{visit.sudo().token}"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-26 10:00:00")
class TestPlanTell(VisitCommon, MailCase):
    """Who is told what, once, in which language."""

    def test_the_customer_is_told_once(self):
        self._run_cron()
        visit = self.plan.visit_ids
        self.assertEqual((visit.tell_state, visit.state), ("told", "planned"))
        mail = self._get_mails(self.customer)
        self.assertEqual(len(mail), 1)
        self.assertIn("Our next visit: Tuesday, March 31, 2026", mail.subject)
        # Eight on the wall, two days after the clocks have changed.
        self.assertIn("8:00", mail.body_html)
        self.assertIn("EB-1", mail.body_html)
        self.assertIn(visit.token, mail.body_html)
        self.assertFalse(mail.model)
        self._run_cron()
        self.assertEqual(len(self._get_mails(self.customer)), 1)
        # The link is in nothing that others read.
        self.assertNotIn(visit.token, str(self.plan.message_ids.mapped("body")))
        with self.assertRaises(AccessError):
            visit.with_user(self.manager).read(["token"])

    def test_one_mail_for_all_of_a_day(self):
        other = self._create_plan(self._create_asset("EB-2"), name="Battery check")
        self._run_cron()
        visits = self.plan.visit_ids | other.visit_ids
        self.assertEqual(len(set(visits.mapped("token"))), 1)
        mail = self._get_mails(self.customer)
        self.assertEqual(len(mail), 1)
        for text in ("EB-1", "EB-2", "Battery check"):
            self.assertIn(text, mail.body_html)

    def test_in_the_customer_s_language(self):
        for code, subject, body in (
            ("es_ES", "31 de marzo de 2026", "acept"),
            ("ca_ES", "31 de març del 2026", "accept"),
        ):
            with self.subTest(code=code):
                self._install_language(code)
                partner = self.env["res.partner"].create(
                    {"name": code, "email": f"{code}@example.com", "lang": code}
                )
                self._create_plan(self._create_asset(code, partner))
                self._run_cron()
                mail = self._get_mails(partner)
                self.assertIn(subject, mail.subject)
                self.assertNotIn("Our next visit", mail.subject)
                self.assertIn(body, mail.body_html.lower())
                self.assertNotIn("It is time", mail.body_html)
                prefix = self.env["res.lang"]._get_data(code=code).url_code
                self.assertIn(f"/{prefix}/aftersales/visit/", mail.body_html)

    def test_the_workshop_is_told_apart(self):
        self.plan.service_mode = "workshop"
        self._run_cron()
        mail = self._get_mails(self.customer)
        self.assertIn("Time for the service", mail.subject)
        self.assertIn("Bring it to us", mail.body_html)
        self.assertFalse(self.plan.visit_ids.repair_id.appointment_date)

    def test_who_has_no_address_is_seen(self):
        self.customer.email = False
        self.assertIn("no e-mail address", self.plan.warning)
        self._run_cron()
        visit = self.plan.visit_ids
        self.assertEqual(visit.tell_state, "unreachable")
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            visit.with_user(self.agent).action_tell()
        self.customer.email = "marta@example.com"
        visit.with_user(self.agent).action_tell()
        self.assertEqual(visit.tell_state, "told")
        self.assertEqual(len(self._get_mails(self.customer)), 1)

    def test_the_setting_is_respected(self):
        self.company.aftersales_tell_visited = False
        self._run_cron()
        self.assertEqual(self.plan.visit_ids.tell_state, "silent")
        self.assertFalse(self._get_mails(self.customer))

    def test_one_mail_that_fails_stops_no_other(self):
        other = self._create_plan(self._create_asset("EB-2", self.stranger))
        Visit = self.registry["aftersales.plan.visit"]
        plain = Visit._send_mail

        def send(visit):
            if visit.partner_id == self.customer:
                raise ValueError("poisoned")
            return plain(visit)

        self.patch(Visit, "_send_mail", send)
        with mute_logger(MIXIN):
            self._run_cron()
        self.assertEqual(self.plan.visit_ids.tell_state, "failed")
        self.assertEqual(self.plan.visit_ids.tell_error, "poisoned")
        self.assertFalse(self.plan.visit_ids.token)
        self.assertEqual(other.visit_ids.tell_state, "told")
        self.assertEqual(len(self._get_mails(self.stranger)), 1)

    def test_a_move_by_the_planner_is_told(self):
        self._run_cron()
        repair = self.plan.visit_ids.repair_id
        repair.with_user(self.agent).schedule_date = datetime(2026, 4, 2, 9)
        mails = self._get_mails(self.customer)
        self.assertEqual(len(mails), 2)
        self.assertIn("another date", mails[-1].body_html)
        self.assertEqual(self.plan.visit_ids.planned_date, datetime(2026, 4, 2, 9))

    # -- what the planner does

    def test_settled_by_telephone(self):
        self._run_cron()
        visit = self.plan.visit_ids
        visit.with_user(self.agent).action_confirm()
        self.assertEqual(
            (visit.state, visit.repair_id.state), ("accepted", "confirmed")
        )
        self.assertEqual(len(self._get_mails(self.customer)), 1)
        visit.with_user(self.agent).action_tell()
        mail = self._get_mails(self.customer)[-1]
        self.assertIn("Your visit is settled", mail.subject)
        visit.repair_id.action_repair_cancel()
        with self.assertRaisesRegex(UserError, "not open any more"):
            visit.with_user(self.agent).action_tell()

    def test_the_day_that_is_wanted(self):
        other = self._create_plan(self._create_asset("EB-2"), user_id=self.agent.id)
        self._run_cron()
        visits = self.plan.visit_ids | other.visit_ids
        visits._action_propose(date(2026, 4, 8), "After ten")
        self.assertEqual(set(visits.mapped("state")), {"proposed"})
        activity = visits.plan_id.activity_ids
        self.assertEqual(activity.user_id, self.agent)
        self.assertIn("Marta Vidal wants another date: Wednesday", activity.summary)
        visits[0].with_user(self.agent).action_accept_wanted()
        self.assertEqual(set(visits.mapped("state")), {"accepted"})
        self.assertEqual({v._get_day() for v in visits}, {date(2026, 4, 8)})
        self.assertEqual(len(set(visits.mapped("planned_date"))), 2)
        self.assertFalse(visits.plan_id.activity_ids)
        # One mail for the proposal, one that says that it is settled.
        mails = self._get_mails(self.customer)
        self.assertEqual(len(mails), 2)
        self.assertIn("Your visit is settled: Wednesday, April 8", mails[-1].subject)

    def test_nobody_has_time_on_the_day_that_is_wanted(self):
        self._run_cron()
        visit = self.plan.visit_ids
        visit._action_propose(date(2026, 4, 5))
        with (
            self.assertRaisesRegex(UserError, "Nobody has time on Sunday"),
            self.env.cr.savepoint(),
        ):
            visit.with_user(self.agent).action_accept_wanted()
        self.assertEqual(visit.state, "proposed")
        visit.with_user(self.agent).action_confirm()
        self.assertEqual(visit._get_day(), date(2026, 3, 31))
        with self.assertRaisesRegex(UserError, "No other date"):
            visit.with_user(self.agent).action_accept_wanted()


@tagged("post_install", "-at_install", "security")
class TestPlanAnswer(VisitCommon, HttpCase):
    """What customers answer by link and in the portal, and who may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-26 10:00:00"):
            cls.other_plan = cls._create_plan(
                cls._create_asset("EB-JORDI", cls.stranger)
            )
            plans = cls.plan | cls.other_plan
            plans._generate()
            plans.visit_ids._tell()
        cls.visit = cls.plan.visit_ids
        cls.other = cls.other_plan.visit_ids

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time("2026-03-26 11:00:00"))

    def _get_token(self, page):
        return re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)

    def _post(self, url, target=None, **form):
        page = self.url_open(url)
        data = {"csrf_token": self._get_token(page), **form}
        return self.url_open(target or f"{url}/answer", data=data)

    def test_looking_writes_nothing(self):
        url = self._get_url(self.visit)
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Tuesday, March 31, 2026", page.text)
        self.assertIn("EB-1", page.text)
        self.assertNotIn("EB-JORDI", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        for query in ("", "?answer=accept"):
            answer = self.url_open(f"{url}/answer{query}")
            self.assertIn(answer.status_code, (404, 405))
        self.assertEqual(self.visit.state, "planned")
        self.assertEqual(self.visit.repair_id.state, "draft")

    def test_accepting(self):
        url = self._get_url(self.visit)
        page = self._post(url, answer="accept")
        self.assertIn("we have noted your answer", page.text)
        self.assertEqual(self.visit.state, "accepted")
        self.assertEqual(self.visit.repair_id.state, "confirmed")
        self.assertEqual(len(self._get_mails(self.customer)), 1)
        # The file for the calendar has the hour in it and the visit's own name.
        file = self.url_open(f"{url}/calendar")
        self.assertIn("text/calendar", file.headers["Content-Type"])
        self.assertIn("DTSTART:20260331T060000Z", file.text)
        self.assertIn(f"UID:repair-{self.visit.repair_id.id}@", file.text)
        # Once: another answer changes nothing any more.
        page = self._post_again(url, answer="other", wanted_date="2026-04-10")
        self.assertEqual(self.visit.state, "accepted")
        self.assertIn("can&#39;t be changed here", page.text)

    def _post_again(self, url, **form):
        """The page has no form any more: as from a tab that was left open."""
        page = self.url_open(self._get_url(self.other))
        data = {"csrf_token": self._get_token(page), **form}
        return self.url_open(f"{url}/answer", data=data)

    def test_another_day(self):
        page = self._post(
            self._get_url(self.visit),
            answer="other",
            wanted_date="2026-04-08",
            note="After ten\x00",
        )
        self.assertIn("You asked for", page.text)
        self.assertEqual(
            (self.visit.state, self.visit.wanted_date, self.visit.note),
            ("proposed", date(2026, 4, 8), "After ten"),
        )
        self.assertEqual(self.plan.activity_ids.user_id, self.agent)
        # The day that was planned stays until the planner decides.
        self.assertEqual(self.visit._get_day(), date(2026, 3, 31))

    def test_what_is_wrong_is_said_and_nothing_is_written(self):
        url = self._get_url(self.visit)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Easter Monday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-04-05 22:00:00",
                "date_to": "2026-04-06 21:59:59",
            }
        )
        for form, message in (
            ({}, "Choose an answer"),
            ({"answer": "never"}, "Choose an answer"),
            ({"answer": "other"}, "Say which day"),
            ({"answer": "other", "wanted_date": "soon"}, "no date"),
            ({"answer": "other", "wanted_date": "2026-03-26"}, "still to come"),
            ({"answer": "other", "wanted_date": "2000-01-01"}, "still to come"),
            ({"answer": "other", "wanted_date": "2030-01-01"}, "too far away"),
            # A Sunday, and a holiday.
            ({"answer": "other", "wanted_date": "2026-04-12"}, "Nobody works on that"),
            ({"answer": "other", "wanted_date": "2026-04-06"}, "Nobody works on that"),
        ):
            with self.subTest(form=form):
                page = self._post(url, **form)
                self.assertIn(message, page.text)
                self.assertEqual(self.visit.state, "planned")

    def test_who_wishes_again_leaves_one_task(self):
        url = self._get_url(self.visit)
        for day in ("2026-04-08", "2026-04-09", "2026-04-09"):
            self._post(url, answer="other", wanted_date=day)
        task = self.plan.activity_ids
        self.assertEqual(len(task), 1)
        self.assertIn("April 9", task.summary)
        # The company's, not that of whoever has the link; mailed once.
        self.assertEqual(task.create_uid, self.env.ref("base.user_root"))
        self.assertLessEqual(len(self._get_mails(self.agent.partner_id)), 1)
        self.visit.action_confirm()
        self.assertFalse(self.plan.activity_ids)

    def test_what_the_customer_writes_is_no_markup(self):
        note = '<a href="https://evil.example">Confirm</a><img src="//evil.example">'
        url = self._get_url(self.visit)
        self._post(url, answer="other", wanted_date="2026-04-08", note=note)
        self.assertEqual(self.visit.note, note)
        task = self.plan.activity_ids
        self.assertNotIn("<img", task.note)
        self.assertNotIn("<a", task.note)
        self.assertIn("&lt;img", task.note)

    def test_a_day_that_is_over(self):
        url = self._get_url(self.visit)
        self.visit.repair_id.schedule_date = datetime(2026, 3, 25, 9)
        page = self.url_open(url)
        self.assertNotIn("o_aftersales_accept", page.text)
        page = self._post(url, answer="accept")
        self.assertIn("This day is over", page.text)
        self.assertEqual(self.visit.state, "planned")
        self._post(url, answer="other", wanted_date="2026-04-08")
        self.assertEqual(self.visit.state, "proposed")

    def test_what_to_do_when_it_is_settled(self):
        url = self._get_url(self.visit)
        self.company.phone = "+34 934 000 000"
        page = self._post(url, answer="accept")
        self.assertIn("tel:+34 934 000 000", page.text)

    def test_the_calendar_of_a_trip(self):
        plan = self._create_plan(self._create_asset("EB-2"), start=False)
        with freeze_time("2026-03-26 10:00:00"):
            plan.action_start()
            plan._generate()
            visits = self.visit | plan.visit_ids
            visits.write({"tell_state": "to_tell", "token": False})
            visits._tell()
        url = self._get_url(self.visit)
        self._post(url, answer="accept")
        self.assertEqual(set(visits.mapped("state")), {"accepted"})
        file = self.url_open(f"{url}/calendar")
        self.assertEqual(file.status_code, 200)
        self.assertEqual(file.text.count("BEGIN:VEVENT"), 2)
        self.authenticate("test_marta", "test_marta")
        file = self.url_open(f"/my/visits/{self.visit.id}/calendar")
        self.assertEqual(file.text.count("BEGIN:VEVENT"), 2)

    @mute_logger("odoo.http")
    def test_links_that_open_nothing(self):
        token = self.visit.token
        self.visit._action_skip("hand")
        for wrong in (token, "preview", "False", "x" * 32, token[:-1]):
            with self.subTest(token=wrong):
                page = self.url_open(f"/aftersales/visit/{wrong}")
                self.assertEqual(page.status_code, 404)
                self.assertIn("does not work any more", page.text)
                page = self.url_open(f"/aftersales/visit/{wrong}/calendar")
                self.assertEqual(page.status_code, 404)

    @mute_logger("odoo.http")
    def test_no_answer_without_its_form(self):
        for data in ({}, {"csrf_token": "x"}):
            answer = self.url_open(
                f"{self._get_url(self.visit)}/answer", data={"answer": "accept", **data}
            )
            self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.visit.state, "planned")

    def test_too_many_answers(self):
        limits = self.registry["aftersales.rate.limit"]
        self.patch(limits, "_is_request_exceeded", lambda *_args: True)
        page = self._post(self._get_url(self.visit), answer="accept")
        self.assertIn("Too many answers", page.text)
        self.assertEqual(self.visit.state, "planned")

    # -- in the portal

    def test_the_owner_in_the_portal(self):
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(f"/my/assets/{self.asset.id}")
        self.assertIn("March 31, 2026", page.text)
        url = f"/my/visits/{self.visit.id}"
        self.assertIn(url, page.text)
        page = self._post(url, url, answer="accept")
        self.assertIn("we have noted your answer", page.text)
        self.assertEqual(self.visit.state, "accepted")
        self.assertIn("DTSTART", self.url_open(f"{url}/calendar").text)
        self.assertIn("Settled", self.url_open(f"/my/assets/{self.asset.id}").text)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_strangers_get_nothing(self):
        self._create_user("employee", "base.group_user")
        for login in ("test_jordi", "test_employee"):
            self.authenticate(login, login)
            own = self.url_open(self._get_url(self.other))
            csrf = self._get_token(own)
            for path in ("", "/calendar"):
                with self.subTest(login=login, path=path):
                    answer = self.url_open(f"/my/visits/{self.visit.id}{path}")
                    self.assertIn(answer.status_code, (403, 404))
                    self.assertNotIn("EB-1", answer.text)
            answer = self.url_open(
                f"/my/visits/{self.visit.id}",
                data={"csrf_token": csrf, "answer": "accept"},
            )
            self.assertIn(answer.status_code, (403, 404))
        self.assertEqual(self.visit.state, "planned")
        self.authenticate(None, None)
        answer = self.url_open(f"/my/visits/{self.visit.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    def test_nobody_reads_or_writes_over_rpc(self):
        portal = self.customer.user_ids
        outsider = self._create_user("outsider", "base.group_user")
        records = (self.plan, self.visit, self.plan.part_ids.new(), self.plan.month_ids)
        for user in (portal, outsider):
            for record in records:
                with (
                    self.subTest(user=user.login, model=record._name),
                    self.assertRaises(AccessError),
                ):
                    record.with_user(user).search([])
            for step in ("action_skip", "action_confirm", "action_tell"):
                with self.subTest(user=user.login, step=step):
                    with self.assertRaises(AccessError):
                        getattr(self.visit.with_user(user), step)()
            for step in ("action_start", "action_pause", "action_end"):
                with self.subTest(user=user.login, step=step):
                    with self.assertRaises(AccessError):
                        getattr(self.plan.with_user(user), step)()

    def test_technicians_look_and_do_not_plan(self):
        visit = self.visit.with_user(self.technician)
        self.assertEqual(visit.state, "planned")
        for step in ("action_skip", "action_confirm", "action_accept_wanted"):
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(visit, step)()
        with self.assertRaises(AccessError):
            visit.read(["cost"])
        with self.assertRaises(AccessError):
            self.plan.with_user(self.technician).action_generate()

    def test_agents_change_the_parts_of_plans_and_not_of_templates(self):
        template = self._create_template()
        parts = self.env["aftersales.plan.part"]
        values = {"product_id": self.battery.id}
        mine = parts.with_user(self.agent).create({**values, "plan_id": self.plan.id})
        mine.quantity = 3
        mine.unlink()
        theirs = template.part_ids.with_user(self.agent)
        self.assertEqual(theirs.quantity, 1)
        with self.assertRaises(AccessError):
            theirs.quantity = 3
        with self.assertRaises(AccessError):
            theirs.unlink()
        with self.assertRaises(AccessError):
            theirs.create({**values, "template_id": template.id})
        part = parts.with_user(self.agent).create({**values, "plan_id": self.plan.id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            part.write({"plan_id": False, "template_id": template.id})
        template.part_ids.with_user(self.manager).quantity = 2
        with self.assertRaises(AccessError):
            part.with_user(self.technician).quantity = 9

    def test_steps_are_not_typed(self):
        plan = self.plan.with_user(self.manager)
        for values in (
            {"state": "ended"},
            {"next_date": "2020-01-01"},
            {"visit_number": 7},
            {"template_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                plan.write(values)
        with self.assertRaises(AccessError):
            self.visit.with_user(self.manager).write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["aftersales.plan.visit"].with_user(self.manager).create(
                {"plan_id": self.plan.id, "number": 99, "due_date": "2030-01-01"}
            )

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self._create_user(
            "other_lead",
            "aftersales_service.group_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        for model in ("aftersales.plan", "aftersales.plan.visit"):
            self.assertFalse(self.env[model].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.visit.with_user(user).action_confirm()
        with self.assertRaises(AccessError):
            self.plan.with_user(user).action_pause()
