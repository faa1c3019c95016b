# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

QUOTE_STATES = {
    "draft": "draft",
    "sent": "sent",
    "sale": "approved",
    "cancel": "refused",
}


class RepairOrder(models.Model):
    _inherit = "repair.order"

    estimated_hours = fields.Float(
        help="How long the repair is going to take; quoted until hours are booked."
    )
    charge_ids = fields.One2many(
        "aftersales.repair.charge", "repair_id", "Travel and Transport", copy=False
    )
    quote_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        string="Quotation Status",
        compute="_compute_quote_state",
        store=True,
    )
    quote_currency_id = fields.Many2one(
        related="sale_order_id.currency_id", string="Quotation Currency"
    )
    quoted_amount = fields.Monetary(
        string="Approved by the Customer",
        readonly=True,
        copy=False,
        currency_field="quote_currency_id",
        help="What the quotation said, before tax, when the customer approved it.",
    )
    quote_warning = fields.Char(compute="_compute_quote_warning")

    @api.depends("sale_order_id.state", "sale_order_line_id")
    def _compute_quote_state(self):
        for repair in self:
            # Whoever sees the repair may know whether its quotation was approved.
            order = repair.sudo().sale_order_id
            repair.quote_state = QUOTE_STATES.get(order.state)

    @api.depends(
        "quoted_amount",
        "quote_state",
        "sale_order_id.amount_untaxed",
        "labour_ids.sale_line_id",
        "charge_ids.sale_line_id",
    )
    def _compute_quote_warning(self):
        for repair in self:
            # Whoever works on the repair is told, also without rights on orders.
            repair.quote_warning = repair.sudo()._get_quote_warning()

    def _get_quote_warning(self):
        """What the customer has not been told yet, in a sentence, or False."""
        self.ensure_one()
        order = self.sale_order_id
        if self.quote_state in ("draft", "sent", "approved"):
            missing = self._get_unquoted()
            if missing:
                amount = sum(record.price for record in missing)
                return self.env._(
                    "Work worth %(amount)s is not on the quotation.",
                    amount=format_amount(self.env, amount, self.company_currency_id),
                )
        excess = order.amount_untaxed - self.quoted_amount
        currency = order.currency_id or self.company_currency_id
        if self.quote_state == "approved" and currency.compare_amounts(excess, 0) > 0:
            return self.env._(
                "The order is %(amount)s above what the customer approved.",
                amount=format_amount(self.env, excess, currency),
            )
        return False

    def _get_unquoted(self):
        """Labour and charges that are on no line of the quotation."""
        self.ensure_one()
        labour = self.labour_ids.filtered(lambda r: not r.sale_line_id and r.hours)
        charges = self.charge_ids.filtered(lambda r: not r.sale_line_id)
        return [*labour, *charges]

    # -- make it

    def action_create_sale_order(self):
        """Quote each repair to its own customer; the core mixes several up.

        :raises UserError: without customer, quoted already, or not approved by a
            manager
        """
        self._ensure_can_quote()
        self._ensure_approved()
        for repair in self._as_technician():
            super(RepairOrder, repair).action_create_sale_order()
            repair._sync_quote()
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            # Who may not open the order stays with the repair, and sends it there.
            return True
        return self.sale_order_id._get_records_action(name=self.env._("Quotations"))

    def action_send_quote(self):
        """Send the quotations, with the link to approve them, to their customers.

        :raises UserError: without a quotation to send, or the customer's address
        """
        self._ensure_can_quote()
        repairs = self._as_technician()
        repairs.sale_order_id.lock_for_update()
        repairs.sale_order_id.invalidate_recordset(["state"])
        for repair in repairs:
            order = repair.sale_order_id
            if order.state != "draft":
                raise UserError(
                    self.env._("%s has no quotation to send.", repair.display_name)
                )
            if not order.partner_id.email:
                raise UserError(self.env._("The customer has no e-mail address."))
            order.with_context(mark_so_as_sent=True)._send_order_notification_mail(
                order._find_mail_template(), allow_deferred_sending=False
            )
        return True

    def action_requote(self):
        """Make a new quotation in the place of one that was refused or has changed.

        :raises UserError: when the customer has approved the present one
        """
        self._ensure_can_quote()
        repairs = self._as_technician()
        if repairs.filtered(lambda r: r.quote_state == "approved"):
            raise UserError(self.env._("The customer approved this quotation already."))
        old = repairs.sale_order_id
        repairs.move_ids.sale_line_id = False
        repairs.labour_ids.sale_line_id = False
        repairs.charge_ids.sale_line_id = False
        repairs.sale_order_id = False
        old.filtered(lambda order: order.state != "cancel")._action_cancel()
        return self.action_create_sale_order()

    def _ensure_can_quote(self):
        self.check_access("write")
        user = self.env.user
        if not (
            self._is_stock_user() or user.has_group("aftersales_service.group_user")
        ):
            raise AccessError(self.env._("Only after-sales agents can quote a repair."))

    # -- keep it up to date

    def _sync_quote(self):
        """Bring labour and charges that came after the quotation onto it.

        What can't be added any more, e.g. to a locked order, is told by quote_warning.
        """
        # Technicians book hours on repairs whose orders they can't see.
        for repair in self.sudo():
            order = repair.sale_order_id
            if not order or order.state == "cancel" or order.locked:
                continue
            repair._sync_labour_lines()
            charges = repair.charge_ids.filtered(lambda c: not c.sale_line_id)
            lines = self.env["sale.order.line"].sudo()
            lines.create([charge._prepare_sale_line_vals() for charge in charges])

    def _sync_labour_lines(self):
        """One order line for each labour service: what is booked, or expected still."""
        self.ensure_one()
        lines = self.env["sale.order.line"]
        expected = self._get_quoted_labour_product()
        for product in self.labour_ids.product_id | expected:
            labour = self.labour_ids.filtered(
                lambda r, product=product: r.product_id == product
            )
            line = labour.sale_line_id or self.sale_order_id.order_line.filtered(
                lambda line, product=product: line.aftersales_labour_repair_id == self
                and line.product_id == product
            )
            hours = sum(labour.mapped("hours"))
            quoted = self.estimated_hours if product == expected else 0.0
            if not line and max(hours, quoted) > 0:
                line = lines.create(
                    {
                        "order_id": self.sale_order_id.id,
                        "product_id": product.id,
                        "product_uom_qty": max(hours, quoted),
                        "aftersales_labour_repair_id": self.id,
                    }
                )
            elif line and hours > line[:1].product_uom_qty:
                line[:1].product_uom_qty = hours
            if line and line[:1].qty_delivered_method == "manual":
                line[:1].qty_delivered = hours
            labour.filtered(lambda r: not r.sale_line_id).sale_line_id = line[:1]

    def _get_quoted_labour_product(self):
        """The service on which expected hours are quoted, while none are booked."""
        self.ensure_one()
        if not self.estimated_hours:
            return self.env["product.product"]
        booked = self.labour_ids.product_id[:1]
        return booked or self.labour_ids._default_product_id()

    def action_repair_cancel(self):
        """What is not going to be done is not quoted, as the core does with parts."""
        result = super().action_repair_cancel()
        # As in _sync_quote.
        self.sudo()._quote_work_done()
        return result

    def action_repair_cancel_draft(self):
        result = super().action_repair_cancel_draft()
        # As in _sync_quote.
        self.sudo()._quote_work_planned()
        return result

    def _get_open_quotes(self):
        """Repairs whose order can still be changed."""
        return self.filtered(
            lambda r: r.sale_order_id
            and r.sale_order_id.state != "cancel"
            and not r.sale_order_id.locked
        )

    def _get_labour_lines(self):
        self.ensure_one()
        return self.labour_ids.sale_line_id | self.sale_order_id.order_line.filtered(
            lambda line: line.aftersales_labour_repair_id == self
        )

    def _quote_work_done(self):
        """Only hours that were worked stay on the order, and the way with them."""
        for repair in self._get_open_quotes():
            for line in repair._get_labour_lines():
                labour = repair.labour_ids.filtered(
                    lambda r, line=line: r.sale_line_id == line
                )
                line.product_uom_qty = sum(labour.mapped("hours"))
            if not repair.worked_hours:
                repair.charge_ids.sale_line_id.product_uom_qty = 0.0

    def _quote_work_planned(self):
        """The expected hours and the way are quoted again."""
        for repair in self._get_open_quotes():
            expected = repair._get_quoted_labour_product()
            for line in repair._get_labour_lines():
                if line.product_id == expected:
                    line.product_uom_qty = max(
                        line.product_uom_qty, repair.estimated_hours
                    )
            for charge in repair.charge_ids.filtered("sale_line_id"):
                charge.sale_line_id.product_uom_qty = charge.quantity

    # -- what the customer answers

    def _follow_quote_approved(self):
        """The customer said yes: note the amount, confirm what waited for it."""
        for repair in self:
            repair.quoted_amount = repair.sale_order_id.amount_untaxed
        waiting = self.filtered(lambda r: r.state == "draft")
        waiting._action_repair_confirm()
        for repair in self.filtered(lambda r: not r.sale_order_line_id):
            repair._tell_responsible(
                lambda env: env._("The customer approved the quotation")
            )

    def _follow_quote_refused(self):
        """The customer said no: what has not begun is not done."""
        waiting = self.filtered(lambda r: r.state in ("draft", "confirmed"))
        waiting.action_repair_cancel()
        for repair in self.filtered(lambda r: r.state != "done"):
            repair._tell_responsible(
                lambda env: env._("The customer refused the quotation")
            )

    def _tell_responsible(self, get_summary):
        """Leave a to-do, in their language, for who is responsible of the repair.

        :param get_summary: gives the text in the language of an environment
        """
        self.ensure_one()
        user = self.user_id or self.claim_id.user_id
        summary = get_summary(self.with_context(lang=user.lang).env)
        self._message_log(body=summary)
        if user:
            self.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, user_id=user.id
            )
