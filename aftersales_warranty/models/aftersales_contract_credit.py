# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.tools import format_date


class AftersalesContractPeriod(models.Model):
    """What a credit note took back is settled: it is billed again if somebody says so.

    Who credits a period mostly means that the customer has not to pay it.
    """

    _inherit = "aftersales.contract.period"

    def _find_credited(self):
        """Those of these periods whose bill was taken back; the last ones first."""
        credited = self.browse()
        lines = self.invoice_line_id.filtered("move_id.reversal_move_ids")
        if not lines:
            return credited
        billed = self.search(
            [("invoice_line_id", "in", lines.ids)], order="date_from desc"
        )
        for line, periods in billed.grouped("invoice_line_id").items():
            left = line._get_aftersales_taken_back()
            for period in periods:
                if left < period.quantity:
                    break
                credited |= period
                left -= period.quantity
        return credited & self

    def _get_credited(self, invoices):
        """Those of these invoices that credit notes have taken back."""
        return self.search(
            [
                ("invoice_line_id.move_id", "in", invoices.ids),
                ("state", "=", "credited"),
            ]
        )

    def _tell_credited(self):
        """Say on the contracts what new credit notes took back."""
        for contract, credited in self.grouped("contract_id").items():
            contract._message_log(
                body=self.env._(
                    "%s: credited. It is not billed again, unless you choose “Bill "
                    "Again”.",
                    credited._format_days(),
                )
            )

    def _format_days(self):
        """The days from the first to the last of these periods, in words."""
        return self.env._(
            "%(first)s to %(last)s",
            first=format_date(self.env, min(self.mapped("date_from"))),
            last=format_date(self.env, max(self.mapped("date_to"))),
        )

    def _follow_rebilled(self, old, new):
        """Invoices `new` were made in the place of `old`: they bill the same."""
        made = {(line.sale_line_ids, line.name): line for line in new.invoice_line_ids}
        for period in self.search([("invoice_line_id.move_id", "in", old.ids)]):
            line = period.invoice_line_id
            period.invoice_line_id = made.get((line.sale_line_ids, line.name), line)

    def action_bill_again(self):
        """Have what was credited billed with the next invoice.

        :raises AccessError: for who may not bill contracts
        """
        self.contract_id._ensure_may_bill()
        # Periods are written by nobody: the right to bill was checked.
        self.sudo()._bill_again()
        return True

    def _bill_again(self):
        contracts = self.contract_id
        contracts._take_turn()
        self.invalidate_recordset(["state"])
        credited = self.filtered(lambda period: period.state == "credited")
        for contract, periods in credited.grouped("contract_id").items():
            contract._message_log(
                body=self.env._("%s: to be billed again.", periods._format_days())
            )
        credited.invoice_line_id = False
        # The term may have become shorter since.
        contracts._sync_periods()
