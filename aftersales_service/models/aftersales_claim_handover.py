# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _ensure_can_hand_over(self):
        self._ensure_is_agent()
        if self.is_confidential:
            raise UserError(
                self.env._(
                    "%s is confidential: assign it to the colleague instead of handing "
                    "it over.",
                    self.name,
                )
            )

    def action_hand_over(self):
        """Ask to which department the claim goes instead.

        :raises UserError: for a confidential claim, whose text others would read
        """
        self.ensure_one()
        self._ensure_can_hand_over()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over"),
            "res_model": "aftersales.claim.handover",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    def action_hand_over_as_proposed(self):
        """Give the claim to the department it looks like one for, in one click.

        Asks for whom when nobody there is known to be in charge.

        :raises UserError: for a confidential claim, whose text others would read
        """
        self.ensure_one()
        self._ensure_can_hand_over()
        department = self._find_type().department or "aftersales"
        action = self.action_hand_over()
        if department == "aftersales":
            return action
        user = self._get_handover_user(department)
        if not user:
            action["context"]["default_department"] = department
            return action
        self._hand_over(department, user)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(claim)s handed over to %(user)s.",
                    claim=self.name,
                    user=user.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_handover_user(self, department, partner=None):
        """The colleague of `department` who is in charge of the customer, if any.

        :param partner: the customer, when the claim does not know them yet
        """
        self.ensure_one()
        if department != "sales":
            return self.company_id.aftersales_accounting_user_id
        partner = partner or self.partner_id
        # Of the claim's orders only the salesperson is proposed.
        return partner.user_id or self.sudo()._get_sale_orders().user_id[:1]

    def _hand_over(self, department, user, note=None):
        """Leave the whole text with `user` and close the claim here.

        :param department: sales or accounting
        :param note: what the colleague should know besides
        :raises UserError: for a confidential claim, or while a remedy is open
        """
        self.ensure_one()
        self._ensure_can_hand_over()
        self._lock()
        self._create_handover_document(department, user, note)
        labels = dict(
            self.env["aftersales.type"]
            ._fields["department"]
            ._description_selection(self.env)
        )
        self._action_cancel(
            self.env._(
                "Handed over to %(department)s (%(user)s)",
                department=labels[department],
                user=user.name,
            )
        )

    def _create_handover_document(self, department, user, note=None):
        """The activity that carries the claim over: on an opportunity of its own where
        sales has a pipeline, else on the customer.

        :return: the record the activity is on
        """
        self.ensure_one()
        text = self._get_handover_text(note)
        target = self.partner_id or self
        if department == "sales" and self._has_pipeline(user):
            target = self._create_opportunity(user, text)
        # The colleague may not see claims and the agent not other apps' records.
        target.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=f"{self.name}: {self.subject}",
            note=text,
        )
        return target

    def _has_pipeline(self, user):
        """CRM is no dependency: whether it is installed, and `user` works with it."""
        return "crm.lead" in self.env and self.env["crm.lead"].with_user(
            user
        ).has_access("read")

    def _create_opportunity(self, user, text):
        # Agents need no rights in CRM to leave a claim with sales: what is written is
        # what the claim they may handle says.
        return (
            self.env["crm.lead"]
            .sudo()
            .create(
                {
                    "name": self.subject,
                    "type": "opportunity",
                    "partner_id": self.partner_id.id,
                    "email_from": self.partner_id.email or self.email_from,
                    "user_id": user.id,
                    "company_id": self.company_id.id,
                    "description": text,
                }
            )
        )

    def _get_handover_text(self, note=None):
        parts = (self.email_from, self.description, note)
        return plaintext2html("\n\n".join(part for part in parts if part))
