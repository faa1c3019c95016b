# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models

from .aftersales_contract_period import WAITING_STATES


class AftersalesContract(models.Model):
    """A price for each product: who comes or leaves changes what is billed next."""

    _inherit = "aftersales.contract"

    def _is_priced_each(self):
        """Whether its price is for each of the products that it names."""
        self.ensure_one()
        return self.scope == "asset" and self.terms_id.price_per_asset

    def _get_billed_price(self, periods):
        """Unit price of `periods`: each is for what is covered on its first day.

        The order keeps the price of those for which it was signed.
        """
        self.ensure_one()
        line = self.sale_line_id
        sold = len(line.aftersales_contract_asset_ids)
        quantity = sum(periods.mapped("quantity"))
        if not self._is_priced_each() or not sold or not quantity:
            return line.price_unit
        covered = sum(
            period.quantity * self._count_covered(period.date_from, sold)
            for period in periods
        )
        if covered == sold * quantity:
            return line.price_unit
        return line.currency_id.round(line.price_unit / sold * covered / quantity)

    def _count_covered(self, day, sold):
        """How many products are paid for on `day`; where there is none, those sold."""
        self.ensure_one()
        spans = [line._get_span() for line in self.asset_line_ids]
        return sum(bool(span) and span[0] <= day <= span[1] for span in spans) or sold


class AftersalesContractAsset(models.Model):
    _inherit = "aftersales.contract.asset"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._ask_for_price()
        return lines

    def _ask_for_price(self):
        """What comes when all is billed is charged by nobody else than a person."""
        for contract, lines in self.grouped("contract_id").items():
            # Whoever adds a product need not see what was billed.
            waiting = contract.sudo().period_ids.filtered(
                lambda period: period.state in WAITING_STATES
            )
            user = contract.user_id.filtered("active")
            if (
                contract.state != "active"
                or not contract.sale_line_id
                or not contract._is_priced_each()
                or waiting
                or not user
            ):
                continue
            env = contract.with_context(lang=user.lang).env
            contract.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=env._("Agree on the price of what came to the contract"),
                note=", ".join(lines.asset_id.mapped("display_name")),
                user_id=user.id,
            )
