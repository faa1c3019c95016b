# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    aftersales_claim_ids = fields.Many2many(
        "aftersales.claim",
        string="Claims",
        compute="_compute_aftersales_claim_ids",
        compute_sudo=True,
    )
    aftersales_payment_id = fields.Many2one(
        "account.payment",
        string="Payment to Refund",
        compute="_compute_aftersales_payment_id",
        help="The customer paid by card: it can be refunded on the same transaction.",
    )

    @api.depends("line_ids.aftersales_claim_line_id")
    def _compute_aftersales_claim_ids(self):
        for move in self:
            move.aftersales_claim_ids = move.line_ids.aftersales_claim_line_id.claim_id

    @api.depends("reversed_entry_id.transaction_ids.payment_id", "state")
    def _compute_aftersales_payment_id(self):
        for move in self:
            payment = self.env["account.payment"]
            # Accountants have no rights on claims and transactions: the payment is
            # all that is shown.
            refund = move.sudo()
            if refund.move_type == "out_refund" and refund.aftersales_claim_ids:
                paid = refund.reversed_entry_id.transaction_ids.filtered(
                    lambda tx: tx.state == "done" and tx.payment_id
                )
                payment = paid.payment_id.filtered(
                    lambda p: p.amount_available_for_refund > 0
                )[:1]
            move.aftersales_payment_id = payment

    # -- the claim lines follow

    def _post(self, soft=True):
        posted = super()._post(soft=soft)
        refunds = posted.filtered(lambda m: m.move_type == "out_refund")
        refunds._follow_aftersales_refunds()
        # Receipts are what customers are paid as a compensation.
        receipts = posted.filtered(lambda m: m.move_type == "in_receipt")
        (refunds | receipts)._sync_aftersales()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._sync_aftersales()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._sync_aftersales()
        return result

    def unlink(self):
        # Accountants need no after-sales rights: the claim lines only follow.
        lines = self.sudo().line_ids.aftersales_claim_line_id
        result = super().unlink()
        lines._sync_with_documents()
        return result

    def _sync_aftersales(self):
        # Accountants need no after-sales rights: the claim lines only follow.
        self.sudo().line_ids.aftersales_claim_line_id._sync_with_documents()

    def _follow_aftersales_refunds(self):
        """Give credit notes made without the claim to the line that is refunded."""
        loose = self.invoice_line_ids.filtered(
            lambda ln: ln.aftersales_reversed_line_id
            and ln.sale_line_ids
            and not ln.aftersales_claim_line_id
        )
        if not loose:
            return
        # Accountants need no after-sales rights: the claim lines only follow.
        lines = (
            self.env["aftersales.claim.line"]
            .sudo()
            .search(
                [
                    ("asset_id.sale_line_id", "in", loose.sale_line_ids.ids),
                    ("remedy", "=", "refund"),
                    ("state", "in", ("decided", "in_progress")),
                ],
                order="id",
            )
        )
        for credit in loose.sudo():
            line = lines.filtered(
                lambda ln, c=credit: ln.asset_id.sale_line_id in c.sale_line_ids
                and ln._is_refunded_by(c)
            )[:1]
            if line:
                line._adopt_refund(credit)

    # -- what a claim asks of accounting

    def _get_aftersales_left(self):
        """What is not credited of this invoice, tax included, drafts counted."""
        self.ensure_one()
        credited = self.reversal_move_ids.filtered(lambda m: m.state != "cancel")
        return self.amount_total - sum(credited.mapped("amount_total"))

    def _ensure_aftersales_open(self):
        """Raise UserError when a document like this one could not be posted today."""
        self.ensure_one()
        today = self.company_id._aftersales_today()
        locked = self.company_id._get_violated_lock_dates(
            today, bool(self.invoice_line_ids.tax_ids), self.journal_id
        )
        if locked:
            raise UserError(
                self.env._(
                    "The books are closed until %(date)s: nothing can be made for "
                    "%(document)s.",
                    document=self.name or self.ref,
                    date=max(date for date, _name in locked),
                )
            )
        if not self.commercial_partner_id.active:
            raise UserError(
                self.env._(
                    "%s is archived: no document can be made.",
                    self.commercial_partner_id.display_name,
                )
            )
        self.company_id._ensure_aftersales_rate(self.currency_id, today)

    def _propose_aftersales_payment_refund(self, claim):
        """Remind accounting that the card can be refunded; nobody is paid by itself."""
        self.ensure_one()
        payment = self.aftersales_payment_id
        if not payment:
            return
        user = claim.company_id.aftersales_accounting_user_id or self.invoice_user_id
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Refund the card payment"),
            note=self.env._(
                "The customer paid by card (%s). Once the credit note is posted, "
                "refund it on the same transaction.",
                payment.payment_transaction_id.reference or payment.name,
            ),
            user_id=user.id or self.env.uid,
        )

    def action_aftersales_refund_payment(self):
        """Open the core's refund of the card payment, with this note's amount."""
        self.ensure_one()
        self.check_access("write")
        payment = self.aftersales_payment_id
        if not payment or self.state != "posted":
            raise UserError(self.env._("There is no card payment to refund."))
        amount = min(self.amount_residual, payment.amount_available_for_refund)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund Card Payment"),
            "res_model": "payment.refund.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": "account.payment",
                "active_id": payment.id,
                "default_payment_id": payment.id,
                "default_amount_to_refund": amount,
            },
        }

    def action_view_aftersales_claims(self):
        """Open the claims this credit note belongs to."""
        self.check_access("read")
        # Whom a credit note is for is no secret; opening the claim asks for rights.
        claims = self.sudo().aftersales_claim_ids.with_env(self.env)
        return claims._get_records_action(name=self.env._("Claims"))
