# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

from .aftersales_claim_line import FIXED_FIELDS

FIXED_FIELDS.update({"difference_line_id"})


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    replacement_product_id = fields.Many2one(
        "product.product",
        string="Replaced by",
        compute="_compute_replacement_product_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type', '=', 'consu')]",
    )
    replacement_mode = fields.Selection(
        [
            ("after", "After the Old One Came Back"),
            ("advance", "In Advance"),
            ("keep", "The Customer Keeps the Old One"),
        ],
        string="Replacement Is Sent",
        default="after",
        required=True,
        tracking=True,
    )
    difference_line_id = fields.Many2one(
        "sale.order.line",
        string="Price Difference",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What the customer pays on top for a better product.",
    )
    replacement_asset_ids = fields.One2many(
        "aftersales.asset",
        string="New Assets",
        compute="_compute_replacement_asset_ids",
        compute_sudo=True,
    )

    @api.depends("product_id")
    def _compute_replacement_product_id(self):
        for line in self.filtered(lambda line: line.state == "draft"):
            line.replacement_product_id = line.product_id

    @api.depends("move_ids.state")
    def _compute_replacement_asset_ids(self):
        assets = self.env["aftersales.asset"].search(
            [("move_id", "in", self._get_replacement_moves().ids)]
        )
        for line in self:
            line.replacement_asset_ids = assets.filtered(
                lambda a, line=line: a.move_id.aftersales_claim_line_id == line
            )

    def action_create_replacement(self):
        """Decide to replace the goods, and make the delivery that is due.

        In advance or for goods that the customer keeps, the delivery is made at once;
        else when the inspection accepts what came back. Called again, it makes what
        was cancelled or is still missing.

        :raises UserError: when the new product can't be delivered, or nothing is due
        """
        self._ensure_is_agent()
        undecided = self.filtered(lambda line: line.state == "draft")
        self._ensure_customer_is_active()
        for line in self:
            line._ensure_can_replace()
        undecided._start_remedy("replace")
        self._lock_documents()
        # Agents need no rights in stock and sales: drafts are made for its people.
        new = undecided.sudo()
        asked = new.filtered(lambda line: line.replacement_mode != "keep")
        (asked - new._adopt_earlier_returns())._create_returns()
        new._settle_difference()
        self.sudo()._deliver_replacements(self - undecided)
        self._start_claims()
        return True

    def _ensure_can_replace(self):
        product = self.replacement_product_id
        if self.state != "draft" and self.remedy != "replace":
            raise UserError(
                self.env._(
                    "The remedy of “%(line)s” was decided already.",
                    line=self.display_name,
                )
            )
        if self.product_id and (not product.active or product.type != "consu"):
            raise UserError(
                self.env._(
                    "“%s” can't be sent: choose a product that is still sold and "
                    "delivered.",
                    (product or self.product_id).display_name,
                )
            )

    # -- how much is to be delivered

    def _get_replacement_moves(self):
        """Moves that bring the new goods to the customer, the last of each route."""
        return self.move_ids.filtered(
            lambda m: m.state != "cancel" and m._is_aftersales_free()
        )

    def _get_due_quantity(self):
        if self.remedy == "replace" and self.replacement_mode != "after":
            return self._get_product_quantity()
        return super()._get_due_quantity()

    def _get_given_quantity(self):
        given = super()._get_given_quantity()
        if self.remedy == "replace":
            done = self._get_replacement_moves().filtered(lambda m: m.state == "done")
            given += self._sum_goods(done)
        return given

    def _get_undelivered_quantity(self):
        """What is due and not on a delivery yet, in the product's unit."""
        self.ensure_one()
        planned = self._sum_goods(self._get_open_deliveries())
        return max(self.product_id.uom_id.round(self._get_due_quantity() - planned), 0)

    def _get_open_deliveries(self):
        """The first moves of the routes to the customer: they carry the quantity."""
        free = self.company_id.aftersales_free_location_id
        moves = self._get_live_moves().filtered(
            lambda m: free and (m.location_final_id or m.location_dest_id) == free
        )
        return moves.filtered(lambda m: not m.move_orig_ids & moves)

    # -- the delivery

    def _deliver_replacements(self, asked=None):
        """Deliver what is due, once a price difference has been accepted.

        :param asked: lines for which it is an error that nothing is due
        """
        procurements = []
        references = {}
        for line in self.filtered(lambda line: line.remedy == "replace"):
            quantity = line._get_undelivered_quantity()
            claim = line.claim_id
            if quantity and line._is_difference_accepted():
                if claim not in references:
                    references[claim] = claim._get_stock_reference()
                procurements.append(
                    line._prepare_procurement(quantity, references[claim])
                )
            elif asked and line in asked:
                raise UserError(
                    self.env._(
                        "Nothing is to be delivered for “%s” now.", line.display_name
                    )
                )
        if not procurements:
            return
        self.env["stock.rule"].run(procurements)
        self.invalidate_recordset(["move_ids"])
        for line in self:
            for move in line._get_open_deliveries().filtered(
                lambda m: not m.aftersales_request_key and m.state != "done"
            ):
                move.aftersales_request_key = line._get_delivery_key(move)
        moves = self.move_ids.filtered(lambda m: m.state == "confirmed")
        moves._action_assign()

    def _get_delivery_key(self, move):
        """Equal for two deliveries of the same goods at the same time."""
        others = self._get_open_deliveries() - move
        planned = sum(other._get_aftersales_quantity() for other in others)
        return f"{self.id}-new-{planned:g}"

    def _prepare_procurement(self, quantity, reference):
        """The order to the warehouse: the core's rules find route and transfer.

        :param reference: stock.reference that the deliveries of the claim share
        """
        self.ensure_one()
        product = self.replacement_product_id
        return self.env["stock.rule"].Procurement(
            product,
            quantity,
            product.uom_id,
            self.company_id._get_aftersales_free_location(),
            product.display_name,
            self.claim_id.name,
            self.company_id,
            {
                "aftersales_claim_line_id": self.id,
                "company_id": self.company_id,
                "date_planned": fields.Datetime.now(),
                "partner_id": self._get_shipping_partner().id,
                "reference_ids": reference,
                "warehouse_id": self._get_warehouse(),
            },
        )

    def _get_shipping_partner(self):
        """Where the goods were delivered, when it is still the same customer."""
        customer = self.claim_id.partner_id
        shipped = self.asset_id.sale_line_id.order_id.partner_shipping_id
        same = shipped.commercial_partner_id == customer.commercial_partner_id
        return shipped if shipped.active and same else customer

    def _get_warehouse(self):
        own = self.asset_id.move_id.picking_id.picking_type_id.warehouse_id
        return own or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )

    def _post_inspection_hook(self):
        result = super()._post_inspection_hook()
        lines = self.filtered(
            lambda line: line.remedy == "replace" and line.replacement_mode == "after"
        )
        lines._deliver_replacements()
        return result

    # -- a better or a cheaper product

    def _is_difference_accepted(self):
        self.ensure_one()
        order = self.difference_line_id.order_id
        return not order or order.state == "sale"

    def _settle_difference(self):
        """Quote what a better product costs more, credit what a cheaper one costs less.

        What the customer paid is compared with today's price for them, before tax.
        """
        for line in self:
            if line.replacement_product_id == line.product_id:
                continue
            difference = line._get_price_difference()
            currency = line._get_price_currency()
            if currency.compare_amounts(difference, 0) > 0:
                line.difference_line_id = line._create_charge(
                    "aftersales_service.product_exchange_difference",
                    difference,
                    self.env._(
                        "Difference for %(new)s instead of %(old)s (%(claim)s)",
                        new=line.replacement_product_id.display_name,
                        old=line.product_id.display_name,
                        claim=line.claim_id.name,
                    ),
                )
            elif currency.compare_amounts(difference, 0) < 0:
                line._credit_difference(-difference)

    def _get_price_currency(self):
        order = self.asset_id.sale_line_id.order_id
        return order.currency_id or self.company_id.currency_id

    def _get_price_difference(self):
        """The new price less the one paid, for the line's quantity, before tax."""
        sale_line = self.asset_id.sale_line_id
        if not sale_line:
            raise UserError(
                self.env._(
                    "What was paid for “%s” is not known: replace it by the same "
                    "product, or quote the other one by hand.",
                    self.display_name,
                )
            )
        product = self.replacement_product_id
        quantity = self._get_product_quantity()
        order = sale_line.order_id
        price = order.pricelist_id._get_product_price(
            product, quantity, currency=order.currency_id
        )
        price = self._get_sale_taxes(product)._get_aftersales_untaxed(
            price, order.currency_id
        )
        sold = sale_line._to_product_uom(sale_line.product_uom_qty)
        paid = sale_line.price_subtotal / sold if sold else 0.0
        return order.currency_id.round((price - paid) * quantity)

    def _create_charge(self, product_xmlid, price, name):
        """Quote `price` to the customer; their answer is up to them and to sales.

        :return: the line of the new quotation
        """
        self.ensure_one()
        order = self.asset_id.sale_line_id.order_id
        product = self.env.ref(product_xmlid)
        quote = self.env["sale.order"].create(
            {
                "partner_id": self.claim_id.partner_id.id,
                "company_id": self.company_id.id,
                "pricelist_id": order.pricelist_id.id,
                "origin": self.claim_id.name,
                "order_line": [
                    fields.Command.create(
                        {
                            "product_id": product.id,
                            "name": name,
                            "product_uom_qty": 1,
                            "aftersales_claim_line_id": self.id,
                        }
                    )
                ],
            }
        )
        line = quote.order_line
        goods = self.replacement_product_id or self.product_id
        # Taxed as the goods are, whatever the service is.
        line.tax_ids = quote.fiscal_position_id.map_tax(self._get_sale_taxes(goods))
        line.price_unit = line.tax_ids._get_aftersales_price(price, quote.currency_id)
        return line

    def _get_sale_taxes(self, product):
        return product.taxes_id.filtered_domain(
            self.env["account.tax"]._check_company_domain(self.company_id)
        )

    def _credit_difference(self, amount):
        """Credit `amount` on the invoice of what was bought, without any quantity."""
        self.ensure_one()
        creditable = self.asset_id.sale_line_id._get_aftersales_creditable()
        invoice_line = next((ln for ln, free in creditable if free > 0), None)
        if not invoice_line:
            raise UserError(
                self.env._(
                    "“%s” has not been invoiced yet: what the other product costs "
                    "less can't be credited.",
                    self.display_name,
                )
            )
        invoice_line.move_id._ensure_aftersales_open()
        taxes, currency = invoice_line.tax_ids, invoice_line.currency_id
        self._make_allowance(
            invoice_line, taxes._get_aftersales_price(amount, currency)
        )

    # -- following

    def _sync_with_documents(self):
        result = super()._sync_with_documents()
        self.filtered(lambda line: line.remedy == "replace")._link_replacements()
        return result

    def _link_replacements(self):
        """Tie the new assets to the old one, and carry over what goes with it."""
        for line in self.filtered("asset_id"):
            for new in line.replacement_asset_ids.filtered(lambda a: not a.replaces_id):
                line.asset_id._replace_by(new)

    def action_view_replacement(self):
        """Open the assets that replace the claimed one."""
        self.check_access("read")
        return self.replacement_asset_ids._get_records_action(
            name=self.env._("Replacements")
        )
