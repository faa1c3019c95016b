# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import urlsplit

import pytz

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time

from ..rules.visit_event import visit_event
from .repair_order import STEP_FIELDS

STEP_FIELDS.add("appointment_date")
OPEN_STATES = ("confirmed", "under_repair")


class RepairOrder(models.Model):
    """The customer knows when somebody comes, and is told whenever that changes."""

    _inherit = "repair.order"

    appointment_date = fields.Datetime(
        string="Customer Expects Us",
        readonly=True,
        copy=False,
        help="The appointment of which the customer was told last.",
    )

    def write(self, vals):
        result = super().write(vals)
        if {"schedule_date", "service_mode"} & vals.keys():
            self._tell_appointments()
        return result

    def _action_repair_confirm(self):
        result = super()._action_repair_confirm()
        self._tell_appointments()
        return result

    def action_repair_cancel(self):
        result = super().action_repair_cancel()
        self._tell_appointments()
        return result

    def action_send_appointment(self):
        """Tell the customer when somebody comes, before the repair is confirmed.

        :raises UserError: when there is no visit to come, or nobody to tell
        """
        self.check_access("write")
        for repair in self:
            if repair.service_mode != "onsite" or not repair._is_ahead("schedule_date"):
                raise UserError(
                    self.env._("There is no visit to come: choose its date first.")
                )
            if not repair.partner_id.email:
                raise UserError(self.env._("The customer has no e-mail address."))
        self._send_appointments()
        return True

    def _tell_appointments(self):
        """Tell customers of visits that are new, have moved or are cancelled.

        Who was told is told of the change, whatever the settings say.
        """
        # Whoever plans a visit need not be allowed to write mails or see settings.
        visits = self.sudo().filtered(
            lambda r: r.service_mode == "onsite" or r.appointment_date
        )
        visits.filtered(lambda r: r._has_appointment_news())._send_appointments()

    def _has_appointment_news(self):
        self.ensure_one()
        if not self.partner_id.email:
            return False
        if self.appointment_date and not self._is_visit():
            return self._is_ahead("appointment_date")
        is_known = self.appointment_date or self.company_id.aftersales_tell_visited
        return (
            (self.state in OPEN_STATES or self.appointment_date)
            and is_known
            and self._is_ahead("schedule_date")
            and self.schedule_date != self.appointment_date
        )

    def _is_visit(self):
        self.ensure_one()
        return self.service_mode == "onsite" and self.state not in ("done", "cancel")

    def _is_ahead(self, name):
        self.ensure_one()
        return bool(self[name] and self[name] > fields.Datetime.now())

    def _send_appointments(self):
        """Send the present appointment, or that there is none any more.

        The row is locked and written with the mail: nobody gets the same one twice.
        """
        # The right to plan the visit was checked; the mail is the company's.
        visits = self.sudo()
        visits.lock_for_update()
        visits.invalidate_recordset(["appointment_date"])
        for repair in visits:
            date = repair._is_visit() and repair.schedule_date
            if date == repair.appointment_date:
                continue
            repair._post_appointment()
            repair.appointment_date = date

    def _post_appointment(self):
        self.ensure_one()
        template = self.env.ref("aftersales_service.mail_template_repair_appointment")
        mail = template._generate_template(self.ids, ("subject", "body_html"))[self.id]
        # The answer comes to the claim, where the customer's messages are.
        document = self.claim_id or self
        document.with_user(SUPERUSER_ID).message_post(
            subject=mail["subject"],
            body=mail["body_html"],
            **self.company_id._get_aftersales_author(),
            partner_ids=self.partner_id.ids,
            notify_skip_followers=True,
            email_layout_xmlid="aftersales_service.mail_layout_customer",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("visit.ics", self._get_visit_file().encode())],
        )

    def _get_visit_file(self):
        """The appointment for the customer's calendar (str)."""
        self.ensure_one()
        repair = self.with_context(lang=self.partner_id.lang)
        gone = not self._is_visit()
        start = gone and self.appointment_date or self.schedule_date
        host = urlsplit(self.get_base_url()).hostname
        return visit_event(
            f"repair-{self.id}@{host}",
            fields.Datetime.now(),
            start,
            start if gone else self.schedule_end,
            repair.env._("Visit of %s", self.company_id.name),
            location=self.visit_address or "",
            description=self.name,
            cancelled=gone,
        )

    # -- what the mail says

    def _get_visit_vals(self):
        """The visit in words of the environment's language.

        :return: {"is_cancelled": bool, "is_moved": bool, "day": text, "time": text,
            "product": name or "", "technician": name or ""}
        """
        self.ensure_one()
        zone = self.company_id._get_aftersales_tz()
        gone = not self._is_visit()
        start = gone and self.appointment_date or self.schedule_date
        local = pytz.utc.localize(start).astimezone(zone)
        product = self.product_id.with_context(display_default_code=False)
        is_secret = self.claim_id.is_confidential
        return {
            "is_cancelled": gone,
            "is_moved": bool(self.appointment_date and not gone),
            "day": format_date(self.env, local.date(), date_format="full"),
            "time": format_time(self.env, local.time(), time_format="short"),
            "product": "" if is_secret else product.display_name or "",
            "technician": self.user_id.name or "",
        }
