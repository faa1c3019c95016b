# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_amount, format_date

from ..rules.provision import expected_cost


class AftersalesWarrantyProvision(models.TransientModel):
    """Proposes what to set aside, from what warranties have cost so far."""

    _name = "aftersales.warranty.provision"
    _description = "Warranty Provision"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._aftersales_today()
    )
    months = fields.Integer(
        string="Months of History", default=24, required=True, help="Up to the date."
    )
    journal_id = fields.Many2one(
        "account.journal",
        default=lambda self: self._default_journal_id(),
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
    )
    expense_account_id = fields.Many2one(
        "account.account",
        default=lambda self: self.env.company.aftersales_provision_expense_id,
    )
    provision_account_id = fields.Many2one(
        "account.account",
        default=lambda self: self.env.company.aftersales_provision_account_id,
    )
    line_ids = fields.One2many(
        "aftersales.warranty.provision.line",
        "provision_id",
        compute="_compute_line_ids",
        store=True,
    )
    expected_amount = fields.Monetary(
        string="Expected Cost", compute="_compute_amounts"
    )
    booked_amount = fields.Monetary(string="Set Aside", compute="_compute_amounts")
    amount = fields.Monetary(
        string="To Book", compute="_compute_amounts", help="Expected less set aside."
    )

    _months_range = models.Constraint(
        "CHECK (months > 0 AND months <= 120)", "Look back one month to ten years."
    )

    def _default_journal_id(self):
        company = self.env.company
        return company.aftersales_provision_journal_id or self.env[
            "account.journal"
        ].search([("type", "=", "general"), ("company_id", "=", company.id)], limit=1)

    @api.depends("company_id", "date", "months")
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard._get_history() if wizard.date and wizard.months > 0 else []
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(wizard._prepare_line_vals(*row)) for row in rows),
            ]

    @api.depends("line_ids.amount", "provision_account_id", "date", "company_id")
    def _compute_amounts(self):
        for wizard in self:
            wizard.expected_amount = sum(wizard.line_ids.mapped("amount"))
            wizard.booked_amount = wizard._get_booked()
            wizard.amount = wizard.currency_id.round(
                wizard.expected_amount - wizard.booked_amount
            )

    def _get_booked(self):
        """What the account of the provision holds on the date."""
        if not self.provision_account_id:
            return 0.0
        groups = self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", self.provision_account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", self.date),
            ],
            [],
            ["balance:sum"],
        )
        return -(groups[0][0] or 0.0)

    def _get_history(self):
        """For each policy (id, cost, covered days behind us, covered days to come)."""
        self.env.flush_all()
        first = fields.Date.subtract(self.date, months=self.months)
        return self.env.execute_query(
            SQL(
                """
                WITH days AS (
                    SELECT policy_id,
                        SUM(GREATEST(0, LEAST(date_end, %(today)s)
                            - GREATEST(date_start, %(first)s) + 1)
                            * asset.quantity) AS past,
                        SUM(CASE WHEN warranty.state = 'active' THEN
                            GREATEST(0, date_end
                                - GREATEST(date_start, %(today)s + 1) + 1)
                            * asset.quantity ELSE 0 END) AS future
                    FROM aftersales_warranty warranty
                    JOIN aftersales_asset asset ON asset.id = warranty.asset_id
                    WHERE warranty.company_id = %(company)s
                        AND warranty.state IN ('active', 'expired')
                        AND date_end >= %(first)s
                        AND date_start IS NOT NULL
                    GROUP BY policy_id
                ), costs AS (
                    SELECT warranty.policy_id, SUM(line.cost) AS cost
                    FROM aftersales_claim_line line
                    JOIN aftersales_claim claim ON claim.id = line.claim_id
                    JOIN aftersales_warranty warranty ON warranty.id = line.warranty_id
                    WHERE line.company_id = %(company)s
                        AND line.coverage IN ('covered', 'partial')
                        AND claim.date >= %(first)s
                        AND claim.date < %(today)s + 1
                    GROUP BY warranty.policy_id
                )
                SELECT days.policy_id, COALESCE(costs.cost, 0), days.past, days.future
                FROM days LEFT JOIN costs ON costs.policy_id = days.policy_id
                ORDER BY days.policy_id
                """,
                first=first,
                today=self.date,
                company=self.company_id.id,
            )
        )

    @api.model
    def _prepare_line_vals(self, policy_id, cost, past, future):
        return {
            "policy_id": policy_id,
            "cost": cost,
            "past_years": past / 365.25,
            "future_years": future / 365.25,
            "amount": self.company_id.currency_id.round(
                expected_cost(float(cost), float(past), float(future))
            ),
        }

    def action_create_entry(self):
        """Propose the entry as a draft, its computation in the journal item's note.

        :raises UserError: without accounts, or when there is nothing to book
        """
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only accountants propose entries."))
        accounts = self.journal_id, self.expense_account_id, self.provision_account_id
        if not all(accounts):
            raise UserError(self.env._("Choose the journal and both accounts first."))
        if self.currency_id.is_zero(self.amount):
            raise UserError(self.env._("What is set aside is what is expected."))
        # Remembered for the next time; accountants may not write companies.
        self.company_id.sudo().write(
            {
                "aftersales_provision_journal_id": self.journal_id.id,
                "aftersales_provision_expense_id": self.expense_account_id.id,
                "aftersales_provision_account_id": self.provision_account_id.id,
            }
        )
        return (
            self.env["account.move"].create(self._prepare_entry())._get_records_action()
        )

    def _prepare_entry(self):
        label = self.env._("Warranty provision at %s", format_date(self.env, self.date))
        pairs = (
            (self.expense_account_id, self.amount),
            (self.provision_account_id, -self.amount),
        )
        return {
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "date": self.date,
            "ref": label,
            "narration": self._get_computation(),
            "line_ids": [
                Command.create(
                    {"name": label, "account_id": account.id, "balance": balance}
                )
                for account, balance in pairs
            ],
        }

    def _get_computation(self):
        """How the amount comes about, line by line, as HTML for the entry."""

        def money(amount):
            return format_amount(self.env, amount, self.currency_id)

        sentences = [
            self.env._(
                "%(policy)s: %(cost)s in %(past).1f covered years of the last "
                "%(months)s months; %(future).1f covered years to come: %(amount)s.",
                policy=line.policy_id.display_name,
                cost=money(line.cost),
                past=line.past_years,
                months=self.months,
                future=line.future_years,
                amount=money(line.amount),
            )
            for line in self.line_ids
        ]
        sentences.append(
            self.env._(
                "Expected %(expected)s, set aside %(booked)s, to book %(amount)s.",
                expected=money(self.expected_amount),
                booked=money(self.booked_amount),
                amount=money(self.amount),
            )
        )
        return "<br/>".join(sentences)


class AftersalesWarrantyProvisionLine(models.TransientModel):
    _name = "aftersales.warranty.provision.line"
    _description = "Warranty Provision of a Policy"

    provision_id = fields.Many2one(
        "aftersales.warranty.provision", required=True, ondelete="cascade"
    )
    policy_id = fields.Many2one("aftersales.warranty.policy", readonly=True)
    currency_id = fields.Many2one(related="provision_id.currency_id")
    cost = fields.Monetary(string="Cost So Far", readonly=True)
    past_years = fields.Float(
        string="Years Covered So Far", digits=(16, 1), readonly=True
    )
    future_years = fields.Float(
        string="Years Still Covered", digits=(16, 1), readonly=True
    )
    amount = fields.Monetary(string="Expected Cost", readonly=True)
