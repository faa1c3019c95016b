# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules.schedule import lateness

#: Still to be done.
OPEN_STATES = ("planned", "proposed", "accepted")
#: States of a repair order whose work nobody has begun.
UNBEGUN_STATES = ("draft", "confirmed")


class AftersalesPlanVisit(models.Model):
    """One due date of a plan: made by the steps, followed by its repair order."""

    _name = "aftersales.plan.visit"
    _inherit = [
        "aftersales.batch.mixin",
        "aftersales.turn.mixin",
        "aftersales.company.mixin",
    ]
    _description = "Planned Visit"
    _order = "due_date desc, id desc"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "aftersales.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    due_date = fields.Date(required=True, readonly=True, index=True)
    limit_date = fields.Date(
        string="Late After", compute="_compute_limit_date", store=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    asset_id = fields.Many2one(related="plan_id.asset_id", store=True, index=True)
    product_id = fields.Many2one(related="plan_id.product_id", store=True)
    user_id = fields.Many2one(related="plan_id.user_id", store=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    repair_id = fields.Many2one(
        "repair.order",
        readonly=True,
        copy=False,
        ondelete="set null",
        check_company=True,
    )
    planned_date = fields.Datetime(
        related="repair_id.schedule_date", string="Planned For", store=True, index=True
    )
    planned_end = fields.Datetime(related="repair_id.schedule_end")
    technician_id = fields.Many2one(
        related="repair_id.user_id", string="Technician", store=True
    )
    service_mode = fields.Selection(related="plan_id.service_mode", store=True)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("proposed", "Another Date Wanted"),
            ("accepted", "Accepted"),
            ("done", "Carried Out"),
            ("skipped", "Skipped"),
            ("cancelled", "Called Off"),
        ],
        required=True,
        readonly=True,
        default="planned",
        index=True,
    )
    skip_reason = fields.Selection(
        [
            ("missed", "Nobody planned it in time"),
            ("hand", "Decided by hand"),
            ("order", "Its repair order was cancelled"),
            ("overtaken", "Nobody works before the next one is due"),
        ],
        readonly=True,
    )
    done_date = fields.Date(readonly=True)
    days_late = fields.Integer(compute="_compute_outcome", store=True, aggregator="avg")
    outcome = fields.Selection(
        [
            ("open", "Still Open"),
            ("on_time", "On Time"),
            ("late", "Late"),
            ("skipped", "Skipped"),
        ],
        compute="_compute_outcome",
        store=True,
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        groups="aftersales_service.group_user",
    )
    tell_state = fields.Selection(
        [
            ("to_tell", "To Be Told"),
            ("no_time", "Not Yet: Nobody Has Time"),
            ("told", "Told"),
            ("unreachable", "No Address"),
            ("failed", "Not Sent: Error"),
            ("silent", "Nobody Is Told"),
        ],
        string="Customer Told",
        required=True,
        readonly=True,
        default="to_tell",
    )
    told_date = fields.Datetime(readonly=True)
    wanted_date = fields.Date(readonly=True)
    note = fields.Text(string="The Customer Says", readonly=True)
    token = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    _number_uniq = models.UniqueIndex("(plan_id, number)")
    _due_uniq = models.UniqueIndex(
        "(plan_id, due_date) WHERE state != 'cancelled'",
        "There is a visit for this date already.",
    )
    _repair_uniq = models.UniqueIndex("(repair_id) WHERE repair_id IS NOT NULL")
    _to_tell_idx = models.Index(
        "(id) WHERE tell_state = 'to_tell' AND state = 'planned'"
    )
    _token_idx = models.Index("(token) WHERE token IS NOT NULL")

    @api.depends("partner_id.name", "asset_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for visit in self:
            # Whoever sees the visit may know for whom and for what it is.
            known = visit.sudo()
            visit.display_name = f"{known.partner_id.name} · {known.asset_id.name}"

    @api.depends("due_date", "plan_id.tolerance_days")
    def _compute_limit_date(self):
        for visit in self:
            visit.limit_date = visit.due_date and visit.due_date + timedelta(
                days=visit.plan_id.tolerance_days
            )

    @api.depends("state", "done_date", "due_date", "plan_id.tolerance_days")
    def _compute_outcome(self):
        for visit in self:
            visit.days_late = 0
            visit.outcome = "open"
            if visit.state == "done" and visit.done_date:
                days, is_late = lateness(
                    visit.due_date, visit.done_date, visit.plan_id.tolerance_days
                )
                # Those that come early make up for none that come late.
                visit.days_late = max(days, 0)
                visit.outcome = "late" if is_late else "on_time"
            elif visit.state in ("skipped", "cancelled"):
                visit.outcome = visit.state == "skipped" and "skipped"

    @api.depends("repair_id.total_cost")
    def _compute_cost(self):
        for visit in self:
            visit.cost = visit.repair_id.total_cost

    @api.depends("state", "limit_date")
    def _compute_is_overdue(self):
        for visit in self:
            today = visit.company_id._aftersales_today()
            visit.is_overdue = visit.state in OPEN_STATES and visit.limit_date < today

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = fields.Domain("state", "in", OPEN_STATES) & self._get_dates_domain(
            lambda today: [("limit_date", "<", today)]
        )
        return overdue if True in value else ~overdue

    # -- what becomes of them

    def _action_done(self):
        """The work was done today: the plan goes on from there."""
        visits = self.filtered(lambda visit: visit.state in OPEN_STATES)
        for company, done in visits.grouped("company_id").items():
            today = company._aftersales_today()
            done.write({"state": "done", "done_date": today, "token": False})
        visits.plan_id._plan_next()

    def _action_skip(self, reason):
        visits = self.filtered(lambda visit: visit.state in OPEN_STATES)
        visits.write({"state": "skipped", "skip_reason": reason, "token": False})
        visits.plan_id._plan_next()

    def _action_take_up_again(self):
        """Its repair order, once cancelled, is to be done after all."""
        visits = self.filtered(
            lambda v: v.state == "skipped" and v.plan_id.state == "running"
        )
        visits.write({"state": "planned", "skip_reason": False})
        visits.plan_id._plan_next()

    def _action_call_off(self):
        """The plan has stopped: leave out what nobody has begun to do."""
        visits = self.filtered(
            lambda visit: visit.state in OPEN_STATES
            and visit.repair_id.state in (*UNBEGUN_STATES, False)
        )
        visits.write({"state": "cancelled", "token": False})
        visits.filtered(lambda v: not v.partner_id.active)._forget_appointments()
        visits.repair_id.action_repair_cancel()

    def _forget_appointments(self):
        """Nobody is told any more of what they once were told."""
        self.repair_id.appointment_date = False

    def action_skip(self):
        """Leave these visits out; their repair orders are cancelled.

        :raises UserError: when the work has begun
        """
        self._ensure_may_plan()
        # The right to plan was checked; the states follow from the step.
        visits = self.sudo()
        visits._take_turn()
        for visit in visits:
            if visit.state not in OPEN_STATES:
                raise UserError(self.env._("This visit is not open any more."))
            if visit.repair_id.state not in (*UNBEGUN_STATES, False):
                raise UserError(
                    self.env._("The work of this visit has begun: finish it.")
                )
        repairs = visits.repair_id
        visits._action_skip("hand")
        repairs.action_repair_cancel()
        return True

    def _ensure_may_plan(self):
        self.check_access("read")
        if not self.env.su:
            # Visits follow from their plan: who may change it decides about them.
            self.plan_id.check_access("write")

    def action_view_repair(self):
        """Open the repair order with which the work is done."""
        self.ensure_one()
        self.check_access("read")
        return self.repair_id._get_records_action()

    def _get_day(self):
        """The Date for which it is planned, in the company's time zone."""
        self.ensure_one()
        if not self.planned_date:
            return self.due_date
        return self.company_id._aftersales_date(self.planned_date)

    def _format_day(self, day):
        return format_date(self.env, day, date_format="full")
