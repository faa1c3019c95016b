# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.aftersales_service.tests.common_concurrency import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestSurveyConcurrency(ConcurrencyCase):
    """Two clicks at once."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create(
                {"name": "Twice at Once", "email": "twice@example.com"}
            )
            product = env["product.product"].create(
                {"name": "Asked Once", "is_storable": True}
            )
            asset = env["aftersales.asset"].create(
                {"partner_id": partner.id, "product_id": product.id}
            )
            survey = env.ref("aftersales_survey.survey_service_satisfaction")
            rule = env["aftersales.survey.rule"].create(
                {
                    "name": "Two clicks",
                    "trigger": "months_after_purchase",
                    "survey_id": survey.id,
                    "domain": f"[('id', '=', {asset.id})]",
                    "quiet_start": 0,
                    "quiet_end": 0,
                    "is_working_time": False,
                }
            )
            invitation = rule._schedule_records(asset)
            self.ids = (rule.id, invitation.id, asset.id)
            self.question_id = survey.question_ids[0].id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            rule = env["aftersales.survey.rule"].browse(self.ids[0])
            invitation = env["aftersales.survey.invitation"].browse(self.ids[1])
            asset = env["aftersales.asset"].browse(self.ids[2])
            answers = env["survey.user_input"].search(
                [("partner_id", "=", asset.partner_id.id)]
            )
            cr.execute(
                "DELETE FROM aftersales_survey_followup WHERE invitation_id = %s",
                [invitation.id],
            )
            env["mail.mail"].search(
                [("recipient_ids", "in", asset.partner_id.ids)]
            ).unlink()
            invitation.sent_date = False
            invitation.unlink()
            answers.unlink()
            rule.unlink()
            product, partner = asset.product_id, asset.partner_id
            asset.unlink()
            product.product_tmpl_id.unlink()
            partner.unlink()

    def _send(self, env):
        env["aftersales.survey.invitation"].browse(self.ids[1])._send_by_hand()

    def _count_mails(self, env):
        partner = env["aftersales.asset"].browse(self.ids[2]).partner_id
        return env["mail.mail"].search_count([("recipient_ids", "in", partner.ids)])

    def _answer(self, env, score):
        form = env["aftersales.survey.invitation"].browse(self.ids[1]).user_input_id
        if not form._is_aftersales_open():
            return "refused"
        question = env["survey.question"].browse(self.question_id)
        form._save_lines(question, score)
        form._mark_done()
        env.flush_all()
        return "taken"

    def test_two_people_send_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            late = self._get_env(second)
            second.execute("SELECT COUNT(*) FROM aftersales_survey_invitation")
            self._send(self._get_env(first))
            # The first one still holds the line: the second is told.
            with self.assertRaises(UserError):
                self._send(late)
            second.rollback()
            second.execute("SELECT COUNT(*) FROM aftersales_survey_invitation")
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._send(late)
            second.rollback()
            with self.assertRaises(UserError):
                self._send(self._get_env(second))
            second.rollback()
            self.assertEqual(self._count_mails(self._get_env(second)), 1)

    def test_two_clicks_answer_once(self):
        with self.registry.cursor() as cr:
            self._send(self._get_env(cr))
        with self.registry.cursor() as first, self.registry.cursor() as second:
            late = self._get_env(second)
            second.execute("SELECT COUNT(*) FROM survey_user_input")
            self.assertEqual(self._answer(self._get_env(first), "5"), "taken")
            first.commit()
            # Odoo runs a request again after this: it then finds the answer given.
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._answer(late, "1")
            second.rollback()
            late.invalidate_all()
            self.assertEqual(self._answer(self._get_env(second), "1"), "refused")
            second.rollback()
            late.invalidate_all()
            invitation = late["aftersales.survey.invitation"].browse(self.ids[1])
            self.assertEqual(invitation.csat_score, 5)
            self.assertEqual(len(invitation.user_input_id.user_input_line_ids), 1)
