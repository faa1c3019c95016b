# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_portal_scope = fields.Selection(
        [("own", "Only their own"), ("company", "All of their company's")],
        string="Claims Shown to Contacts",
        required=True,
        default="own",
        help="Whether a contact sees in the portal only what is theirs or what "
        "belongs to any contact of the same company.",
    )
    aftersales_analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="After-Sales Analytic Account",
        check_company=True,
        help="Parts used under warranty are booked here unless the claim type says "
        "otherwise.",
    )
    aftersales_accounting_user_id = fields.Many2one(
        "res.users",
        string="Accounting Contact",
        domain=[("share", "=", False)],
        help="Gets the claims that are handed over to accounting.",
    )
    aftersales_approval_amount = fields.Monetary(
        string="Approval Above",
        help="A repair or replacement that costs more needs a manager's approval. "
        "Zero: none does.",
    )
    aftersales_spare_part_years = fields.Integer(
        string="Spare Parts for",
        default=10,
        help="Years for which parts are kept after the end of production.",
    )
    aftersales_rework_days = fields.Integer(
        string="Rework Within",
        default=30,
        help="A repair of the same product so many days after the last is a rework.",
    )
    aftersales_warranty_location_id = fields.Many2one(
        "stock.location",
        string="Warranty Parts Location",
        check_company=True,
        readonly=True,
        help="Parts used under warranty move here; its account takes their cost.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_aftersales_warranty_location()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["aftersales.sla.refresh"]._ask([("company_id", "in", self.ids)])
        return result

    def _create_aftersales_warranty_location(self):
        """Give each company the location that collects parts used under warranty."""
        missing = self.filtered(lambda c: not c.aftersales_warranty_location_id)
        # Whoever may create a company need not be a stock manager.
        locations = (
            self.env["stock.location"]
            .sudo()
            .create(
                [
                    {
                        "name": self.env._("Warranty Repairs"),
                        "usage": "production",
                        "company_id": company.id,
                    }
                    for company in missing
                ]
            )
        )
        for company, location in zip(missing, locations, strict=True):
            company.sudo().aftersales_warranty_location_id = location

    def _needs_aftersales_approval(self, cost, approved):
        """Whether a manager has to approve `cost` when `approved` was so far."""
        self.ensure_one()
        limit = self.aftersales_approval_amount
        return (
            self.currency_id.compare_amounts(limit, 0) > 0
            and self.currency_id.compare_amounts(cost, limit) > 0
            and self.currency_id.compare_amounts(cost, approved) > 0
        )

    def _ensure_aftersales_rate(self, currency, date):
        """Raise UserError when nothing is known of what `currency` is worth."""
        self.ensure_one()
        if currency == self.currency_id:
            return
        known = self.env["res.currency.rate"].search_count(
            [
                ("currency_id", "in", (currency | self.currency_id).ids),
                ("company_id", "in", [False, self.root_id.id]),
                ("name", "<=", date),
            ],
            limit=1,
        )
        if not known:
            raise UserError(
                self.env._(
                    "There is no rate for %s: enter one before a document is made in "
                    "it.",
                    currency.name,
                )
            )

    def _get_aftersales_tz(self):
        """The time zone in which this company's days begin and end."""
        self.ensure_one()
        name = self.partner_id.tz or self.resource_calendar_id.tz or "UTC"
        return pytz.timezone(name)

    def _aftersales_date(self, moment):
        """The Date of `moment` (naive UTC Datetime) in the company's time zone."""
        return pytz.utc.localize(moment).astimezone(self._get_aftersales_tz()).date()

    def _aftersales_today(self):
        """Today's Date in the company's time zone."""
        return self._aftersales_date(fields.Datetime.now())
