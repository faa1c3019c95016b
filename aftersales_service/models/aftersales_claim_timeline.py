# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.tools import SQL, format_date, format_time

from ..rules import timeline
from .aftersales_claim import CLOSED_CATEGORIES
from .aftersales_sla_status import RUNNING

#: Stock moves of a repair in these states wait for goods.
WAITING_MOVES = ("waiting", "confirmed", "partially_available")
#: Steps at which it is the customer who has to do something.
CUSTOMERS_TURN = ("goods_expected", "waiting", "quote")
NO_PROMISE = {"by": False, "by_text": "", "is_late": False}


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _get_portal_timeline(self):
        """The way of the claim in the customer's words, in the language of the env.

        :return: list of dicts, in order: ``key`` (see ``rules.timeline.steps``),
            ``label``, ``date`` (naive UTC datetime or False), ``date_text`` (the day in
            the company's time zone, or ""), ``state`` (done, current or ahead)
        """
        self.ensure_one()
        labels = self._get_timeline_labels()
        return [
            {
                "key": key,
                "label": labels[key],
                "date": date or False,
                "date_text": self._format_company_day(date),
                "state": state,
            }
            for key, date, state in timeline.steps(self._get_timeline_facts())
        ]

    def _get_timeline_labels(self):
        return {
            "received": self.env._("Received"),
            "diagnosis": self.env._("We are looking into it"),
            "goods_expected": self.env._("We wait for your parcel"),
            "goods": self.env._("Your parcel has arrived"),
            "parts": self.env._("Part ordered"),
            "repair": self.env._("In repair"),
            "repaired": self.env._("Repaired"),
            "shipping": self.env._("We prepare your parcel"),
            "shipped": self.env._("On its way to you"),
            "waiting": self.env._("We wait for your answer"),
            "quote": self.env._("We wait for your approval"),
            "solved": self.env._("Solved"),
            "cancelled": self.env._("Closed"),
        }

    def _get_timeline_facts(self):
        # Customers read neither lines nor repairs nor parcels: of their own claim they
        # are told these facts, whatever their rights.
        claim = self.sudo()
        repairs = claim._get_portal_repairs()
        goods, goods_date = claim._get_parcels_phase("in")
        shipping, shipping_date = claim._get_parcels_phase("out")
        repair = claim._get_repair_phase(repairs)
        if shipping == timeline.BEGUN and repair in (timeline.AHEAD, timeline.BEGUN):
            shipping = timeline.AHEAD
        if repair == timeline.OVER:
            repair_date = max(filter(None, repairs.mapped("done_date")), default=None)
        else:
            repair_date = min(filter(None, repairs.mapped("start_date")), default=None)
        waits_for_parts = repair == timeline.AHEAD and any(
            move.state in WAITING_MOVES and move.repair_line_type == "add"
            for move in repairs.filtered(lambda r: r.state == "confirmed").move_ids
        )
        pauses = claim._get_pauses()
        return timeline.Facts(
            category=claim.stage_category,
            received=claim.date,
            diagnosis=claim._get_diagnosis_date(),
            waiting=pauses[-1][0] if pauses and pauses[-1][1] is None else None,
            closed=claim.close_date or None,
            has_quote=bool(claim._get_portal_quotes()),
            goods=goods,
            goods_date=goods_date,
            parts=timeline.BEGUN if waits_for_parts else None,
            repair=repair,
            repair_date=repair_date,
            shipping=shipping,
            shipping_date=shipping_date,
        )

    def _get_portal_repairs(self):
        """The claim's repairs that the customer hears of."""
        return self.line_ids.repair_ids.filtered(
            lambda repair: repair.state != "cancel"
        )

    def _get_portal_quotes(self):
        """Quotations of repairs (sale.order) that wait for the customer's answer."""
        orders = self._get_portal_repairs().sale_order_id
        return orders.filtered(
            lambda order: order.state == "sent" and self._is_for_customer(order)
        )

    def _is_for_customer(self, document):
        """Whether a `document` of the claim is its customer's, and not of who was
        customer before."""
        return (
            document.partner_id.commercial_partner_id
            == self.partner_id.commercial_partner_id
        )

    def _get_portal_parcels(self):
        """The claim's parcels (stock.picking), by the way they go.

        :return: {"in": to us, "out": to the customer}
        """
        moves = self.line_ids._get_transport_moves()
        incoming = moves.filtered(lambda move: move.location_id.usage == "customer")
        outgoing = moves.filtered(
            lambda move: move.location_dest_id.usage == "customer"
            and move.location_id.usage != "customer"
        )
        return {
            "in": incoming.picking_id | self._get_portal_repairs().picking_id,
            "out": outgoing.picking_id,
        }

    def _get_parcels_phase(self, way):
        """(phase, date) of the parcels that go this `way`, as the timeline wants it."""
        parcels = self._get_portal_parcels()[way]
        if not parcels:
            return None, None
        if any(parcel.state != "done" for parcel in parcels):
            return timeline.BEGUN, None
        return timeline.OVER, max(
            filter(None, parcels.mapped("date_done")), default=None
        )

    def _get_repair_phase(self, repairs):
        states = set(repairs.mapped("state"))
        if not states:
            return None
        if states == {"done"}:
            return timeline.OVER
        return timeline.BEGUN if states & {"under_repair", "done"} else timeline.AHEAD

    def _get_diagnosis_date(self):
        """When the claim left its first stage, as far as that was tracked."""
        self.env["mail.tracking.value"].flush_model()
        self.env["mail.message"].flush_model()
        field = self.env["ir.model.fields"]._get(self._name, "stage_id")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT MIN(message.date)
                  FROM mail_tracking_value value
                  JOIN mail_message message ON message.id = value.mail_message_id
                 WHERE message.model = %(model)s AND message.res_id = %(id)s
                   AND value.field_id = %(field)s
                """,
                model=self._name,
                id=self.id,
                field=field.id,
            )
        )
        return rows[0][0] or self.first_response_date or None

    def _get_portal_next_step(self):
        """What comes next and by when, in the language of the env.

        :return: dict ``text``, ``by`` (naive UTC datetime or False: nothing promised),
            ``by_text`` (day and time in the company's time zone, or ""), ``is_late``
        """
        self.ensure_one()
        current = next(
            (s["key"] for s in self._get_portal_timeline() if s["state"] == "current"),
            self.stage_category,
        )
        promise = NO_PROMISE if current in CUSTOMERS_TURN else self._get_promise()
        texts = self._get_next_step_texts()
        if current in ("diagnosis", "goods") and self._is_all_done():
            return {"text": texts["done"], **NO_PROMISE}
        return {"text": texts[current], **promise}

    def _is_all_done(self):
        """Whether each line has got its remedy, though the claim is still open."""
        # Customers read no lines; that nothing is left to do is theirs to know.
        lines = self.sudo().line_ids.filtered(lambda line: line.state != "cancelled")
        return bool(lines) and all(line.state == "done" for line in lines)

    def _get_next_step_texts(self):
        return {
            "received": self.env._("A person looks at it and answers you."),
            "diagnosis": self.env._(
                "We tell you what we have found and what we propose."
            ),
            "goods_expected": self.env._(
                "Send us the product. We go on as soon as it is here."
            ),
            "goods": self.env._("We look at your product and tell you how we go on."),
            "parts": self.env._("The repair begins as soon as the part is here."),
            "repair": self.env._("We tell you as soon as it is repaired."),
            "repaired": self.env._("We tell you how you get it back."),
            "shipping": self.env._("Your parcel leaves soon."),
            "shipped": self.env._("Your parcel is on its way. Tell us if all is well."),
            "done": self.env._(
                "We have done our part. Tell us if anything is missing."
            ),
            "waiting": self.env._(
                "Answer us in the messages below, please: then we go on."
            ),
            "quote": self.env._("Look at the quote below and tell us if we may go on."),
            "solved": self.env._("Nothing more to do. If it isn't solved, tell us."),
            "cancelled": self.env._(
                "This request is closed. Write to us if you need more."
            ),
        }

    def _get_promise(self):
        """Of the SLA the customer is told by when they hear from us, and no more."""
        # Customers can't read the SLA, whatever rights they have on the claim.
        claim = self.sudo()
        if claim.stage_category in (*CLOSED_CATEGORIES, "waiting"):
            return NO_PROMISE
        statuses = claim.sla_status_ids.filtered(lambda s: not s.reached_date)
        late = statuses.filtered(
            lambda s: s.state == "failed"
            or (s.deadline and s.deadline < fields.Datetime.now())
        )
        if late:
            return {**NO_PROMISE, "is_late": True}
        running = statuses.filtered(lambda s: s.state in RUNNING and s.deadline)
        by = min(running.mapped("deadline"), default=False)
        return {**NO_PROMISE, "by": by, "by_text": self._format_company_moment(by)}

    def _format_company_day(self, moment):
        """The day of `moment` (naive UTC) where the company is, in words, or ""."""
        if not moment:
            return ""
        # Where the company is, is no secret; its settings need other rights.
        day = self.sudo().company_id._aftersales_date(moment)
        return format_date(self.env, day, date_format="medium")

    def _format_company_moment(self, moment):
        """The day and the time of `moment` (naive UTC) where the company is, or ""."""
        if not moment:
            return ""
        # As above.
        company = self.sudo().company_id
        local_day = company._aftersales_date(moment)
        day = format_date(self.env, local_day, date_format="full")
        zone = company._get_aftersales_tz().zone
        return f"{day}, {format_time(self.env, moment, tz=zone, time_format='HH:mm')}"
