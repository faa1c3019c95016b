# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .aftersales_claim_line import FIXED_FIELDS

FIXED_FIELDS.update({"exchange_charge_id", "exchange_reminder_date"})


class AftersalesClaimLine(models.Model):
    """Advance exchange: the new unit goes first, the old one has a day to come back."""

    _inherit = "aftersales.claim.line"

    return_due_date = fields.Date(
        string="Old Unit Due on",
        copy=False,
        tracking=True,
        help="By when the customer sends the old unit back.",
    )
    exchange_reminder_date = fields.Date(
        string="Reminded on", readonly=True, copy=False
    )
    exchange_charge_id = fields.Many2one(
        "sale.order.line",
        string="Charged for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The unit that never came back, on a quotation.",
    )

    _exchange_due_idx = models.Index(
        "(return_due_date) WHERE return_state = 'awaited' AND remedy = 'replace'"
    )

    def action_create_replacement(self):
        self._ensure_is_agent()
        # Before the customer is told how to send the old unit back.
        for line in self.filtered(lambda line: line.state == "draft"):
            if line.replacement_mode == "advance" and not line.return_due_date:
                days = line.company_id.aftersales_exchange_days
                today = line.company_id._aftersales_today()
                line.return_due_date = today + timedelta(days=days)
        return super().action_create_replacement()

    @api.model
    def _get_exchange_domain(self):
        return (
            Domain("remedy", "=", "replace")
            & Domain("replacement_mode", "=", "advance")
            & Domain("return_state", "=", "awaited")
            & Domain("state", "in", ("decided", "in_progress"))
        )

    @api.model
    def _cron_follow_exchanges(self):
        """Remind of old units that are due soon, charge those that never came.

        One poisoned line does not hold the others up; nobody is reminded or charged
        twice, whenever the job is killed.
        """
        # The day of the reminder differs by company: the furthest one is looked up.
        furthest = self.env["res.company"]._read_group(
            [], aggregates=["aftersales_exchange_reminder:max"]
        )[0][0]
        soon = fields.Date.today() + timedelta(days=(furthest or 0) + 1)
        domain = (
            self._get_exchange_domain()
            & Domain("return_due_date", "<=", soon)
            & (
                Domain("exchange_reminder_date", "=", False)
                | Domain("exchange_charge_id", "=", False)
            )
        )
        lines = self.search(domain, order="return_due_date, id")
        self.env["ir.cron"]._commit_progress(remaining=len(lines))
        for line in lines:
            locked = line.try_lock_for_update().filtered_domain(domain)
            try:
                with self.env.cr.savepoint():
                    locked._follow_exchange()
            except UserError as error:
                locked._report_missing_charge(error)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _follow_exchange(self):
        for line in self:
            company = line.company_id
            today = company._aftersales_today()
            remind = line.return_due_date - timedelta(
                days=company.aftersales_exchange_reminder
            )
            if line.return_due_date < today:
                if not line.exchange_charge_id:
                    line._charge_exchange()
            elif remind <= today and not line.exchange_reminder_date:
                line.exchange_reminder_date = today
                line._send_exchange_reminder()

    def _send_exchange_reminder(self):
        """Tell the customer by when the old unit is expected."""
        template = self.env.ref(
            "aftersales_service.mail_template_exchange_reminder",
            raise_if_not_found=False,
        )
        claim = self.claim_id
        if not template or not claim.partner_id.email:
            return
        # The company writes, not the scheduler.
        claim.with_user(SUPERUSER_ID).message_post_with_source(
            template,
            **claim.company_id._get_aftersales_author(),
            partner_ids=claim.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_light",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _report_missing_charge(self, error):
        self.claim_id.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("The old unit has not come back"),
            note=f"{self.display_name}: {error.args[0]}",
            user_id=self.claim_id.user_id.id or SUPERUSER_ID,
        )

    def action_charge_exchange(self):
        """Quote the old unit that the customer has not sent back.

        :raises UserError: when nothing is awaited, or it is quoted already
        """
        self._ensure_is_agent()
        self._lock_documents()
        for line in self:
            if line.exchange_charge_id or not line.filtered_domain(
                line._get_exchange_domain()
            ):
                raise UserError(
                    self.env._(
                        "There is nothing to charge for “%s”.", line.display_name
                    )
                )
        # Agents need no rights in sales: a quotation is made for its people.
        self.sudo()._charge_exchange()
        return True

    def _charge_exchange(self):
        for line in self:
            line.exchange_charge_id = line._create_charge(
                "aftersales_service.product_unreturned",
                line._get_unreturned_price(),
                self.env._(
                    "%(product)s, not returned until %(date)s (%(claim)s)",
                    product=line.display_name,
                    date=line.return_due_date or fields.Date.today(),
                    claim=line.claim_id.name,
                ),
            )
            order = line.exchange_charge_id.order_id
            line.claim_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The old unit has not come back"),
                note=self.env._("It is charged with %s.", order._get_html_link()),
                user_id=line.claim_id.user_id.id or self.env.uid,
            )

    def _get_unreturned_price(self):
        """What was paid for the units that did not come back, before tax."""
        sale_line = self.asset_id.sale_line_id
        missing = self._get_product_quantity() - self.received_quantity
        sold = sale_line and sale_line._to_product_uom(sale_line.product_uom_qty)
        if not sold:
            return self.product_id.lst_price * missing
        return sale_line.currency_id.round(sale_line.price_subtotal / sold * missing)

    def _follow_confirmed_quotes(self):
        """The customer accepted: deliver what waited, give up what was charged."""
        for line in self:
            if line.exchange_charge_id.order_id.state == "sale":
                line.move_ids.filtered(
                    lambda m: m.state not in ("done", "cancel")
                    and m._is_aftersales_return()
                )._action_cancel()
            if line.difference_line_id.order_id.state == "sale":
                line._deliver_replacements()

    def _sync_with_documents(self):
        result = super()._sync_with_documents()
        for line in self.filtered(lambda line: line.received_quantity):
            quote = line.exchange_charge_id.order_id
            if quote.state in ("draft", "sent"):
                # It came after all: the quotation has lost its reason.
                line.exchange_charge_id = False
                quote._action_cancel()
        return result
