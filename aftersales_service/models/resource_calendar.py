# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.fields import Domain

#: What of a calendar decides when work is done.
CALENDAR_FIELDS = {"active", "tz", "two_weeks_calendar", "flexible_hours"}


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if CALENDAR_FIELDS & vals.keys():
            self._refresh_aftersales_sla()
        return result

    def _refresh_aftersales_sla(self):
        """The claims whose deadlines count in these hours follow them."""
        if self:
            self.env["aftersales.sla.refresh"]._ask(self._get_aftersales_claim_domain())

    def _get_aftersales_claim_domain(self):
        return Domain("team_id.resource_calendar_id", "in", self.ids) | (
            Domain("team_id.resource_calendar_id", "=", False)
            & Domain("company_id.resource_calendar_id", "in", self.ids)
        )


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances.calendar_id._refresh_aftersales_sla()
        return attendances

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._refresh_aftersales_sla()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._refresh_aftersales_sla()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._refresh_aftersales_sla()
        return leaves

    def write(self, vals):
        self._refresh_aftersales_sla()
        result = super().write(vals)
        self._refresh_aftersales_sla()
        return result

    def unlink(self):
        self._refresh_aftersales_sla()
        return super().unlink()

    def _refresh_aftersales_sla(self):
        """Public holidays move deadlines; one person's leave does not."""
        common = self.filtered(lambda leave: not leave.resource_id)
        common.calendar_id._refresh_aftersales_sla()
        for leave in common.filtered(lambda leave: not leave.calendar_id):
            company = leave.company_id
            domain = Domain("company_id", "=", company.id) if company else Domain.TRUE
            self.env["aftersales.sla.refresh"]._ask(domain)
