# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from contextlib import contextmanager

from odoo.tests import freeze_time, new_test_user

from odoo.addons.base.tests.common import BaseCommon

NOW = "2026-03-10 10:00:00"


class SurveyCommon(BaseCommon):
    """Customers, staff and solved claims, and the survey that comes with the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Mails are counted here: the survey's own.
        cls.env.company.write(
            {"aftersales_tell_solved": False, "aftersales_tell_repaired": False}
        )
        cls.Invitation = cls.env["aftersales.survey.invitation"]
        # Rules and invitations the database has already stay out of the way.
        cls.Invitation.search([("state", "=", "scheduled")])._action_cancel("by_hand")
        default = cls.env.ref("aftersales_survey.aftersales_survey_rule_claim_solved")
        cls.rule = default.copy(
            {
                "name": "Test Rule",
                "active": True,
                "is_working_time": False,
                "quiet_start": 0,
                "quiet_end": 0,
                "reminder_days": 0,
            }
        )
        (cls.rule.search([]) - cls.rule).active = False
        cls.survey = cls.env.ref("aftersales_survey.survey_service_satisfaction")
        cls.cron = cls.env.ref("aftersales_survey.ir_cron_send_invitations")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Anna Vila", "email": "anna@example.com", "lang": "en_US"}
        )
        cls.agent = new_test_user(
            cls.env, "survey_agent", groups="aftersales_service.group_user"
        )
        cls.colleague = new_test_user(
            cls.env, "survey_colleague", groups="aftersales_service.group_user"
        )
        cls.technician = new_test_user(
            cls.env, "survey_technician", groups="aftersales_service.group_technician"
        )
        cls.manager = new_test_user(
            cls.env, "survey_manager", groups="aftersales_service.group_manager"
        )
        cls.team = cls.env["aftersales.team"].create(
            {
                "name": "Survey Team",
                "company_id": cls.env.company.id,
                "member_ids": cls.agent.ids,
            }
        )
        cls.solved_stage = cls._stage("solved")
        cls.csat, cls.nps, cls.ces, cls.comment = cls.survey.question_ids

    @classmethod
    def _stage(cls, category):
        return cls.env["aftersales.stage"].search(
            [("category", "=", category), ("team_ids", "=", False)], limit=1
        )

    @classmethod
    def _create_claim(cls, **vals):
        return cls.env["aftersales.claim"].create(
            {
                "subject": "The bell does not ring",
                "partner_id": cls.customer.id,
                "team_id": cls.team.id,
                "user_id": cls.agent.id,
                **vals,
            }
        )

    @classmethod
    def _solve(cls, claims):
        claims.sudo().write({"stage_id": cls.solved_stage.id})
        return claims.sudo().survey_invitation_ids

    @classmethod
    def _solved_claim(cls, **vals):
        claim = cls._create_claim(**vals)
        cls._solve(claim)
        return claim

    def _mails(self, partner=None):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", (partner or self.customer).ids)]
        )

    @contextmanager
    def _at(self, moment):
        with freeze_time(moment):
            yield

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def _answer(self, invitation, **values):
        """Answer as the page does, on the answer form itself."""
        form = invitation.sudo().user_input_id
        questions = {
            "csat": self.csat,
            "nps": self.nps,
            "ces": self.ces,
            "text": self.comment,
        }
        for key, question in questions.items():
            form._save_lines(question, values.get(key, ""))
        form._mark_done()
        return form
