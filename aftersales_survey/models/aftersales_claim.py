# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from .aftersales_survey_invitation import STATES

# Which invitation speaks for the claim when there are several.
STATE_ORDER = ("answered", "sent", "scheduled", "expired", "cancelled")
#: What the customer answered: nobody writes it.
FIXED_FIELDS = {
    "csat_score",
    "has_csat",
    "improvement_ids",
    "is_satisfied",
    "nps_group",
    "nps_score",
    "survey_feedback",
    "survey_followup_ids",
    "survey_invitation_ids",
    "survey_state",
}


class AftersalesClaim(models.Model):
    _name = "aftersales.claim"
    _inherit = ["aftersales.claim", "aftersales.survey.mixin"]

    _survey_triggers = ("claim_solved",)

    survey_invitation_ids = fields.One2many(
        "aftersales.survey.invitation",
        "claim_id",
        groups="aftersales_service.group_technician",
    )
    survey_state = fields.Selection(
        STATES,
        string="Survey",
        compute="_compute_survey_results",
        store=True,
        groups="aftersales_service.group_technician",
    )
    csat_score = fields.Integer(
        string="Satisfaction",
        compute="_compute_survey_results",
        store=True,
        aggregator=None,
        groups="aftersales_service.group_technician",
        help="How satisfied the customer is, on the scale of the survey.",
    )
    # A score of 0 is an answer like any other; has_csat and nps_group tell it from
    # a question that was not answered.
    has_csat = fields.Boolean(
        string="Satisfaction Answered",
        compute="_compute_survey_results",
        store=True,
        groups="aftersales_service.group_technician",
    )
    is_satisfied = fields.Boolean(
        string="Satisfied",
        compute="_compute_survey_results",
        store=True,
        groups="aftersales_service.group_technician",
    )
    nps_score = fields.Integer(
        string="Would Recommend",
        compute="_compute_survey_results",
        store=True,
        aggregator=None,
        groups="aftersales_service.group_technician",
        help="From 0 to 10, how likely the customer is to recommend the company.",
    )
    nps_group = fields.Selection(
        [
            ("promoter", "Promoter"),
            ("passive", "Passive"),
            ("detractor", "Detractor"),
        ],
        string="NPS Group",
        compute="_compute_survey_results",
        store=True,
        index="btree_not_null",
        groups="aftersales_service.group_technician",
    )
    survey_feedback = fields.Text(
        string="Customer's Comment",
        compute="_compute_survey_results",
        store=True,
        groups="aftersales_service.group_technician",
    )
    survey_followup_ids = fields.One2many(
        "aftersales.survey.followup",
        "claim_id",
        string="Follow-ups",
        groups="aftersales_service.group_technician",
    )

    partner_satisfaction = fields.Char(
        compute="_compute_partner_satisfaction",
        groups="aftersales_service.group_technician",
        help="What the customer answered after earlier claims.",
    )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.depends("partner_id")
    @api.depends_context("lang", "uid")
    def _compute_partner_satisfaction(self):
        for claim in self:
            family = claim.partner_id.commercial_partner_id
            counts = dict(
                self._read_group(
                    [
                        ("partner_id.commercial_partner_id", "=", family.id),
                        ("has_csat", "=", True),
                    ],
                    ["is_satisfied"],
                    ["__count"],
                )
                if family
                else ()
            )
            claim.partner_satisfaction = self._get_satisfaction_text(
                counts.get(True, 0), sum(counts.values())
            )

    @api.model
    def _get_satisfaction_text(self, satisfied, total):
        if not total:
            return False
        if total == 1:
            return (
                self.env._("satisfied in the only answer")
                if satisfied
                else self.env._("not satisfied in the only answer")
            )
        return self.env._(
            "satisfied in %(satisfied)s of %(total)s answers",
            satisfied=satisfied,
            total=total,
        )

    @api.depends(
        "survey_invitation_ids.state",
        "survey_invitation_ids.has_csat",
        "survey_invitation_ids.csat_score",
        "survey_invitation_ids.is_satisfied",
        "survey_invitation_ids.nps_score",
        "survey_invitation_ids.nps_group",
        "survey_invitation_ids.feedback",
    )
    def _compute_survey_results(self):
        for claim in self:
            invitation = claim._get_speaking_invitation()
            claim.survey_state = invitation.state
            claim.has_csat = invitation.has_csat
            claim.csat_score = invitation.csat_score
            claim.is_satisfied = invitation.is_satisfied
            claim.nps_score = invitation.nps_score
            claim.nps_group = invitation.nps_group
            claim.survey_feedback = invitation.feedback

    def _get_speaking_invitation(self):
        """The answer about the claim itself comes first, then the latest step."""
        self.ensure_one()
        return self.survey_invitation_ids.sorted(
            lambda i: (
                STATE_ORDER.index(i.state),
                i.res_model != "aftersales.claim",
                -(i.answer_date or i.date_planned).timestamp(),
            )
        )[:1]

    def _get_survey_claim(self):
        return self

    def _is_survey_ready(self):
        return self.stage_category == "solved"

    def _ensure_may_send_survey(self):
        self._ensure_is_agent()

    def _post_close_hook(self):
        result = super()._post_close_hook()
        self._schedule_surveys("claim_solved")
        return result

    def _post_cancel_hook(self):
        result = super()._post_cancel_hook()
        merged = self.filtered("duplicate_of_id")
        merged._call_off_surveys("merged")
        (self - merged)._call_off_surveys("claim_cancelled")
        return result

    def _post_reopen_hook(self):
        result = super()._post_reopen_hook()
        self._call_off_surveys("reopened")
        return result

    def _call_off_surveys(self, reason):
        """Cancel what was not sent yet, of the claims and of their repairs."""
        # Agents may not write in the ledger; the hook acts for the system.
        self.env["aftersales.survey.invitation"].sudo().search(
            [("claim_id", "in", self.ids), ("state", "=", "scheduled")]
        )._action_cancel(reason)

    def action_view_survey_invitations(self):
        """Open what the customer was asked about the claim."""
        self.ensure_one()
        self.check_access("read")
        return self.survey_invitation_ids._get_records_action(
            name=self.env._("Surveys")
        )
