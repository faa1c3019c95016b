# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """The discount that a customer was given for a claim, on their next order."""

    _inherit = "sale.order"

    aftersales_discount = fields.Monetary(
        string="After-Sales Discount",
        compute="_compute_aftersales_discount",
        help="What the customer was given for a claim and may be taken off.",
    )

    @api.depends("partner_id", "state", "order_line.aftersales_compensation_id")
    def _compute_aftersales_discount(self):
        open_orders = self.filtered(lambda o: o.state in ("draft", "sent"))
        by_customer = open_orders._search_aftersales_discounts()
        for order in self:
            discounts = by_customer.get(
                (order.company_id, order.partner_id.commercial_partner_id)
            )
            order.aftersales_discount = order in open_orders and sum(
                order._get_aftersales_left(discount) for discount in discounts or ()
            )

    def _search_aftersales_discounts(self):
        """The discounts that are left for the customers of the orders, in one search.

        :return: {(company, commercial partner): aftersales.compensation}
        """
        partners = self.partner_id.commercial_partner_id
        if not partners:
            return {}
        oldest = min(company._aftersales_today() for company in self.company_id)
        # Salespeople see no claims: that there is a discount is all they are told.
        found = (
            self.env["aftersales.compensation"]
            .sudo()
            .search(
                Domain("kind", "=", "discount")
                & Domain("state", "=", "granted")
                & Domain("company_id", "in", self.company_id.ids)
                & Domain("partner_id.commercial_partner_id", "in", partners.ids)
                & (
                    Domain("date_until", "=", False)
                    | Domain("date_until", ">=", oldest)
                ),
                order="date_until, id",
            )
        )
        by_customer = defaultdict(found.browse)
        for discount in found:
            if discount._is_usable():
                key = (discount.company_id, discount.partner_id.commercial_partner_id)
                by_customer[key] |= discount
        return by_customer

    def _get_aftersales_left(self, discount):
        """What is left of `discount`, in the order's currency."""
        return discount.currency_id._convert(
            discount.amount - discount.reserved_amount,
            self.currency_id,
            self.company_id,
            fields.Date.today(),
        )

    def action_apply_aftersales_discount(self):
        """Take off the order what the customer was given for their claims.

        :raises UserError: when there is nothing to take off, or nothing to take it from
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("The order is confirmed already."))
        discounts = self._search_aftersales_discounts().get(
            (self.company_id, self.partner_id.commercial_partner_id)
        )
        applied = False
        # Salespeople see no claims; the discount is the customer's, looked up above.
        for discount in discounts or ():
            applied = self.sudo()._apply_aftersales_discount(discount) or applied
        if not applied:
            raise UserError(self.env._("There is nothing (left) to take off."))
        return True

    def _apply_aftersales_discount(self, discount):
        """Add the lines that take `discount` off, as the core's wizard makes them.

        :return: whether there was something to take off
        """
        discount._lock()
        amount = min(self._get_aftersales_left(discount), self.amount_total)
        if (
            not discount._is_usable()
            or self.currency_id.compare_amounts(amount, 0) <= 0
        ):
            return False
        old_lines = self.order_line
        wizard = self.env["sale.order.discount"].create(
            {
                "sale_order_id": self.id,
                "discount_type": "amount",
                "discount_amount": amount,
            }
        )
        wizard.action_apply_discount()
        translated = discount.with_context(lang=self._get_lang())
        values = discount._prepare_account_vals()
        values.pop("account_id", None)
        (self.order_line - old_lines).write(
            {**values, "name": translated._get_document_text()}
        )
        return True

    def _get_copiable_order_lines(self):
        lines = super()._get_copiable_order_lines()
        # Given once. Salespeople see no claims: only whether there is one matters.
        return lines - lines.sudo().filtered("aftersales_compensation_id")

    def _action_confirm(self):
        # Whoever confirms, e.g. the customer in the portal, sees no claims.
        self.sudo().order_line.aftersales_compensation_id._ensure_used_once()
        return super()._action_confirm()
