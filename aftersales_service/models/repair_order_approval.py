# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount


class RepairOrder(models.Model):
    _inherit = "repair.order"

    approved_cost = fields.Monetary(
        readonly=True, copy=False, currency_field="company_currency_id", tracking=True
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    needs_approval = fields.Boolean(compute="_compute_needs_approval")

    @api.depends(
        "estimated_cost", "approved_cost", "company_id.aftersales_approval_amount"
    )
    def _compute_needs_approval(self):
        for repair in self:
            # The limit is no secret, but the company's settings are out of reach.
            company = repair.company_id.sudo()
            repair.needs_approval = company._needs_aftersales_approval(
                repair.estimated_cost, repair.approved_cost
            )

    def _ensure_approved(self):
        """Raise UserError for repairs that cost more than a manager has approved."""
        for repair in self.filtered("needs_approval"):
            raise UserError(
                self.env._(
                    "%(repair)s is estimated at %(cost)s: a manager has to approve it "
                    "first.",
                    repair=repair.name,
                    cost=format_amount(
                        self.env, repair.estimated_cost, repair.company_currency_id
                    ),
                )
            )

    def action_approve_cost(self):
        """Approve the estimated cost; only what costs more asks again.

        :raises AccessError: for those who are no managers
        """
        self.check_access("write")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(
                self.env._("Only an after-sales manager can approve this cost.")
            )
        for repair in self:
            # A manager's decision, checked above; the field is not edited otherwise.
            repair.sudo().write(
                {
                    "approved_cost": repair.estimated_cost,
                    "approved_by_id": self.env.uid,
                }
            )
            repair.activity_feedback(["mail.mail_activity_data_warning"])
        return True

    def action_ask_approval(self):
        """Ask the lead of the claim's team, or any manager, to approve the cost."""
        self.check_access("write")
        for repair in self.filtered("needs_approval"):
            manager = repair._get_approver()
            translated = repair.with_context(lang=manager.lang)
            repair.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=translated.env._("Approve the cost of the repair"),
                user_id=manager.id,
            )
        return True

    def _get_approver(self):
        self.ensure_one()
        # Whom to ask is no secret; agents may not read groups and teams of others.
        lead = self.sudo().claim_id.team_id.user_id
        if lead.has_group("aftersales_service.group_manager"):
            return lead
        managers = self.env.ref("aftersales_service.group_manager").sudo().all_user_ids
        return managers.filtered(
            lambda user: not user.share and self.company_id in user.company_ids
        )[:1]

    def _action_repair_confirm(self):
        self.filtered(lambda r: r.state == "draft")._ensure_approved()
        return super()._action_repair_confirm()

    def action_repair_start(self):
        self._ensure_approved()
        return super().action_repair_start()
