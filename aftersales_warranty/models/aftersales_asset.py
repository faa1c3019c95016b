# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.aftersales_service.models.aftersales_asset import FIXED_FIELDS

from ..rules.coverage import rank
from .aftersales_policy_mixin import Buyer

FIXED_FIELDS.add("warranty_date_end")


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    warranty_ids = fields.One2many("aftersales.warranty", "asset_id", readonly=True)
    warranty_count = fields.Integer(compute="_compute_warranty_count")
    warranty_date_end = fields.Date(
        string="Warranty Until",
        compute="_compute_warranty_date_end",
        store=True,
        index="btree_not_null",
        help="The last day on which a warranty of this product covers something.",
    )
    is_purchase_proven = fields.Boolean(
        string="Proof of Purchase",
        compute="_compute_is_purchase_proven",
        store=True,
        readonly=False,
        tracking=True,
        help="We delivered it ourselves, or somebody has seen the proof of purchase.",
    )
    maintenance_date = fields.Date(
        string="Maintenance Seen",
        tracking=True,
        help="The last maintenance by others that the customer has proven. What we "
        "maintained ourselves is known.",
    )
    is_under_warranty = fields.Boolean(
        compute="_compute_is_under_warranty", search="_search_is_under_warranty"
    )

    @api.depends("move_id", "sale_line_id")
    def _compute_is_purchase_proven(self):
        for asset in self:
            asset.is_purchase_proven = bool(
                asset.is_purchase_proven or asset.move_id or asset.sale_line_id
            )

    def _compute_warranty_count(self):
        counts = dict(
            self.env["aftersales.warranty"]._read_group(
                [("asset_id", "in", self.ids)], ["asset_id"], ["__count"]
            )
        )
        for asset in self:
            asset.warranty_count = counts.get(asset, 0)

    @api.depends("warranty_ids.date_end", "warranty_ids.state")
    def _compute_warranty_date_end(self):
        for asset in self:
            standing = asset.warranty_ids.filtered(
                lambda warranty: warranty.state in ("active", "expired")
            )
            asset.warranty_date_end = max(standing.mapped("date_end"), default=False)

    @api.depends("warranty_ids.is_valid")
    def _compute_is_under_warranty(self):
        for asset in self:
            # A yes or a no that whoever sees the product may know.
            asset.is_under_warranty = any(asset.sudo().warranty_ids.mapped("is_valid"))

    def _search_is_under_warranty(self, operator, value):
        if operator != "in":
            return NotImplemented
        valid = Domain("warranty_ids", "any", [("is_valid", "=", True)])
        wanted = [bool(item) for item in value]
        if all(wanted):
            return valid
        return Domain.TRUE if any(wanted) else ~valid

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        # Whoever delivers or registers a product need not have warranty rights: the
        # certificates follow from the product's policies alone.
        self.env["aftersales.warranty"].sudo()._issue(assets.sudo())
        return assets

    def write(self, vals):
        returned = back = moved = self.browse()
        if vals.get("state") == "returned":
            returned = self.filtered(lambda asset: asset.state != "returned")
        elif vals.get("state") == "in_service":
            back = self.filtered(lambda asset: asset.state == "returned")
        if "partner_id" in vals:
            # Compared, not shown: contacts of one firm are one owner.
            owner = self.env["res.partner"].sudo().browse(vals["partner_id"])
            moved = self.filtered(
                lambda asset: asset.partner_id.sudo().commercial_partner_id
                != owner.commercial_partner_id
            )
        before = {asset: asset.delivery_date for asset in self}
        result = super().write(vals)
        # As above: certificates follow the product, by whatever path it came back.
        returned.sudo()._void_warranties_on_return()
        back.sudo()._restore_warranties()
        moved.sudo().warranty_ids._follow_owner()
        if "delivery_date" in vals:
            corrected = self.filtered(lambda one: one.delivery_date != before[one])
            corrected.sudo().warranty_ids._follow_delivery_date(before)
        if {"is_purchase_proven", "delivery_date", "maintenance_date"} & vals.keys():
            self._update_coverage()
        return result

    def _update_coverage(self):
        """Decide again for what is open: what covers these products changed."""
        # The decision follows the facts, whoever may see claims and repairs. Searched
        # for: the user's own view of an asset's lines stays the user's.
        lines = self.env["aftersales.claim.line"].sudo()
        lines.search(
            [("asset_id", "in", self.ids), ("state", "=", "draft")]
        )._update_coverage()
        repairs = self.env["repair.order"].sudo()
        repairs.search(
            [
                ("asset_id", "in", self.ids),
                ("claim_line_id", "=", False),
                ("state", "not in", ("done", "cancel")),
            ]
        )._update_coverage()

    def _carry_over_to(self, new_asset):
        # Whoever exchanges a product need not have warranty rights.
        self.sudo().warranty_ids._carry_over_to(new_asset.sudo())
        return super()._carry_over_to(new_asset)

    def _keeps_some_beside(self, new_asset):
        """Whether only a part of an untracked quantity was exchanged for that one."""
        self.ensure_one()
        more = self.uom_id.compare(self.quantity, new_asset.quantity) > 0
        return not self.lot_id and more

    def _get_buyer(self):
        """Who owns the product, as far as policies ask."""
        self.ensure_one()
        return Buyer(
            self._get_country() or self.company_id.country_id,
            self.partner_id.commercial_partner_id.is_company,
            self.delivery_date,
        )

    def _get_country(self):
        """Where the product is, as far as its owner's address says, or no country."""
        self.ensure_one()
        owner = self.partner_id
        return owner.country_id or owner.commercial_partner_id.country_id

    def _get_last_warranty(self):
        """The warranty that ends last: what is sold on top starts after it.

        What the seller gives by law and what was bought already count; a commercial
        warranty on some parts only counts where there is no other.
        """
        self.ensure_one()
        dated = self.warranty_ids.filtered(
            lambda w: w.state in ("active", "expired") and w.date_end
        )
        whole = dated.filtered(lambda w: w.kind in ("legal", "extended"))
        return max(whole or dated, key=lambda w: (w.date_end, w.id), default=whole)

    def _get_warranty_start(self, event):
        """The Date of the event with which a warranty starts, or False."""
        self.ensure_one()
        if event == "delivery":
            return self.delivery_date
        if event == "invoice":
            invoices = self.sale_line_id.invoice_lines.move_id.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_invoice"
            )
            return min(invoices.mapped("invoice_date"), default=False)
        return False

    def action_view_warranties(self):
        """Open the certificates of these products."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.aftersales_warranty_action"
        )
        action.update(domain=[("asset_id", "in", self.ids)], context={})
        if len(self.warranty_ids) == 1:
            action.update(view_mode="form", views=[(False, "form")])
            action["res_id"] = self.warranty_ids.id
        return action

    def _void_warranties_on_return(self):
        if self.warranty_ids:
            self.warranty_ids._action_void(
                "return", self.env._("The product was returned.")
            )

    def _restore_warranties(self):
        if self.warranty_ids:
            self.warranty_ids._action_restore(
                "return", self.env._("The product went back to its owner.")
            )

    def _get_portal_registrations(self):
        """Certificates that wait for their owner to register the product."""
        self.ensure_one()
        # Customers can't read drafts: what waits for them is told on the page.
        waiting = self.sudo().warranty_ids
        return waiting.filtered(lambda warranty: warranty._can_be_registered())

    def _get_portal_warranties(self):
        """Certificates that the owner sees and downloads."""
        self.ensure_one()
        issued = self.warranty_ids.filtered(lambda w: w.state in ("active", "expired"))
        return issued.sorted(lambda warranty: rank(warranty.kind))
