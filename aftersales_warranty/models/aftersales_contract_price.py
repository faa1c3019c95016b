# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column, table_exists

from .aftersales_contract_period import WAITING_STATES


class AftersalesContract(models.Model):
    """A price for each product: who comes or leaves changes what is billed next."""

    _inherit = "aftersales.contract"

    def _auto_init(self):
        self._init_price_per_asset()
        return super()._auto_init()

    def _init_price_per_asset(self):
        """Contracts from before this was kept were sold as their terms say."""
        cr, name = self.env.cr, "price_per_asset"
        if table_exists(cr, self._table) and not column_exists(cr, self._table, name):
            create_column(cr, self._table, name, "boolean")
            cr.execute(
                SQL(
                    "UPDATE aftersales_contract SET price_per_asset = TRUE "
                    "FROM aftersales_contract_terms terms "
                    "WHERE terms.id = terms_id AND terms.price_per_asset"
                )
            )

    def _is_priced_each(self):
        """Whether its price is for each of the products that it names."""
        self.ensure_one()
        return self.scope == "asset" and self.price_per_asset

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
        """How many products are paid for on `day`; where there is none, those sold.

        What leaves on that day is not: what takes its place comes on the same one.
        """
        self.ensure_one()
        staying = self.asset_line_ids.filtered(lambda line: line.date_to != day)
        spans = [line._get_span() for line in staying]
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
