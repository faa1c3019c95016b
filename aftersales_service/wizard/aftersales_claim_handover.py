# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.tools import plaintext2html

from ..models.aftersales_type import DEPARTMENTS


class AftersalesClaimHandover(models.TransientModel):
    _name = "aftersales.claim.handover"
    _description = "Hand a Claim over to Another Department"

    claim_id = fields.Many2one("aftersales.claim", required=True, readonly=True)
    department = fields.Selection(
        [pair for pair in DEPARTMENTS if pair[0] != "aftersales"],
        required=True,
        default="sales",
    )
    user_id = fields.Many2one(
        "res.users",
        string="For",
        required=True,
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
    )
    note = fields.Text()

    @api.depends("department", "claim_id")
    def _compute_user_id(self):
        for handover in self:
            company = handover.claim_id.company_id
            partner = handover.claim_id.partner_id
            if handover.department == "sales":
                # Of the claim's orders only the salesperson is proposed.
                orders = handover.claim_id.sudo()._get_sale_orders()
                proposed = partner.user_id or orders.user_id[:1]
            else:
                proposed = company.aftersales_accounting_user_id
            handover.user_id = proposed or handover.user_id

    def action_confirm(self):
        """Leave the whole text with a colleague there and close the claim here."""
        self.ensure_one()
        claim = self.claim_id
        claim._ensure_can_hand_over()
        claim._lock()
        label = dict(self._fields["department"]._description_selection(self.env))
        department = label[self.department]
        self._create_document(department)
        claim._action_cancel(
            self.env._(
                "Handed over to %(department)s (%(user)s)",
                department=department,
                user=self.user_id.name,
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _create_document(self, department):
        """The activity on the customer that carries the claim over."""
        claim = self.claim_id
        target = claim.partner_id or claim
        # The colleague may not see claims and the agent not other apps' records.
        target.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.user_id.id,
            summary=f"{claim.name}: {claim.subject}",
            note=self._get_whole_text(),
        )

    def _get_whole_text(self):
        claim = self.claim_id
        parts = (claim.email_from, claim.description, self.note)
        return plaintext2html("\n\n".join(part for part in parts if part))
