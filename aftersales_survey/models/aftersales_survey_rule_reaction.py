# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesSurveyRule(models.Model):
    """What a rule does with bad and good answers."""

    _inherit = "aftersales.survey.rule"

    trigger = fields.Selection(
        selection_add=[("followup_done", "Bad answer followed up")],
        ondelete={"followup_done": "cascade"},
    )
    bad_action = fields.Selection(
        [
            ("none", "Do nothing"),
            ("alert", "Tell the team's lead"),
            ("activity", "Tell the lead and plan a follow-up"),
            ("reopen", "Open the claim again and plan a follow-up"),
        ],
        string="Bad Answer",
        required=True,
        default="activity",
    )
    bad_csat = fields.Integer(
        string="CSAT up to", default=2, help="-1: the score is not looked at."
    )
    bad_nps = fields.Integer(
        string="NPS up to", default=6, help="-1: the score is not looked at."
    )
    bad_ces = fields.Integer(
        string="Ease up to", default=-1, help="-1: the score is not looked at."
    )
    bad_words = fields.Char(
        string="Or the Words",
        translate=False,
        help="Words or phrases, separated by commas: a comment with one of them is a "
        "bad answer, whatever the score. Case and accents don't matter.",
    )
    followup_user_id = fields.Many2one(
        "res.users",
        string="Who Follows Up",
        domain=[("share", "=", False)],
        help="Empty: the team's lead, else whoever has the claim.",
    )
    followup_days = fields.Integer(
        string="Within (days)", default=2, help="Working days for the follow-up."
    )
    followup_note = fields.Text(
        string="What to Do", translate=True, help="Stands in the follow-up activity."
    )
    asks_for_review = fields.Boolean(
        string="Ask for a Public Review",
        default=True,
        help="After a good answer the company's review sites are shown.",
    )
    asks_for_testimonial = fields.Boolean(
        string="Ask for a Testimonial",
        default=True,
        help="After a good answer the customer may let you publish what they wrote.",
    )

    _followup_days_not_negative = models.Constraint(
        "CHECK (followup_days >= 0)", "A follow-up can't be due before the answer."
    )

    @api.constrains("bad_action", "survey_id")
    def _check_anonymous(self):
        for rule in self:
            # Managers of the service may not read every survey.
            if (
                rule.survey_id.sudo().is_aftersales_anonymous
                and rule.bad_action != "none"
            ):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: the survey is anonymous, so a bad answer can't be "
                        "followed up.",
                        rule=rule.name,
                    )
                )

    def _get_followup_user(self, invitation):
        """Who follows a bad answer up: the rule's person, the lead or the agent."""
        lead = invitation.team_id.user_id
        return (
            self.followup_user_id
            or lead
            or invitation.agent_id.filtered(lambda u: not u.share and u.active)
        )

    def _get_followup_deadline(self, calendar, company):
        """The day (Date) until which a bad answer is followed up."""
        now = fields.Datetime.now()
        if calendar and self.followup_days:
            # The day of the answer is not one of the days to wait.
            planned = calendar.plan_days(
                self.followup_days + 1, pytz.utc.localize(now), compute_leaves=True
            )
            if planned:
                moment = planned.astimezone(pytz.utc).replace(tzinfo=None)
                return company._aftersales_date(moment)
        return company._aftersales_date(now + timedelta(days=self.followup_days))
