# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules.plain_text import clean
from .aftersales_claim_portal import MAX_DESCRIPTION, FormError


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    confirm_date = fields.Datetime(
        string="Confirmed by the Customer on", readonly=True, copy=False
    )

    # -- what the page shows, beside the timeline

    def _get_portal_documents(self):
        """Papers of the claim that its customer downloads. To be extended.

        Called as superuser, for a claim the customer may see.

        :return: list of dicts ``name``, ``url``
        """
        self.ensure_one()
        documents = [
            {
                "name": self.env._("Repair report %s", repair.name),
                "url": repair._get_portal_report_url(),
            }
            for repair in self._get_portal_repairs()
            if repair._get_portal_report_url() and self._is_for_customer(repair)
        ]
        orders = self._get_portal_repairs().sale_order_id.filtered(
            lambda order: order.state in ("sent", "sale")
            and self._is_for_customer(order)
        )
        documents += [
            {
                "name": order.type_name + " " + order.name,
                "url": order.get_portal_url(report_type="pdf", download=True),
            }
            for order in orders
        ]
        refunds = self.line_ids.refund_ids.filtered(
            lambda move: move.state == "posted" and self._is_for_customer(move)
        )
        documents += [
            {
                "name": self.env._("Credit note %s", refund.name),
                "url": refund.get_portal_url(report_type="pdf", download=True),
            }
            for refund in refunds
        ]
        return documents

    def _get_portal_parcel_vals(self):
        """The parcels of the claim in the customer's words.

        Called as superuser, for a claim the customer may see.

        :return: list of dicts ``way`` (in: to us, out: to the customer), ``label``,
            ``date_text``, ``carrier``, ``tracking``, ``tracking_url`` and
            ``promised_text`` ("" for what is not known)
        """
        self.ensure_one()
        return [
            self._prepare_portal_parcel(parcel, way)
            for way, parcels in self._get_portal_parcels().items()
            for parcel in parcels
        ]

    def _prepare_portal_parcel(self, parcel, way):
        is_done = parcel.state == "done"
        arrived = parcel._get_aftersales_arrival()
        promised = not arrived and parcel._get_aftersales_promised()
        labels = {
            ("in", True): self.env._("Your parcel has arrived"),
            ("in", False): self.env._("We wait for your parcel"),
            ("out", True): self.env._("Sent to you"),
            ("out", False): self.env._("We prepare your parcel"),
        }
        label = labels[way, is_done]
        if way == "out" and arrived:
            label = self.env._("Delivered to you")
        left = self._format_company_day(parcel.date_done if is_done else None)
        return {
            "way": way,
            "label": label,
            "date_text": self._format_day(arrived) or left,
            "carrier": parcel._get_aftersales_carrier_name(),
            "promised_text": self._format_day(promised),
            "tracking": parcel.aftersales_tracking_ref or "",
            "tracking_url": parcel._get_aftersales_tracking_url(),
        }

    def _format_day(self, day):
        return format_date(self.env, day, date_format="medium") if day else ""

    def _can_confirm_in_portal(self):
        """Whether the customer may say that it is solved: nothing is open any more."""
        self.ensure_one()
        lines = self.line_ids
        return self.stage_category in ("new", "in_progress", "waiting") and not (
            lines.filtered(lambda line: line.state in ("decided", "in_progress"))
        )

    # -- what the customer answers

    def _answer_from_portal(self, answer, reason=""):
        """Take the customer's word on whether the claim is solved.

        Called as superuser by a controller that has checked that the customer may see
        the claim. Twice the same answer counts once.

        :param answer: "solved" or "not_solved"
        :param reason: text, why it is not solved
        :raises UserError: in the customer's words
        """
        self.ensure_one()
        reason = clean(reason)
        if len(reason) > MAX_DESCRIPTION:
            raise FormError(
                self.env._(
                    "This text may have %s characters at most.", MAX_DESCRIPTION
                ),
                "reason",
            )
        self._lock()
        if answer == "solved":
            self._confirm_from_portal()
        elif answer == "not_solved":
            self._reopen_from_portal(reason)
        else:
            raise UserError(self.env._("The form has expired. Open it again, please."))

    def _confirm_from_portal(self):
        if self.stage_category == "solved":
            if not self.confirm_date:
                self._note_portal_answer(self.env._("It is solved. Thank you!"))
                self.confirm_date = fields.Datetime.now()
        elif self._can_confirm_in_portal():
            self._note_portal_answer(self.env._("It is solved. Thank you!"))
            self.confirm_date = fields.Datetime.now()
            self._action_solve()

    def _reopen_from_portal(self, reason):
        if self.stage_category != "solved":
            return
        if not reason:
            raise FormError(self.env._("Tell us what is still wrong."), "reason")
        self._note_portal_answer(reason)
        self.confirm_date = False
        self._action_reopen()

    def _note_portal_answer(self, text):
        """Post `text` (plain) as the customer who answers."""
        user = self.env.user
        author = self.partner_id if user._is_public() else user.partner_id
        self.message_post(
            body=text,
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _note_quote_answer(self, order, is_accepted):
        """Tell the claim's people that the customer has answered the quote `order`."""
        text = (
            self.env._("The quote %s was approved by the customer.", order.name)
            if is_accepted
            else self.env._("The quote %s was refused by the customer.", order.name)
        )
        for claim in self:
            claim.message_post(body=text, subtype_xmlid="mail.mt_note")
