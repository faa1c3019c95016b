# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError


class AftersalesAsset(models.Model):
    """More warranty for a product that the customer has already."""

    _inherit = "aftersales.asset"

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        # Whoever delivers need not read orders: what was bought beside is granted.
        lines = assets.sudo().sale_line_id.linked_line_ids
        lines.filtered(
            lambda line: line._is_aftersales_extension()
        )._sync_aftersales_warranties()
        return assets

    def _get_extension_offers(self):
        """List dicts (product, price, currency, until): what may be bought today.

        Only while the product is covered and up to the deadline of each policy.
        """
        self.ensure_one()
        # What may be sold follows from the product, whoever looks at it.
        asset = self.sudo()
        if asset.state != "in_service" or not asset.is_under_warranty:
            return []
        today = asset.company_id._aftersales_today()
        known = asset.warranty_ids.filtered(lambda w: w.state != "void").policy_id
        offers = []
        for service in asset.product_id.product_tmpl_id._get_aftersales_extensions():
            policy = service.aftersales_extension_policy_id
            last_day = asset._get_extension_deadline(policy)
            if (
                policy not in known
                and policy._applies_to(asset.company_id, asset._get_buyer())
                and service.company_id.id in (False, asset.company_id.id)
                and service.sale_ok
                and last_day
                and today <= last_day
            ):
                offers.append(
                    {
                        "product": service.product_variant_id,
                        "price": asset._get_extension_price(service),
                        "currency": asset._get_extension_currency(),
                        "until": last_day,
                    }
                )
        return offers

    def _get_extension_deadline(self, policy):
        """The last day on which more warranty may be bought, or False."""
        self.ensure_one()
        covered = self.warranty_date_end
        if not policy.sale_deadline_days or not self.delivery_date:
            return covered
        last_day = self.delivery_date + timedelta(days=policy.sale_deadline_days)
        return covered and min(covered, last_day)

    def _get_extension_currency(self):
        self.ensure_one()
        return self.sale_line_id.currency_id or self.company_id.currency_id

    def _get_extension_price(self, service):
        """Price before tax of `service` for this product, as shown to its owner."""
        self.ensure_one()
        percent = service.aftersales_extension_percent
        if not percent:
            return service.currency_id._convert(
                service.list_price,
                self._get_extension_currency(),
                self.company_id,
                self.company_id._aftersales_today(),
            )
        line = self.sale_line_id
        price = (
            line.price_unit * (1 - (line.discount or 0.0) / 100)
            if line
            else self.product_id.lst_price
        )
        return self._get_extension_currency().round(price * percent / 100)

    def _action_extend(self, product):
        """Quote `product`, more warranty for this one, to its owner.

        Callers make sure that the asset is the customer's. Asked twice the same
        quotation is the answer.

        :return: the sale.order, sent and waiting for its customer
        :raises UserError: when it can't be bought (any more)
        """
        self.ensure_one()
        self.lock_for_update()
        offers = {offer["product"]: offer for offer in self._get_extension_offers()}
        if product not in offers:
            raise UserError(
                self.env._("This warranty can't be bought for this product any more.")
            )
        waiting = self.env["sale.order.line"].search(
            [
                ("aftersales_asset_id", "=", self.id),
                ("product_id", "=", product.id),
                ("state", "in", ("draft", "sent")),
            ],
            limit=1,
        )
        if waiting:
            return waiting.order_id
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "origin": self.sale_order_id.name,
                "validity_date": offers[product]["until"],
            }
        )
        order.order_line = [
            Command.create(
                {
                    "product_id": product.id,
                    "aftersales_asset_id": self.id,
                    "product_uom_qty": self.quantity,
                    "name": self.env._(
                        "%(warranty)s for %(product)s",
                        warranty=product.display_name,
                        product=self.name,
                    ),
                }
            )
        ]
        order.action_quotation_sent()
        return order
