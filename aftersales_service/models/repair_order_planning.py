# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    aftersales_skill_ids = fields.Many2many(
        "product.category",
        "aftersales_user_skill_rel",
        string="Repair Skills",
        help="Product categories this technician repairs; empty: all of them.",
    )

    def _has_aftersales_skill(self, product):
        self.ensure_one()
        path = (product.categ_id.parent_path or "").split("/")
        skills = self.aftersales_skill_ids
        return not skills or any(str(skill.id) in path for skill in skills)

    def _get_aftersales_work(self, start, end, company):
        """Working intervals of each user between two aware datetimes, less leaves.

        :return: {user: Intervals}
        """
        result = {}
        for user in self:
            # Hours of work are planned with, whatever the rights on resources.
            resource = user.sudo().resource_ids.filtered(
                lambda r: r.company_id == company
            )[:1]
            calendar = resource.calendar_id or company.resource_calendar_id
            by_resource = calendar._work_intervals_batch(start, end, resource)
            result[user] = by_resource[resource.id]
        return result


class RepairOrder(models.Model):
    _inherit = "repair.order"

    schedule_end = fields.Datetime(
        compute="_compute_schedule_end", store=True, index="btree_not_null"
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    planning_warning = fields.Char(compute="_compute_planning_warning")

    @api.depends("product_id", "partner_id")
    @api.depends_context("aftersales_planning", "lang")
    def _compute_display_name(self):
        """In a calendar, what is repaired and for whom."""
        super()._compute_display_name()
        if not self.env.context.get("aftersales_planning"):
            return
        for repair in self:
            product = repair.product_id.with_context(display_default_code=False)
            parts = (product.display_name, repair.partner_id.name, repair.name)
            repair.display_name = " · ".join(part for part in parts if part)

    @api.depends("schedule_date", "estimated_hours")
    def _compute_schedule_end(self):
        for repair in self:
            hours = repair.estimated_hours or 1.0
            # What is no number of hours is refused when it is written.
            hours = hours if 0 < hours < 1000 else 1.0
            start = repair.schedule_date
            repair.schedule_end = start and start + timedelta(hours=hours)

    @api.depends("schedule_date", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for repair in self:
            is_open = repair.state in ("draft", "confirmed", "under_repair")
            end = repair.schedule_end
            repair.is_late = bool(is_open and end and end < now)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._get_open_repairs_domain() & Domain(
            "schedule_end", "<", fields.Datetime.now()
        )
        return late if True in value else ~late

    @api.model
    def _get_open_repairs_domain(self):
        return Domain("state", "in", ("draft", "confirmed", "under_repair"))

    @api.depends("schedule_date", "schedule_end", "user_id", "state", "product_id")
    def _compute_planning_warning(self):
        for repair in self:
            repair.planning_warning = False
            if repair.user_id and repair.state not in ("done", "cancel"):
                repair.planning_warning = repair._get_planning_warning()

    def _get_planning_warning(self):
        """Why this time or this person does not fit, in a sentence, or False."""
        self.ensure_one()
        name = self.user_id.name
        if not self.user_id._has_aftersales_skill(self.product_id):
            return self.env._("%(user)s does not repair this product.", user=name)
        other = self._get_overlapping()
        if other:
            return self.env._(
                "%(user)s has %(repair)s at the same time.",
                user=name,
                repair=other[0].name,
            )
        if not self._is_in_working_hours():
            return self.env._("%(user)s does not work at that time.", user=name)
        return False

    def _get_overlapping(self):
        """Other open repairs of the same technician at the same time."""
        self.ensure_one()
        # Others' repairs take the technician's time, whether the user sees them or not.
        return self.sudo().search(
            self._get_open_repairs_domain()
            & Domain("id", "!=", self._origin.id)
            & Domain("user_id", "=", self.user_id.id)
            & Domain("estimated_hours", ">", 0)
            & Domain("schedule_date", "<", self.schedule_end)
            & Domain("schedule_end", ">", self.schedule_date),
            limit=1,
        )

    def _is_in_working_hours(self):
        self.ensure_one()
        start = pytz.utc.localize(self.schedule_date)
        end = pytz.utc.localize(self.schedule_end)
        work = self.user_id._get_aftersales_work(start, end, self.company_id)
        return bool(work[self.user_id])

    # -- who could do it

    def action_find_technician(self):
        """Show who is skilled and how much of the planned day each has left."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["aftersales.repair.assign"].create({"repair_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Is Free"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_technician_loads(self, day):
        """What each technician of the company works and has planned on `day`.

        :return: [(user, is skilled, hours of work, hours planned)], the best first
        """
        self.ensure_one()
        company = self.company_id
        zone = company._get_aftersales_tz()
        start = zone.localize(datetime.combine(day, time.min))
        end = zone.localize(datetime.combine(day, time.max))
        users = self._get_technicians()
        work = users._get_aftersales_work(start, end, company)
        planned = self._get_planned_hours(users, start, end)
        loads = [
            (
                user,
                user._has_aftersales_skill(self.product_id),
                sum(
                    (stop - begin).total_seconds() / 3600
                    for begin, stop, _meta in work[user]
                ),
                planned.get(user, 0.0),
            )
            for user in users
        ]
        return sorted(loads, key=lambda load: (not load[1], load[3] - load[2]))

    def _get_technicians(self):
        self.ensure_one()
        return self.company_id._get_aftersales_technicians()

    def _get_planned_hours(self, users, start, end):
        naive = [
            moment.astimezone(pytz.utc).replace(tzinfo=None) for moment in (start, end)
        ]
        # All that is planned counts, whether the user sees it or not.
        groups = self.sudo()._read_group(
            self._get_open_repairs_domain()
            & Domain("user_id", "in", users.ids)
            & Domain("id", "!=", self.id)
            & Domain("schedule_date", ">=", naive[0])
            & Domain("schedule_date", "<=", naive[1]),
            ["user_id"],
            ["estimated_hours:sum"],
        )
        return dict(groups)
