# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Command

from .common import AftersalesCommon


class AftersalesMoneyCommon(AftersalesCommon):
    """Adds what a sale needs to be invoiced, returned and credited."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("accountant", "account.group_account_manager")
        cls.stocker = cls._create_user("stocker", "stock.group_stock_user")
        cls.tax = (
            cls.env["account.tax"].search(
                [
                    ("type_tax_use", "=", "sale"),
                    ("amount", "=", 21),
                    ("company_id", "=", cls.company.id),
                    ("price_include_override", "!=", "tax_included"),
                ],
                limit=1,
            )
            or cls._create_tax()
        )
        cls.products = cls.bike | cls.helmet | cls.battery
        cls.products.taxes_id = cls.tax
        cls.products.invoice_policy = "delivery"

    @classmethod
    def _create_tax(cls):
        """A tax that is owed to the state and so no cost, where no chart brings one."""
        tax = cls.env["account.tax"].create({"name": "21 %", "amount": 21})
        lines = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        lines.filtered(
            lambda line: line.repartition_type == "tax"
        ).use_in_tax_closing = True
        return tax

    @classmethod
    def _sell_many(cls, *wanted, deliver=True, **values):
        """Confirm an order of (product, quantity, line values) and deliver it."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            **(rest[0] if rest else {}),
                        }
                    )
                    for product, quantity, *rest in wanted
                ],
                **values,
            }
        )
        order.action_confirm()
        if deliver:
            cls._deliver(order.picking_ids)
        return order

    @classmethod
    def _invoice(cls, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    @classmethod
    def _get_assets(cls, order):
        return cls.env["aftersales.asset"].search(
            [("sale_line_id", "in", order.order_line.ids)], order="id"
        )

    def _receive(self, line, quantity=None):
        """The warehouse takes in what the line waits for."""
        picking = self._get_pending(line).picking_id.with_user(self.stocker)
        if quantity:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        action = picking.button_validate()
        if isinstance(action, dict) and action.get("res_model") == (
            "stock.backorder.confirmation"
        ):
            self.env[action["res_model"]].with_user(self.stocker).with_context(
                **action["context"]
            ).create({"pick_ids": [Command.set(picking.ids)]}).process()
        return picking

    def _get_pending(self, line):
        return line.sudo().move_ids.filtered(
            lambda m: m.state not in ("done", "cancel")
            and m.location_id.usage == "customer"
        )

    def _inspect(self, line, accepted, user=None, **values):
        action = line.with_user(user or self.agent).action_inspect()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user or self.agent)
            .with_context(**action["context"])
            .create({})
        )
        wizard.line_ids.write({"accepted_quantity": accepted, **values})
        wizard.action_confirm()

    def _decide_return(self, asset, quantity=1, **values):
        claim = self._create_claim(asset, **values).with_user(self.agent)
        line = claim.line_ids
        line.quantity = quantity
        line.action_create_return()
        return line
