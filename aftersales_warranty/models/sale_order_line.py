# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleOrderLine(models.Model):
    """An extended warranty on an order: bound to the line of its product."""

    _inherit = "sale.order.line"

    price_unit = fields.Float(recursive=True)
    aftersales_asset_id = fields.Many2one(
        "aftersales.asset",
        string="For the Product",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
        help="The customer's product whose warranty is made longer.",
    )
    aftersales_warranty_ids = fields.One2many(
        "aftersales.warranty", "sale_line_id", string="Warranty Certificates"
    )

    @api.constrains("product_uom_qty", "linked_line_id", "product_id")
    def _check_aftersales_extension(self):
        # The quantity of a main line changes before that of what follows it.
        for line in self.filtered(lambda line: line._is_aftersales_extension()):
            main = line.linked_line_id
            if main and line.product_uom_qty > main.product_uom_qty:
                raise ValidationError(
                    self.env._(
                        "%(quantity)g warranties for %(product)s would be sold, but "
                        "only %(main)g of it.",
                        quantity=line.product_uom_qty,
                        product=main.product_id.display_name,
                        main=main.product_uom_qty,
                    )
                )

    @api.constrains("aftersales_asset_id", "order_id")
    def _check_aftersales_asset(self):
        for line in self.filtered("aftersales_asset_id"):
            # Compared, not shown.
            owner = line.aftersales_asset_id.sudo().partner_id.commercial_partner_id
            if owner != line.order_id.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not this customer's: its warranty can't be "
                        "made longer on this order.",
                        product=line.aftersales_asset_id.sudo().display_name,
                    )
                )

    @api.depends(
        "move_ids.repair_id.coverage_snapshot",
        "aftersales_labour_ids.repair_id.coverage_snapshot",
        "aftersales_labour_repair_id.coverage_snapshot",
        "aftersales_charge_ids.repair_id.coverage_snapshot",
    )
    def _compute_discount(self):
        return super()._compute_discount()

    @api.depends(
        "linked_line_id.price_unit",
        "linked_line_id.discount",
        "aftersales_asset_id",
    )
    def _compute_price_unit(self):
        return super()._compute_price_unit()

    def _get_display_price(self):
        percent = self.product_id.aftersales_extension_percent
        if not percent or not self._is_aftersales_extension():
            return super()._get_display_price()
        return self._get_aftersales_base_price() * percent / 100

    def _get_aftersales_base_price(self):
        """Price of the product whose warranty is made longer, before the percentage."""
        # Who buys more warranty may not read the order the product came with.
        asset = self.aftersales_asset_id.sudo()
        main = self.linked_line_id or asset.sale_line_id
        if not main:
            return asset.product_id.lst_price
        price = main.price_unit * (1 - (main.discount or 0.0) / 100)
        return main.currency_id._convert(
            price,
            self.currency_id or main.currency_id,
            self.company_id or main.company_id,
            self.order_id.date_order or fields.Date.today(),
        )

    def _is_aftersales_extension(self):
        self.ensure_one()
        return bool(self.product_id.aftersales_extension_policy_id)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        extensions = lines.filtered(lambda line: line._is_aftersales_extension())
        extensions._bind_aftersales_extension()
        extensions._sync_aftersales_warranties()
        return lines

    def write(self, vals):
        if "product_uom_qty" not in vals:
            return super().write(vals)
        before = {line: line.product_uom_qty for line in self}
        extensions = self.linked_line_ids.filtered(
            lambda line: line._is_aftersales_extension() and line not in self
        )
        result = super().write(vals)
        for line in extensions:
            main = line.linked_line_id
            followed = line.product_uom_qty == before[main]
            quantity = main.product_uom_qty
            line.product_uom_qty = (
                quantity if followed else min(line.product_uom_qty, quantity)
            )
        changed = self.filtered(lambda line: line._is_aftersales_extension())
        changed._sync_aftersales_warranties()
        return result

    def _bind_aftersales_extension(self):
        """Bind what the configurator has added to the line it was offered beside."""
        for line in self.filtered(
            lambda line: not line.linked_line_id and not line.aftersales_asset_id
        ):
            template = line.product_id.product_tmpl_id
            candidates = line.order_id.order_line.filtered(
                lambda main, template=template: (
                    template in main.product_template_id.optional_product_ids
                    and template not in main.linked_line_ids.product_template_id
                )
            )
            # The nearest one above, else whichever there is.
            above = candidates.filtered(
                lambda main, line=line: (main.sequence, main.id)
                <= (line.sequence, line.id)
            )
            main = above[-1:] or candidates[:1]
            if main:
                line.write(
                    {
                        "linked_line_id": main.id,
                        "product_uom_qty": main.product_uom_qty,
                    }
                )

    def _sync_aftersales_warranties(self):
        """Have as many certificates in force as warranties are sold."""
        # Whoever sells need not have warranty rights: certificates follow the order.
        for line in self.sudo():
            line._sync_aftersales_warranty()

    def _sync_aftersales_warranty(self):
        self.ensure_one()
        wanted = self.product_uom_qty if self.state == "sale" else 0.0
        standing = self.aftersales_warranty_ids.filtered(lambda w: w.state != "void")
        reason = self.env._("The sale of this warranty was cancelled.")
        for warranty in standing.sorted("id"):
            if wanted >= warranty.asset_id.quantity or warranty.asset_id.quantity == 0:
                wanted -= warranty.asset_id.quantity
            else:
                warranty._action_void("sale", reason)
        known = self.aftersales_warranty_ids.filtered(
            lambda w: w.state != "void" or w.void_origin != "sale"
        ).asset_id
        granted = self.env["aftersales.asset"]
        for asset in (self._get_aftersales_assets() - known).sorted("id"):
            if 0 < asset.quantity <= wanted:
                wanted -= asset.quantity
                granted |= asset
        self._grant_aftersales_warranties(granted)

    def _get_aftersales_assets(self):
        """The customer's products that this warranty was bought for."""
        if self.aftersales_asset_id:
            return self.aftersales_asset_id
        return self.env["aftersales.asset"].search(
            [
                ("sale_line_id", "in", self.linked_line_id.ids),
                ("state", "=", "in_service"),
            ]
        )

    def _grant_aftersales_warranties(self, assets):
        withdrawn = self.aftersales_warranty_ids.filtered(
            lambda w: w.asset_id in assets and w.void_origin == "sale"
        )
        withdrawn._action_restore("sale", self.env._("It was sold after all."))
        self.env["aftersales.warranty"]._issue_sold(
            assets - withdrawn.asset_id,
            self.product_id.aftersales_extension_policy_id,
            self,
        )
