# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

#: Between the product and the serial in an asset's name.
SEPARATOR = " · "

#: What the deliveries tell: it is not edited.
FIXED_FIELDS = {
    "access_token",
    "delivered_quantity",
    "move_id",
    "replaced_by_id",
    "sale_line_id",
}


class AftersalesAsset(models.Model):
    _name = "aftersales.asset"
    _description = "Customer Asset"
    _inherit = [
        "aftersales.text.mixin",
        "aftersales.company.mixin",
        "aftersales.readable.mixin",
        "aftersales.turn.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "portal.mixin",
    ]
    _order = "delivery_date desc, id desc"
    _rec_names_search = ["name", "lot_id.name", "product_id.default_code"]
    _check_company_auto = True

    # Customers see the name in their language, not those in all of them.
    name = fields.Char(
        compute="_compute_name", compute_sudo=True, search="_search_name"
    )
    names = fields.Json(
        compute="_compute_names",
        store=True,
        help="The name in each language, {code: text}.",
    )
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        check_company=True,
        domain="[('type', '=', 'consu')]",
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial/Lot",
        index="btree_not_null",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
        tracking=True,
    )
    quantity = fields.Float(
        digits="Product Unit",
        default=1.0,
        required=True,
        tracking=True,
        help="What the customer has now: delivered less returned.",
    )
    delivered_quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What was delivered, before any return.",
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    sale_line_id = fields.Many2one(
        "sale.order.line", index="btree_not_null", readonly=True, check_company=True
    )
    sale_order_id = fields.Many2one(related="sale_line_id.order_id")
    move_id = fields.Many2one(
        "stock.move",
        string="Delivery",
        index="btree_not_null",
        readonly=True,
        check_company=True,
    )
    picking_id = fields.Many2one(related="move_id.picking_id")
    delivery_date = fields.Date(index=True, tracking=True)
    state = fields.Selection(
        [
            ("in_service", "In Service"),
            ("returned", "Returned"),
            ("replaced", "Replaced"),
            ("retired", "Retired"),
        ],
        required=True,
        default="in_service",
        index=True,
        tracking=True,
    )
    replaced_by_id = fields.Many2one(
        "aftersales.asset",
        index="btree_not_null",
        readonly=True,
        check_company=True,
    )
    version = fields.Char(help="Firmware or model revision.")
    claim_line_ids = fields.One2many("aftersales.claim.line", "asset_id")
    claim_ids = fields.Many2many("aftersales.claim", compute="_compute_claim_ids")
    claim_count = fields.Integer(compute="_compute_claim_ids")
    repair_ids = fields.One2many("repair.order", "asset_id")
    repair_count = fields.Integer(compute="_compute_repair_count")
    note = fields.Html(sanitize_style=True, groups="base.group_user")

    _delivered_once = models.UniqueIndex(
        "(move_id, COALESCE(lot_id, 0)) WHERE move_id IS NOT NULL",
        "This delivery has its asset already.",
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity >= 0)", "An asset's quantity can't be negative."
    )

    @api.depends("product_id.product_tmpl_id.name", "lot_id.name")
    def _compute_names(self):
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = {
            lang: self._get_names_in(lang)
            for lang in dict.fromkeys([*languages, self.env.lang or "en_US"])
        }
        for asset in self:
            asset.names = {lang: named[asset] for lang, named in names.items()}

    def _get_names_in(self, lang):
        names = {}
        for asset in self:
            product = asset.product_id.with_context(
                lang=lang, display_default_code=False
            )
            parts = [product.display_name, asset.lot_id.name]
            names[asset] = SEPARATOR.join(part for part in parts if part)
        return names

    @api.model
    def _follow_translations(self, modules):
        """Name again what customers have of the products of `modules` (addon names).

        Their translations are loaded past the ORM, which computes nothing of them.
        """
        # Whoever loads them, whoever owns the products and whatever became of them.
        everything = self.sudo().with_context(active_test=False)
        loaded = everything.env["ir.model.data"].search(
            [
                ("module", "in", modules),
                ("model", "in", ("product.template", "product.product")),
            ]
        )
        ids = defaultdict(list)
        for data in loaded:
            ids[data.model].append(data.res_id)
        assets = everything.search(
            Domain("product_id", "in", ids["product.product"])
            | Domain("product_id.product_tmpl_id", "in", ids["product.template"])
        )
        self.env.add_to_compute(self._fields["names"], assets)
        assets.flush_recordset(["names"])

    @api.depends("names")
    @api.depends_context("lang")
    def _compute_name(self):
        """Product and serial, in the language of whoever reads."""
        lang = self.env.lang or "en_US"
        for asset in self:
            names = asset.names or {}
            asset.name = names.get(lang) or next(iter(names.values()), False)

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for asset in self:
            asset.display_name = asset.name

    @api.model
    def _search_name(self, operator, value):
        """By product and serial, also when both are given as they are shown."""
        if operator not in ("ilike", "like", "=ilike", "=like", "in"):
            return NotImplemented
        values = value if operator == "in" else [value]
        domain = Domain.OR(
            self._get_name_domain("=" if operator == "in" else operator, one)
            for one in values
        )
        # Customers read no serials; their rules choose among what is found.
        return Domain("id", "in", self.sudo()._search(domain, active_test=False))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "name":
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        # As in `_compute_name`: the name in the reader's language, which they may read.
        names = self.sudo()._field_to_sql(alias, "names", query)
        lang = self.env.lang or "en_US"
        return SQL("%s->>%s %s %s", names, lang, direction, nulls)

    @api.model
    def _get_name_domain(self, operator, value):
        product, separator, lot = str(value or "").rpartition(SEPARATOR)
        if separator:
            return Domain("product_id.name", operator, product) & Domain(
                "lot_id.name", operator, lot
            )
        return Domain("product_id.name", operator, value) | Domain(
            "lot_id.name", operator, value
        )

    @api.depends("claim_line_ids.claim_id")
    @api.depends_context("uid")
    def _compute_claim_ids(self):
        # Only claims the reader may see, confidential ones stay hidden.
        groups = self.env["aftersales.claim.line"]._read_group(
            [("asset_id", "in", self.ids)], ["asset_id"], ["claim_id:recordset"]
        )
        claims = dict(groups)
        for asset in self:
            asset.claim_ids = claims.get(asset, self.env["aftersales.claim"])
            asset.claim_count = len(asset.claim_ids)

    @api.depends_context("uid")
    def _compute_repair_count(self):
        counts = dict(
            self.env["repair.order"]._read_group(
                [("asset_id", "in", self.ids)], ["asset_id"], ["__count"]
            )
        )
        for asset in self:
            asset.repair_count = counts.get(asset, 0)

    @api.constrains("lot_id", "product_id")
    def _check_lot(self):
        for asset in self:
            if asset.lot_id and asset.lot_id.product_id != asset.product_id:
                raise ValidationError(
                    self.env._(
                        "Serial %(lot)s belongs to another product than %(product)s.",
                        lot=asset.lot_id.name,
                        product=asset.product_id.display_name,
                    )
                )

    @api.constrains("quantity", "delivered_quantity", "move_id")
    def _check_delivered(self):
        for asset in self.filtered("move_id"):
            if asset.uom_id.compare(asset.quantity, asset.delivered_quantity) > 0:
                raise ValidationError(
                    self.env._(
                        "Of “%(asset)s” %(quantity)g were delivered: the customer "
                        "can't have more.",
                        asset=asset.name,
                        quantity=asset.delivered_quantity,
                    )
                )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _compute_access_url(self):
        for asset in self:
            asset.access_url = f"/my/assets/{asset.id}"

    @api.model
    def _create_from_moves(self, moves):
        """Register what the customer got with `moves` (done stock.move).

        One asset for each serial or lot, one for the whole quantity of an untracked
        product. A serial that comes back to its owner is put in service again.
        """
        wanted = {}
        for move in moves:
            for line in move.move_line_ids:
                key = (move, line.lot_id)
                wanted[key] = wanted.get(key, 0.0) + line.quantity_product_uom
        back = self._reactivate([key for key in wanted if key[1]])
        shared = {move: self._prepare_from_move(move) for move in moves}
        return self.create(
            [
                {
                    **shared[move],
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "delivered_quantity": quantity,
                }
                for (move, lot), quantity in wanted.items()
                if (move, lot) not in back and not move.product_uom.is_zero(quantity)
            ]
        )

    def _reactivate(self, keys):
        """Put returned serials in service again for the owner they go back to."""
        lots = self.env["stock.lot"].union(*(lot for _move, lot in keys))
        returned = self.search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "returned"),
                ("product_id.tracking", "=", "serial"),
            ]
        )
        by_owner = {(asset.lot_id, asset.partner_id): asset for asset in returned}
        no_sale = self.env["sale.order.line"]
        found = set()
        for move, lot in keys:
            asset = by_owner.get((lot, move._get_aftersales_owner()))
            # Bought once more it is another asset, with dates of its own.
            if asset and move.sale_line_id in (asset.sale_line_id, no_sale):
                asset.write({"state": "in_service", "quantity": 1.0})
                found.add((move, lot))
        return found

    @api.model
    def _prepare_from_move(self, move):
        """What the assets of one delivery have in common."""
        return {
            "partner_id": move._get_aftersales_owner().id,
            "company_id": move.company_id.id,
            "product_id": move.product_id.id,
            "sale_line_id": move.sale_line_id.id,
            "move_id": move.id,
            "delivery_date": move.company_id._aftersales_date(move.date),
        }

    @api.model
    def _lower_from_moves(self, moves):
        """Take what came back with `moves` (done returns) off the customers' assets."""
        origins = moves.origin_returned_move_id
        assets = self.search([("move_id", "in", origins.ids)], order="id")
        by_key = {(asset.move_id, asset.lot_id): asset for asset in assets}
        for move in moves:
            for line in move.move_line_ids:
                asset = by_key.get((move.origin_returned_move_id, line.lot_id))
                if asset:
                    asset._lower(line.quantity_product_uom)

    @api.model
    def _raise_from_moves(self, moves):
        """Give back to the assets what their return had lowered.

        :param moves: done moves of goods that go to the customer once more
        :return: those of the moves that belong to a known asset
        """
        origins = moves.origin_returned_move_id.origin_returned_move_id
        assets = self.search([("move_id", "in", origins.ids)], order="id")
        by_key = {(asset.move_id, asset.lot_id): asset for asset in assets}
        known = moves.browse()
        for move in moves:
            origin = move.origin_returned_move_id.origin_returned_move_id
            for line in move.move_line_ids:
                asset = by_key.get((origin, line.lot_id))
                if asset:
                    quantity = asset.quantity + line.quantity_product_uom
                    asset.write({"quantity": quantity, "state": "in_service"})
                    known |= move
        return known

    def _lower(self, quantity):
        self.ensure_one()
        left = max(self.uom_id.round(self.quantity - quantity), 0.0)
        values = {"quantity": left}
        if self.uom_id.is_zero(left) and self.state == "in_service":
            values["state"] = "returned"
        self.write(values)

    def _carry_over_to(self, new_asset):
        """Called when an exchange has linked this asset to the one in its place.

        Extended by what follows the product: warranties go on with `new_asset`.
        """

    def _lock_claimed_quantity(self):
        """Let two transactions that claim the same assets never miss each other."""
        self.lock_for_update()
        self._take_turn()

    def _get_unclaimed_quantity(self):
        """How much of the asset no claim holds yet, in the asset's unit."""
        self.ensure_one()
        # A quantity tells nothing of the claims that hold it.
        asset = self.sudo()
        held = sum(line._get_held_quantity() for line in asset.claim_line_ids)
        return max(asset.uom_id.round(asset.quantity - held), 0.0)

    def _get_claim_names(self):
        """The references of the asset's claims, as far as the user may see them."""
        self.ensure_one()
        # Claims that are out of reach are mentioned and not named.
        claims = self.sudo().claim_line_ids.claim_id.sudo(False)
        visible = claims._filtered_access("read")
        names = sorted(visible.mapped("name"))
        if visible != claims:
            names.append(self.env._("others that you may not see"))
        return ", ".join(names)

    def _get_portal_claims(self, user):
        """Claims about this asset that `user`, a customer, may see."""
        self.ensure_one()
        # Customers can't read lines: they lead to the claims, judged below.
        claims = self.sudo().claim_line_ids.claim_id.with_user(user)
        # Chosen by the customer's own rules; the page shows facts of linked records.
        return claims._filtered_access("read").sudo()

    def action_view_claims(self):
        """Open the claims about these assets."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claims"),
            "res_model": "aftersales.claim",
            "view_mode": "list,kanban,form",
            "domain": [("line_ids.asset_id", "in", self.ids)],
            "context": {
                "default_partner_id": self[:1].partner_id.id,
                "default_line_ids": [fields.Command.create({"asset_id": self[:1].id})],
            },
        }

    def action_view_repairs(self):
        """Open the repairs of these assets."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Repairs"),
            "res_model": "repair.order",
            "view_mode": "list,form",
            "domain": [("asset_id", "in", self.ids)],
        } | self.env["repair.order"]._get_history_views()
