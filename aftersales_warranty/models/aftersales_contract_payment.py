# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..rules.contract import unpaid_since
from .aftersales_contract import FIXED_FIELDS

FIXED_FIELDS.add("is_suspension_known")


class AftersalesContract(models.Model):
    """An invoice that is overdue, or paid at last, changes what is covered."""

    _inherit = "aftersales.contract"

    is_suspension_known = fields.Boolean(
        readonly=True,
        copy=False,
        help="What leans on the contract was decided with its invoice overdue.",
    )

    _suspended = models.Index("(id) WHERE is_suspension_known")

    @api.model
    def _cron_follow_payments(self, batch_size=200):
        """Decide anew where an invoice became overdue, or is no longer."""
        strict = Domain("state", "in", ("active", "expired")) & Domain(
            "stops_unpaid", "=", True
        )
        overdue = self._get_dates_domain(
            lambda today: [
                (
                    "sale_line_id.invoice_lines.move_id",
                    "any",
                    [
                        ("state", "=", "posted"),
                        ("move_type", "=", "out_invoice"),
                        ("payment_state", "in", ("not_paid", "partial")),
                        ("invoice_date_due", "<", today),
                    ],
                )
            ]
        )
        known = Domain("is_suspension_known", "=", True)
        self._work_off(
            known | strict & overdue, lambda due: due._follow_suspension(), batch_size
        )

    def _follow_suspension(self):
        self.invalidate_recordset(["is_suspended", "suspended_since"])
        changed = self.filtered(lambda one: one.is_suspended != one.is_suspension_known)
        for contract in changed:
            contract.is_suspension_known = contract.is_suspended
            # One that is over covers nothing, paid or not.
            if contract.is_suspended or contract.is_valid:
                contract._message_log(body=contract._get_suspension_text())
        changed._update_coverage()

    def _get_suspension_text(self):
        self.ensure_one()
        if not self.is_suspended:
            return self.env._("Its invoices are paid: it covers again.")
        return self.env._(
            "An invoice is overdue: it covers nothing since %s.",
            format_date(self.env, self.suspended_since),
        )

    def _follow_paid(self, invoices):
        """`invoices` were paid: what they had stopped goes on."""
        late = self.filtered(
            lambda one: one.stops_unpaid and one._was_stopped_by(invoices)
        )
        late._follow_suspension()
        # Also what was decided before the night noted it.
        late.filtered(lambda one: not one.is_suspended)._update_coverage()

    def _was_stopped_by(self, invoices):
        self.ensure_one()
        own = invoices.filtered(
            lambda move: self.sale_line_id in move.invoice_line_ids.sale_line_ids
        )
        due = own.filtered("invoice_date_due").mapped("invoice_date_due")
        stopped = unpaid_since(due, self.unpaid_days)
        return bool(stopped) and stopped <= self.company_id._aftersales_today()
