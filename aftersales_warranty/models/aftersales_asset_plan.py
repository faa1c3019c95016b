# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from .aftersales_plan import PASSING_REASONS
from .aftersales_plan_visit import OPEN_STATES, UNBEGUN_STATES

#: What a change of one of these means for the plans of a product.
FOLLOWED_FIELDS = {"active", "partner_id", "state"}


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    plan_ids = fields.One2many("aftersales.plan", "asset_id", readonly=True)
    plan_count = fields.Integer(compute="_compute_plan_count")
    next_visit_date = fields.Date(
        string="Next Visit", compute="_compute_next_visit_date"
    )
    preventive_cost = fields.Monetary(
        compute="_compute_care_costs",
        currency_field="cost_currency_id",
        groups="aftersales_service.group_user",
        help="What preventive service of this product has cost.",
    )
    corrective_cost = fields.Monetary(
        compute="_compute_care_costs",
        currency_field="cost_currency_id",
        groups="aftersales_service.group_user",
        help="What repairs after a failure have cost.",
    )
    cost_currency_id = fields.Many2one(related="company_id.currency_id")

    def _compute_plan_count(self):
        counts = dict(
            self.env["aftersales.plan"]._read_group(
                [("asset_id", "in", self.ids)], ["asset_id"], ["__count"]
            )
        )
        for asset in self:
            asset.plan_count = counts.get(asset, 0)

    def _compute_next_visit_date(self):
        dates = self._get_next_visit_dates()
        for asset in self:
            asset.next_visit_date = dates.get(asset._origin, False)

    def _compute_care_costs(self):
        # A sum for who looks after the product, whichever repairs they may open.
        groups = (
            self.env["repair.order"]
            .sudo()
            ._read_group(
                [("asset_id", "in", self.ids), ("state", "=", "done")],
                ["asset_id", "service_kind"],
                ["total_cost:sum"],
            )
        )
        costs = {(asset.id, kind): cost for asset, kind, cost in groups}
        for asset in self:
            for kind in ("preventive", "corrective"):
                asset[f"{kind}_cost"] = costs.get((asset.id, kind), 0.0)

    def _get_next_visits(self):
        """Return {asset: its next open visit}, in one search."""
        # Whoever sees a product may know when somebody comes for it.
        visits = (
            self.env["aftersales.plan.visit"]
            .sudo()
            .search(
                [("asset_id", "in", self.ids), ("state", "in", OPEN_STATES)],
                order="planned_date, due_date, id desc",
            )
        )
        by_asset = visits.grouped("asset_id")
        return {asset: by_asset[asset][:1] for asset in self if asset in by_asset}

    def _get_next_visit_dates(self):
        """Return {asset: Date of its next preventive visit}, in three queries.

        The day for which a visit is planned, else the day on which the next is due.
        Those without a visit to come are not in it.
        """
        # As in _get_next_visits().
        due = (
            self.env["aftersales.plan"]
            .sudo()
            ._read_group(
                [
                    ("asset_id", "in", self._origin.ids),
                    ("state", "=", "running"),
                    ("next_date", "!=", False),
                ],
                ["asset_id"],
                ["next_date:min"],
            )
        )
        dates = dict(due)
        for asset, visit in self._origin._get_next_visits().items():
            dates[asset] = visit._get_day()
        # A service that no plan knows of may come before.
        for asset, day in super()._get_next_visit_dates().items():
            dates[asset] = min(day, dates.get(asset, day))
        return {asset: dates[asset] for asset in self._origin if asset in dates}

    def _get_portal_visit(self):
        """The next visit that its owner may answer, or none."""
        self.ensure_one()
        none = self.env["aftersales.plan.visit"]
        visit = self._get_next_visits().get(self, none)
        if (
            visit.planned_date
            and visit.partner_id == self.partner_id
            and visit.tell_state != "no_time"
        ):
            return visit
        return none

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        # Whoever delivers or registers a product need not plan its care: it follows
        # from the product alone, whatever their rights.
        self.env["aftersales.plan"].sudo()._issue(assets.sudo())
        assets.sudo()._join_park_plans()
        return assets

    def write(self, vals):
        result = super().write(vals)
        if FOLLOWED_FIELDS & vals.keys():
            # As above.
            assets = self.sudo()
            assets.plan_ids._follow_asset("partner_id" in vals)
            if (
                "partner_id" in vals
                or vals.get("active")
                or vals.get("state") == "in_service"
            ):
                assets._join_park_plans()
        return result

    def _join_park_plans(self):
        """Plan what the contracts of their owners' whole parks include for these."""
        self.env["aftersales.contract"]._issue_park_plans(self)

    def _carry_over_to(self, new_asset):
        # As above.
        self.sudo().plan_ids._carry_over_to(new_asset.sudo())
        return super()._carry_over_to(new_asset)

    def action_view_plans(self):
        """Open the preventive plans of these products."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.aftersales_plan_action"
        )
        action.update(
            domain=[("asset_id", "in", self.ids)],
            context={"default_asset_id": self[:1].id},
        )
        return action


class AftersalesPlan(models.Model):
    """What happens to the product happens to its plans."""

    _inherit = "aftersales.plan"

    def _follow_asset(self, has_new_owner=False):
        """Stop or go on with what the state of product and customer say."""
        for reason, plans in self.grouped(lambda plan: plan._get_obstacle()).items():
            if not reason:
                plans._go_on()
                continue
            if reason in PASSING_REASONS:
                plans.filtered(lambda p: p.state == "running")._action_stop(
                    "paused", reason
                )
            else:
                plans.filtered(lambda p: p.state != "ended")._action_stop(
                    "ended", reason
                )
        if has_new_owner:
            self.visit_ids._follow_owner()

    def _start_or_wait(self):
        """Start what can be served; for now the others wait for what `_go_on` takes
        up.
        """
        for reason, plans in self.grouped(lambda plan: plan._get_obstacle()).items():
            if not reason:
                plans._action_start()
            elif reason in PASSING_REASONS:
                plans._action_stop("paused", reason)
            else:
                plans._action_stop("ended", reason)

    def _go_on(self):
        """Take up again what had stopped by itself."""
        self.filtered(
            lambda p: p.state == "paused" and p.stop_reason in PASSING_REASONS
        )._action_start()


class AftersalesPlanVisit(models.Model):
    _inherit = "aftersales.plan.visit"

    def _follow_owner(self):
        """What is planned goes on for the new owner, who is told; not the old one."""
        visits = self.filtered(
            lambda v: v.state in OPEN_STATES
            and v.partner_id != v.asset_id.partner_id
            and v.repair_id.state in (*UNBEGUN_STATES, False)
        )
        # First of all: no mail about the visit goes to anybody.
        visits._forget_appointments()
        visits._withdraw_mails()
        for visit in visits:
            owner = visit.asset_id.partner_id
            # Without anybody who has time there is nothing to tell yet.
            has_time = visit.tell_state != "no_time"
            visit.write(
                {
                    "partner_id": owner.id,
                    "state": "planned",
                    "tell_state": "to_tell" if has_time else "no_time",
                    "mail_id": False,
                    "told_date": False,
                    "wanted_date": False,
                    "note": False,
                    "token": False,
                    **visit.plan_id._get_visit_place(),
                }
            )
            visit.repair_id.partner_id = owner
