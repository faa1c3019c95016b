# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime, time

import pytz

from odoo import fields, models
from odoo.exceptions import UserError

from ..rules.plain_text import clean
from .aftersales_bulletin_asset import ANSWERABLE_STATES, ANSWERS

MAX_NOTE = 2000
#: A visit is planned for the morning of the day that the owner wants.
VISIT_HOUR = 9
NO_ANSWER = {
    "answer": False,
    "answer_date": False,
    "answered_by_id": False,
    "wanted_date": False,
}


class AftersalesBulletinAsset(models.Model):
    """What owners answer, and the visits that follow. Called as superuser only."""

    _inherit = "aftersales.bulletin.asset"

    def _answer_from_form(self, form, user=None):
        """Note what a page says about these assets, which its visitor may answer.

        :param form: {"answer_<id>": done, visit or not_mine; "wanted_date": ISO date,
            "note": text}; assets without an answer are left as they are
        :raises UserError: that tells the visitor what is wrong
        """
        answers = {line: form.get(f"answer_{line.id}") for line in self}
        chosen = {line: answer for line, answer in answers.items() if answer}
        if not chosen:
            raise UserError(self.env._("Choose an answer, please."))
        if set(chosen.values()) - {key for key, _label in ANSWERS}:
            raise UserError(self.env._("Choose one of the answers, please."))
        wanted = self._read_wanted_date(form.get("wanted_date"))
        note = clean(form.get("note"))[:MAX_NOTE]
        for line, answer in chosen.items():
            line._answer(answer, wanted_date=wanted, note=note, user=user)

    def _read_wanted_date(self, text):
        if not text:
            return None
        try:
            wanted = fields.Date.to_date(text)
        except ValueError:
            raise UserError(self.env._("This is no date: %s", text[:20])) from None
        if wanted < self.company_id[:1]._aftersales_today():
            raise UserError(self.env._("Choose a day that is still to come."))
        return wanted

    def _answer(self, answer, wanted_date=None, note="", user=None):
        """Note the owner's answer, once; a booked visit gets its repair order.

        :param user: who notes it for the owner; none when the owner does
        """
        self.lock_for_update()
        self.invalidate_recordset(["state", "answer"])
        for line in self.filtered(lambda line: line.state in ANSWERABLE_STATES):
            line.write(
                {
                    "state": "answered",
                    "answer": answer,
                    "answer_date": fields.Datetime.now(),
                    "answered_by_id": user.id if user else False,
                    "wanted_date": answer == "visit" and wanted_date,
                    "note": note or line.note,
                }
            )
            line._note_answer_on_asset()
            if answer == "visit":
                line._create_visit()
            elif answer == "done":
                line._action_done()
        self.recipient_id._end_idle_reminders()

    def _note_answer_on_asset(self):
        """For staff, in the language of whoever looks after the notice."""
        user = self.bulletin_id.user_id
        lang = user.lang or self.company_id.partner_id.lang
        line = self.with_context(lang=lang)
        labels = dict(line._fields["answer"]._description_selection(line.env))
        line.asset_id._message_log(
            body=line.env._(
                "%(notice)s: the owner answered “%(answer)s”.",
                notice=line.bulletin_id.name,
                answer=labels[line.answer],
            )
        )

    def _create_visit(self):
        self.ensure_one()
        # One that was called off must be so for the database, too.
        self.repair_ids.flush_recordset(["state"])
        self.env["repair.order"].with_company(self.company_id).create(
            self._prepare_visit_vals()
        )

    def _prepare_visit_vals(self):
        self.ensure_one()
        asset, bulletin = self.asset_id, self.bulletin_id
        partner = self.partner_id.with_company(self.company_id)
        place = partner.property_stock_customer
        vals = {
            "bulletin_asset_id": self.id,
            "asset_id": asset.id,
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "product_id": asset.product_id.id,
            "lot_id": asset.lot_id.id,
            "product_qty": asset.quantity,
            "product_uom": asset.uom_id.id,
            "product_location_src_id": place.id,
            "product_location_dest_id": place.id,
            "service_kind": "inspection" if bulletin.kind == "check" else "preventive",
            "service_mode": bulletin.service_mode,
            "user_id": False,
            "internal_notes": bulletin.instructions,
            "new_version": bulletin.new_version,
        }
        if self.wanted_date:
            vals["schedule_date"] = self._get_visit_moment()
        return vals

    def _get_visit_moment(self):
        """The morning of the wanted day in the company's time zone, as naive UTC."""
        zone = self.company_id._get_aftersales_tz()
        local = zone.localize(datetime.combine(self.wanted_date, time(VISIT_HOUR)))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _action_done(self):
        """What the notice asks for has been done to the product."""
        for line in self.filtered(lambda line: line.state not in ("done", "gone")):
            today = line.company_id._aftersales_today()
            line.write(
                {
                    "state": "done",
                    "done_date": today,
                    "days_to_done": (today - (line.told_date or today)).days,
                }
            )
            version = line.bulletin_id.new_version
            # A visit says itself which version it has left.
            visited = line.repair_ids.filtered(lambda r: r.state == "done")
            if version and not visited and not line.asset_id._has_version(version):
                line.asset_id._set_version(version, bulletin_id=line.bulletin_id.id)
        self.recipient_id._end_idle_reminders()

    def _action_take_up_again(self):
        """The visit was called off: what the notice asks for is still to be done."""
        again = self.filtered(
            lambda line: line.state == "answered" and line.answer == "visit"
        )
        again.write(NO_ANSWER)
        for line in again:
            line.state = line._get_unanswered_state()
        again.recipient_id._resume_reminders()

    def _get_unanswered_state(self):
        """How far its owner was told: some have booked a visit before, by telephone."""
        self.ensure_one()
        recipient = self.recipient_id
        if self.told_date:
            return "told"
        waits = recipient.state in ("queued", "unreachable", "failed")
        return recipient.state if waits else "listed"

    def _come_back(self):
        """The products are with the owners again who had them when they were listed."""
        booked = self.filtered(
            lambda line: line.answer == "visit" and line._get_open_visits()
        )
        booked.state = "answered"
        silent = self - booked
        silent.write(NO_ANSWER)
        told = silent.filtered("told_date")
        told.state = "told"
        (silent - told).state = "listed"
        told.recipient_id._resume_reminders()

    def _get_open_visits(self):
        return self.repair_ids.filtered(lambda r: r.state not in ("done", "cancel"))

    def _action_book_again(self):
        """The visit that was called off takes place after all."""
        self.filtered(lambda line: line.state in ANSWERABLE_STATES).write(
            {
                "state": "answered",
                "answer": "visit",
                "answer_date": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
            }
        )
        self.recipient_id._end_idle_reminders()
