# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError


class RepairOrder(models.Model):
    _inherit = "repair.order"

    clock_started_on = fields.Datetime(
        string="Running Since", compute="_compute_clock_started_on"
    )

    @api.depends("labour_ids.started_on", "labour_ids.technician_id")
    @api.depends_context("uid")
    def _compute_clock_started_on(self):
        running = self.env["aftersales.repair.labour"]._get_running(self.env.user)
        for repair in self:
            mine = running.filtered(lambda r, repair=repair: r.repair_id == repair)
            repair.clock_started_on = mine.started_on

    def action_start_work(self):
        """Begin or go on with the work: the user's clock runs on this repair.

        :raises UserError: for a repair that has ended
        """
        self.ensure_one()
        repair = self._as_technician()
        repair.lock_for_update()
        repair.invalidate_recordset(["state"])
        if repair.state in ("done", "cancel"):
            raise UserError(self.env._("This repair has already ended."))
        if repair.state != "under_repair":
            self.action_repair_start()
        if not repair.user_id:
            repair.user_id = self.env.user
        self.env["aftersales.repair.labour"]._start_clock(self)
        return True

    def action_stop_work(self):
        """Pause: book the time of the user's clock on these repairs."""
        self.check_access("write")
        running = self.env["aftersales.repair.labour"]._get_running(self.env.user)
        running.filtered(lambda r: r.repair_id in self)._stop_clock()
        return True

    def action_finish_work(self):
        """Stop the clock and end the repair."""
        self.ensure_one()
        self.action_stop_work()
        return self.action_repair_end()

    def action_repair_done(self):
        # Nobody's clock runs on a repair that is done; whose it is, its rights say.
        self._as_technician().labour_ids._stop_clock()
        return super().action_repair_done()

    def action_repair_cancel(self):
        # As when it is done.
        self._as_technician().labour_ids._stop_clock()
        return super().action_repair_cancel()
