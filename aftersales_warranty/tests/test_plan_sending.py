# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server, MailDeliveryException
from odoo.addons.mail.tests.common import MailCase

from .test_plan_visit import VisitCommon

WARNING = "mail.mail_activity_data_warning"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-26 10:00:00")
class TestPlanSending(VisitCommon, MailCase):
    """A mail about a visit that does not go out is seen, and sent again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.lang = "en_US"

    def _tell(self):
        self._run_cron()
        return self.plan.visit_ids

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def _fail(self, mail, text="550 No such mailbox"):
        with self.mock_mail_gateway():
            with patch.object(
                IrMail_Server, "send_email", side_effect=MailDeliveryException(text)
            ):
                mail.send()
        self.env.invalidate_all()

    def _send(self, mail):
        with self.mock_mail_gateway():
            mail.send()
        self.env.invalidate_all()

    def test_why_it_failed_is_on_the_visit(self):
        visit = self._tell()
        self._fail(self._get_mails(self.customer))
        self.assertEqual(visit.tell_state, "failed")
        self.assertIn("550 No such mailbox", visit.with_user(self.agent).tell_error)
        task = self.plan.activity_ids
        self.assertEqual(task.activity_type_id, self.env.ref(WARNING))
        self.assertEqual(task.user_id, self.agent)
        self.assertIn("Marta Vidal does not know of the visit", task.summary)
        untold = self.env.ref("aftersales_warranty.aftersales_plan_visit_view_search")
        self.assertIn("('tell_state', '=', 'failed')", untold.arch)

    def test_it_is_sent_again_and_only_once(self):
        visit = self._tell()
        first = self._get_mails(self.customer)
        self._fail(first)
        old_token = visit.sudo().token
        visit.with_user(self.agent).action_tell()
        second = self._get_mails(self.customer) - first
        self.assertEqual(len(second), 1)
        # What failed is not tried again beside it.
        self.assertEqual(first.state, "cancel")
        self.assertEqual((visit.tell_state, visit.tell_error), ("told", False))
        self.assertNotEqual(visit.sudo().token, old_token)
        self.assertFalse(self.plan.activity_ids)
        self._send(second)
        self.assertEqual((second.state, visit.tell_state), ("sent", "told"))

    def test_a_mail_that_goes_out_in_the_end(self):
        visit = self._tell()
        mail = self._get_mails(self.customer)
        self._fail(mail)
        self._fail(mail)
        self.assertEqual(len(self.plan.activity_ids), 1)
        mail.action_retry()
        self._send(mail)
        self.assertEqual((visit.tell_state, visit.tell_error), ("told", False))
        self.assertFalse(self.plan.activity_ids)

    def test_all_visits_of_the_mail_are_told_apart_from_others(self):
        other = self._create_plan(self._create_asset("EB-2"), user_id=self.agent.id)
        self._create_plan(self._create_asset("EB-3", self.stranger))
        self._run_cron()
        self._fail(self._get_mails(self.customer))
        visits = self.plan.visit_ids | other.visit_ids
        self.assertEqual(set(visits.mapped("tell_state")), {"failed"})
        stranger = self.env["aftersales.plan.visit"].search(
            [
                ("partner_id", "=", self.stranger.id),
                ("company_id", "=", self.company.id),
            ]
        )
        self.assertEqual(stranger.tell_state, "told")

    def test_the_settled_day_is_told_again(self):
        visit = self._tell()
        visit._action_propose(date(2026, 4, 8), "")
        visit.with_user(self.agent).action_accept_wanted()
        self._fail(self._get_mails(self.customer)[-1])
        self.assertEqual((visit.state, visit.tell_state), ("accepted", "failed"))
        visit.with_user(self.agent).action_tell()
        mail = self._get_mails(self.customer)[-1]
        self.assertIn("Your visit is settled", mail.subject)
        self.assertEqual((visit.state, visit.tell_state), ("accepted", "told"))

    def test_who_says_yes_by_telephone_knows(self):
        visit = self._tell()
        self._fail(self._get_mails(self.customer))
        visit.with_user(self.agent).action_confirm()
        self.assertEqual((visit.tell_state, visit.tell_error), ("told", False))
        self.assertFalse(self.plan.activity_ids)

    def test_other_loose_mails_are_nobody_s_visit(self):
        visit = self._tell()
        mail = self.env["mail.mail"].create(
            {"email_to": "x@example.com", "subject": "Else", "body_html": "<p>x</p>"}
        )
        self._fail(mail)
        self.assertEqual(mail.state, "exception")
        self.assertEqual(visit.tell_state, "told")

    def test_what_is_left_out_is_not_told(self):
        visit = self._tell()
        repair = visit.repair_id
        visit.action_skip()
        visit.tell_state = "to_tell"
        visit.token = False
        visit._tell()
        self.assertEqual(visit.tell_state, "to_tell")
        self.assertFalse(visit.token)
        # Nor what has lost its repair order, and with it its day.
        visit.write({"state": "planned", "repair_id": False})
        repair.unlink()
        visit._tell()
        self.assertEqual(visit.tell_state, "to_tell")
