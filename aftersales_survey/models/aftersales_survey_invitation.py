# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.urls import urljoin

from .aftersales_survey_facts import PERSONAL_FACTS

_logger = logging.getLogger(__name__)

STATES = [
    ("scheduled", "Scheduled"),
    ("sent", "Sent"),
    ("answered", "Answered"),
    ("expired", "Expired"),
    ("cancelled", "Cancelled"),
]
CANCEL_REASONS = [
    ("reopened", "The claim was opened again"),
    ("claim_cancelled", "The claim was cancelled"),
    ("merged", "The claim is a duplicate of another"),
    ("no_email", "The customer has no e-mail address"),
    ("opted_out", "The customer wants no such mails"),
    ("cooldown", "The customer was asked not long ago"),
    ("survey_closed", "The survey is closed or has no questions"),
    ("rule_archived", "The rule was archived"),
    ("record_deleted", "The document was deleted"),
    ("by_hand", "Cancelled by hand"),
    ("error", "It could not be sent"),
]


class AftersalesSurveyInvitation(models.Model):
    """The ledger of surveys: one line for a rule and a record, whatever happens.

    The state, the answer form and the mail are written in one transaction, so
    after a crash either all of them are there or none: nobody is asked twice.
    """

    _name = "aftersales.survey.invitation"
    _inherit = ["aftersales.survey.facts"]
    _description = "Survey Invitation"
    _order = "date_planned desc, id desc"

    name = fields.Char(string="About", required=True, readonly=True)
    rule_id = fields.Many2one(
        "aftersales.survey.rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    survey_id = fields.Many2one(related="rule_id.survey_id", store=True, index=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        required=True,
        readonly=True,
        index=True,
    )
    # An invitation is part of its claim.
    claim_id = fields.Many2one(ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer's Company",
        compute="_compute_commercial_partner_id",
        store=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        STATES, default="scheduled", required=True, readonly=True, index=True
    )
    cancel_reason = fields.Selection(
        CANCEL_REASONS, string="Why Not Sent", readonly=True
    )
    error = fields.Text(readonly=True, groups="aftersales_service.group_manager")
    date_planned = fields.Datetime(string="Planned For", required=True, readonly=True)
    sent_date = fields.Datetime(string="Sent On", readonly=True)
    deadline = fields.Datetime(string="Answer Until", readonly=True)
    reminder_date = fields.Datetime(string="Reminder Planned For", readonly=True)
    reminded_date = fields.Datetime(string="Reminded On", readonly=True)
    # Who reads the answer form can answer in the customer's name: nobody does.
    user_input_id = fields.Many2one(
        "survey.user_input",
        string="Answer Form",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    answer_date = fields.Datetime(string="Answered On", readonly=True)
    has_csat = fields.Boolean(related="user_input_id.has_csat", store=True)
    csat_score = fields.Integer(
        related="user_input_id.csat_score", store=True, aggregator=None
    )
    is_satisfied = fields.Boolean(related="user_input_id.is_satisfied", store=True)
    nps_group = fields.Selection(related="user_input_id.nps_group", store=True)
    nps_score = fields.Integer(
        related="user_input_id.nps_score", store=True, aggregator=None
    )
    has_ces = fields.Boolean(related="user_input_id.has_ces", store=True)
    ces_score = fields.Integer(
        related="user_input_id.ces_score", store=True, aggregator=None
    )
    ces_on_seven = fields.Float(
        related="user_input_id.ces_on_seven", store=True, aggregator="avg"
    )
    feedback = fields.Text(
        related="user_input_id.feedback", string="Comment", store=True
    )

    _once_per_record = models.UniqueIndex(
        "(rule_id, res_model, res_id)",
        "This survey was already planned for the same document.",
    )
    _due_idx = models.Index("(date_planned) WHERE state = 'scheduled'")
    _expiry_idx = models.Index("(deadline) WHERE state = 'sent'")
    _reminder_idx = models.Index("(reminder_date) WHERE state = 'sent'")
    _rest_idx = models.Index("(commercial_partner_id, sent_date)")

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for invitation in self:
            invitation.commercial_partner_id = (
                invitation.partner_id.commercial_partner_id
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(invitation.sent_date for invitation in self):
            raise UserError(
                self.env._("What was sent to a customer stays in the ledger.")
            )

    # -- buttons

    def action_send_now(self):
        """Send scheduled or called-off invitations without waiting."""
        self._ensure_manager()
        # Managers read the ledger; what is written in it is decided here.
        for invitation in self.sudo():
            invitation._send_by_hand()
        return True

    def action_cancel(self):
        """Call off what was not answered yet; a link that was sent stops working."""
        self._ensure_manager()
        # As above.
        self.sudo().filtered(lambda i: i.state in ("scheduled", "sent"))._action_cancel(
            "by_hand"
        )
        return True

    def action_open_record(self):
        """Open the claim, repair or delivery the survey is about."""
        self.ensure_one()
        self.check_access("read")
        return self._get_record()._get_records_action()

    def _ensure_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(self.env._("Only after-sales managers can do this."))

    # -- transitions

    def _action_schedule(self, date_planned):
        self.write(
            {
                "state": "scheduled",
                "cancel_reason": False,
                "error": False,
                "date_planned": date_planned,
            }
        )

    def _action_cancel(self, reason, error=False):
        self.write({"state": "cancelled", "cancel_reason": reason, "error": error})

    def _action_expire(self):
        self.state = "expired"

    def _action_answer(self):
        """The answer came; who gave an anonymous one is forgotten, and the day."""
        # What the customer was promised counts, not what the survey is by now.
        anonymous = self.filtered("user_input_id.is_aftersales_anonymous")
        anonymous.write({"state": "answered", "user_input_id": False})
        (self - anonymous).write(
            {"state": "answered", "answer_date": fields.Datetime.now()}
        )

    def _action_send(self, by_hand=False):
        """Write the state, the answer form and the mail, or cancel and say why.

        :param by_hand: a person decided, so the rest period does not count
        :return: whether the invitation was sent
        """
        self.ensure_one()
        reason = self._get_block_reason(by_hand=by_hand)
        if reason:
            self._action_cancel(reason)
            return False
        # As superuser, so that the agent who sends by hand is not the creator of
        # the mail and can't read the customer's link in it.
        invitation = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        invitation.write(invitation._prepare_sent_vals())
        invitation.user_input_id = invitation._create_answer()
        invitation._send_mail()
        return True

    def _prepare_sent_vals(self):
        now, rule = fields.Datetime.now(), self.rule_id
        days, reminder = rule.expiry_days, rule.reminder_days
        remind = reminder and (not days or reminder < days)
        return {
            **self._get_record()._prepare_survey_facts(),
            "state": "sent",
            "cancel_reason": False,
            "error": False,
            "sent_date": now,
            "deadline": now + timedelta(days=days) if days else False,
            "reminder_date": now + timedelta(days=reminder) if remind else False,
        }

    def _send_mail(self):
        self.rule_id.template_id.send_mail(
            self.id, email_values=self._prepare_mail_vals()
        )

    def _action_remind(self):
        """Send the mail once more, or leave the customer in peace."""
        self.ensure_one()
        self.reminder_date = False
        if self._get_block_reason(by_hand=True):
            return
        invitation = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        invitation.reminded_date = fields.Datetime.now()
        invitation._send_mail()

    def _action_opt_out(self):
        """The customer wants no more surveys: what is planned is called off."""
        self.partner_id.aftersales_survey_opt_out = True
        self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "scheduled"),
            ]
        )._action_cancel("opted_out")

    def _has_opted_out(self):
        return self.partner_id.aftersales_survey_opt_out

    def _wait_for_quiet_hours(self, field):
        """Whether it is quiet at the customer's now; then `field` is put off."""
        now = fields.Datetime.now()
        allowed = self.rule_id._skip_quiet_hours(now, self.partner_id, self.company_id)
        if allowed > now:
            self[field] = allowed
            self._get_cron()._trigger(allowed)
        return allowed > now

    def _send_by_hand(self):
        """Send now, for a person who waits for the result.

        :raises UserError: when it was sent before, or can't be sent
        """
        self.ensure_one()
        invitation = self.try_lock_for_update()
        if not invitation or invitation.state not in ("scheduled", "cancelled"):
            raise UserError(
                self.env._("The survey about %(name)s was sent.", name=self.name)
            )
        if not invitation._action_send(by_hand=True):
            raise UserError(
                self.env._(
                    "The survey can't be sent. %(reason)s.",
                    reason=dict(
                        self._fields["cancel_reason"]._description_selection(self.env)
                    )[invitation.cancel_reason],
                )
            )

    def _create_answer(self):
        """The empty answer form of the customer, bound to the record."""
        anonymous = self.survey_id.is_aftersales_anonymous
        partner = self.env["res.partner"] if anonymous else self.partner_id
        return self.survey_id._create_answer(
            partner=partner,
            email=partner.email,
            check_attempts=False,
            invite_token=self.env["survey.user_input"]._generate_invite_token(),
            **self._prepare_answer_vals(anonymous),
        )

    def _prepare_answer_vals(self, anonymous):
        """What the answer is about; an anonymous one has nothing that tells who."""
        lang = self.env["res.lang"]._lang_get(self.partner_id.lang or "")
        facts = self._get_survey_facts()
        if anonymous:
            facts = {k: v for k, v in facts.items() if k not in PERSONAL_FACTS}
        return {
            **facts,
            "aftersales_rule_id": self.rule_id.id,
            "aftersales_company_id": self.company_id.id,
            "is_aftersales_anonymous": anonymous,
            "deadline": self.deadline,
            "lang_id": lang.id,
            # A partner with a login would otherwise answer as its user's contact.
            "partner_id": not anonymous and self.partner_id.id,
        }

    def _prepare_mail_vals(self):
        """The mail hangs on no document: its link is for the customer only."""
        author = self.company_id.partner_id
        vals = {"model": False, "res_id": False, "author_id": author.id}
        if self.claim_id:
            reply_to = self.claim_id._notify_get_reply_to()
            vals["reply_to"] = reply_to[self.claim_id.id]
        return vals

    # -- decisions

    def _get_record(self):
        """The document asked about; empty when it is gone."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_block_reason(self, by_hand=False):
        """Why the customer is not asked (a cancel reason), or False."""
        self.ensure_one()
        partner = self.partner_id
        if not self._get_record():
            return "record_deleted"
        if not by_hand and not self.rule_id.active:
            return "rule_archived"
        if self.claim_id.duplicate_of_id:
            return "merged"
        if self.rule_id.trigger == "claim_solved" and (
            self.claim_id.stage_category != "solved"
        ):
            return "reopened"
        if not partner.email_normalized:
            return "no_email"
        if partner.is_blacklisted or partner.aftersales_survey_opt_out:
            return "opted_out"
        if not self.survey_id.active or not self.survey_id.question_ids:
            return "survey_closed"
        if not by_hand and self._is_in_cooldown():
            return "cooldown"
        return False

    def _is_in_cooldown(self):
        """Whether any rule asked the customer's company within the rest period."""
        days = self.rule_id.cooldown_days
        return bool(
            days
            and self.search_count(
                [
                    ("commercial_partner_id", "=", self.commercial_partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("sent_date", ">", fields.Datetime.now() - timedelta(days=days)),
                ],
                limit=1,
            )
        )

    # -- what the mail shows

    @api.private
    def get_answer_url(self, score=None):
        """The customer's link; with `score`, the first question is pre-answered.

        Without superuser rights (a preview of the template) it carries no token.

        :param score: a number of the scale, or the id of a suggested answer
        """
        self.ensure_one()
        query = "" if score is None else f"?score={score}"
        return urljoin(self.get_base_url(), f"{self._get_answer_path()}{query}")

    @api.private
    def get_opt_out_url(self):
        """The link under which the customer can ask for no more surveys."""
        self.ensure_one()
        return urljoin(self.get_base_url(), f"{self._get_answer_path()}/stop")

    def _get_answer_path(self):
        token = self.user_input_id.access_token if self.env.su else ""
        return f"/aftersales/survey/{token or 'preview'}"

    @api.private
    def get_first_question(self):
        """The first question when it can be answered in the mail, else empty.

        A scale of at most eleven numbers or a choice of at most five answers.
        """
        self.ensure_one()
        # The question goes to the customer in the mail: it is no secret.
        question = self.survey_id.sudo().question_ids[:1]
        if question.question_type == "scale":
            return question
        if question.question_type == "simple_choice":
            return question if len(question.suggested_answer_ids) <= 5 else question[:0]
        return question[:0]

    @api.private
    def get_first_answers(self):
        """[(what the link carries, what it says)] for the first question."""
        question = self.get_first_question()
        if question.question_type == "scale":
            return [(n, n) for n in range(question.scale_min, question.scale_max + 1)]
        return [(answer.id, answer.value) for answer in question.suggested_answer_ids]

    @api.private
    def get_choice_title(self):
        """The first question if it is a choice: it is what the mail is about."""
        question = self.get_first_question()
        return question.title if question.question_type == "simple_choice" else ""

    # -- cron

    @api.model
    def _get_cron(self):
        # Whoever ends the work wakes the job up; the job itself is the system's.
        return self.env.ref("aftersales_survey.ir_cron_send_invitations").sudo()

    @api.model
    def _get_due_domain(self):
        return Domain("state", "=", "scheduled") & Domain(
            "date_planned", "<=", fields.Datetime.now()
        )

    @api.model
    def _cron_send(self, batch_size=100):
        """Send and remind what is due: locked, one savepoint and one commit each.

        An invitation that fails is marked with its error and the others go on; a
        conflict with another transaction leaves it for the next run.
        """
        self._cron_expire()
        self.env["aftersales.survey.rule"]._schedule_purchases()
        self._run_due(
            self._get_due_domain(), self._try_send, batch_size, "date_planned"
        )
        self._run_due(
            self._get_reminder_domain(), self._try_remind, batch_size, "reminder_date"
        )

    @api.model
    def _run_due(self, domain, work, batch_size, order):
        """Do `work` for what `domain` finds, each locked and in its own transaction."""
        due = self.search(domain, limit=batch_size, order=f"{order}, id")
        remaining = len(due) if len(due) < batch_size else self.search_count(domain)
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=remaining)
        for due_invitation in due:
            invitation = due_invitation.try_lock_for_update().filtered_domain(domain)
            if invitation:
                work(invitation)
            if not progress._commit_progress(1):
                break

    @api.model
    def _try_send(self, invitation):
        """Send in a savepoint; an error is noted on the invitation."""
        try:
            with self.env.cr.savepoint():
                if not invitation._wait_for_quiet_hours("date_planned"):
                    invitation._action_send()
        except OperationalError:
            _logger.info("Survey invitation %s is busy, it waits", invitation.id)
        except Exception as error:
            _logger.exception("Survey invitation %s could not be sent", invitation.id)
            invitation._action_cancel("error", error=str(error) or repr(error))

    @api.model
    def _try_remind(self, invitation):
        """Remind in a savepoint; one that fails is not tried again."""
        try:
            with self.env.cr.savepoint():
                if not invitation._wait_for_quiet_hours("reminder_date"):
                    invitation._action_remind()
        except OperationalError:
            _logger.info("Survey invitation %s is busy, it waits", invitation.id)
        except Exception as error:
            _logger.exception("Nobody is reminded of invitation %s", invitation.id)
            invitation.write({"reminder_date": False, "error": str(error)})

    @api.model
    def _get_reminder_domain(self):
        return Domain("state", "=", "sent") & Domain(
            "reminder_date", "<=", fields.Datetime.now()
        )

    @api.model
    def _cron_expire(self, batch_size=1000):
        """Close what was not answered in time."""
        overdue = self.search(
            [("state", "=", "sent"), ("deadline", "<", fields.Datetime.now())],
            limit=batch_size,
        )
        overdue.try_lock_for_update().filtered_domain(
            [("state", "=", "sent")]
        )._action_expire()
