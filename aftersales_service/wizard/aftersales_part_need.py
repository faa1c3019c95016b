# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ..rules import failure as rule

#: The use of so many months past tells what will be used a month.
MONTHS_PAST = 12
#: Moves that stock's own forecast counts.
FORECAST_STATES = ("waiting", "confirmed", "partially_available", "assigned")


class AftersalesPartNeed(models.TransientModel):
    """What spare parts will be needed, against stock and what is on its way."""

    _name = "aftersales.part.need"
    _description = "Spare-Part Need"
    _order = "shortfall desc, needed desc, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    months = fields.Integer(readonly=True, aggregator=None)
    date_to = fields.Date(string="Until", readonly=True)
    planned = fields.Float(
        string="From Plans",
        readonly=True,
        digits="Product Unit",
        help="For repairs and visits that are planned.",
    )
    expected = fields.Float(
        string="From History",
        readonly=True,
        digits="Product Unit",
        help="What failures will take if they come as in the last twelve months.",
    )
    needed = fields.Float(readonly=True, digits="Product Unit")
    on_hand = fields.Float(readonly=True, digits="Product Unit")
    incoming = fields.Float(readonly=True, digits="Product Unit")
    available = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="On hand and incoming until then, less what others will take.",
    )
    shortfall = fields.Float(readonly=True, digits="Product Unit")

    def action_open(self):
        """Look at the need of the next three months in the user's company.

        :raises AccessError: for who is no after-sales agent
        """
        return self._open(3)

    def action_open_month(self):
        """Look at the need of one month; see `action_open`."""
        return self._open(1)

    def action_open_half_year(self):
        """Look at the need of six months; see `action_open`."""
        return self._open(6)

    @api.model
    def _open(self, months):
        if not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(self.env._("Only after-sales agents plan spare parts."))
        company = self.env.company
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        # Agents need no stock rights to know what there is of a part.
        self.create(self.sudo()._prepare_needs(company, months))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.aftersales_part_need_action"
        )
        until = fields.Date.add(company._aftersales_today(), months=months)
        return {
            **action,
            "name": self.env._(
                "Spare-Part Need until %s", format_date(self.env, until)
            ),
            "domain": [("create_uid", "=", self.env.uid)],
        }

    def action_replenish(self):
        """Open the core's replenishment of the part, with what is short.

        :raises AccessError: for who may not replenish stock
        """
        self.ensure_one()
        self.check_access("read")
        self.env["product.replenish"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Replenish"),
            "res_model": "product.replenish",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_product_id": self.product_id.id,
                "default_quantity": self.shortfall,
            },
        }

    @api.model
    def _prepare_needs(self, company, months):
        """Values of a line for each part that is needed, in a few queries."""
        today = company._aftersales_today()
        date_to = fields.Date.add(today, months=months)
        counted, planned = self._get_planned(company, today, date_to)
        expected = self._get_expected(company, months)
        products = self.env["product.product"].union(*planned, *expected, *counted)
        stock = self._get_stock(products, company, date_to)
        needs = []
        for product in products:
            in_forecast = counted[product]
            wanted = planned[product] + in_forecast
            needed = product.uom_id.round(wanted + expected[product])
            # Stock's forecast has taken off the repairs that are confirmed.
            available = stock[product]["virtual_available"] + in_forecast
            needs.append(
                {
                    "company_id": company.id,
                    "product_id": product.id,
                    "months": months,
                    "date_to": date_to,
                    "planned": wanted,
                    "expected": expected[product],
                    "needed": needed,
                    "on_hand": stock[product]["qty_available"],
                    "incoming": stock[product]["incoming_qty"],
                    "available": available,
                    "shortfall": product.uom_id.round(
                        rule.shortfall(wanted, expected[product], available)
                    ),
                }
            )
        return needs

    @api.model
    def _get_planned(self, company, date_from, date_to):
        """What is planned: ({product: quantity that stock's forecast knows of},
        {product: quantity that it does not})"""
        counted, planned = defaultdict(float), defaultdict(float)
        groups = self.env["stock.move"]._read_group(
            self._get_open_parts_domain(company)
            & Domain("state", "in", FORECAST_STATES)
            & Domain("date", "<", fields.Date.add(date_to, days=1)),
            ["product_id"],
            ["product_qty:sum"],
        )
        for product, quantity in groups:
            counted[product] += quantity
        for product, quantity, _day in company._get_planned_parts(date_from, date_to):
            planned[product] += quantity
        return counted, planned

    @api.model
    def _get_open_parts_domain(self, company):
        return (
            Domain("repair_id", "!=", False)
            & Domain("repair_line_type", "=", "add")
            & Domain("company_id", "=", company.id)
        )

    @api.model
    def _get_expected(self, company, months):
        """{product: quantity that failures take in so many months}

        Preventive care is planned: only the other repairs tell what is not.
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), months=MONTHS_PAST)
        groups = self.env["stock.move"]._read_group(
            self._get_open_parts_domain(company)
            & Domain("state", "=", "done")
            & Domain("date", ">=", since)
            & Domain("repair_id.service_kind", "!=", "preventive"),
            ["product_id"],
            ["product_qty:sum"],
        )
        expected = defaultdict(float)
        for product, quantity in groups:
            expected[product] = quantity / MONTHS_PAST * months
        return expected

    @api.model
    def _get_stock(self, products, company, date_to):
        """{product: the core's quantities in the company's warehouses until then}"""
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)]
        )
        located = products.with_company(company).with_context(
            warehouse_id=warehouses.ids
        )
        quantities = located._compute_quantities_dict(
            None, None, None, to_date=fields.Date.add(date_to, days=1)
        )
        return {product: quantities[product.id] for product in products}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_planned_parts(self, date_from, date_to):
        """The parts that planned work needs between two Dates, both included.

        Those of confirmed repairs are left out: stock's own forecast has them. Extended
        by plans, which know of visits that have no repair yet.

        :return: [(product.product, quantity in its unit, Date)], as superuser
        """
        # Sums of what is needed, for callers who may plan spare parts.
        moves = self.env["stock.move"].sudo().search(self._get_draft_parts_domain())
        planned = [
            (move.product_id, move.product_qty, self._get_planned_day(move))
            for move in moves
        ]
        return [part for part in planned if date_from <= part[2] <= date_to]

    def _get_draft_parts_domain(self):
        """The parts of repairs that nobody has confirmed. To be extended."""
        return (
            Domain("repair_id.state", "=", "draft")
            & Domain("repair_line_type", "=", "add")
            & Domain("state", "=", "draft")
            & Domain("company_id", "in", self.ids)
        )

    @api.model
    def _get_planned_day(self, move):
        """The Date for which the part is wanted: one that is late is wanted today."""
        company = move.company_id
        day = company._aftersales_date(move.repair_id.schedule_date or move.date)
        return max(day, company._aftersales_today())
