# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..rules.schedule import FIRST_DAY, LAST_DAY, is_plannable

#: What follows from the steps, whoever edits.
FIXED_FIELDS = {
    "error",
    "generate_date",
    "next_date",
    "origin",
    "since",
    "state",
    "stop_reason",
    "template_id",
    "visit_number",
}
#: A change of one of these moves what is not planned yet.
TERM_FIELDS = {
    "basis",
    "date_end",
    "date_start",
    "interval_number",
    "interval_unit",
    "lead_days",
    "month_day",
    "month_ids",
    "trigger",
}
#: Why a plan stopped by itself, and goes on by itself when that is over.
PASSING_REASONS = ("archived", "customer_archived", "returned")


class AftersalesPlan(models.Model):
    """Care of one product before it fails: when it is due, and what is done then."""

    _name = "aftersales.plan"
    _inherit = [
        "aftersales.text.mixin",
        "aftersales.batch.mixin",
        "aftersales.turn.mixin",
        "aftersales.company.mixin",
        "aftersales.plan.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Preventive Plan"
    _order = "next_date, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    template_id = fields.Many2one(
        "aftersales.plan.template",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    origin = fields.Selection(
        [("hand", "By Hand"), ("product", "Product")],
        required=True,
        readonly=True,
        default="hand",
        copy=False,
    )
    asset_id = fields.Many2one(
        "aftersales.asset",
        required=True,
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        index=True,
    )
    partner_id = fields.Many2one(
        related="asset_id.partner_id", string="Customer", store=True, index=True
    )
    product_id = fields.Many2one(related="asset_id.product_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Planner",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
        help="Gets a task when the customer wants another date.",
    )
    technician_id = fields.Many2one(
        "res.users",
        string="Preferred Technician",
        domain=[("share", "=", False)],
        help="Sent when there is time within the tolerance; else who is free.",
    )
    checklist_id = fields.Many2one(check_company=True)
    date_start = fields.Date(
        string="Start Date",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
        tracking=True,
        help="The first visit is due an interval after it.",
    )
    date_end = fields.Date(
        string="Until", tracking=True, help="The last day on which care is due."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("paused", "Paused"),
            ("ended", "Ended"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    stop_reason = fields.Selection(
        [
            ("hand", "Decided by hand"),
            ("term", "Its last day has passed"),
            ("returned", "The product was returned"),
            ("replaced", "The product was replaced"),
            ("retired", "The product was retired"),
            ("archived", "The product is archived"),
            ("customer_archived", "The customer is archived"),
        ],
        string="Reason",
        readonly=True,
        copy=False,
        tracking=True,
    )
    since = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which it was started or taken up again: what was due before "
        "is not made up for.",
    )
    next_date = fields.Date(
        string="Next Due",
        readonly=True,
        copy=False,
        help="The next date for which no visit has been planned yet.",
    )
    generate_date = fields.Date(readonly=True, copy=False)
    visit_number = fields.Integer(readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)
    part_ids = fields.One2many("aftersales.plan.part", "plan_id", copy=True)
    visit_ids = fields.One2many("aftersales.plan.visit", "plan_id", readonly=True)
    visit_count = fields.Integer(compute="_compute_visit_counts")
    late_count = fields.Integer(string="Late", compute="_compute_visit_counts")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_visit_counts")
    warning = fields.Char(compute="_compute_warning")
    is_due = fields.Boolean(compute="_compute_is_due")

    _due_idx = models.Index(
        "(generate_date) WHERE state = 'running' AND generate_date IS NOT NULL"
    )
    _once = models.UniqueIndex(
        "(asset_id, template_id) WHERE template_id IS NOT NULL",
        "This product has a plan from this template already.",
    )

    @api.depends("asset_id")
    def _compute_company_id(self):
        for plan in self:
            plan.company_id = plan.asset_id.company_id or self.env.company

    def _compute_visit_counts(self):
        groups = self.env["aftersales.plan.visit"]._read_group(
            [("plan_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["plan_id", "outcome"],
            ["__count"],
        )
        counts = {}
        for plan, outcome, count in groups:
            counts.setdefault(plan, {})[outcome] = count
        for plan in self:
            found = counts.get(plan, {})
            plan.visit_count = sum(found.values())
            plan.late_count = found.get("late", 0)
            plan.skipped_count = found.get("skipped", 0)

    @api.depends("asset_id", "state", "next_date", "error")
    @api.depends_context("lang")
    def _compute_warning(self):
        """What keeps the plan from working, in a sentence, or False."""
        for plan in self:
            plan.warning = plan.state in ("draft", "running") and plan._get_warning()

    def _get_warning(self):
        """To be extended by other ways of being due."""
        self.ensure_one()
        if self.error:
            return self.env._("The visit could not be planned: %s", self.error)
        if self.asset_id and not self.asset_id.partner_id.email:
            return self.env._(
                "The customer has no e-mail address: tell them of visits by telephone."
            )
        return False

    @api.depends("state", "generate_date")
    def _compute_is_due(self):
        for plan in self:
            plan.is_due = bool(
                plan.state == "running"
                and plan.generate_date
                and plan.generate_date <= plan.company_id._aftersales_today()
            )

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for plan in self:
            for day in filter(None, (plan.date_start, plan.date_end)):
                if not is_plannable(day):
                    raise ValidationError(
                        self.env._(
                            "%(day)s can't be planned with: a plan lies between "
                            "%(first)s and %(last)s.",
                            day=format_date(self.env, day),
                            first=format_date(self.env, FIRST_DAY),
                            last=format_date(self.env, LAST_DAY),
                        )
                    )
            if plan.date_end and plan.date_end < plan.date_start:
                raise ValidationError(
                    self.env._(
                        "A plan can't end on %(end)s, before it starts on %(start)s.",
                        end=format_date(self.env, plan.date_end),
                        start=format_date(self.env, plan.date_start),
                    )
                )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        # Dates follow from the terms, whoever enters those.
        plans.sudo()._plan_next()
        return plans

    def write(self, vals):
        result = super().write(vals)
        if TERM_FIELDS & vals.keys():
            # As in create().
            self.sudo()._plan_next()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_visits(self):
        # Counted for whoever may delete plans.
        if self.sudo().visit_ids:
            raise UserError(
                self.env._("A plan with visits is not deleted: end it instead.")
            )

    # -- steps

    def action_start(self):
        """Let these plans run, or go on.

        :raises UserError: when one ended, or its product is not there to be served
        """
        self.check_access("write")
        for plan in self:
            if plan.state not in ("draft", "paused"):
                raise UserError(self.env._("Only a draft or paused plan is started."))
            plan._ensure_servable()
        # The right to write was checked; these fields follow from the step.
        self.sudo()._action_start()
        return True

    def _ensure_servable(self):
        self.ensure_one()
        reason = self._get_obstacle()
        if reason:
            label = dict(self._fields["stop_reason"]._description_selection(self.env))
            raise UserError(
                self.env._("This plan can't run: %s", label[reason].lower())
            )

    def _get_obstacle(self):
        """The reason (of `stop_reason`) why its product can't be served, or None."""
        self.ensure_one()
        asset = self.asset_id
        if asset.state != "in_service":
            return asset.state
        if not asset.active:
            return "archived"
        # Whether a customer is still one is no secret.
        if not asset.partner_id.sudo().active:
            return "customer_archived"
        return None

    def _action_start(self):
        for company, plans in self.grouped("company_id").items():
            today = company._aftersales_today()
            plans.write({"state": "running", "stop_reason": False, "since": today})
        self._plan_next()

    def action_pause(self):
        """Plan no more visits for now; those not begun yet are called off."""
        self.check_access("write")
        # As in action_start().
        self.sudo().filtered(lambda plan: plan.state == "running")._action_stop(
            "paused", "hand"
        )
        return True

    def action_end(self):
        """End these plans for good; visits not begun yet are called off."""
        self.check_access("write")
        # As in action_start().
        self.sudo().filtered(lambda plan: plan.state != "ended")._action_stop(
            "ended", "hand"
        )
        return True

    def _action_stop(self, state, reason):
        """Pause or end, and call off the visits that nobody has begun."""
        if not self:
            return
        self._take_turn()
        self.write({"state": state, "stop_reason": reason})
        self.visit_ids._action_call_off()
        self._plan_next()

    def action_view_visits(self):
        """Open the visits of these plans."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.aftersales_plan_visit_action"
        )
        action.update(domain=[("plan_id", "in", self.ids)], context={})
        return action

    def action_add_wear_parts(self):
        """Take the wear parts of the product's list into the plan.

        :raises UserError: when the list has no others
        """
        self.ensure_one()
        self.check_access("write")
        wear = self.env["aftersales.spare.part"].search(
            [
                ("product_tmpl_id", "=", self.product_id.product_tmpl_id.id),
                ("is_wear", "=", True),
                ("company_id", "in", [self.company_id.id, False]),
                ("product_id", "not in", self.part_ids.product_id.ids),
            ]
        )
        if not wear:
            raise UserError(
                self.env._("The product's list of spare parts has no other wear part.")
            )
        self.part_ids = [
            fields.Command.create(
                {"product_id": part.product_id.id, "quantity": part.quantity}
            )
            for part in wear
        ]
        return True

    def _get_portal_name(self):
        """What the customer reads, in the environment's language."""
        self.ensure_one()
        return self.template_id.name or self.name
