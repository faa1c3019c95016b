# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _send_compensation(self, compensation):
        if compensation.kind != "voucher":
            return super()._send_compensation(compensation)
        template = self.env.ref(
            "aftersales_service.mail_template_compensation", raise_if_not_found=False
        )
        if not template or not self.partner_id.email:
            return None
        # Beside the claim's messages: its people do not read the code.
        template.with_context(aftersales_compensation_id=compensation.id).send_mail(
            self.id,
            email_layout_xmlid="mail.mail_notification_light",
            email_values={"model": False, "res_id": False, "auto_delete": True},
        )
        self._message_log(
            body=self.env._("The voucher was sent to %s.", self.partner_id.email)
        )
        return None

    def _prepare_portal_compensation(self, record):
        values = super()._prepare_portal_compensation(record)
        if record.kind == "voucher":
            values["code"] = (
                record.card_ids[:1].code if record.state == "granted" else ""
            )
        return values

    def _get_compensation_text(self, record, is_used, amount):
        if record.kind == "voucher":
            return self.env._("A voucher worth %s.", amount)
        return super()._get_compensation_text(record, is_used, amount)

    def _get_compensation_use(self, record):
        if record.kind == "voucher":
            return self.env._("Give this code when you order.")
        return super()._get_compensation_use(record)
