# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_amount

from ..rules import compensation

KINDS = [
    ("credit", "Credit Note"),
    ("discount", "Discount on the Next Order"),
    ("payment", "Payment"),
]
STATES = [
    ("to_approve", "To Approve"),
    ("granted", "Granted"),
    ("used", "Used"),
    ("cancelled", "Taken Back"),
]
#: Kinds that accounting validates; the others are there to be used.
BOOKED_KINDS = ("credit", "payment")


class AftersalesCompensation(models.Model):
    """What a customer is given for the trouble. Made and changed by code alone."""

    _name = "aftersales.compensation"
    _description = "Compensation"
    _inherit = "aftersales.text.mixin"
    _order = "id desc"
    _check_company_auto = True

    claim_line_id = fields.Many2one(
        "aftersales.claim.line",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    claim_id = fields.Many2one(
        related="claim_line_id.claim_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="claim_line_id.company_id", store=True, precompute=True, index=True
    )
    type_id = fields.Many2one(related="claim_id.type_id", string="Claim Type")
    cause_id = fields.Many2one(
        related="claim_line_id.cause_id", string="Cause of Failure"
    )
    product_id = fields.Many2one(related="claim_line_id.product_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True
    )
    kind = fields.Selection(KINDS, required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(
        required=True, help="What the customer gets, tax included."
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    company_amount = fields.Monetary(
        string="Amount to Decide",
        currency_field="company_currency_id",
        help="The amount in the company's currency on the day it was asked for.",
    )
    date_until = fields.Date(
        string="Valid Until", help="The last day on which it can be used."
    )
    note = fields.Char(string="Why", help="For colleagues.")
    granted_by_id = fields.Many2one("res.users", string="Decided by")
    granted_date = fields.Datetime(string="Decided on")
    cancel_date = fields.Datetime(string="Taken Back on")
    notified_date = fields.Datetime(string="Customer Told on")
    activity_id = fields.Many2one("mail.activity", string="Request for Approval")
    account_line_ids = fields.One2many(
        "account.move.line", "aftersales_compensation_id", string="Journal Items"
    )
    sale_line_ids = fields.One2many(
        "sale.order.line", "aftersales_compensation_id", string="Used on"
    )
    reserved_amount = fields.Monetary(
        compute="_compute_used",
        store=True,
        compute_sudo=True,
        string="On Orders",
        help="On orders and quotations.",
    )
    used_amount = fields.Monetary(
        compute="_compute_used", store=True, compute_sudo=True, string="Used"
    )
    cost = fields.Monetary(
        compute="_compute_used",
        store=True,
        compute_sudo=True,
        currency_field="company_currency_id",
        help="What it has cost so far, before tax: nothing until it is used.",
    )
    state = fields.Selection(
        STATES,
        compute="_compute_state",
        store=True,
        compute_sudo=True,
        index=True,
    )
    can_approve = fields.Boolean(compute="_compute_can_approve")
    has_documents = fields.Boolean(compute="_compute_has_documents", compute_sudo=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A compensation is worth more than nothing."
    )
    _once_per_line = models.UniqueIndex(
        "(claim_line_id) WHERE cancel_date IS NULL",
        "This line has its compensation already.",
    )
    _usable_idx = models.Index(
        "(partner_id, date_until) WHERE kind = 'discount' AND state = 'granted'"
    )

    @api.depends(
        "account_line_ids.balance",
        "account_line_ids.parent_state",
        "sale_line_ids.price_subtotal",
        "sale_line_ids.price_total",
        "sale_line_ids.state",
    )
    def _compute_used(self):
        for record in self:
            posted = record.account_line_ids.filtered(
                lambda ln: ln.parent_state == "posted"
                and ln.move_id.move_type in ("out_refund", "in_receipt")
            )
            live = record.sale_line_ids.filtered(lambda ln: ln.state != "cancel")
            sold = live.filtered(lambda ln: ln.state == "sale")
            record.reserved_amount = sum(record._to_own_currency(ln) for ln in live)
            record.used_amount = (
                record.amount
                if posted
                else sum(record._to_own_currency(ln) for ln in sold)
            )
            record.cost = sum(posted.mapped("balance")) + sum(
                ln._get_aftersales_given_cost() for ln in sold
            )

    def _to_own_currency(self, sale_line):
        """What `sale_line` takes off the order, in this record's currency."""
        return sale_line.currency_id._convert(
            -sale_line.price_total,
            self.currency_id or sale_line.currency_id,
            self.company_id,
            sale_line.order_id.date_order or fields.Date.today(),
        )

    @api.depends("cancel_date", "granted_date", "amount", "used_amount")
    def _compute_state(self):
        for record in self:
            if record.cancel_date:
                record.state = "cancelled"
            elif not record.granted_date:
                record.state = "to_approve"
            else:
                record.state = "used" if record._is_spent() else "granted"

    def _is_spent(self):
        self.ensure_one()
        return self.currency_id.compare_amounts(self.used_amount, self.amount) >= 0

    @api.depends("kind", "amount", "claim_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for record in self:
            record.display_name = " · ".join(
                part
                for part in (
                    record.claim_id.name,
                    kinds.get(record.kind),
                    record._format_amount(record.amount),
                )
                if part
            )

    @api.depends("state", "company_amount")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for record in self:
            record.can_approve = (
                record.state == "to_approve"
                and compensation.may_decide(
                    record.claim_id._get_compensation_role(), record._get_needed_role()
                )
            )

    @api.depends("account_line_ids", "sale_line_ids")
    def _compute_has_documents(self):
        for record in self:
            record.has_documents = record.account_line_ids or record.sale_line_ids

    def _format_amount(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    # -- asking for it

    @api.model
    def _ask(self, line, values):
        """Give `line` its compensation, or ask whoever may; called with all rights.

        :param values: dict ``kind``, ``amount``, ``date_until``, ``note``
        :return: the new record
        :raises UserError: for what can't be given
        """
        values = self._prepare_vals(line, values)
        record = self.create(values)
        needed = record._get_needed_role()
        if needed is None:
            raise UserError(
                self.env._(
                    "%(amount)s is more than anybody may give: the most is %(limit)s.",
                    amount=record._format_amount(record.amount),
                    limit=format_amount(
                        self.env,
                        record.company_id._get_aftersales_limits()["manager"],
                        record.company_currency_id,
                    ),
                )
            )
        if compensation.may_decide(record.claim_id._get_compensation_role(), needed):
            record._grant()
        else:
            record._ask_approval(needed)
        return record

    def _prepare_vals(self, line, values):
        kind, amount = values.get("kind"), values.get("amount") or 0.0
        company = line.company_id
        if kind not in self._fields["kind"].get_values(self.env):
            raise UserError(self.env._("Choose what the customer is given."))
        if not isfinite(amount):
            raise ValidationError(self.env._("The amount must be a number."))
        currency, amount = self._get_terms(line, kind, amount)
        amount = currency.round(amount)
        if currency.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("A compensation is worth more than nothing."))
        until = values.get("date_until") or False
        today = company._aftersales_today()
        if kind in BOOKED_KINDS:
            until = False
        elif until and until < today:
            raise UserError(
                self.env._("It would be over before it begins: choose a later day.")
            )
        partner = line.claim_id.partner_id
        if not partner:
            raise UserError(self.env._("Say first who the customer is."))
        if not partner.active or not partner.commercial_partner_id.active:
            raise UserError(
                self.env._(
                    "%s is archived: no document can be made.", partner.display_name
                )
            )
        company._ensure_aftersales_rate(currency, today)
        return {
            "claim_line_id": line.id,
            "partner_id": partner.id,
            "kind": kind,
            "currency_id": currency.id,
            "amount": amount,
            "company_amount": currency._convert(
                amount, company.currency_id, company, today
            ),
            "date_until": until,
            "note": values.get("note"),
        }

    @api.model
    def _get_terms(self, line, kind, amount):
        """The currency and the amount of what is given. To be extended.

        :return: (res.currency, amount)
        """
        if kind == "credit":
            return line._get_credited_invoice_line().currency_id, amount
        return line.company_id.currency_id, amount

    def _get_needed_role(self):
        """The lowest role that may give it, or None."""
        self.ensure_one()
        limits = self.company_id._get_aftersales_limits()
        return compensation.decider(self.company_amount, limits)

    def _ask_approval(self, role):
        approver = self._get_approver(role)
        translated = self.with_context(lang=approver.lang)
        self.activity_id = self.claim_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=translated.env._("Approve a compensation"),
            note=translated.env._(
                "%(user)s asks for %(compensation)s.",
                user=self.env.user.name,
                compensation=translated.display_name,
            ),
            user_id=approver.id,
        )

    def _get_approver(self, role):
        """Whom to ask: the lead of the team if that is enough, else a manager."""
        claim = self.claim_id
        lead = claim.team_id.user_id
        is_lead_asked = role == "lead" and lead.active and lead != self.env.user
        if is_lead_asked and claim.with_user(lead).has_access("write"):
            return lead
        managers = self.env.ref("aftersales_service.group_manager").all_user_ids
        managers = managers.filtered(
            lambda user: user.active
            and not user.share
            and self.company_id in user.company_ids
        )
        if not managers:
            raise UserError(
                self.env._("There is nobody who may approve it: ask an administrator.")
            )
        return lead if lead in managers else managers[:1]

    # -- deciding

    def _lock(self):
        """Lock the lines they belong to, then them, and read all anew."""
        # Whoever may work on the claim was checked before.
        self.sudo().claim_line_id._lock_documents()
        self.lock_for_update()
        self.invalidate_recordset()

    def _ensure_is_agent(self):
        self.check_access("read")
        self.claim_line_id._ensure_is_agent()

    def action_approve(self):
        """Give what was asked for.

        :raises AccessError: when it is more than the user may give
        :raises UserError: when it was decided in the meantime
        """
        self._ensure_may_decide()
        # Decided by somebody who may, checked above; documents are made as drafts.
        self.sudo()._grant()
        return True

    def action_refuse(self):
        """Do not give what was asked for.

        :raises AccessError: when it is more than the user may give
        :raises UserError: when it was decided in the meantime
        """
        self._ensure_may_decide()
        # Decided by somebody who may, checked above.
        for record in self.sudo():
            record._close_request(self.env._("Not approved"))
            record._take_back()
        return True

    def _ensure_may_decide(self):
        self._ensure_is_agent()
        self._lock()
        for record in self:
            role = record.claim_id._get_compensation_role()
            if not compensation.may_decide(role, record._get_needed_role()):
                raise AccessError(
                    self.env._(
                        "%s is more than you may give.",
                        record._format_amount(record.amount),
                    )
                )
            if record.state != "to_approve":
                raise UserError(
                    self.env._("“%s” was decided already.", record.display_name)
                )
        self.claim_line_id._ensure_claim_is_open()

    def _grant(self):
        """Make what the customer gets. Called with all rights, the lines locked."""
        for record in self:
            record.write(
                {
                    "granted_date": fields.Datetime.now(),
                    "granted_by_id": self.env.uid,
                }
            )
            getattr(record, f"_grant_{record.kind}")()
            record._close_request(self.env._("Approved"))
            record._settle()
            record.claim_id._message_log(
                body=self.env._("Compensation granted: %s", record.display_name)
            )

    def _close_request(self, feedback):
        # The activity is the approver's, or another manager's who was not asked.
        self.activity_id.exists().action_feedback(feedback=feedback)

    def _settle(self):
        """Let the line follow, and tell the customer once it is theirs."""
        for record in self:
            line = record.claim_line_id
            if line.remedy == "compensate" and record.state != "cancelled":
                state = record._get_line_state()
                if line.state != state:
                    line.state = state
            is_ready = record.state == "used" or record.kind not in BOOKED_KINDS
            if record.granted_date and is_ready:
                record._notify_customer()

    def _get_line_state(self):
        self.ensure_one()
        if self.state == "to_approve":
            return "decided"
        if self.kind in BOOKED_KINDS and self.state == "granted":
            return "in_progress"
        return "done"

    def _notify_customer(self):
        """Tell the customer, once."""
        self.ensure_one()
        if self.notified_date:
            return
        self.notified_date = fields.Datetime.now()
        self.claim_id._send_compensation(self)

    # -- taking it back

    def action_cancel(self):
        """Take the compensation back, while it has not been used.

        :raises UserError: when it is used, on an order or in the books
        """
        self._ensure_is_agent()
        self.claim_line_id.action_cancel_compensation()
        return True

    def _get_objection(self):
        """Why it can't be taken back any more, in words, or False."""
        self.ensure_one()
        if self.account_line_ids.move_id.filtered(lambda m: m.state == "posted"):
            return self.env._("It is in the books: it can't be taken back any more.")
        orders = self.sale_line_ids.filtered(lambda ln: ln.state != "cancel").order_id
        if orders:
            return self.env._(
                "It is on %s: it can't be taken back while it is there.",
                ", ".join(orders.mapped("name")),
            )
        refunds = self.account_line_ids.aftersales_deduction_ids.move_id.filtered(
            lambda m: m.state != "cancel"
        )
        if refunds:
            return self.env._(
                "It is deducted from the refund %s, which has to be cancelled first.",
                ", ".join(refunds.mapped("display_name")),
            )
        return False

    def _ensure_revocable(self):
        for record in self:
            objection = record._get_objection()
            if objection:
                raise UserError(objection)

    def _take_back(self):
        """Cancel it and what was made for it. Called with all rights."""
        self._ensure_revocable()
        self._close_request(self.env._("Taken back"))
        self.write({"cancel_date": fields.Datetime.now()})
        for record in self:
            record._revoke()
            line = record.claim_line_id
            if line.remedy == "compensate" and line.state != "draft":
                line.write({"state": "draft", "remedy": False})
            record.claim_id._message_log(
                body=self.env._("Compensation taken back: %s", record.display_name)
            )

    def _revoke(self):
        """Cancel what was made for it. To be extended."""
        self.ensure_one()
        drafts = self.account_line_ids.move_id.filtered(lambda m: m.state == "draft")
        drafts.button_cancel()

    # -- being used

    def _is_usable(self):
        """Whether the customer can use it, or what is left of it, today."""
        self.ensure_one()
        today = self.company_id._aftersales_today()
        return self.state == "granted" and (
            not self.date_until or self.date_until >= today
        )

    def _ensure_used_once(self):
        """Raise UserError for what was taken back, or is on orders more than once."""
        if self:
            self._lock()
        for record in self:
            excess = record.reserved_amount - record.amount
            if record.state == "cancelled" or (
                record.kind == "discount"
                and record.currency_id.compare_amounts(excess, 0) > 0
            ):
                raise UserError(
                    self.env._(
                        "“%s” can't be used any more: take its line off the order.",
                        record.display_name,
                    )
                )

    def _sync_with_documents(self):
        """Follow accounting: a deleted or cancelled draft takes the decision back."""
        for record in self.filtered(lambda r: r.granted_date and not r.cancel_date):
            moves = record.account_line_ids.move_id
            if record.kind in BOOKED_KINDS and not moves.filtered(
                lambda m: m.state != "cancel"
            ):
                record._take_back()
            else:
                record._settle()

    # -- looking at it

    def action_view_documents(self):
        """Open the credit note, the receipt or the orders on which it was used."""
        self.check_access("read")
        moves = self.account_line_ids.move_id
        if moves:
            return moves._get_records_action(name=self.env._("Documents"))
        return self.sale_line_ids.order_id._get_records_action(
            name=self.env._("Used on")
        )
