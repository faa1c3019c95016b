# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain

TEMPLATE = "aftersales_warranty.mail_template_reminder"


class AftersalesWarrantyReminder(models.Model):
    """The ledger of reminders: what was told, or why it was not. Each only once."""

    _name = "aftersales.warranty.reminder"
    _description = "Warranty Reminder"
    _order = "id desc"
    _rec_name = "warranty_id"

    warranty_id = fields.Many2one(
        "aftersales.warranty", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="warranty_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner", string="Customer", index=True)
    date = fields.Date(required=True)
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("opted_out", "The customer wants none"),
            ("no_address", "No e-mail address"),
            ("covered", "Another warranty lasts longer"),
        ],
        required=True,
        default="sent",
    )

    _warranty_uniq = models.UniqueIndex(
        "(warranty_id)", "The customer has been reminded of this warranty already."
    )


class AftersalesWarranty(models.Model):
    _inherit = "aftersales.warranty"

    @api.model
    def _get_reminder_domain(self):
        return (
            Domain("state", "=", "active")
            & Domain("is_reminded", "!=", True)
            & (
                self._get_dates_domain(
                    lambda today: [
                        ("reminder_date", "<=", today),
                        ("date_end", ">=", today),
                    ]
                )
            )
        )

    @api.model
    def _cron_remind(self, batch_size=200):
        """Tell customers that their warranty ends soon; each once.

        Ledger and mail are written together: after a crash neither or both are there.
        """
        self._work_off(
            self._get_reminder_domain(), lambda due: due._remind(), batch_size
        )

    def _remind(self):
        """Send the reminders of these certificates and note each in the ledger."""
        states = {warranty: warranty._get_reminder_state() for warranty in self}
        self.env["aftersales.warranty.reminder"].create(
            [
                {
                    "warranty_id": warranty.id,
                    "partner_id": warranty.partner_id.id,
                    "date": warranty.company_id._aftersales_today(),
                    "state": state,
                }
                for warranty, state in states.items()
            ]
        )
        self.with_context(tracking_disable=True).write({"is_reminded": True})
        told = self.filtered(lambda warranty: states[warranty] == "sent")
        if told:
            template = self.env.ref(TEMPLATE)
            template.send_mail_batch(
                told.ids, email_layout_xmlid="mail.mail_notification_light"
            )
        self.flush_recordset()

    def _get_reminder_state(self):
        """Say "sent", or why the customer is not told."""
        self.ensure_one()
        partner = self.partner_id
        if partner.aftersales_no_warranty_reminder or partner.is_blacklisted:
            return "opted_out"
        if not partner.email_normalized:
            return "no_address"
        # A product whose cover goes on gives no reason to worry its owner.
        if self.asset_id.warranty_date_end > self.date_end:
            return "covered"
        return "sent"
