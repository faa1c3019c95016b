# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class AftersalesRepairAssign(models.TransientModel):
    _name = "aftersales.repair.assign"
    _description = "Find a Technician"

    repair_id = fields.Many2one("repair.order", required=True, readonly=True)
    date = fields.Date(compute="_compute_date", store=True, readonly=False)
    line_ids = fields.One2many(
        "aftersales.repair.assign.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._ensure_may_plan(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._ensure_may_plan([vals])
        return super().write(vals)

    @api.model
    def _ensure_may_plan(self, vals_list):
        repairs = self.env["repair.order"].browse(
            [vals["repair_id"] for vals in vals_list if vals.get("repair_id")]
        )
        # Whoever plans a repair sees who has time for it.
        repairs.check_access("write")

    @api.depends("repair_id")
    def _compute_date(self):
        for wizard in self:
            repair = wizard.repair_id
            wizard.date = repair and repair.company_id._aftersales_date(
                repair.schedule_date
            )

    @api.depends("repair_id", "date")
    def _compute_line_ids(self):
        for wizard in self.filtered(lambda w: w.repair_id and w.date):
            loads = wizard.repair_id._get_technician_loads(wizard.date)
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "user_id": user.id,
                        "is_skilled": skilled,
                        "work_hours": work,
                        "planned_hours": planned,
                    }
                )
                for user, skilled, work, planned in loads
            ]


class AftersalesRepairAssignLine(models.TransientModel):
    _name = "aftersales.repair.assign.line"
    _description = "Technician Who Could Repair"

    wizard_id = fields.Many2one(
        "aftersales.repair.assign", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Technician", readonly=True)
    is_skilled = fields.Boolean(string="Skilled", readonly=True)
    work_hours = fields.Float(string="Works", readonly=True)
    planned_hours = fields.Float(string="Planned", readonly=True)
    free_hours = fields.Float(string="Free", compute="_compute_free_hours")

    @api.depends("work_hours", "planned_hours")
    def _compute_free_hours(self):
        for line in self:
            line.free_hours = line.work_hours - line.planned_hours

    def action_assign(self):
        """Give the repair to this technician."""
        self.ensure_one()
        repair = self.wizard_id.repair_id
        repair.check_access("write")
        repair.user_id = self.user_id
        return {"type": "ir.actions.act_window_close"}
