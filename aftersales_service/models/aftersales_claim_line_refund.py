# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..rules import allocation
from .aftersales_claim_line import FIXED_FIELDS

FIXED_FIELDS.update({"refunded_quantity", "uninvoiced_quantity"})


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    refund_line_ids = fields.One2many(
        "account.move.line", "aftersales_claim_line_id", readonly=True
    )
    refund_ids = fields.Many2many(compute="_compute_refund_ids", store=True)
    refunded_quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_refunded_quantity",
        store=True,
        help="On posted credit notes, in the product's unit.",
    )
    uninvoiced_quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Needed no credit note: it was not invoiced, and will not be.",
    )
    refund_state = fields.Selection(
        [
            ("none", "Nothing Due"),
            ("due", "To Be Made"),
            ("draft", "With Accounting"),
            ("posted", "Posted"),
        ],
        string="Refund",
        compute="_compute_refund_state",
        compute_sudo=True,
    )
    restocking_percent = fields.Float(
        string="Restocking Fee",
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
        help="Share of the price that is kept when the goods are refunded.",
    )
    is_shipping_refunded = fields.Boolean(
        string="Refund Shipping",
        compute="_compute_from_type",
        store=True,
        readonly=False,
        precompute=True,
        help="What the customer paid for the delivery is refunded as well.",
    )

    _restocking_percent_range = models.Constraint(
        "CHECK (restocking_percent >= 0 AND restocking_percent <= 100)",
        "The restocking fee is between 0 and 100 percent.",
    )

    @api.depends("claim_id.type_id")
    def _compute_from_type(self):
        """What the type proposes, until the remedy is decided."""
        for line in self.filtered(lambda line: line.state == "draft"):
            claim_type = line.claim_id.type_id
            line.restocking_percent = claim_type.restocking_percent
            line.is_shipping_refunded = claim_type.is_shipping_refunded

    @api.depends("refund_line_ids.move_id.move_type")
    def _compute_refund_ids(self):
        for line in self:
            moves = line.refund_line_ids.move_id
            line.refund_ids = moves.filtered(lambda m: m.move_type == "out_refund")

    @api.depends("refund_line_ids.parent_state", "refund_line_ids.quantity")
    def _compute_refunded_quantity(self):
        for line in self:
            line.refunded_quantity = line._count_credited(("posted",))

    @api.depends("refund_line_ids.parent_state", "accepted_quantity", "remedy")
    def _compute_refund_state(self):
        for line in self:
            if line.remedy != "refund":
                line.refund_state = "none"
            elif line._get_refund_due():
                line.refund_state = "due"
            elif line._count_credited(("draft",)):
                line.refund_state = "draft"
            else:
                line.refund_state = "posted" if line.refunded_quantity else "none"

    def _count_credited(self, states):
        """Quantity on this line's credit notes in `states`, in the product's unit."""
        self.ensure_one()
        return sum(
            credit._get_aftersales_quantity()
            for credit in self.refund_line_ids
            if credit.parent_state in states
            and credit.aftersales_reversed_line_id
            # The shipping and the discounts of the invoice are no goods.
            and credit.product_id == self.product_id
        )

    # -- deciding

    def action_create_refund(self):
        """Refund: what was accepted of a return, else without the goods coming back.

        Makes draft credit notes that accounting validates. What came back since the
        problem was reported is inspected first.

        :raises UserError: when there is nothing (left) to refund, or accounting
            could not make the credit note
        """
        self._ensure_is_agent()
        undecided = self.filtered(lambda line: line.state == "draft")
        undecided._start_remedy("refund")
        # Whoever decides sees no stock: what came back is a fact all the same.
        lines = self - undecided.sudo()._adopt_earlier_returns()
        lines._lock_documents()
        lines._ensure_can_refund()
        # Agents need no rights in accounting: drafts are made for its people.
        lines.sudo()._refund()
        self._start_claims()
        return True

    def _ensure_can_refund(self):
        self._ensure_claim_is_open()
        for line in self:
            if line.remedy != "refund" or line.state not in ("decided", "in_progress"):
                raise UserError(
                    self.env._("“%s” is not to be refunded.", line.display_name)
                )
            if line.return_state in ("awaited", "received"):
                raise UserError(
                    self.env._(
                        "“%s” is refunded once its return has been inspected.",
                        line.display_name,
                    )
                )
            # What is at work in accounting is taken into account, seen or not.
            if not line.sudo()._get_refund_due():
                raise UserError(
                    self.env._("“%s” has its refund already.", line.display_name)
                )

    def _get_refund_due(self):
        """What is neither on a credit note nor off the order yet (product's unit)."""
        self.ensure_one()
        given = self._count_credited(("draft", "posted")) + self.uninvoiced_quantity
        return max(self.product_id.uom_id.round(self._get_due_quantity() - given), 0.0)

    def _post_inspection_hook(self):
        result = super()._post_inspection_hook()
        lines = self.filtered(
            lambda line: line.remedy == "refund"
            and line._is_refund_automatic()
            and line._get_refund_due()
        )
        for line in lines:
            try:
                with self.env.cr.savepoint():
                    line._refund()
            except (UserError, ValidationError) as error:
                # The goods are in all the same: the refund waits for a person.
                line._report_missing_refund(error)
        return result

    def _is_refund_automatic(self):
        claim_type = self.claim_id.type_id
        return not claim_type or claim_type.is_refund_automatic

    def _report_missing_refund(self, error):
        self.claim_id.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Refund to be made by hand"),
            note=f"{self.display_name}: {error.args[0]}",
            user_id=self.claim_id.user_id.id or self.env.uid,
        )

    # -- from the claim line to the invoices

    def _refund(self):
        """Make what the lines are due: draft credit notes, or less to invoice."""
        plan = defaultdict(list)
        planned = defaultdict(float)
        for line in self:
            for credit in line._plan_refund(planned):
                plan[line.claim_id, credit[0].move_id].append((line, *credit))
        for (claim, invoice), credits in plan.items():
            credit_note = self._make_credit_note(claim, invoice, credits)
            self._deduct_from_refund(credit_note)
        self._sync_with_documents()

    def _plan_refund(self, planned):
        """Which invoice lines are credited how much.

        :param planned: {invoice line or order line: quantity planned before}, added to
        :return: [(posted invoice line, quantity in the product's unit)]
        :raises UserError: when accounting could not credit it
        """
        self.ensure_one()
        credits, missing = [], 0.0
        for sale_line, quantity in self._get_refunded_sale_lines():
            sale_line = sale_line.with_company(self.company_id)
            credited = quantity
            if self._is_return_expected():
                sale_line._lower_for_aftersales(
                    self.product_id.uom_id, quantity, self.claim_id
                )
                credited = allocation.credit_quantity(
                    quantity,
                    sale_line._get_aftersales_invoiced() - planned[sale_line],
                    sale_line._get_aftersales_kept(),
                    sale_line._get_aftersales_tolerance(),
                )
                self.uninvoiced_quantity += quantity - credited
            taken, rest = allocation.allocate(
                credited,
                [
                    (invoice_line, free - planned[invoice_line])
                    for invoice_line, free in sale_line._get_aftersales_creditable()
                ],
                self.product_id.uom_id.rounding,
            )
            planned[sale_line] += credited
            for invoice_line, part in taken:
                planned[invoice_line] += part
            credits += taken
            missing += rest
        if missing:
            raise UserError(
                self.env._(
                    "%(missing)g %(unit)s of “%(line)s” can't be refunded: no posted "
                    "invoice has that much left to be credited. Have it invoiced, or "
                    "look at the earlier credit notes.",
                    missing=missing,
                    unit=self.product_id.uom_id.name,
                    line=self.display_name,
                )
            )
        for invoice in {invoice_line.move_id for invoice_line, _part in credits}:
            invoice._ensure_aftersales_open()
        return credits

    def _get_refunded_sale_lines(self):
        """The order lines to refund: of what came back, else of what was delivered.

        :return: [(sale.order.line, quantity in the product's unit)]
        """
        self.ensure_one()
        due = self._get_refund_due()
        if self._is_return_expected():
            given = self._get_due_quantity() - due
            sources = [
                (move.sale_line_id, quantity)
                for move, quantity in self._get_received_sources(given)
            ]
        elif self.asset_id.sale_line_id:
            sources = [(self.asset_id.sale_line_id, due)]
        else:
            sources = [
                (move.sale_line_id, quantity)
                for move, quantity in self._get_return_sources()
            ]
        taken, missing = allocation.allocate(
            due, [s for s in sources if s[0]], self.product_id.uom_id.rounding
        )
        if missing:
            raise UserError(
                self.env._(
                    "The sale of “%s” is not known: accounting must credit it by hand.",
                    self.display_name,
                )
            )
        by_sale_line = defaultdict(float)
        for sale_line, quantity in taken:
            by_sale_line[sale_line] += quantity
        self._ensure_sold_as_such(by_sale_line)
        return list(by_sale_line.items())

    def _ensure_sold_as_such(self, sale_lines):
        for sale_line in sale_lines:
            if sale_line.product_id != self.product_id:
                raise UserError(
                    self.env._(
                        "“%(line)s” was sold as a part of “%(kit)s” and has no price "
                        "of its own: claim “%(kit)s” as a whole, or have accounting "
                        "credit a part by hand.",
                        line=self.display_name,
                        kit=sale_line.product_id.display_name,
                    )
                )

    # -- the credit note

    def _make_credit_note(self, claim, invoice, credits):
        """A draft credit note of `invoice` through the core's wizard.

        :param credits: [(claim line, invoice line, quantity in the product's unit)]
        """
        today = claim.company_id._aftersales_today()
        wizard = (
            self.env["account.move.reversal"]
            .with_company(invoice.company_id)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(self._prepare_reversal_vals(claim, invoice, today))
        )
        wizard.refund_moves()
        credit_note = wizard.new_move_ids
        self._keep_credited(credit_note, credits)
        credit_note._propose_aftersales_payment_refund(claim)
        for move, origin in ((credit_note, claim), (claim, credit_note)):
            move.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": move, "origin": origin},
                subtype_xmlid="mail.mt_note",
            )
        return credit_note

    def _make_allowance(self, invoice_line, amount):
        """A draft credit note of `amount` on an invoice line, taxed as its price is.

        The customer keeps the goods and their price on the order: no quantity is
        credited.
        """
        self.ensure_one()
        credit_note = self._make_credit_note(
            self.claim_id, invoice_line.move_id, [(self, invoice_line, 1.0)]
        )
        line = credit_note.invoice_line_ids.filtered(
            lambda ln: ln.aftersales_reversed_line_id == invoice_line
        )
        # What the remedy refunds besides, as the shipping, is not a part of it.
        (credit_note.invoice_line_ids - line).unlink()
        line.write(
            {
                "aftersales_reversed_line_id": False,
                "discount": 0.0,
                "price_unit": amount,
                "product_uom_id": line.product_id.uom_id.id,
                "quantity": 1.0,
                "sale_line_ids": [Command.clear()],
            }
        )
        return credit_note

    def _prepare_reversal_vals(self, claim, invoice, date):
        values = {
            "date": date,
            "journal_id": invoice.journal_id.id,
            "reason": " · ".join(
                part
                for part in (
                    claim.name,
                    claim.type_id.with_context(lang=invoice.partner_id.lang).name,
                )
                if part
            ),
        }
        codes = self._get_reason_codes(invoice)
        known = self.env["account.move.reversal"]._fields
        return {**values, **{k: v for k, v in codes.items() if k in known}}

    def _get_reason_codes(self, invoice):
        """Reason codes that e-invoicing asks for, by the field of the core's wizard."""
        is_returned = any(line._is_return_expected() for line in self)
        # 83: the base changes by a rebate; 10: less was delivered.
        codes = {"l10n_es_edi_facturae_reason_code": "10" if is_returned else "83"}
        if "l10n_es_edi_verifactu_required" in invoice._fields and (
            invoice.l10n_es_edi_verifactu_required
        ):
            # Goods that go back and rebates change the base by art. 80.1 and 80.2.
            reason = "R5" if invoice.l10n_es_is_simplified else "R1"
            codes["l10n_es_edi_verifactu_refund_reason"] = reason
        return codes

    def _keep_credited(self, credit_note, credits):
        """Leave on the full reversal what is credited, and add the fee."""
        wanted = defaultdict(list)
        for line, invoice_line, quantity in credits:
            wanted[invoice_line].append((line, quantity))
        shipping = self._get_shipping_lines(credit_note, credits)
        commands = []
        for copied in credit_note.invoice_line_ids:
            origin = copied.aftersales_reversed_line_id
            parts = wanted.get(origin)
            if parts:
                first, *others = parts
                commands.append(
                    Command.update(
                        copied.id, first[0]._prepare_credit_vals(copied, first[1])
                    )
                )
                for line, quantity in others:
                    values = copied.with_context(
                        include_business_fields=True
                    ).copy_data()[0]
                    values.pop("move_id", None)
                    values.update(
                        line._prepare_credit_vals(copied, quantity),
                        aftersales_reversed_line_id=origin.id,
                    )
                    commands.append(Command.create(values))
            elif origin not in shipping:
                commands.append(Command.delete(copied.id))
        commands += self._prepare_fee_commands(credit_note, credits)
        credit_note.write({"invoice_line_ids": commands})
        for copied in credit_note.invoice_line_ids:
            if copied.aftersales_reversed_line_id in shipping:
                copied.aftersales_claim_line_id = credits[0][0]

    def _prepare_credit_vals(self, copied, quantity):
        """Values of the credit note's line for `quantity` (product's unit)."""
        uom, invoice_uom = self.product_id.uom_id, copied.product_uom_id
        converted = uom._compute_quantity(
            quantity, invoice_uom, rounding_method="HALF-UP"
        )
        back = invoice_uom._compute_quantity(converted, uom, round=False)
        values = {"aftersales_claim_line_id": self.id, "quantity": converted}
        if abs(back - quantity) > 1e-6:
            # One unit of a dozen: credited in units, at the price of a unit.
            values.update(
                quantity=quantity,
                product_uom_id=uom.id,
                price_unit=invoice_uom._compute_price(copied.price_unit, uom),
            )
        if not self._is_return_expected():
            # The customer keeps the goods: the order stays delivered and invoiced.
            values["sale_line_ids"] = [Command.clear()]
        return values

    def _prepare_fee_commands(self, credit_note, credits):
        """Lines that keep the restocking fee back."""
        commands = []
        for line, invoice_line, quantity in credits:
            percent = line.restocking_percent
            if not percent or line.remedy != "refund" or not line._is_return_expected():
                continue
            billed = invoice_line._get_aftersales_quantity()
            price = invoice_line._get_aftersales_gross()
            price *= invoice_line._get_aftersales_paid_share()
            product = self.env.ref("aftersales_service.product_restocking_fee")
            product = product.with_context(lang=credit_note.partner_id.lang)
            commands.append(
                Command.create(
                    {
                        "product_id": product.id,
                        "name": f"{product.name} ({percent:g} %)",
                        "quantity": -1,
                        "price_unit": credit_note.currency_id.round(
                            price * quantity / billed * percent / 100
                        ),
                        "tax_ids": [Command.set(invoice_line.tax_ids.ids)],
                        "aftersales_claim_line_id": line.id,
                    }
                )
            )
        return commands

    def _get_shipping_lines(self, credit_note, credits):
        """Invoice lines of the delivery's cost that are refunded as well, but once."""
        if not any(line.is_shipping_refunded for line, *_rest in credits):
            return self.env["account.move.line"]
        return credit_note.reversed_entry_id.invoice_line_ids.filtered(
            lambda invoice_line: invoice_line._is_aftersales_shipping()
            and invoice_line._get_aftersales_credits().move_id <= credit_note
        )

    # -- following

    def _is_refunded_by(self, credit):
        """Whether `credit`, made without the claim, refunds what this line is due."""
        self.ensure_one()
        return credit.product_id == self.product_id and bool(self._get_refund_due())

    def _adopt_refund(self, credit):
        """Take `credit`, posted without the claim, instead of an own draft."""
        self.ensure_one()
        credit.aftersales_claim_line_id = self

    def _get_given_quantity(self):
        given = super()._get_given_quantity()
        if self.remedy == "refund":
            given += self.refunded_quantity + self.uninvoiced_quantity
        return given

    def _has_live_documents(self):
        return super()._has_live_documents() or bool(
            self.refund_ids.filtered(lambda m: m.state != "cancel")
        )

    def _get_documents_objection(self):
        objection = super()._get_documents_objection()
        if not objection and self.refund_ids.filtered(lambda m: m.state == "posted"):
            objection = self.env._(
                "The credit note is posted: the decision can't be taken back any more."
            )
        return objection

    def _cancel_documents(self):
        result = super()._cancel_documents()
        self.refund_ids.filtered(lambda m: m.state == "draft").button_cancel()
        return result

    def action_view_refunds(self):
        """Open the credit notes of the lines."""
        self.check_access("read")
        return self.refund_ids._get_records_action(name=self.env._("Credit Notes"))
