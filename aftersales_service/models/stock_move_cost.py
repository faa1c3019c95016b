# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class StockMove(models.Model):
    """Goods given free reach an expense account; what comes back for them lowers it."""

    _inherit = "stock.move"

    def _is_aftersales_free(self):
        """Whether the move gives goods away for a claim."""
        self.ensure_one()
        free = self.company_id.aftersales_free_location_id
        return bool(free) and self.location_dest_id == free

    def _is_aftersales_scrap(self):
        """Whether what came back in exchange is thrown away."""
        self.ensure_one()
        return (
            self.location_dest_id.usage == "inventory"
            and self.aftersales_claim_line_id.remedy == "replace"
        )

    def _get_aftersales_cost(self):
        """What this done move adds to the cost of its claim line."""
        self.ensure_one()
        if self._is_aftersales_free() or self._is_aftersales_scrap():
            return self.value
        return -self.value if self.aftersales_is_exchange else 0.0

    def _is_aftersales_expense(self):
        self.ensure_one()
        return bool(self.aftersales_claim_line_id) and (
            self.aftersales_is_exchange
            or self._is_aftersales_free()
            or self._is_aftersales_scrap()
        )

    def _get_aftersales_expense_account(self):
        """The account that takes the cost: the category's, else the company's."""
        self.ensure_one()
        category = self.product_id.categ_id.with_company(self.company_id)
        return (
            category.aftersales_expense_account_id
            or self.company_id.aftersales_free_location_id.valuation_account_id
        )

    # -- journal and analytic items

    def _should_create_account_move(self):
        if self.aftersales_claim_line_id and self.aftersales_is_exchange:
            return bool(
                self.product_id.is_storable
                and self.is_valued
                and self.product_id.valuation == "real_time"
                # Which account that is, is the accountant's setting.
                and self.sudo()._get_aftersales_expense_account()
            )
        return super()._should_create_account_move()

    def _get_account_move_line_vals(self):
        values_list = super()._get_account_move_line_vals()
        line = self.aftersales_claim_line_id
        if not line:
            return values_list
        if self.aftersales_is_exchange or self._is_aftersales_free():
            # Whoever moves the goods has no rights in accounting.
            expense = self.sudo()._get_aftersales_expense_account()
            stock = self.product_id._get_product_accounts()["stock_valuation"]
            for values in values_list:
                # The core debits what is received and credits what is given.
                is_stock = bool(values["debit"]) == bool(self.is_in)
                values["account_id"] = (stock if is_stock else expense).id
        for values in values_list:
            values["name"] = f"{line.claim_id.name} - {values['name']}"
            values["aftersales_claim_line_id"] = line.id
        return values_list

    def _get_analytic_distribution(self):
        distribution = super()._get_analytic_distribution()
        if distribution or not self._is_aftersales_expense():
            return distribution
        # Which account takes the cost is the accountant's setting, not the user's.
        line = self.aftersales_claim_line_id.sudo()
        account = line._get_analytic_account()
        return {str(account.id): 100} if account else distribution

    def _prepare_analytic_line_values(self, account_field_values, amount, unit_amount):
        values = super()._prepare_analytic_line_values(
            account_field_values, amount, unit_amount
        )
        line = self.aftersales_claim_line_id or self.repair_id.claim_line_id
        if line:
            values["aftersales_claim_line_id"] = line.id
        if self.aftersales_claim_line_id:
            values["ref"] = line.claim_id.name
            values["name"] = f"{line.claim_id.name} · {values['name']}"
        return values
