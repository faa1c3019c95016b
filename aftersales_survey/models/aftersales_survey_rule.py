# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
from ast import literal_eval
from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..rules.sampling import is_sampled
from ..rules.scores import net_promoter_score, satisfaction
from ..rules.timing import after_quiet_hours, anniversary_range

_logger = logging.getLogger(__name__)

TRIGGER_MODELS = {
    "claim_solved": "aftersales.claim",
    "repair_done": "repair.order",
    "intervention_done": "repair.order",
    "delivery_done": "stock.picking",
    "months_after_purchase": "aftersales.asset",
    "followup_done": "aftersales.survey.followup",
}
#: Purchases are entered in slices of so many.
PURCHASE_BATCH = 500
# What was called off because the claim went on may be asked once it ends again.
REVIVABLE_REASONS = ("reopened", "claim_cancelled")


class AftersalesSurveyRule(models.Model):
    _name = "aftersales.survey.rule"
    _description = "Survey Rule"
    _inherit = "aftersales.text.mixin"
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
            ("intervention_done", "Intervention done (on site or remote)"),
            ("delivery_done", "Delivery done"),
            ("months_after_purchase", "Months after the purchase"),
        ],
        required=True,
        default="claim_solved",
        index=True,
    )
    purchase_months = fields.Integer(string="Months", default=6)
    # Until which day purchases were looked at: what is older was never asked for.
    purchase_seen_date = fields.Date(readonly=True, copy=False)
    team_ids = fields.Many2many("aftersales.team", string="Teams")
    type_ids = fields.Many2many("aftersales.type", string="Claim Types")
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", help="These and all their contacts."
    )
    partner_category_ids = fields.Many2many(
        "res.partner.category", string="Customer Tags"
    )
    product_ids = fields.Many2many("product.product", string="Products")
    product_category_ids = fields.Many2many(
        "product.category", string="Product Categories"
    )
    model_name = fields.Char(compute="_compute_model_name")
    domain = fields.Char(
        string="And Only If",
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
    delay_days = fields.Integer(string="Delay (days)")
    delay_hours = fields.Integer(
        string="Delay (hours)", help="Hours to wait before the invitation is sent."
    )
    is_working_time = fields.Boolean(
        string="Working Hours",
        default=True,
        help="The hours count in the working hours of the team, else of the company.",
    )
    quiet_start = fields.Float(
        string="Quiet From",
        default=20.0,
        help="No mail arrives in the quiet hours, on the customer's clock.",
    )
    quiet_end = fields.Float(string="Quiet Until", default=9.0)
    reminder_days = fields.Integer(
        string="Reminder (days)",
        default=5,
        help="Who has not answered after these days is reminded, once. 0: never.",
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
        "CHECK (delay_hours >= 0 AND delay_days >= 0 AND cooldown_days >= 0 "
        "AND expiry_days >= 0 AND reminder_days >= 0)",
        "Delay, reminder, rest period and validity can't be negative.",
    )
    _quiet_hours_range = models.Constraint(
        "CHECK (quiet_start BETWEEN 0 AND 24 AND quiet_end BETWEEN 0 AND 24)",
        "Quiet hours lie between 0:00 and 24:00.",
    )
    _purchase_months_positive = models.Constraint(
        "CHECK (trigger != 'months_after_purchase' OR purchase_months > 0)",
        "Say how many months after the purchase.",
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
        minimum = self._get_minimum_answers()
        nps = net_promoter_score(
            counts["promoter"], counts["passive"], counts["detractor"], minimum
        )
        csat = satisfaction(counts["satisfied"], counts["csat"], minimum)
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

    @api.model
    def _get_minimum_answers(self):
        """Under how many answers no score is shown."""
        # Whoever looks at scores may know it: the setting is no secret.
        return self.env.company.sudo().aftersales_minimum_answers

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
        """The records this rule asks about: company, criteria and sample."""
        self.ensure_one()
        if self.company_id:
            records = records.filtered(lambda r: r.company_id == self.company_id)
        return records.filtered_domain(self._get_record_domain()).filtered(
            lambda r: self._is_about(r)
            and is_sampled(f"{self.id}:{r._name}:{r.id}", self.sampling_percent)
        )

    def _is_about(self, record):
        """Whether team, type, customer and products are those of the rule."""
        claim = record._get_survey_claim()
        partner = record.partner_id
        products = record._get_survey_products()
        family = partner | partner.commercial_partner_id
        return (
            (not self.team_ids or claim.team_id in self.team_ids)
            and (not self.type_ids or claim.type_id in self.type_ids)
            and (not self.partner_ids or bool(family & self.partner_ids))
            and (
                not self.partner_category_ids
                or bool(family.category_id & self.partner_category_ids)
            )
            and (not self.product_ids or bool(products & self.product_ids))
            and (not self.product_category_ids or self._has_category(products))
        )

    def _has_category(self, products):
        paths = tuple(self.product_category_ids.mapped("parent_path"))
        return any(p.categ_id.parent_path.startswith(paths) for p in products)

    def _schedule_records(self, records):
        """Enter `records` in the ledger, once each; those called off are revived."""
        self.ensure_one()
        Invitation = self.env["aftersales.survey.invitation"]
        if not records:
            return Invitation
        planned = self._plan(records)
        known = self._find_invitations(records)
        revived = known.filtered(lambda i: i.cancel_reason in REVIVABLE_REASONS)
        for invitation in revived:
            record = records.browse(invitation.res_id)
            invitation._action_schedule(planned[record])
        new = records - records.browse(known.mapped("res_id"))
        created = Invitation.create(
            [
                {
                    **record._prepare_survey_invitation_vals(),
                    "rule_id": self.id,
                    "date_planned": planned[record],
                }
                for record in new
            ]
        )
        if revived or created:
            Invitation._get_cron()._trigger(sorted(set(planned.values())))
        return revived | created

    def _plan(self, records):
        """When each of `records` that ended now is asked about, as {record: moment}."""
        now = fields.Datetime.now()
        by_calendar, planned = {}, {}
        for record in records:
            calendar = record._get_survey_calendar()
            if calendar not in by_calendar:
                by_calendar[calendar] = self._add_delay(now, calendar)
            planned[record] = self._skip_quiet_hours(
                by_calendar[calendar], record.partner_id, record.company_id
            )
        return planned

    def _add_delay(self, moment, calendar):
        """`moment` (naive UTC) plus the rule's days and (working) hours."""
        moment += timedelta(days=self.delay_days)
        if not self.delay_hours:
            return moment
        if self.is_working_time and calendar:
            counted = calendar.plan_hours(
                self.delay_hours, pytz.utc.localize(moment), compute_leaves=True
            )
            # A calendar without any working time has no such moment.
            if counted:
                return counted.astimezone(pytz.utc).replace(tzinfo=None)
        return moment + timedelta(hours=self.delay_hours)

    def _skip_quiet_hours(self, moment, partner, company):
        """The first moment (naive UTC) from `moment` on at which a mail may arrive."""
        zone = pytz.timezone(partner.tz) if partner.tz else company._get_aftersales_tz()
        local = pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)
        allowed = after_quiet_hours(local, self.quiet_start, self.quiet_end)
        if allowed == local:
            return moment
        return zone.localize(allowed).astimezone(pytz.utc).replace(tzinfo=None)

    # -- months after the purchase

    @api.model
    def _schedule_purchases(self):
        """Enter the purchases whose anniversary has come since the last run.

        One purchase of a customer is asked about, not each of its units.
        """
        for rule in self.search([("trigger", "=", "months_after_purchase")]):
            rule._schedule_purchases_of_rule()
            rule.purchase_seen_date = fields.Date.today()

    def _schedule_purchases_of_rule(self):
        first, last = anniversary_range(
            self.purchase_seen_date or fields.Date.today() - timedelta(days=1),
            fields.Date.today(),
            lambda day: day - relativedelta(months=self.purchase_months),
        )
        assets = self.env["aftersales.asset"].search(
            [
                ("delivery_date", ">", first),
                ("delivery_date", "<=", last),
                ("state", "=", "in_service"),
            ],
            order="id",
        )
        for start in range(0, len(assets), PURCHASE_BATCH):
            selected = self._select(assets[start : start + PURCHASE_BATCH])
            families = selected.grouped(
                lambda a: (a.company_id, a.partner_id.commercial_partner_id)
            )
            self._schedule_records(
                selected.browse([family[0].id for family in families.values()])
            )

    def _find_invitations(self, records):
        """What the ledger says about `records` and this rule."""
        return self.env["aftersales.survey.invitation"].search(
            [
                ("rule_id", "in", self.ids),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
            ]
        )
