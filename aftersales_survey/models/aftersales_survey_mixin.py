# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesSurveyMixin(models.AbstractModel):
    """A document whose end may be followed by a survey."""

    _name = "aftersales.survey.mixin"
    _description = "Document Followed by a Survey"

    def _get_survey_claim(self):
        """The claim the document belongs to; to be overridden."""
        self.ensure_one()
        return self.env["aftersales.claim"]

    def _prepare_survey_invitation_vals(self):
        """Who is asked about the document, and in which company."""
        self.ensure_one()
        return {
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "claim_id": self._get_survey_claim().id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
        }

    def _schedule_surveys(self, trigger):
        """Schedule what the rules ask for after `trigger`; safe to call twice."""
        rules = self.env["aftersales.survey.rule"]
        if not self:
            return rules.invitation_ids
        # The rules apply whoever ended the work, so they are read as superuser.
        return rules.sudo()._schedule(trigger, self.sudo())
