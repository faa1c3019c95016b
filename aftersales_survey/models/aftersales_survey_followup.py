# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

#: It follows from the answer and from the steps taken.
FIXED_FIELDS = {
    "answered_mood",
    "claim_id",
    "company_id",
    "done_date",
    "invitation_id",
    "is_known",
    "name",
    "partner_id",
    "satisfied_percent",
    "state",
    "team_id",
}
MOODS = [
    ("satisfied", "Satisfied"),
    ("unsatisfied", "Still not satisfied"),
    ("unknown", "Did not say"),
]


class AftersalesSurveyFollowup(models.Model):
    """What is done about a bad answer, by whom, until when, and whether it helped."""

    _name = "aftersales.survey.followup"
    _description = "Follow-up of a Bad Answer"
    _inherit = [
        "aftersales.text.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "aftersales.survey.mixin",
    ]
    _order = "state desc, deadline, id"

    _survey_triggers = ("followup_done",)

    name = fields.Char(required=True, readonly=True)
    invitation_id = fields.Many2one(
        "aftersales.survey.invitation",
        string="Survey",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    claim_id = fields.Many2one(
        related="invitation_id.claim_id", store=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        related="invitation_id.partner_id", string="Customer", store=True
    )
    company_id = fields.Many2one(
        related="invitation_id.company_id", store=True, index=True
    )
    team_id = fields.Many2one(related="invitation_id.team_id", store=True)
    product_id = fields.Many2one(related="invitation_id.product_id")
    has_csat = fields.Boolean(related="invitation_id.has_csat")
    csat_score = fields.Integer(related="invitation_id.csat_score")
    nps_score = fields.Integer(related="invitation_id.nps_score")
    nps_group = fields.Selection(related="invitation_id.nps_group")
    feedback = fields.Text(related="invitation_id.feedback")
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
    )
    deadline = fields.Date(index="btree_not_null", tracking=True)
    state = fields.Selection(
        [("open", "To Do"), ("done", "Done")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    outcome = fields.Selection(
        [
            ("called", "Called"),
            ("solved", "Solved"),
            ("compensated", "Compensated"),
            ("unreachable", "Not reached"),
        ],
        tracking=True,
    )
    note = fields.Text(string="What was said and done")
    done_date = fields.Datetime(readonly=True)
    customer_mood = fields.Selection(
        MOODS,
        string="Customer Afterwards",
        tracking=True,
        help="As the customer said on the phone; their own answer to a survey after "
        "the follow-up counts more.",
    )
    answered_mood = fields.Selection(
        MOODS,
        string="Customer's Own Answer",
        readonly=True,
        tracking=True,
        help="From the survey that was sent after the follow-up.",
    )
    satisfied_percent = fields.Float(
        string="Satisfied After Follow-up (%)",
        compute="_compute_satisfied_percent",
        store=True,
        aggregator="avg",
        readonly=True,
    )
    is_known = fields.Boolean(compute="_compute_satisfied_percent", store=True)
    is_late = fields.Boolean(compute="_compute_is_late")

    _once_per_survey = models.UniqueIndex(
        "(invitation_id)", "This answer is followed up already."
    )

    @api.depends("answered_mood", "customer_mood", "state")
    def _compute_satisfied_percent(self):
        for followup in self:
            mood = followup.answered_mood or followup.customer_mood
            followup.is_known = followup.state == "done" and (
                mood in ("satisfied", "unsatisfied")
            )
            satisfied = mood == "satisfied"
            followup.satisfied_percent = 100.0 * (followup.is_known and satisfied)

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        for followup in self:
            today = followup.company_id._aftersales_today()
            followup.is_late = bool(
                followup.state == "open"
                and followup.deadline
                and followup.deadline < today
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("What customers complained about is kept."))

    # -- buttons

    def action_done(self):
        """Close the follow-up with its outcome.

        :raises UserError: without the outcome or what the customer thinks now
        """
        self.check_access("write")
        missing = self.filtered(lambda f: not f.outcome or not f.customer_mood)
        if missing:
            raise UserError(
                self.env._("Say what came of it and whether the customer is satisfied.")
            )
        # The right to write is checked; the state is not written by hand.
        self.sudo().filtered(lambda f: f.state == "open")._action_done()
        return True

    def _action_done(self):
        self.write({"state": "done", "done_date": fields.Datetime.now()})
        self.activity_ids.action_feedback()
        self._schedule_surveys("followup_done")

    def action_reopen(self):
        """Take a closed follow-up up again."""
        self.check_access("write")
        # The right to write is checked; the state is not written by hand.
        self.sudo().write({"state": "open", "done_date": False})
        return True

    def action_open_claim(self):
        """Open the claim the customer answered about."""
        self.ensure_one()
        self.check_access("read")
        return self.claim_id._get_records_action()

    # -- a survey about the follow-up itself

    def _get_survey_claim(self):
        self.ensure_one()
        return self.claim_id

    def _get_survey_products(self):
        return self.invitation_id.product_id

    def _is_survey_ready(self):
        return self.state == "done"

    def _take_answer(self, is_satisfied):
        """What the customer answered about the follow-up itself counts."""
        self.answered_mood = "satisfied" if is_satisfied else "unsatisfied"
