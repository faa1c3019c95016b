# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..models.aftersales_compensation import BOOKED_KINDS, KINDS
from ..rules import compensation


class AftersalesClaimLineCompensate(models.TransientModel):
    _name = "aftersales.claim.line.compensate"
    _description = "Compensate"
    _inherit = "aftersales.text.mixin"

    line_id = fields.Many2one("aftersales.claim.line", required=True)
    company_id = fields.Many2one(related="line_id.company_id")
    kind = fields.Selection(KINDS, required=True, default="discount", string="Give a")
    currency_id = fields.Many2one("res.currency", compute="_compute_terms")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="What the customer gets, tax included.",
    )
    is_amount_fixed = fields.Boolean(compute="_compute_terms")
    date_until = fields.Date(
        string="Valid Until",
        compute="_compute_date_until",
        store=True,
        readonly=False,
        precompute=True,
    )
    note = fields.Char(string="Why", help="For colleagues.")
    limit_note = fields.Char(compute="_compute_limit_note")
    problem = fields.Char(compute="_compute_terms")

    @api.depends("line_id", "kind")
    def _compute_terms(self):
        for wizard in self:
            amount = wizard.amount + 1
            wizard.currency_id, possible, wizard.problem = wizard._get_terms(amount)
            # The amount of a coupon is its program's.
            wizard.is_amount_fixed = possible != amount

    @api.depends("line_id", "kind")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard._get_terms(wizard.amount)[1]

    def _get_terms(self, amount):
        """(currency, amount, what stands against it in words or False)"""
        # Agents have no rights in accounting and sales: only the terms are looked up.
        records = self.env["aftersales.compensation"].sudo()
        line = self.line_id.sudo()
        try:
            return *records._get_terms(line, self.kind, amount), False
        except UserError as error:
            return line.company_id.currency_id, amount, error.args[0]

    @api.depends("kind", "line_id")
    def _compute_date_until(self):
        for wizard in self:
            # How long is no secret, but the company's settings are out of reach.
            company = wizard.line_id.company_id.sudo()
            days = timedelta(days=company.aftersales_compensation_days)
            wizard.date_until = (
                company
                and wizard.kind not in BOOKED_KINDS
                and company._aftersales_today() + days
            )

    @api.depends("amount", "currency_id", "line_id")
    def _compute_limit_note(self):
        for wizard in self:
            line = wizard.line_id
            if not line or not wizard.amount:
                wizard.limit_note = False
                continue
            company = line.company_id
            limits = company._get_aftersales_limits()
            amount = wizard.currency_id._convert(
                wizard.amount, company.currency_id, company, fields.Date.today()
            )
            needed = compensation.decider(amount, limits)
            role = line.claim_id._get_compensation_role()
            wizard.limit_note = not compensation.may_decide(
                role, needed
            ) and self._get_limit_text(needed, company, limits[role])

    def _get_limit_text(self, needed, company, limit):
        limit = format_amount(self.env, limit, company.currency_id)
        if needed == "lead":
            return self.env._(
                "You give up to %s: the lead of the team is asked to approve it.", limit
            )
        if needed == "manager":
            return self.env._(
                "You give up to %s: a manager is asked to approve it.", limit
            )
        return self.env._("This is more than anybody may give.")

    def _prepare_vals(self):
        self.ensure_one()
        return {
            "kind": self.kind,
            "amount": self.amount,
            "date_until": self.date_until,
            "note": self.note,
        }

    def action_confirm(self):
        """Give it, or ask whoever may; the line tells which.

        :raises UserError: for what can't be given
        """
        self.ensure_one()
        record = self.line_id._action_compensate(self._prepare_vals())
        close = {"type": "ir.actions.act_window_close"}
        if record.state != "to_approve":
            return close
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "%s is asked to approve it.", record.sudo().activity_id.user_id.name
                ),
                "next": close,
            },
        }
