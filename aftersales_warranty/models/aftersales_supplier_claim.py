# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

#: Set by the steps, never by who edits.
FIXED_FIELDS = {"date_sent", "state"}
#: What was gathered from, so that nothing is claimed twice.
FIXED_LINE_FIELDS = {"claim_line_id", "move_id"}


class AftersalesSupplierClaim(models.Model):
    """What one vendor owes us for goods and parts that failed in their warranty."""

    _name = "aftersales.supplier.claim"
    _description = "Supplier Claim"
    _inherit = ["aftersales.text.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "deadline, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
        index="trigram",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", string="Vendor", required=True, index=True, check_company=True
    )
    state = fields.Selection(
        [
            ("draft", "Gathering"),
            ("sent", "Claimed"),
            ("done", "Settled"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    partner_ref = fields.Char(string="Vendor's Reference", copy=False)
    date_sent = fields.Date(string="Claimed On", readonly=True, copy=False)
    line_ids = fields.One2many("aftersales.supplier.claim.line", "claim_id", copy=True)
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        help="The first day after which the vendor may refuse something.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    claimed_amount = fields.Monetary(compute="_compute_claimed_amount", store=True)
    credited_amount = fields.Monetary(compute="_compute_credited_amount", store=True)
    replaced_amount = fields.Monetary(compute="_compute_replaced_amount", store=True)
    recovered_amount = fields.Monetary(compute="_compute_recovered_amount", store=True)
    recovered_percent = fields.Float(
        string="Recovered (%)",
        compute="_compute_recovered_amount",
        store=True,
        aggregator="avg",
    )
    picking_ids = fields.One2many("stock.picking", "aftersales_supplier_claim_id")
    picking_count = fields.Integer(compute="_compute_counts")
    refund_ids = fields.One2many("account.move", "aftersales_supplier_claim_id")
    refund_count = fields.Integer(compute="_compute_counts")
    note = fields.Text(string="How to Claim", compute="_compute_note")

    _gathering_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'draft'",
        "There is a claim already that gathers what this vendor owes.",
    )

    @api.depends("line_ids.deadline")
    def _compute_deadline(self):
        for claim in self:
            days = [line.deadline for line in claim.line_ids if line.deadline]
            claim.deadline = min(days, default=False)

    @api.depends("line_ids.amount")
    def _compute_claimed_amount(self):
        for claim in self:
            claim.claimed_amount = sum(claim.line_ids.mapped("amount"))

    @api.depends("refund_ids.state", "refund_ids.amount_untaxed_signed")
    def _compute_credited_amount(self):
        for claim in self:
            posted = claim.refund_ids.filtered(lambda move: move.state == "posted")
            claim.credited_amount = sum(posted.mapped("amount_untaxed_signed"))

    @api.depends("picking_ids.move_ids.state", "picking_ids.move_ids.quantity")
    def _compute_replaced_amount(self):
        for claim in self:
            received = claim.picking_ids.move_ids.filtered(
                lambda move: move.state == "done"
                and move.location_id.usage == "supplier"
            )
            claim.replaced_amount = sum(
                move.quantity * move.aftersales_supplier_line_id.unit_cost
                for move in received
            )

    @api.depends("claimed_amount", "credited_amount", "replaced_amount")
    def _compute_recovered_amount(self):
        for claim in self:
            recovered = claim.credited_amount + claim.replaced_amount
            claim.recovered_amount = recovered
            claimed = claim.claimed_amount
            claim.recovered_percent = 100 * recovered / claimed if claimed else 0.0

    @api.depends("picking_ids", "refund_ids")
    def _compute_counts(self):
        for claim in self:
            # Counted, not shown.
            claim.picking_count = len(claim.sudo().picking_ids)
            claim.refund_count = len(claim.sudo().refund_ids)

    @api.depends("line_ids.seller_id")
    def _compute_note(self):
        for claim in self:
            texts = claim.line_ids.seller_id.mapped("aftersales_claim_instructions")
            claim.note = "\n\n".join(dict.fromkeys(filter(None, texts)))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("name"):
                # Whoever gathers claims need not read sequences.
                sequences = self.env["ir.sequence"].sudo()
                vals["name"] = sequences.next_by_code("aftersales.supplier.claim")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(claim.state not in ("draft", "cancelled") for claim in self):
            raise UserError(
                self.env._("A claim that was sent to its vendor is not deleted.")
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _ensure_can(self):
        self.check_access("write")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(
                self.env._("Only an after-sales manager claims from vendors.")
            )

    def _ensure_state(self, *states):
        """Lock the claims and raise UserError when one is in another state."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.filtered(lambda claim: claim.state not in states):
            raise UserError(
                self.env._("This claim has moved on meanwhile: look at it again.")
            )

    def action_send(self):
        """Note that the vendor was told; what fails from now on gathers in another."""
        self._ensure_can()
        self._ensure_state("draft")
        for claim in self:
            if not claim.line_ids:
                raise UserError(self.env._("There is nothing to claim."))
            # The state is no field to edit: managers reach it by this step.
            claim.sudo().write(
                {"state": "sent", "date_sent": claim.company_id._aftersales_today()}
            )

    def action_settle(self):
        """End claims: nothing more is expected from the vendor."""
        self._ensure_can()
        self._ensure_state("sent")
        # As above.
        self.sudo().state = "done"

    def action_cancel(self):
        """Give claims up; their lines may be gathered again."""
        self._ensure_can()
        self._ensure_state("draft", "sent")
        self.line_ids.filtered(lambda line: line.move_id or line.claim_line_id).unlink()
        # As above.
        self.sudo().state = "cancelled"

    # -- documents

    def action_create_return(self):
        """Make the picking that sends back what the vendor wants to have.

        :raises UserError: when nothing is left to send
        """
        return self._create_picking(outgoing=True)

    def action_create_replacement(self):
        """Make the receipt of what the vendor sends instead.

        :raises UserError: when nothing is left to be replaced
        """
        return self._create_picking(outgoing=False)

    def _create_picking(self, outgoing):
        self.ensure_one()
        self._ensure_can()
        self._ensure_state("draft", "sent")
        lines = self.line_ids.filtered(lambda line: line._is_to_move(outgoing))
        if not lines:
            raise UserError(self.env._("There is nothing to be moved."))
        # Managers of the service need no stock rights: the picking is a draft, linked
        # to the claim, and stock users do the rest.
        picking = (
            self.env["stock.picking"]
            .sudo()
            .create(self._prepare_picking_vals(lines, outgoing))
        )
        picking.action_confirm()
        self.invalidate_recordset(["picking_ids"])
        return self._get_document_action(picking)

    def _prepare_picking_vals(self, lines, outgoing):
        warehouse = (
            # Only its places are looked up.
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)], limit=1)
        )
        vendor = self.partner_id.with_company(self.company_id)
        stock, theirs = warehouse.lot_stock_id, vendor.property_stock_supplier
        address = lines.seller_id.aftersales_return_partner_id[:1] or vendor
        source, destination = (stock, theirs) if outgoing else (theirs, stock)
        return {
            "partner_id": address.id,
            "picking_type_id": (
                warehouse.out_type_id if outgoing else warehouse.in_type_id
            ).id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "aftersales_supplier_claim_id": self.id,
            "move_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_qty": line.quantity,
                        "product_uom": line.product_id.uom_id.id,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "company_id": self.company_id.id,
                        "aftersales_supplier_line_id": line.id,
                    }
                )
                for line in lines
            ],
        }

    def action_create_credit_note(self):
        """Make the vendor's credit note as a draft, for the accountant to post.

        :raises UserError: when everything was credited or replaced
        """
        self.ensure_one()
        self._ensure_can()
        self._ensure_state("sent")
        lines = self.line_ids.filtered(
            lambda line: line.result == "credit" and not line._is_credited()
        )
        if not lines:
            raise UserError(self.env._("There is nothing left to be credited."))
        # Managers of the service need no accounting rights: the document is a draft,
        # and the accountant posts it.
        refund = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "in_refund",
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "ref": self.partner_ref,
                    "invoice_origin": self.name,
                    "aftersales_supplier_claim_id": self.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "quantity": line.quantity,
                                "price_unit": line.unit_cost,
                                "aftersales_supplier_line_id": line.id,
                            }
                        )
                        for line in lines
                    ],
                }
            )
        )
        self.invalidate_recordset(["refund_ids"])
        return self._get_document_action(refund)

    def _get_document_action(self, document):
        """Open a document that was made, for who may see it."""
        document = document.sudo(False)
        return document._get_records_action() if document.has_access("read") else True

    def action_view_pickings(self):
        """Open what was sent back and received."""
        self.check_access("read")
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))

    def action_view_refunds(self):
        """Open the vendor's credit notes."""
        self.check_access("read")
        return self.refund_ids._get_records_action(name=self.env._("Credit Notes"))


class AftersalesSupplierClaimLine(models.Model):
    _name = "aftersales.supplier.claim.line"
    _description = "Supplier Claim Line"
    _order = "deadline, id"
    _check_company_auto = True

    claim_id = fields.Many2one(
        "aftersales.supplier.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="claim_id.partner_id", store=True, index=True)
    state = fields.Selection(related="claim_id.state", store=True)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, check_company=True
    )
    lot_id = fields.Many2one("stock.lot", string="Serial/Lot", check_company=True)
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_cost = fields.Monetary(string="Cost of One")
    amount = fields.Monetary(compute="_compute_amount", store=True)
    seller_id = fields.Many2one("product.supplierinfo", string="Vendor's Terms")
    return_handler = fields.Selection(related="seller_id.aftersales_return_handler")
    claim_line_id = fields.Many2one(
        "aftersales.claim.line", string="Failure", index="btree_not_null", readonly=True
    )
    move_id = fields.Many2one(
        "stock.move", string="Part Used", index="btree_not_null", readonly=True
    )
    date = fields.Date(string="Reported On")
    deadline = fields.Date()
    result = fields.Selection(
        [("credit", "Credit"), ("replace", "Replacement"), ("refused", "Refused")],
        default="credit",
        required=True,
        help="What is asked for, or that the vendor refuses.",
    )

    _part_once = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "This part has been claimed already."
    )
    _failure_once = models.UniqueIndex(
        "(claim_line_id) WHERE move_id IS NULL AND claim_line_id IS NOT NULL",
        "This product has been claimed already.",
    )
    _not_negative = models.Constraint(
        "CHECK (quantity > 0 AND unit_cost >= 0)",
        "A claimed quantity is positive and its cost is not negative.",
    )

    def _has_field_access(self, field, operation):
        fixed = operation == "write" and field.name in FIXED_LINE_FIELDS
        if fixed and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.depends("quantity", "unit_cost")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.unit_cost

    def _is_to_move(self, outgoing):
        """Whether it is still to be sent back, or to be received instead."""
        self.ensure_one()
        wanted = (
            self.return_handler == "company" if outgoing else self.result == "replace"
        )
        # Moves are only looked through.
        moves = self.sudo().claim_id.picking_ids.move_ids.filtered(
            lambda move: move.aftersales_supplier_line_id == self
            and move.state != "cancel"
            and (move.location_dest_id.usage == "supplier") == outgoing
        )
        return wanted and not moves

    def _is_credited(self):
        self.ensure_one()
        # Credit notes are only looked through.
        notes = self.sudo().claim_id.refund_ids.filtered(lambda m: m.state != "cancel")
        return self in notes.invoice_line_ids.aftersales_supplier_line_id


class StockPicking(models.Model):
    _inherit = "stock.picking"

    aftersales_supplier_claim_id = fields.Many2one(
        "aftersales.supplier.claim", index="btree_not_null", copy=False
    )


class StockMove(models.Model):
    _inherit = "stock.move"

    aftersales_supplier_line_id = fields.Many2one(
        "aftersales.supplier.claim.line", index="btree_not_null", copy=False
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_supplier_claim_id = fields.Many2one(
        "aftersales.supplier.claim", index="btree_not_null", copy=False
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    aftersales_supplier_line_id = fields.Many2one(
        "aftersales.supplier.claim.line", index="btree_not_null", copy=False
    )
