# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..rules import carrier_notice
from .stock_picking_transport import ensure_amounts

KINDS = [
    ("damage", "Visible Damage"),
    ("hidden", "Hidden Damage"),
    ("delay", "Delay"),
    ("loss", "Loss"),
]
AMOUNTS = ("accepted_amount", "extra_amount")
#: Set by the steps, never by whoever edits a claim.
FIXED_FIELDS = {
    "claim_line_ids",
    "date_sent",
    "deadline",
    "picking_id",
    "refund_ids",
    "state",
}


class AftersalesCarrierClaim(models.Model):
    """What a carrier owes us for a parcel that was damaged, late or lost."""

    _name = "aftersales.carrier.claim"
    _description = "Carrier Claim"
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
        "res.partner", string="Carrier", index=True, check_company=True, tracking=True
    )
    partner_ref = fields.Char(string="Carrier's Reference", copy=False)
    kind = fields.Selection(KINDS, required=True, default="damage", tracking=True)
    state = fields.Selection(
        [
            ("draft", "To Claim"),
            ("sent", "Claimed"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
    )
    parcel = fields.Char(
        compute="_compute_parcel",
        compute_sudo=True,
        help="The transfer and the parcel's number.",
    )
    claim_line_ids = fields.One2many(
        "aftersales.claim.line", "carrier_claim_id", string="Goods", readonly=True
    )
    legal_basis = fields.Selection(
        [("es", "Ley 15/2009 (within Spain)"), ("cmr", "CMR (between countries)")],
        compute="_compute_legal_basis",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    shipped_date = fields.Date(
        compute="_compute_dates", store=True, readonly=False, string="Handed Over on"
    )
    promised_date = fields.Date(compute="_compute_dates", store=True, readonly=False)
    incident_date = fields.Date(
        string="Delivered on",
        compute="_compute_dates",
        store=True,
        readonly=False,
        help="When the carrier delivered; the day it left, while that is not known.",
    )
    deadline = fields.Date(
        compute="_compute_deadline",
        store=True,
        index=True,
        help="The last day to tell the carrier in writing.",
    )
    deadline_source = fields.Char(
        string="According to", compute="_compute_deadline_source"
    )
    date_sent = fields.Date(string="Claimed on", readonly=True, copy=False)
    is_late = fields.Boolean(
        string="Too Late",
        compute="_compute_is_late",
        help="The carrier is told after the last day: we have to prove that it "
        "happened on the way.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    damage_amount = fields.Monetary(
        string="Damage",
        compute="_compute_damage_amount",
        store=True,
        help="What the goods have cost the company so far, else their value.",
    )
    extra_amount = fields.Monetary(string="Other Costs", help="As the freight.")
    claimed_amount = fields.Monetary(compute="_compute_claimed_amount", store=True)
    accepted_amount = fields.Monetary(
        copy=False, help="What the carrier is going to pay."
    )
    recovered_amount = fields.Monetary(compute="_compute_recovered_amount", store=True)
    recovered_percent = fields.Float(
        string="Recovered (%)",
        compute="_compute_recovered_amount",
        store=True,
        aggregator="avg",
    )
    refund_ids = fields.One2many(
        "account.move", "aftersales_carrier_claim_id", readonly=True
    )
    refund_count = fields.Integer(compute="_compute_refund_count")
    note = fields.Text(string="What Happened")

    _gathering_uniq = models.UniqueIndex(
        "(picking_id, kind) WHERE state = 'draft' AND picking_id IS NOT NULL",
        "There is a claim already that gathers what happened to this parcel.",
    )
    _accepted_not_negative = models.Constraint(
        "CHECK (accepted_amount >= 0)", "A carrier can't accept less than nothing."
    )

    @api.depends("picking_id.name", "picking_id.aftersales_tracking_ref")
    def _compute_parcel(self):
        for claim in self:
            parcel = claim.picking_id
            texts = (parcel.name, parcel.aftersales_tracking_ref)
            claim.parcel = " · ".join(filter(None, texts))

    @api.depends("picking_id")
    def _compute_legal_basis(self):
        for claim in self:
            # Only the countries of the way are compared, by whoever registers it.
            parcel = claim.sudo().picking_id
            countries = claim.company_id.country_id | parcel.partner_id.country_id
            claim.legal_basis = carrier_notice.legal_basis(countries.mapped("code"))

    @api.depends(
        "picking_id.aftersales_arrival_date",
        "picking_id.aftersales_promised_date",
        "picking_id.date_done",
    )
    def _compute_dates(self):
        for claim in self:
            # Days of the parcel, which agents are told of in the claim as well.
            parcel = claim.sudo().picking_id
            if not parcel:
                continue
            shipped = parcel._get_aftersales_shipped()
            claim.shipped_date = shipped
            claim.promised_date = parcel._get_aftersales_promised()
            claim.incident_date = parcel._get_aftersales_arrival() or shipped

    @api.depends(
        "legal_basis", "kind", "incident_date", "promised_date", "shipped_date"
    )
    def _compute_deadline(self):
        for claim in self:
            claim.deadline = carrier_notice.notice_deadline(
                claim.legal_basis,
                claim.kind,
                claim.incident_date or None,
                claim.promised_date or None,
                claim.shipped_date or None,
            )

    @api.depends("legal_basis", "kind")
    def _compute_deadline_source(self):
        for claim in self:
            key = (claim.legal_basis, claim.kind)
            claim.deadline_source = carrier_notice.SOURCES.get(key)

    @api.depends("deadline", "date_sent", "state")
    def _compute_is_late(self):
        for claim in self:
            day = claim.date_sent or claim.company_id._aftersales_today()
            claim.is_late = bool(claim.deadline) and day > claim.deadline

    @api.depends("claim_line_ids.cost", "claim_line_ids.quantity", "kind", "state")
    def _compute_damage_amount(self):
        for claim in self:
            # What was claimed stays what it was, whatever it costs later.
            if claim.state == "draft" or not claim._origin:
                # Costs are not shown to all who register a claim.
                lines = claim.sudo().claim_line_ids
                claim.damage_amount = sum(
                    line._get_carrier_damage(claim.kind) for line in lines
                )

    @api.depends("damage_amount", "extra_amount")
    def _compute_claimed_amount(self):
        for claim in self:
            claim.claimed_amount = claim.damage_amount + claim.extra_amount

    @api.depends(
        "claimed_amount", "refund_ids.state", "refund_ids.amount_untaxed_signed"
    )
    def _compute_recovered_amount(self):
        for claim in self:
            # Accounting's documents are only added up.
            posted = claim.sudo().refund_ids.filtered(lambda m: m.state == "posted")
            recovered = sum(posted.mapped("amount_untaxed_signed"))
            claim.recovered_amount = recovered
            claimed = claim.claimed_amount
            claim.recovered_percent = 100 * recovered / claimed if claimed else 0.0

    @api.depends("refund_ids")
    def _compute_refund_count(self):
        for claim in self:
            # Counted, not shown: agents have no rights in accounting.
            claim.refund_count = len(claim.sudo().refund_ids)

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            ensure_amounts(self.env, vals, AMOUNTS)
            if not vals.get("name"):
                # Whoever registers claims need not read sequences.
                sequences = self.env["ir.sequence"].sudo()
                vals["name"] = sequences.next_by_code("aftersales.carrier.claim")
        return super().create(vals_list)

    def write(self, vals):
        ensure_amounts(self.env, vals, AMOUNTS)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(claim.state != "draft" for claim in self):
            raise UserError(
                self.env._("A claim that was sent to its carrier is not deleted.")
            )

    # -- steps

    def _ensure_can(self):
        self.check_access("write")
        if not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(self.env._("Only after-sales agents can do this."))

    def _start_step(self, *states):
        """Lock the claims, check their state, and return them with full rights.

        :raises UserError: when one is in another state
        """
        self._ensure_can()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.filtered(lambda claim: claim.state not in states):
            raise UserError(
                self.env._("This claim has moved on meanwhile: look at it again.")
            )
        # The state follows from the steps alone; agents were checked above.
        return self.sudo()

    def action_send(self):
        """Tell the carriers in writing, by mail where they have an address.

        :raises UserError: while carrier or damage are missing
        """
        for claim in self._start_step("draft"):
            if not claim.partner_id:
                raise UserError(self.env._("Enter the carrier first."))
            if claim.currency_id.compare_amounts(claim.claimed_amount, 0) <= 0:
                raise UserError(
                    self.env._("There is nothing to claim: enter what it costs.")
                )
            claim.write(
                {"state": "sent", "date_sent": claim.company_id._aftersales_today()}
            )
            claim._send_notice()
        return True

    def _send_notice(self):
        template = self.env.ref(
            "aftersales_service.mail_template_carrier_claim", raise_if_not_found=False
        )
        if not template or not self.partner_id.email:
            return
        # The company writes, whoever pressed the button.
        self.with_user(SUPERUSER_ID).message_post_with_source(
            template,
            author_id=self.company_id.partner_id.id,
            partner_ids=self.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_light",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def action_accept(self):
        """Note that the carriers pay: the amount entered, else all that was claimed."""
        for claim in self._start_step("sent"):
            claim.write(
                {
                    "state": "accepted",
                    "accepted_amount": claim.accepted_amount or claim.claimed_amount,
                }
            )
        return True

    def action_refuse(self):
        """Note that the carriers pay nothing."""
        self._start_step("sent").write({"state": "refused", "accepted_amount": 0.0})
        return True

    def action_reopen(self):
        """Go on with claims that were answered: the answer was not the last word."""
        claims = self._start_step("accepted", "refused")
        if claims.refund_ids.filtered(lambda m: m.state != "cancel"):
            raise UserError(self.env._("The carrier's credit note exists already."))
        claims.state = "sent"
        return True

    def action_create_credit_note(self):
        """Make the carrier's credit note as a draft, for the accountant to post.

        :return: action that opens it, for who may see it
        :raises UserError: when there is one already
        """
        self.ensure_one()
        claim = self._start_step("accepted")
        if claim.refund_ids.filtered(lambda m: m.state != "cancel"):
            raise UserError(self.env._("The carrier's credit note exists already."))
        # Agents have no rights in accounting: a draft is made for its people.
        refund = self.env["account.move"].sudo().create(claim._prepare_refund_vals())
        self.invalidate_recordset(["refund_ids"])
        refund = refund.sudo(False)
        return refund._get_records_action() if refund.has_access("read") else True

    def _prepare_refund_vals(self):
        self.ensure_one()
        return {
            "move_type": "in_refund",
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "ref": self.partner_ref,
            "invoice_origin": self.name,
            "aftersales_carrier_claim_id": self.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self.env._(
                            "Compensation %(claim)s, parcel %(parcel)s",
                            claim=self.name,
                            parcel=self.parcel or "–",
                        ),
                        "quantity": 1.0,
                        "price_unit": self.accepted_amount,
                        # A compensation is no sale: accounting adds what it needs.
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    def action_view_refunds(self):
        """Open the carrier's credit notes."""
        self.check_access("read")
        return self.refund_ids._get_records_action(name=self.env._("Credit Notes"))

    # -- what the carrier is told

    def _get_goods(self):
        """What was in the parcel, for the mail: [{"product", "lot", "quantity"}]."""
        self.ensure_one()
        return [
            {
                "product": line.product_id.with_context(
                    display_default_code=False
                ).display_name,
                "lot": line.lot_id.name or "",
                "quantity": f"{line.quantity:g} {line.uom_id.name or ''}".strip(),
            }
            # The carrier reads what it is claimed for, and no more of the claim.
            for line in self.sudo().claim_line_ids
            if line.product_id
        ]

    def _get_kind_text(self):
        """The kind in words, in the language of the env."""
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_carrier_claim_id = fields.Many2one(
        "aftersales.carrier.claim",
        index="btree_not_null",
        copy=False,
        check_company=True,
    )

    _aftersales_carrier_once = models.UniqueIndex(
        "(aftersales_carrier_claim_id) "
        "WHERE aftersales_carrier_claim_id IS NOT NULL AND state != 'cancel'",
        "The carrier's credit note exists already.",
    )

    def action_view_aftersales_carrier_claim(self):
        """Open what the credit note compensates."""
        self.check_access("read")
        return self.aftersales_carrier_claim_id._get_records_action()
