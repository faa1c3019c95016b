# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
from ast import literal_eval
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..rules.sampling import is_sampled
from ..rules.scores import net_promoter_score, satisfaction

_logger = logging.getLogger(__name__)

TRIGGER_MODELS = {
    "claim_solved": "aftersales.claim",
    "repair_done": "repair.order",
    "delivery_done": "stock.picking",
}
# What was called off because the claim went on may be asked once it ends again.
REVIVABLE_REASONS = ("reopened", "claim_cancelled")


class AftersalesSurveyRule(models.Model):
    _name = "aftersales.survey.rule"
    _description = "Survey Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the rule applies to all companies."
    )
    trigger = fields.Selection(
        [
            ("claim_solved", "Claim solved"),
            ("repair_done", "Repair done"),
            ("delivery_done", "Delivery done"),
        ],
        required=True,
        default="claim_solved",
        index=True,
    )
    model_name = fields.Char(compute="_compute_model_name")
    domain = fields.Char(
        string="Only For",
        default="[]",
        required=True,
        help="Which claims, repairs or deliveries are followed by the survey.",
    )
    # The ledger goes with the rule only when the module is uninstalled; before
    # that, _unlink_except_used refuses.
    survey_id = fields.Many2one(
        "survey.survey",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("survey_type", "=", "aftersales")],
    )
    template_id = fields.Many2one(
        "mail.template",
        string="E-mail",
        required=True,
        ondelete="restrict",
        domain=[("model", "=", "aftersales.survey.invitation")],
        default=lambda self: self._default_template_id(),
    )
    delay_hours = fields.Integer(
        string="Delay (hours)", help="Hours to wait before the invitation is sent."
    )
    sampling_percent = fields.Integer(
        string="Share Asked (%)",
        default=100,
        required=True,
        help="How many of a hundred cases are asked. A case is in or out for good.",
    )
    cooldown_days = fields.Integer(
        string="Rest Period (days)",
        default=30,
        help="A customer who got a survey from any rule within these days is left "
        "in peace. 0: no rest period.",
    )
    expiry_days = fields.Integer(
        string="Valid for (days)",
        default=30,
        help="The link stops working after these days. 0: it stays valid.",
    )
    invitation_ids = fields.One2many("aftersales.survey.invitation", "rule_id")
    sent_count = fields.Integer(string="Sent", compute="_compute_results")
    answer_count = fields.Integer(string="Answers", compute="_compute_results")
    response_rate = fields.Float(compute="_compute_results")
    nps_summary = fields.Char(string="NPS", compute="_compute_results")
    csat_summary = fields.Char(string="Satisfied", compute="_compute_results")

    _sampling_percent_range = models.Constraint(
        "CHECK (sampling_percent BETWEEN 0 AND 100)",
        "The share asked lies between 0 and 100 percent.",
    )
    _periods_not_negative = models.Constraint(
        "CHECK (delay_hours >= 0 AND cooldown_days >= 0 AND expiry_days >= 0)",
        "Delay, rest period and validity can't be negative.",
    )

    @api.model
    def _default_template_id(self):
        return self.env.ref(
            "aftersales_survey.mail_template_survey_invitation",
            raise_if_not_found=False,
        )

    @api.depends("trigger")
    def _compute_model_name(self):
        for rule in self:
            rule.model_name = TRIGGER_MODELS.get(rule.trigger)

    @api.depends("invitation_ids.state", "invitation_ids.nps_group")
    def _compute_results(self):
        """Figures over all invitations of the rule, in one query."""
        counts = {rule.id: dict.fromkeys(self._get_result_keys(), 0) for rule in self}
        for rule, state, group, has_csat, satisfied, count in self.env[
            "aftersales.survey.invitation"
        ]._read_group(
            [("rule_id", "in", self.ids), ("sent_date", "!=", False)],
            ["rule_id", "state", "nps_group", "has_csat", "is_satisfied"],
            ["__count"],
        ):
            rule_counts = counts[rule.id]
            rule_counts["sent"] += count
            if state == "answered":
                rule_counts["answered"] += count
            if group:
                rule_counts[group] += count
            if has_csat:
                rule_counts["csat"] += count
                rule_counts["satisfied"] += count * satisfied
        for rule in self:
            rule._set_results(
                counts.get(rule.id) or dict.fromkeys(self._get_result_keys(), 0)
            )

    @api.model
    def _get_result_keys(self):
        groups = ("promoter", "passive", "detractor")
        return ("sent", "answered", "csat", "satisfied", *groups)

    def _set_results(self, counts):
        self.sent_count = counts["sent"]
        self.answer_count = counts["answered"]
        self.response_rate = counts["answered"] / (counts["sent"] or 1)
        nps = net_promoter_score(
            counts["promoter"], counts["passive"], counts["detractor"]
        )
        csat = satisfaction(counts["satisfied"], counts["csat"])
        self.nps_summary = nps and self.env._(
            "%(score)+d (%(low)+d to %(high)+d)",
            score=round(nps.value),
            low=round(nps.low),
            high=round(nps.high),
        )
        self.csat_summary = csat and self.env._(
            "%(score)d%% (%(low)d to %(high)d)",
            score=round(csat.value),
            low=round(csat.low),
            high=round(csat.high),
        )

    @api.constrains("domain", "trigger")
    def _check_domain(self):
        for rule in self:
            try:
                domain = rule._get_record_domain()
                domain.validate(self.env[rule.model_name])
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "The filter of %(rule)s can't be applied: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("invitation_ids")
        if used:
            raise UserError(
                self.env._(
                    "Surveys were sent by %(names)s: archive it instead.",
                    names=", ".join(used.mapped("name")),
                )
            )

    def action_view_invitations(self):
        """Open the ledger of the rule."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_survey.aftersales_survey_invitation_action"
        )
        return {**action, "domain": [("rule_id", "in", self.ids)], "context": {}}

    def _get_record_domain(self):
        """The filter as a domain; literal, so that a filter can't run code."""
        self.ensure_one()
        return Domain(literal_eval(self.domain or "[]"))

    @api.model
    def _get_rules(self, trigger, companies):
        return self.search(
            [("trigger", "=", trigger), ("company_id", "in", [False, *companies.ids])]
        )

    @api.model
    def _schedule(self, trigger, records):
        """Invitations of all rules for the records that reached `trigger`.

        A rule that can't be applied any more (its filter names a field that is gone)
        is logged and left out: it must not keep a claim or a delivery from ending.
        """
        invitations = self.env["aftersales.survey.invitation"]
        for rule in self._get_rules(trigger, records.company_id):
            try:
                with self.env.cr.savepoint():
                    invitations |= rule._schedule_records(rule._select(records))
            except OperationalError:
                # A conflict with another transaction: the whole step is retried.
                raise
            except Exception:
                _logger.exception("Survey rule %s could not be applied", rule.id)
        return invitations

    def _select(self, records):
        """The records this rule asks about: company, filter and sample."""
        self.ensure_one()
        if self.company_id:
            records = records.filtered(lambda r: r.company_id == self.company_id)
        return records.filtered_domain(self._get_record_domain()).filtered(
            lambda r: is_sampled(f"{self.id}:{r._name}:{r.id}", self.sampling_percent)
        )

    def _schedule_records(self, records):
        """Enter `records` in the ledger, once each; those called off are revived."""
        self.ensure_one()
        Invitation = self.env["aftersales.survey.invitation"]
        if not records:
            return Invitation
        planned = fields.Datetime.now() + timedelta(hours=self.delay_hours)
        known = self._find_invitations(records)
        revived = known.filtered(lambda i: i.cancel_reason in REVIVABLE_REASONS)
        revived._action_schedule(planned)
        new = records - records.browse(known.mapped("res_id"))
        created = Invitation.create(
            [
                {
                    **record._prepare_survey_invitation_vals(),
                    "rule_id": self.id,
                    "date_planned": planned,
                }
                for record in new
            ]
        )
        if revived or created:
            Invitation._get_cron()._trigger(planned)
        return revived | created

    def _find_invitations(self, records):
        """What the ledger says about `records` and this rule."""
        return self.env["aftersales.survey.invitation"].search(
            [
                ("rule_id", "in", self.ids),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        )
