# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Command
from odoo.tools import format_date

from ..rules.feedback import has_word
from .aftersales_survey_rule import TRIGGER_MODELS

_logger = logging.getLogger(__name__)


class AftersalesSurveyInvitation(models.Model):
    """What follows from an answer: a call, a claim opened again, or a new one."""

    _inherit = "aftersales.survey.invitation"

    followup_ids = fields.One2many(
        "aftersales.survey.followup", "invitation_id", readonly=True
    )
    problem_claim_id = fields.Many2one(
        "aftersales.claim",
        string="Claim from the Answer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _action_answer(self):
        result = super()._action_answer()
        for invitation in self.filtered("user_input_id"):
            invitation._react()
        return result

    def _react(self):
        """React to the answer; an answer is never lost because that failed."""
        self.ensure_one()
        invitation = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        try:
            with self.env.cr.savepoint():
                invitation._action_react()
        except OperationalError:
            # A conflict with another transaction: the whole step is retried.
            raise
        except Exception:
            _logger.exception("Nothing follows from the answer of %s", self.id)

    def _action_react(self):
        if self.res_model == TRIGGER_MODELS["followup_done"] and self.has_csat:
            self._get_record()._take_answer(self.is_satisfied)
        if self._has_problem():
            self._create_problem_claim()
        elif self.rule_id.bad_action != "none" and self._is_bad():
            self._create_followup()

    # -- a bad score

    def _is_bad(self):
        """Whether a score is under the rule's bound, or a word of the comment is."""
        rule = self.rule_id
        return bool(
            (self.has_csat and self.csat_score <= rule.bad_csat)
            or (self.nps_group and self.nps_score <= rule.bad_nps)
            or (self.has_ces and self.ces_score <= rule.bad_ces)
            or has_word(self.feedback, rule.bad_words)
        )

    def _create_followup(self):
        rule, company = self.rule_id, self.company_id
        user = rule._get_followup_user(self)
        calendar = self.team_id._get_calendar(company)
        # In the language of who follows up: here it is the customer's.
        words = self.with_context(lang=user.lang or company.partner_id.lang).env
        # One mail tells of it, below: none about being assigned.
        followups = words["aftersales.survey.followup"].with_context(
            mail_auto_subscribe_no_notify=True, mail_activity_quick_update=True
        )
        followup = followups.create(
            {
                "name": words._("Not satisfied: %s", self.name),
                "invitation_id": self.id,
                "user_id": user.id,
                "deadline": rule._get_followup_deadline(calendar, company),
            }
        )
        if rule.bad_action == "reopen" and self.claim_id:
            self.claim_id._action_reopen()
        if user:
            self._tell_followup(followup, user)
        return followup

    def _tell_followup(self, followup, user):
        if self.rule_id.bad_action != "alert":
            followup.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=followup.deadline,
                summary=followup.name,
                note=self.rule_id.followup_note or "",
                user_id=user.id,
            )
        followup.message_notify(
            partner_ids=user.partner_id.ids,
            subject=followup.name,
            body=self._get_alert_body(followup),
        )

    def _get_alert_body(self, followup):
        """Who is not satisfied, until when to call, the scores and the words."""
        env = followup.env
        body = Markup("<p>%s</p>") % env._(
            "%(customer)s is not satisfied. Follow up until %(date)s.",
            customer=self.partner_id.name or "",
            date=format_date(env, followup.deadline),
        )
        scores = [
            f"{name} {score}"
            for name, score, given in (
                ("CSAT", self.csat_score, self.has_csat),
                ("NPS", self.nps_score, self.nps_group),
                ("CES", self.ces_score, self.has_ces),
            )
            if given
        ]
        if scores:
            body += Markup("<p><b>%s</b></p>") % " · ".join(scores)
        if self.feedback:
            body += Markup('<p style="white-space: pre-line;">“%s”</p>') % self.feedback
        return body

    # -- "it does not work any more"

    def _has_problem(self):
        return bool(
            self.user_input_id.user_input_line_ids.filtered(
                "suggested_answer_id.is_aftersales_problem"
            )
        )

    def _create_problem_claim(self):
        """Register what the customer reports, linked with the claim asked about."""
        old = self.claim_id
        claim = self.env["aftersales.claim"].create(
            self._prepare_problem_claim_vals(old)
        )
        if old:
            claim._link(old, claim)
        staff = self.with_context(lang=self.company_id.partner_id.lang).env
        claim._message_log(
            body=staff._("Registered from the answer to a survey: %s", self.name)
        )
        self.problem_claim_id = claim
        return claim

    def _prepare_problem_claim_vals(self, old):
        lines = []
        if self.asset_id or self.product_id:
            lines.append(
                Command.create(
                    {"asset_id": self.asset_id.id}
                    if self.asset_id
                    else {"product_id": self.product_id.id}
                )
            )
        lang = self.company_id.partner_id.lang
        return {
            "subject": self.with_context(lang=lang).env._(
                "It does not work after all: %s", self.name
            ),
            "description": self.feedback,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "type_id": self.type_id.id,
            "team_id": self.team_id.id,
            "user_id": old.user_id.id,
            "priority": "2",
            "line_ids": lines,
        }
