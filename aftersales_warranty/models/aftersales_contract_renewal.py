# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..rules.contract import renewal_day
from .aftersales_contract import FIXED_FIELDS

TEMPLATE = "aftersales_warranty.mail_template_contract_renewal"
FIXED_FIELDS.update({"is_renewal_offered", "is_renewal_settled"})


class AftersalesContract(models.Model):
    """Before its end a contract offers to go on, with an order of its own."""

    _inherit = "aftersales.contract"

    renewal_date = fields.Date(
        string="Renewal Offered on",
        compute="_compute_renewal_date",
        store=True,
        help="When the customer gets the offer to go on.",
    )
    renewal_line_ids = fields.One2many(
        "sale.order.line",
        "aftersales_renews_id",
        string="Renewal Orders",
        readonly=True,
    )
    has_renewal = fields.Boolean(compute="_compute_has_renewal")
    is_renewal_offered = fields.Boolean(readonly=True, copy=False)
    is_renewal_settled = fields.Boolean(readonly=True, copy=False)

    _renewed_once = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL AND state != 'cancelled'",
        "This contract has been renewed already.",
    )
    _renewal_due = models.Index(
        "(renewal_date) WHERE state = 'active' AND is_renewal_offered IS NOT TRUE"
    )

    @api.depends("date_end", "notice_days", "renewal_mode")
    def _compute_renewal_date(self):
        for contract in self:
            # That of a contract entered by hand reminds a person.
            contract.renewal_date = (
                renewal_day(contract.date_end, contract.notice_days)
                if contract.renewal_mode != "none" and contract.date_end
                else False
            )

    @api.depends("next_ids.state", "renewal_line_ids.order_id.state")
    def _compute_has_renewal(self):
        for contract in self:
            # A yes or a no that whoever sees the contract may know.
            following = contract.sudo().next_ids.filtered(
                lambda one: one.state != "cancelled"
            )
            contract.has_renewal = bool(following or contract._get_renewal_order())

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_start", "date_end"}:
            self._refresh_renewals()
            self._offer_anew()
        return result

    def _follow_sale(self):
        result = super()._follow_sale()
        self._refresh_renewals()
        self._offer_anew()
        return result

    @api.model
    def _cron_renew(self, batch_size=200):
        """Offer to go on, and go on where nobody refused; each once."""
        by_dates = self._get_dates_domain
        to_offer = (
            Domain("state", "=", "active")
            & Domain("is_renewal_offered", "!=", True)
            & by_dates(
                lambda today: [("renewal_date", "<=", today), ("date_end", ">=", today)]
            )
        )
        self._work_off(to_offer, lambda due: due._offer_renewals(), batch_size)
        to_settle = (
            Domain("state", "in", ("active", "expired"))
            & Domain("is_renewal_offered", "=", True)
            & Domain("is_renewal_settled", "!=", True)
            & by_dates(lambda today: [("date_end", "<=", today)])
        )
        self._work_off(to_settle, lambda due: due._settle_renewals(), batch_size)

    def action_offer_renewal(self):
        """Make the order with which the contract goes on, and send it now.

        :raises UserError: when such an order waits, or the next contract is there
        """
        self._ensure_is_manager()
        # An order from a contract: managers need not be allowed to sell.
        contracts = self.sudo()
        for contract in contracts.filtered("has_renewal"):
            raise UserError(
                self.env._("%s goes on already: see its renewal.", contract.name)
            )
        # One that was refused is offered again.
        contracts.filtered("is_renewal_offered").write(
            {"is_renewal_offered": False, "is_renewal_settled": False}
        )
        contracts._offer_renewals()
        return True

    def _offer_renewals(self):
        for contract in self:
            contract._offer_renewal()

    def _offer_renewal(self):
        """Quote the next term and tell the customer.

        Order, mail and mark are written together: after a crash none or all are there.
        """
        self.ensure_one()
        self._take_turn()
        self.invalidate_recordset(["is_renewal_offered"])
        if self.is_renewal_offered or self.state != "active":
            return
        self.is_renewal_offered = True
        if not self._can_be_renewed():
            self._ask_responsible()
            return
        # The offer says it all: nobody is told that it is theirs.
        orders = self.env["sale.order"].with_context(mail_auto_subscribe_no_notify=True)
        order = orders.create(self._prepare_renewal_order())
        order.action_quotation_sent()
        self._message_log(
            body=self.env._("Renewal offered: %s.", order._get_html_link())
        )
        if self.partner_id.email_normalized:
            self.env.ref(TEMPLATE).send_mail(
                self.id, email_layout_xmlid="mail.mail_notification_light"
            )
        else:
            self._ask_responsible()

    def _can_be_renewed(self):
        self.ensure_one()
        template = self.product_id.product_tmpl_id
        terms = template.aftersales_contract_terms_id
        return (
            self.sale_line_id
            and self.partner_id.active
            and template.active
            and template.sale_ok
            and terms.active
            and self._get_assets()[self]
        )

    def _ask_responsible(self):
        """Leave it to a person how the contract goes on."""
        self._ask(
            lambda env: env._("The contract ends: ask the customer how to go on"),
            self.date_end,
        )

    def _prepare_renewal_order(self):
        self.ensure_one()
        old, line = self.sale_order_id, self.sale_line_id
        return {
            "partner_id": self.partner_id.id,
            "partner_invoice_id": old.partner_invoice_id.id,
            "partner_shipping_id": old.partner_shipping_id.id,
            "company_id": self.company_id.id,
            "pricelist_id": old.pricelist_id.id,
            "fiscal_position_id": old.fiscal_position_id.id,
            "payment_term_id": old.payment_term_id.id,
            "user_id": self.user_id.id,
            "team_id": old.team_id.id,
            "origin": self.name,
            "validity_date": self.date_end,
            "order_line": [Command.create(self._prepare_renewal_line(line))],
        }

    def _prepare_renewal_line(self, line):
        assets = self._get_renewed_assets()
        price = self._get_price_for(line, assets) * (1 + self.price_adjustment / 100)
        return {
            "product_id": line.product_id.id,
            "product_uom_qty": line.product_uom_qty,
            "price_unit": line.currency_id.round(price),
            # Agreed, not the list's: nothing that changes on the line sets it back.
            "technical_price_unit": 0.0,
            "discount": line.discount,
            "analytic_distribution": line.analytic_distribution,
            "aftersales_renews_id": self.id,
            "aftersales_contract_start": fields.Date.add(self.date_end, days=1),
            "aftersales_contract_asset_ids": [Command.set(assets.ids)],
        }

    def _get_renewed_assets(self):
        """The products named on the order that renews it."""
        self.ensure_one()
        assets = self._get_assets()[self]
        return assets if self.scope == "asset" else assets.browse()

    def _get_price_for(self, line, assets):
        """The unit price of order line `line` if it were for `assets`."""
        before = line.aftersales_contract_asset_ids
        if not self._is_priced_each() or not before or len(before) == len(assets):
            return line.price_unit
        return line.price_unit / len(before) * max(len(assets), 1)

    def _get_renewal_order(self):
        """The order that waits for its customer, or none."""
        self.ensure_one()
        # What is offered to go on belongs to the contract.
        orders = self.sudo().renewal_line_ids.order_id
        return orders.filtered(lambda order: order.state in ("draft", "sent"))[-1:]

    def _settle_renewals(self):
        for contract in self:
            contract._settle_renewal()

    def _settle_renewal(self):
        """The term is over: go on, where that was agreed and nobody refused."""
        self.ensure_one()
        self._take_turn()
        self.invalidate_recordset(["is_renewal_settled"])
        if self.is_renewal_settled:
            return
        self.is_renewal_settled = True
        order = self._get_renewal_order()
        if order and self.renewal_mode == "automatic":
            self._refresh_renewal(order)
            order.action_confirm()

    def _refresh_renewals(self):
        """Keep the offers that wait for an answer true to what is covered."""
        # Offers follow the contract, whoever changes it.
        for contract in self.sudo().filtered(
            lambda one: one.is_renewal_offered and not one.is_renewal_settled
        ):
            contract._refresh_renewal(contract._get_renewal_order())

    def _offer_anew(self):
        """Another term: the offer that was refused, or lapsed, was for the old one."""
        # As above.
        for contract in self.sudo().filtered(
            lambda one: one.is_renewal_offered and one.renewal_date
        ):
            today = contract.company_id._aftersales_today()
            if contract.renewal_date > today and not contract.has_renewal:
                contract.write(
                    {"is_renewal_offered": False, "is_renewal_settled": False}
                )

    def _refresh_renewal(self, order):
        """What came to the contract, or left it, since the offer; its term too."""
        assets = self._get_renewed_assets()
        for line in order.order_line.filtered(
            lambda one: one.aftersales_renews_id == self
        ):
            start = fields.Date.add(self.date_end, days=1)
            if start != line.aftersales_contract_start:
                line.aftersales_contract_start = start
                if order.validity_date and order.validity_date < self.date_end:
                    order.validity_date = self.date_end
            if assets and assets != line.aftersales_contract_asset_ids:
                price = self._get_price_for(line, assets)
                line.write(
                    {
                        "aftersales_contract_asset_ids": [Command.set(assets.ids)],
                        "price_unit": line.currency_id.round(price),
                    }
                )


class AftersalesContractAsset(models.Model):
    _inherit = "aftersales.contract.asset"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.contract_id._refresh_renewals()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "date_to" in vals:
            self.contract_id._refresh_renewals()
        return result
