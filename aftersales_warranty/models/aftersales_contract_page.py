# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesContract(models.Model):
    """What the customer reads of a contract, on paper and in the portal."""

    _inherit = "aftersales.contract"

    def _get_page_vals(self):
        """Everything a customer may know of their contract.

        Callers make sure that it is the customer's.

        :return: dict: ``assets`` (dicts asset, name, first, last), ``included`` (dicts
            label, value), ``excluded`` (text), ``order``, ``periods`` (dicts first,
            last, amount, state, move), ``total``, ``currency``, ``signature``
        """
        self.ensure_one()
        # What belongs to the contract is its customer's to read.
        contract = self.sudo()
        order = contract.sale_order_id
        causes = contract.excluded_cause_ids.mapped("name")
        return {
            "assets": contract._get_asset_rows(),
            "included": contract._get_included_rows(),
            "excluded": ", ".join(causes),
            "order": order,
            "periods": contract._get_period_rows(),
            "total": contract.sale_line_id.price_subtotal,
            "currency": order.currency_id or contract.currency_id,
            "signature": order.signature,
        }

    def _get_asset_rows(self):
        self.ensure_one()
        if self.scope == "park":
            return [
                {
                    "asset": asset,
                    "name": asset.name,
                    "first": self.date_start,
                    "last": self.date_end,
                }
                for asset in self._get_assets()[self]
            ]
        rows = []
        for line in self.asset_line_ids:
            span = line._get_span()
            if span:
                rows.append(
                    {
                        "asset": line.asset_id,
                        "name": line.asset_id.name,
                        "first": span[0],
                        "last": span[1],
                    }
                )
        return rows

    def _get_included_rows(self):
        """What is included, in words for people."""
        self.ensure_one()
        format_number = self.env["res.lang"]._format_aftersales_number
        unlimited = self.env._("without limit")
        rows = [
            (
                self.env._("Visits"),
                unlimited if self.unlimited_visits else f"{self.visits_included}",
                self.unlimited_visits or self.visits_included,
            ),
            (
                self.env._("Hours of work"),
                unlimited
                if self.unlimited_hours
                else format_number(self.hours_included),
                self.unlimited_hours or self.hours_included,
            ),
            (self.env._("Parts"), f"{self.parts_percent:g} %", self.parts_percent),
            (
                self.env._("Travel of these visits"),
                f"{self.travel_percent:g} %",
                self.travel_percent,
            ),
            (
                self.env._("Transport"),
                f"{self.transport_percent:g} %",
                self.transport_percent,
            ),
        ]
        promised = [
            (sla.name, self.env._("%s working hours", format_number(sla.hours)), True)
            for sla in self.sla_ids
        ]
        return [
            {"label": label, "value": value}
            for label, value, is_included in rows + promised
            if is_included
        ]

    def _get_period_rows(self):
        self.ensure_one()
        line = self.sale_line_id
        if not line:
            return []
        share = line.price_subtotal / (line.product_uom_qty or 1.0)
        agreed = line.price_unit or 1.0
        return [
            {
                "first": period.date_from,
                "last": period.date_to,
                "amount": line.currency_id.round(
                    share * period.quantity * self._get_billed_price(period) / agreed
                ),
                "state": period.state,
                "move": period.move_id,
            }
            for period in self.period_ids
        ]

    def _get_portal_invoices(self):
        """The posted invoices of the contract, newest first."""
        self.ensure_one()
        # Its customer sees them in the portal anyway.
        moves = self.sudo().sale_line_id.invoice_lines.move_id
        return moves.filtered(lambda move: move.state == "posted").sorted(
            lambda move: (move.invoice_date, move.id), reverse=True
        )
