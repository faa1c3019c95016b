# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_free_location_id = fields.Many2one(
        "stock.location",
        string="Goods Given Free",
        check_company=True,
        readonly=True,
        help="Replacements are delivered to this customer location; its account takes "
        "their cost.",
    )

    def _get_aftersales_free_location(self):
        """The customer location whose account takes the cost of what is given free."""
        self.ensure_one()
        # Whoever replaces goods need not be a stock manager.
        company = self.sudo()
        if not company.aftersales_free_location_id:
            company.lock_for_update()
            parent = self.env.ref("stock.stock_location_customers", False)
            company.aftersales_free_location_id = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Given Free"),
                        "usage": "customer",
                        "location_id": parent and parent.id,
                        "company_id": company.id,
                    }
                )
            )
        return company.aftersales_free_location_id

    # -- closing of stock that is not valued at once

    def _get_location_valuation_vals(self, at_date=None, location_domain=False):
        values = super()._get_location_valuation_vals(at_date, location_domain)
        if location_domain:
            return values
        balances = self._get_aftersales_balances(at_date)
        for (account, counterpart), balance in balances.items():
            if account and counterpart and not self.currency_id.is_zero(balance):
                values += self._prepare_inventory_aml_vals(
                    account,
                    counterpart,
                    balance,
                    self.env._("Closing: goods given free and what came back for them"),
                )
        return values

    def _get_aftersales_balances(self, at_date):
        """What the core's closing by location misses of after-sales.

        :return: {(account to debit, account to credit): amount}
        """
        free = self.aftersales_free_location_id
        balances = defaultdict(float)
        period = Domain(
            [
                ("company_id", "=", self.id),
                ("aftersales_claim_line_id", "!=", False),
                ("product_id.is_storable", "=", True),
                ("product_id.valuation", "=", "periodic"),
            ]
        )
        last = self._get_last_closing_date()
        if last:
            period &= Domain("date", ">", last)
        if at_date:
            period &= Domain("date", "<=", at_date)
        groups = (
            (1, Domain("is_out", "=", True) & Domain("location_dest_id", "=", free.id)),
            (-1, Domain("is_in", "=", True) & Domain("aftersales_is_exchange", "=", 1)),
        )
        for sign, domain in groups:
            for category, value in self.env["stock.move"]._read_group(
                period & domain, ["product_category_id"], ["value:sum"]
            ):
                category = category.with_company(self)
                expense = category.aftersales_expense_account_id
                default = free.valuation_account_id
                stock = (
                    category.property_stock_valuation_account_id
                    or self.account_stock_valuation_id
                )
                if sign < 0:
                    balances[expense or default, stock] -= value
                elif expense:
                    # The core has debited the location's account.
                    balances[expense, default] += value
        return balances


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_free_account_id = fields.Many2one(
        "account.account",
        string="Expense Account of Goods Given Free",
        compute="_compute_aftersales_free_account_id",
        inverse="_inverse_aftersales_free_account_id",
        help="Takes the cost of replacements, at once with automatic inventory "
        "valuation, else when the stock is closed.",
    )

    def _compute_aftersales_free_account_id(self):
        for settings in self:
            location = settings.company_id.aftersales_free_location_id
            settings.aftersales_free_account_id = location.valuation_account_id

    def _inverse_aftersales_free_account_id(self):
        for settings in self:
            location = settings.company_id._get_aftersales_free_location()
            location.valuation_account_id = settings.aftersales_free_account_id
