# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class AftersalesSurveyMixin(models.AbstractModel):
    """A document whose end may be followed by a survey."""

    _name = "aftersales.survey.mixin"
    _description = "Document Followed by a Survey"

    #: The triggers of the surveys that people send by hand, the first with a rule.
    _survey_triggers = ()

    # -- what the document is about

    def _get_survey_claim(self):
        """The claim the document belongs to; to be overridden."""
        self.ensure_one()
        return self.env["aftersales.claim"]

    def _get_survey_lines(self):
        """The claim lines the document is about; to be overridden."""
        return self._get_survey_claim().line_ids

    def _get_survey_repair(self):
        """The repair that was done; to be overridden."""
        return self._get_survey_claim().repair_ids[-1:]

    def _get_survey_asset(self):
        """The customer's asset; to be overridden."""
        return self._get_survey_lines().asset_id[:1]

    def _get_survey_products(self):
        """The products the document is about; to be overridden."""
        return self._get_survey_lines().product_id

    def _is_survey_ready(self):
        """Whether the work has ended, so that one can ask; to be overridden."""
        return True

    def _prepare_survey_facts(self):
        """What the survey is about (aftersales.survey.facts), as of now."""
        self.ensure_one()
        claim = self._get_survey_claim()
        lines = self._get_survey_lines()
        repair = self._get_survey_repair()
        return {
            "claim_id": claim.id,
            "claim_line_ids": [Command.set(lines.ids)],
            "repair_id": repair.id,
            "asset_id": self._get_survey_asset().id,
            "product_id": self._get_survey_products()[:1].id,
            "team_id": claim.team_id.id,
            "agent_id": claim.user_id.id,
            "technician_id": repair.user_id.id,
            "type_id": claim.type_id.id,
            "channel_id": claim.channel_id.id,
            "cause_id": lines.cause_id[:1].id,
        }

    def _prepare_survey_invitation_vals(self):
        """Who is asked about the document, and in which company."""
        self.ensure_one()
        return {
            **self._prepare_survey_facts(),
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
        }

    def _get_survey_calendar(self):
        """The working hours in which a rule's delay counts."""
        return self._get_survey_claim().team_id._get_calendar(self.company_id)

    # -- asking

    def _schedule_surveys(self, trigger):
        """Schedule what the rules ask for after `trigger`; safe to call twice."""
        rules = self.env["aftersales.survey.rule"]
        if not self:
            return rules.invitation_ids
        # The rules apply whoever ended the work, so they are read as superuser.
        return rules.sudo()._schedule(trigger, self.sudo())

    def action_send_survey(self):
        """Send the survey about the documents now, once each.

        :return: a notification that tells how many were sent
        :raises UserError: when the only one, or none, can be sent, with the reason
        """
        self._ensure_may_send_survey()
        reasons, sent = [], self.browse()
        for record in self:
            try:
                with self.env.cr.savepoint():
                    record._send_survey_by_hand()
                sent |= record
            except UserError as error:
                reasons.append(f"{record.display_name}: {error}")
                if len(self) == 1:
                    raise
        if not sent:
            raise UserError("\n".join(reasons))
        return self._get_sent_notification(sent, reasons)

    def _ensure_may_send_survey(self):
        self.check_access("read")
        if not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(self.env._("Only after-sales agents can do this."))

    def _send_survey_by_hand(self):
        self.ensure_one()
        if not self._is_survey_ready():
            raise UserError(
                self.env._("A survey is sent when the work on it has ended.")
            )
        # Rights on the document are checked; agents need none on rules and ledger.
        record = self.sudo()
        rules = self.env["aftersales.survey.rule"].sudo()
        rule = rules.browse()
        for trigger in self._survey_triggers:
            rule = rule or rules._get_rules(trigger, record.company_id)[:1]
        if not rule:
            raise UserError(
                self.env._(
                    "There is no survey for this: ask a manager to add a survey rule."
                )
            )
        invitation = rule._find_invitations(record) or self.env[
            "aftersales.survey.invitation"
        ].sudo().create(
            {
                **record._prepare_survey_invitation_vals(),
                "rule_id": rule.id,
                "date_planned": fields.Datetime.now(),
            }
        )
        invitation._send_by_hand()

    def _get_sent_notification(self, sent, reasons):
        if len(self) == 1:
            message = self.env._(
                "The survey is on its way to %(customer)s.",
                customer=sent.partner_id.name,
            )
        else:
            message = self.env._(
                "Surveys on their way: %(count)s.\n%(reasons)s",
                count=len(sent),
                reasons="\n".join(reasons),
            ).strip()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if reasons else "success",
                "message": message,
                "sticky": bool(reasons),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
