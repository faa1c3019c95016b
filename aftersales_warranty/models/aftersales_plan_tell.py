# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_time

from odoo.addons.aftersales_service.rules.plain_text import clean
from odoo.addons.aftersales_service.rules.visit_event import visit_event

from .aftersales_plan_visit import OPEN_STATES, UNBEGUN_STATES

TOKEN_BYTES = 24
TEMPLATE = "aftersales_warranty.mail_template_plan_visit"
#: The task of a planner whose customer wants another date.
WANTED = "mail.mail_activity_data_todo"
MAX_NOTE = 2000
#: As far ahead as a customer may wish for another date.
MAX_WANTED_DAYS = 180
BATCH_SIZE = 200


class AftersalesPlanVisit(models.Model):
    """The customer knows of a visit, accepts it or wants another date.

    Several visits of one customer on one day are one matter: one mail, one link, one
    answer. What was told is written together with the mail.
    """

    _inherit = "aftersales.plan.visit"

    @api.model
    def _tell_waiting(self):
        """Tell all customers who wait for it, batch by batch."""
        waiting = Domain("tell_state", "=", "to_tell") & Domain("state", "=", "planned")
        self._work_off(waiting, lambda visits: visits._tell(), BATCH_SIZE)

    def _tell(self):
        """Write one mail to each customer for each day, and that it was written."""
        today = {c: c._aftersales_today() for c in self.company_id}
        # Of what is not going to be, or has no day yet, there is nothing to tell.
        ready = self.filtered(lambda v: v.state in OPEN_STATES and v.planned_date)
        for visits in ready.grouped(lambda visit: visit._get_matter()).values():
            visits._tell_together(today[visits.company_id])
        self.flush_recordset()

    def _get_matter(self):
        self.ensure_one()
        return (self.company_id, self.partner_id, self._get_day(), self.service_mode)

    def _tell_together(self, today):
        visit = self[:1]
        if not visit.company_id.aftersales_tell_visited or visit._get_day() < today:
            self.tell_state = "silent"
        elif not (visit.partner_id.active and visit.partner_id.email_normalized):
            self.tell_state = "unreachable"
        else:
            self.write(
                {
                    "tell_state": "told",
                    "told_date": fields.Datetime.now(),
                    "tell_error": False,
                    "token": secrets.token_urlsafe(TOKEN_BYTES),
                }
            )
            self._expect()
            self._send_mail()

    def _expect(self):
        """From now on the customer is told when one of these visits moves."""
        for repair in self.repair_id:
            if repair.service_mode == "onsite":
                repair.appointment_date = repair.schedule_date

    def _send_mail(self):
        """One mail for all these visits, which are one matter."""
        self._withdraw_mails()
        # On no document: the link is the customer's alone.
        self.mail_id = self.env.ref(TEMPLATE).send_mail_batch(
            self[:1].ids,
            email_values={"model": False, "res_id": False},
            email_layout_xmlid="aftersales_service.mail_layout_customer",
        )

    # -- what the mail and the page show

    def _get_together(self):
        """All visits that are one matter with this one, in the order of the day."""
        self.ensure_one()
        # The token is only compared: what it opens is the customer's matter.
        token = self.sudo().token
        if not token:
            return self
        return self.search([("token", "=", token)]).sorted(
            lambda visit: (visit.planned_date or fields.Datetime.now(), visit.id)
        )

    def _get_visit_vals(self):
        """The visit in words of the environment's language.

        :return: {"day": text, "time": text, "products": [(name, what is done)],
            "address": text, "technician": name or "", "mode": service mode,
            "is_settled": bool, "is_over": bool}
        """
        self.ensure_one()
        visits = self._get_together()
        first = visits[:1]
        moment = fields.Datetime.context_timestamp(
            first.with_context(tz=str(first.company_id._get_aftersales_tz())),
            first.planned_date,
        )
        technicians = visits.technician_id
        return {
            "day": first._format_day(moment.date()),
            "time": format_time(self.env, moment.time(), time_format="short"),
            "products": [
                (visit.asset_id.name, visit.plan_id._get_portal_name())
                for visit in visits
            ],
            "address": first._get_address(),
            "technician": technicians.name if len(technicians) == 1 else "",
            "mode": first.service_mode,
            "is_settled": all(visit.state == "accepted" for visit in visits),
            "is_over": first._is_over(),
        }

    def _is_over(self):
        """Whether the day for which it is planned has passed."""
        self.ensure_one()
        return self._get_day() < self.company_id._aftersales_today()

    def _get_address(self):
        """Where it takes place: at the customer's, or in the workshop (str)."""
        self.ensure_one()
        if self.service_mode == "onsite":
            return self.repair_id.visit_address or ""
        if self.service_mode == "workshop":
            place = self.company_id.partner_id._display_address(without_company=True)
            return "\n".join(line for line in place.splitlines() if line.strip())
        return ""

    def _get_mail_subject(self):
        self.ensure_one()
        visit = self._get_visit_vals()
        if visit["is_settled"]:
            return self.env._("Your visit is settled: %s", visit["day"])
        if visit["mode"] == "workshop":
            return self.env._("Time for the service: %s", visit["day"])
        return self.env._("Our next visit: %s", visit["day"])

    def _get_first_day(self):
        """The first day that a customer may wish for."""
        self.ensure_one()
        return self.company_id._aftersales_today() + timedelta(days=1)

    def _get_url(self):
        """The customer's link, in their language; a preview carries no token."""
        self.ensure_one()
        language = self.env["res.lang"]._get_data(code=self.partner_id.lang)
        prefix = f"/{language.url_code}" if language else ""
        token = self.token if self.env.su else "preview"
        return f"{self.get_base_url()}{prefix}/aftersales/visit/{token}"

    @api.model
    def _find_by_token(self, token):
        """The visits whose customer was sent `token` (superuser), or none."""
        # The token is what proves the right to see and answer.
        visits = self.sudo()
        if not token or not re.fullmatch(r"[\w-]{20,64}", token, re.ASCII):
            return visits.browse()
        found = visits.search(
            [("token", "=", token), ("state", "in", OPEN_STATES)], limit=1
        )
        return found._get_together() if found else found

    def _get_calendar_file(self):
        """These visits for the customer's calendar (str)."""
        self[:1].ensure_one()
        host = urlsplit(self[:1].get_base_url()).hostname
        events = []
        for visit in self:
            text = visit_event(
                # The same as in later mails: what moves takes the place of this one.
                f"repair-{visit.repair_id.id}@{host}",
                fields.Datetime.now(),
                visit.planned_date,
                visit.planned_end,
                visit.env._("Visit of %s", visit.company_id.name),
                location=visit._get_address(),
                description=visit.asset_id.name,
            )
            head, event = text.split("BEGIN:VEVENT", 1)
            event, tail = event.split("END:VEVENT", 1)
            events.append(f"BEGIN:VEVENT{event}END:VEVENT")
        return head + "\r\n".join(events) + tail

    # -- what the customer answers

    def _answer_from_form(self, form):
        """Note what a page says about these visits.

        :param form: {"answer": accept or other, "wanted_date": ISO date, "note": text}
        :raises UserError: that tells the visitor what is wrong
        """
        answer = form.get("answer")
        if answer not in ("accept", "other"):
            raise UserError(self.env._("Choose an answer, please."))
        self._take_turn()
        visits = self.filtered(
            lambda visit: visit.state in ("planned", "proposed")
            and visit.repair_id.state in UNBEGUN_STATES
        )
        if not visits:
            raise UserError(self.env._("This visit can't be changed here any more."))
        note = clean(form.get("note"))[:MAX_NOTE]
        if answer == "accept":
            if any(visit._is_over() for visit in visits):
                raise UserError(
                    self.env._("This day is over: choose another one, please.")
                )
            visits._action_accept(note)
        else:
            wanted = visits._read_wanted_date(form.get("wanted_date"))
            visits._action_propose(wanted, note)

    def _read_wanted_date(self, text):
        try:
            wanted = fields.Date.to_date(text or None)
        except ValueError:
            raise UserError(self.env._("This is no date: %s", text[:20])) from None
        today = self.company_id._aftersales_today()
        if not wanted:
            raise UserError(self.env._("Say which day suits you, please."))
        if wanted <= today:
            raise UserError(self.env._("Choose a day that is still to come."))
        if wanted > today + timedelta(days=MAX_WANTED_DAYS):
            raise UserError(self.env._("This day is too far away: call us, please."))
        if not self._is_working_day(wanted):
            raise UserError(
                self.env._("Nobody works on that day: choose another one, please.")
            )
        return wanted

    def _action_accept(self, note=""):
        for visit in self:
            visit.write(
                {"state": "accepted", "wanted_date": False, "note": note or visit.note}
            )
        self.plan_id.activity_unlink([WANTED])
        self._confirm_repairs()

    def _confirm_repairs(self):
        self.repair_id.filtered(lambda r: r.state == "draft")._action_repair_confirm()

    def _action_propose(self, wanted, note=""):
        """The planner gets a task, once for all that is one matter."""
        self.write({"state": "proposed", "wanted_date": wanted, "note": note})
        visit = self[:1]
        visit.plan_id._ask_planner(
            WANTED,
            lambda env: env._(
                "%(customer)s wants another date: %(day)s",
                customer=visit.partner_id.name,
                day=visit.with_env(env)._format_day(wanted),
            ),
            note,
        )

    # -- what the planner does about it

    def action_accept_wanted(self):
        """Move these visits to the day that their customers want, and tell them.

        :raises UserError: when no other day is wanted, or nobody has time on it
        """
        self._ensure_may_plan()
        # The right to plan was checked; visits of one matter move together.
        for visit in self.sudo():
            matter = visit._get_together().filtered(lambda v: v.state == "proposed")
            if visit not in matter:
                raise UserError(self.env._("No other date is wanted for this visit."))
            matter._move_to(visit.wanted_date)
        return True

    def _move_to(self, day):
        self._take_turn()
        slots = self._place(dict.fromkeys(self, day), is_wanted=True)
        for visit in self:
            technician, start = slots.get(visit.id, (None, None))
            if not start or self.company_id._aftersales_date(start) != day:
                raise UserError(
                    self.env._(
                        "Nobody has time on %s: choose day and technician in the "
                        "repair order.",
                        visit._format_day(day),
                    )
                )
            visit.repair_id.write(
                {
                    "user_id": technician.id,
                    "schedule_date": start,
                    # They are told by the mail below, all at once.
                    "appointment_date": visit.service_mode == "onsite" and start,
                }
            )
        self._action_accept()
        if self[:1].partner_id.email_normalized:
            self._send_mail()

    def action_confirm(self):
        """Settle these visits without the customer's answer, e.g. by telephone."""
        self._ensure_may_plan()
        # As above.
        visits = self.sudo().filtered(lambda visit: visit.state in OPEN_STATES)
        visits._action_accept()
        # Whoever said yes knows of it.
        visits.filtered(
            lambda v: v.tell_state in ("no_time", "unreachable", "failed")
        )._note_told()
        return True

    def action_tell(self):
        """Tell the customers once more, or who could not be told before.

        :raises UserError: when there is no visit to come or no address
        """
        self._ensure_may_plan()
        # As above.
        visits = self.sudo()
        if visits.filtered(lambda v: v.state not in OPEN_STATES):
            raise UserError(self.env._("This visit is not open any more."))
        if visits.filtered(lambda v: not v.partner_id.email_normalized):
            raise UserError(self.env._("The customer has no e-mail address."))
        visits._take_turn()
        visits.tell_state = "to_tell"
        visits._tell()
        visits.filtered(lambda v: v.tell_state == "told")._note_told()
        return True
