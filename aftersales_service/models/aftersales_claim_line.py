# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..rules import claimed_quantity
from .aftersales_cause import LIABILITIES

#: More is a slip of the finger, and no sum would be right any more.
MAX_QUANTITY = 10**9
COMPONENTS = ("parts", "labour", "travel", "transport")
#: Set by the actions and by the rules, never by whoever edits a line.
FIXED_FIELDS = {
    "approved_amount",
    "cost",
    "coverage",
    "coverage_note",
    "coverage_notes",
    "coverage_snapshot",
    "is_coverage_overridden",
    "move_ids",
    "refund_ids",
    "remedy",
    "repair_ids",
    "state",
    *(f"{component}_percent" for component in COMPONENTS),
}


class AftersalesClaimLine(models.Model):
    _name = "aftersales.claim.line"
    _description = "Claim Line"
    _inherit = [
        "aftersales.text.mixin",
        "aftersales.turn.mixin",
        "aftersales.track.mixin",
        "mail.thread",
    ]
    _order = "claim_id, id"
    _check_company_auto = True

    claim_id = fields.Many2one(
        "aftersales.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="claim_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(related="claim_id.partner_id")
    date = fields.Datetime(related="claim_id.date")
    asset_id = fields.Many2one(
        "aftersales.asset",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        ondelete="restrict",
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_from_asset",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial/Lot",
        compute="_compute_from_asset",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_from_asset",
        store=True,
        readonly=False,
        precompute=True,
    )
    symptom_id = fields.Many2one(
        "aftersales.symptom",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
    )
    cause_id = fields.Many2one(
        "aftersales.cause",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
    )
    liability = fields.Selection(
        LIABILITIES,
        compute="_compute_liability",
        store=True,
        readonly=False,
        tracking=True,
        help="Who answers for the failure.",
    )
    diagnosis = fields.Text(help="What was found, for colleagues.")
    remedy = fields.Selection(
        [
            ("assist", "Assist"),
            ("repair", "Repair"),
            ("replace", "Replace"),
            ("refund", "Refund"),
            ("compensate", "Compensate"),
            ("reject", "Reject"),
        ],
        copy=False,
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Diagnosis"),
            ("decided", "Decided"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    coverage = fields.Selection(
        [
            ("covered", "Covered"),
            ("partial", "Partly Covered"),
            ("not_covered", "Not Covered"),
            ("unknown", "Unknown"),
        ],
        default="unknown",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    coverage_note = fields.Text(
        string="Why",
        compute="_compute_coverage_note",
        help="The reasons of the decision.",
    )
    coverage_notes = fields.Json(
        readonly=True, copy=False, help="The reasons in each language, {code: text}."
    )
    coverage_snapshot = fields.Json(readonly=True, copy=False)
    parts_percent = fields.Float(readonly=True, copy=False)
    labour_percent = fields.Float(readonly=True, copy=False)
    travel_percent = fields.Float(readonly=True, copy=False)
    transport_percent = fields.Float(readonly=True, copy=False)
    is_coverage_overridden = fields.Boolean(readonly=True, copy=False)
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        currency_field="company_currency_id",
        help="All that the line has cost the company so far, before tax.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    repair_ids = fields.One2many("repair.order", "claim_line_id", readonly=True)
    move_ids = fields.One2many("stock.move", "aftersales_claim_line_id", readonly=True)
    refund_ids = fields.Many2many(
        "account.move",
        "aftersales_claim_line_refund_rel",
        string="Credit Notes",
        readonly=True,
        copy=False,
    )
    reject_reason = fields.Text(
        copy=False, help="Why nothing is owed, in words for the customer."
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity claimed must be more than zero."
    )

    @api.depends("asset_id")
    def _compute_from_asset(self):
        for line in self:
            asset = line.asset_id
            line.product_id = asset.product_id or line.product_id
            line.lot_id = asset.lot_id if asset else line.lot_id
            line.uom_id = asset.uom_id or line.uom_id or line.product_id.uom_id

    @api.depends("asset_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.quantity or min(line.asset_id.quantity or 1.0, 1.0)

    @api.depends("coverage_notes")
    @api.depends_context("lang")
    def _compute_coverage_note(self):
        lang = self.env.lang or "en_US"
        for line in self:
            notes = line.coverage_notes or {}
            line.coverage_note = notes.get(lang) or next(iter(notes.values()), False)

    @api.depends("cause_id")
    def _compute_liability(self):
        for line in self:
            line.liability = line.cause_id.liability or line.liability

    @api.depends("product_id", "lot_id", "claim_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            what = line.asset_id.name or line.product_id.display_name
            line.display_name = " · ".join(
                part for part in (line.claim_id.name, what) if part
            )

    # -- constraints

    @api.constrains("asset_id", "quantity", "uom_id")
    def _check_quantity(self):
        """Never claim more of an asset than was delivered and is not yet returned.

        Lines that begin to hold their quantity by their state are checked in `write`;
        those that only go on must not fail when the goods come back meanwhile.
        """
        # What others claimed counts too, whether the user sees it or not.
        assets = self.filtered(lambda line: line._holds_quantity()).asset_id.sudo()
        assets._lock_claimed_quantity()
        for asset in assets:
            claimed = sum(line._get_held_quantity() for line in asset.claim_line_ids)
            if asset.uom_id.compare(claimed, asset.quantity) > 0:
                raise ValidationError(
                    self.env._(
                        "%(claimed)g %(unit)s of “%(asset)s” would be claimed, but the "
                        "customer has %(quantity)g. Look at its other claims: "
                        "%(claims)s.",
                        claimed=claimed,
                        unit=asset.uom_id.name,
                        asset=asset.name,
                        quantity=asset.quantity,
                        claims=asset._get_claim_names(),
                    )
                )

    def _get_held_quantity(self):
        """How much of its asset the line keeps, in the asset's unit."""
        self.ensure_one()
        return claimed_quantity.held_quantity(
            self.state,
            self.remedy,
            self._get_product_quantity(),
            self._get_returned_quantity(),
            self._is_return_expected(),
        )

    def _holds_quantity(self):
        return bool(self._get_held_quantity())

    @api.constrains("asset_id", "claim_id")
    def _check_owner(self):
        # Compared, not shown: the owner may be out of the user's reach.
        for line in self.sudo():
            owner = line.asset_id.partner_id.commercial_partner_id
            customer = line.claim_id.partner_id.commercial_partner_id
            if owner and customer and owner != customer:
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” belongs to another customer than %(customer)s.",
                        asset=line.asset_id.name,
                        customer=customer.display_name,
                    )
                )

    @api.constrains("product_id", "asset_id", "lot_id")
    def _check_product(self):
        for line in self:
            if line.asset_id and line.asset_id.product_id != line.product_id:
                raise ValidationError(
                    self.env._("The product must be the asset's product.")
                )
            # Compared, not shown: serials may be out of the user's reach.
            if line.lot_id and line.lot_id.sudo().product_id != line.product_id:
                raise ValidationError(
                    self.env._("The serial belongs to another product.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        started = self.filtered(lambda line: line.state not in ("draft", "cancelled"))
        if started:
            raise UserError(
                self.env._("A line with a decided remedy can't be deleted: cancel it.")
            )

    # -- create and write

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _ensure_number(self, vals):
        """Raise ValidationError for a quantity that is no number (NaN, infinity)."""
        quantity = vals.get("quantity")
        if isinstance(quantity, float) and not isfinite(quantity):
            raise ValidationError(self.env._("The quantity must be a number."))
        if isinstance(quantity, (int, float)) and quantity > MAX_QUANTITY:
            raise ValidationError(self.env._("Nobody claims so many at once."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._ensure_number(vals)
        if not self.env.su:
            # The company is the claim's.
            vals_list = [
                {k: v for k, v in vals.items() if k != "company_id"}
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        lines._update_coverage()
        return lines

    def write(self, vals):
        self._ensure_number(vals)
        if not self.env.su:
            self._ensure_same_claim(vals)
        holding = self.filtered(lambda line: line._holds_quantity())
        result = super().write(vals)
        if {"state", "remedy"} & vals.keys():
            (
                self.filtered(lambda line: line._holds_quantity()) - holding
            )._check_quantity()
        if {"asset_id", "cause_id", "liability", "product_id", "lot_id"} & vals.keys():
            self._update_coverage()
        return result

    def _ensure_same_claim(self, vals):
        """Raise UserError when `vals` would move lines past the checks of a split."""
        claims = set(self.claim_id.ids) - {vals.get("claim_id")}
        if "claim_id" in vals and claims or "company_id" in vals:
            raise UserError(
                self.env._("A line stays with its claim: split or merge the claims.")
            )

    # -- coverage

    def _get_coverage_date(self):
        """The Date on which coverage is judged: the day the claim was registered."""
        self.ensure_one()
        moment = self.claim_id.date or fields.Datetime.now()
        return self.company_id._aftersales_date(moment)

    def _get_coverage(self):
        """Who pays for each line and why. Extended by what knows about warranties.

        :return: {line.id: {"coverage": selection key, "note": sentences,
            "percents": {component: 0..100 paid by the company}}}
        """
        note = self.env._("No warranty is known for this product. Decide by hand.")
        return {
            line.id: {
                "coverage": "unknown",
                "note": note,
                "percents": dict.fromkeys(COMPONENTS, 0.0),
            }
            for line in self
        }

    def _update_coverage(self):
        """Decide again for lines still in diagnosis; what was decided stays."""
        undecided = self.filtered(
            lambda line: line.state == "draft" and not line.is_coverage_overridden
        )
        decisions = undecided._get_coverage()
        changed = undecided.filtered(
            lambda line: line._is_other_coverage(decisions[line.id])
        )
        # The reasons are kept in every language: the customer reads their own.
        translated = {
            lang: changed.with_context(lang=lang)._get_coverage()
            for lang in changed._get_other_languages()
        }
        for line in changed:
            notes = {
                lang: by_line[line.id]["note"] for lang, by_line in translated.items()
            }
            # The decision is the rules', whoever changed the diagnosis.
            line.sudo().write(line._prepare_coverage_vals(decisions[line.id], notes))

    def _is_other_coverage(self, decision):
        """Whether `decision` differs from what the line holds."""
        self.ensure_one()
        values = self._prepare_coverage_vals(decision)
        values.pop("coverage_notes")
        return self.coverage_note != decision["note"] or any(
            self[name] != value for name, value in values.items()
        )

    def _get_other_languages(self):
        """The codes of the installed languages besides the user's; none for no line."""
        installed = self.env["res.lang"].get_installed() if self else ()
        return [code for code, _name in installed if code != self.env.lang]

    def _prepare_coverage_vals(self, decision, notes=None):
        """The values of a decision.

        :param notes: its reasons in other languages, {code: text}
        """
        return {
            "coverage": decision["coverage"],
            "coverage_notes": {
                self.env.lang or "en_US": decision["note"],
                **(notes or {}),
            },
            "coverage_snapshot": decision,
            **{
                f"{component}_percent": percent
                for component, percent in decision["percents"].items()
            },
        }

    def _get_covered_percent(self, component):
        """Share (0 to 100) of `component` that the company pays."""
        self.ensure_one()
        return self[f"{component}_percent"]

    def _get_part_percent(self, product):
        """Share (0 to 100) of the part `product` that the company pays. To be extended.

        :param product: a product.product that is put in for this line
        """
        return self._get_covered_percent("parts")

    def action_override_coverage(self):
        """Ask a manager for another decision and its reason."""
        self._ensure_is_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide Coverage by Hand"),
            "res_model": "aftersales.claim.line.coverage",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def _override_coverage(self, percents, reason):
        """Replace the rules' decision.

        :param percents: {component: 0..100}
        :param reason: text, kept with the decision
        """
        self.ensure_one()
        coverage = self._get_coverage_of(percents)
        notes = {
            lang: self.with_context(lang=lang)._get_override_note(reason)
            for lang in self._get_other_languages()
        }
        note = self._get_override_note(reason)
        decision = {"coverage": coverage, "note": note, "percents": percents}
        # Callers make sure that it is a manager's decision.
        self.sudo().write(
            {
                **self._prepare_coverage_vals(decision, notes),
                "is_coverage_overridden": True,
            }
        )
        self.claim_id._message_log(body=f"{self.display_name}: {note}")

    @api.model
    def _get_coverage_of(self, percents):
        """What is covered in a word: key of `coverage`, of {component: 0..100}."""
        values = set(percents.values())
        if values == {100.0}:
            return "covered"
        return "not_covered" if values == {0.0} else "partial"

    @api.model
    def _get_override_note(self, reason):
        return self.env._(
            "Decided by %(user)s: %(reason)s", user=self.env.user.name, reason=reason
        )

    # -- states

    def _ensure_is_agent(self):
        """Raise AccessError unless the user may work on these lines' claims."""
        self.check_access("write")
        self.claim_id._ensure_is_agent()

    def _ensure_is_manager(self):
        self.check_access("write")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(
                self.env._("Only an after-sales manager can decide coverage by hand.")
            )

    def _ensure_finished(self):
        """Raise UserError while a remedy is still open."""
        open_lines = self.filtered(
            lambda line: line.state in ("decided", "in_progress")
        )
        if open_lines:
            raise UserError(
                self.env._(
                    "%(claim)s can't be closed yet: the remedy of “%(line)s” is still "
                    "open.",
                    claim=open_lines[0].claim_id.name,
                    line=open_lines[0].display_name,
                )
            )

    def _close_assisted(self):
        """Lines nobody needed a remedy for end with the claim."""
        # Callers check the right to close the claim.
        for line in self.sudo().filtered(lambda line: line.state == "draft"):
            line.write({"remedy": line.remedy or "assist", "state": "done"})

    def _cancel_undecided(self):
        # Callers check the right to cancel the claim.
        self.sudo().filtered(lambda line: line.state == "draft").state = "cancelled"

    def _revive(self):
        """Lines of a cancelled claim that is opened again are in diagnosis again."""
        # Callers check the right to open the claim.
        lines = self.sudo().filtered(lambda line: line.state == "cancelled")
        lines.write({"state": "draft", "remedy": False})
        lines._update_coverage()
