# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

#: What the contract keeps, once it was sold.
AGREED_FIELDS = {"aftersales_contract_asset_ids", "aftersales_contract_start"}


class SaleOrderLine(models.Model):
    """A maintenance contract on an order: which products it is for, and from when."""

    _inherit = "sale.order.line"

    aftersales_contract_asset_ids = fields.Many2many(
        "aftersales.asset",
        "aftersales_contract_sale_line_rel",
        string="Covered Products",
        copy=False,
        check_company=True,
        help="The customer's products that the contract is for.",
    )
    aftersales_contract_start = fields.Date(
        string="Contract From",
        copy=False,
        help="Empty: the day on which the order is confirmed.",
    )
    aftersales_contract_ids = fields.One2many(
        "aftersales.contract", "sale_line_id", string="Contracts"
    )
    aftersales_renews_id = fields.Many2one(
        "aftersales.contract",
        string="Renews",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
    )

    def _is_aftersales_contract(self):
        self.ensure_one()
        return bool(self.product_id.aftersales_contract_terms_id)

    def _get_aftersales_contract_lines(self):
        return self.filtered(lambda line: line._is_aftersales_contract())

    @api.depends("product_id")
    def _compute_product_uom_qty(self):
        result = super()._compute_product_uom_qty()
        for line in self._get_aftersales_contract_lines():
            if line.product_id != line._origin.product_id:
                line.product_uom_qty = (
                    line.product_id._get_aftersales_contract_quantity()
                )
        return result

    @api.depends("aftersales_contract_asset_ids")
    def _compute_name(self):
        return super()._compute_name()

    def _get_sale_order_line_multiline_description_sale(self):
        """Name the products that the contract is for."""
        description = super()._get_sale_order_line_multiline_description_sale()
        # Whoever sells the contract names them on it.
        names = self.sudo().aftersales_contract_asset_ids.mapped("name")
        return "\n".join([description, *names])

    @api.depends(
        "aftersales_charge_ids.repair_id.contract_visits",
        "aftersales_labour_ids.repair_id.contract_hours",
        "aftersales_labour_repair_id.contract_hours",
        "move_ids.repair_id.contract_id",
    )
    def _compute_discount(self):
        return super()._compute_discount()

    @api.depends("aftersales_contract_asset_ids")
    def _compute_price_unit(self):
        return super()._compute_price_unit()

    def _get_display_price(self):
        price = super()._get_display_price()
        # The terms belong to the product, for whoever sells it.
        terms = self.product_id.sudo().aftersales_contract_terms_id
        if not terms.price_per_asset:
            return price
        return price * max(len(self.aftersales_contract_asset_ids), 1)

    @api.constrains(
        "product_uom_qty", "product_id", "state", "aftersales_contract_start"
    )
    def _check_aftersales_contract_quantity(self):
        for line in self._get_aftersales_contract_lines():
            quantity = line.product_uom_qty
            if quantity < 0 or quantity != int(quantity):
                raise ValidationError(
                    self.env._(
                        "%(product)s is sold in whole periods: %(quantity)g is not "
                        "possible.",
                        product=line.product_id.display_name,
                        quantity=quantity,
                    )
                )
            if quantity:
                # Its term has an end that can be written, whoever sells it.
                terms = line.product_id.sudo().aftersales_contract_terms_id
                start = line.aftersales_contract_start or fields.Date.today()
                terms._get_last_day(start, int(quantity), terms.invoice_period)

    @api.constrains("aftersales_contract_asset_ids", "order_id")
    def _check_aftersales_contract_assets(self):
        for line in self.filtered("aftersales_contract_asset_ids"):
            customer = line.order_id.partner_id.commercial_partner_id
            # Compared, not shown.
            for asset in line.sudo().aftersales_contract_asset_ids:
                if asset.partner_id.commercial_partner_id != customer:
                    raise ValidationError(
                        self.env._(
                            "%(product)s is not %(customer)s's: the contract can't "
                            "cover it.",
                            product=asset.display_name,
                            customer=line.order_id.partner_id.display_name,
                        )
                    )

    def write(self, vals):
        if not vals.keys() & {"product_uom_qty", *AGREED_FIELDS}:
            return super().write(vals)
        # Contracts follow the order, whoever changes it.
        contracts = self.sudo().aftersales_contract_ids
        if "product_uom_qty" in vals and vals["product_uom_qty"] <= 0:
            contracts._ensure_not_sold()
        quantities = {one: one.sale_line_id.product_uom_qty for one in contracts}
        agreed = {}
        if vals.keys() & AGREED_FIELDS:
            agreed = {one: one._get_agreed() for one in contracts._get_sold()}
        result = super().write(vals)
        # The same again, as an import writes it, is no change.
        contracts.filtered(
            lambda one: one.sale_line_id.product_uom_qty != quantities[one]
        )._follow_sale()
        for contract, before in agreed.items():
            if contract._get_agreed() != before:
                raise UserError(
                    self.env._(
                        "Change it on %(contract)s, which was sold with this line.",
                        contract=contract.name,
                    )
                )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_aftersales_contract(self):
        # What was sold is kept, whoever may see it.
        for contract in self.sudo().aftersales_contract_ids:
            raise UserError(
                self.env._(
                    "%(contract)s was sold with this line: set its quantity to 0 "
                    "instead.",
                    contract=contract.name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        products = self.env["product.product"].browse(
            [vals.get("product_id") for vals in vals_list]
        )
        vals_list = [
            {"product_uom_qty": product._get_aftersales_contract_quantity(), **vals}
            if product.aftersales_contract_terms_id
            else vals
            for vals, product in zip(vals_list, products, strict=True)
        ]
        lines = super().create(vals_list)
        sold = lines.filtered(lambda line: line.state == "sale")
        sold._get_aftersales_contract_lines()._sync_aftersales_contracts()
        return lines

    def _sync_aftersales_contracts(self):
        """Have a contract for each line that sells one, as long as it is sold."""
        # Whoever sells need not have rights on contracts: they follow the order.
        for line in self.sudo():
            contract = line.aftersales_contract_ids
            if line.state == "sale" and line.product_uom_qty > 0:
                if not contract:
                    contract = contract.create(line._prepare_aftersales_contract())
                contract._action_sell()
            elif contract:
                contract._action_cancel()

    def _prepare_aftersales_contract(self):
        self.ensure_one()
        terms = self.product_id.aftersales_contract_terms_id
        order = self.order_id
        if not terms.active:
            raise UserError(
                self.env._(
                    "“%(terms)s” is no longer sold: choose other terms on %(product)s.",
                    terms=terms.name,
                    product=self.product_id.display_name,
                )
            )
        return {
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "terms_id": terms.id,
            "sale_line_id": self.id,
            "user_id": order.user_id.id,
            "date_start": self.aftersales_contract_start,
            "previous_id": self.aftersales_renews_id.id,
            "asset_line_ids": [
                Command.create({"asset_id": asset.id})
                for asset in self.aftersales_contract_asset_ids
            ],
        }
