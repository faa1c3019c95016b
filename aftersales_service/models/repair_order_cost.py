# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    parts_cost = fields.Monetary(
        compute="_compute_costs",
        store=True,
        currency_field="company_currency_id",
        help="Parts used, at the value with which they left stock.",
    )
    labour_cost = fields.Monetary(
        compute="_compute_costs", store=True, currency_field="company_currency_id"
    )
    travel_cost = fields.Monetary(
        compute="_compute_costs", store=True, currency_field="company_currency_id"
    )
    transport_cost = fields.Monetary(
        compute="_compute_costs", store=True, currency_field="company_currency_id"
    )
    total_cost = fields.Monetary(
        compute="_compute_costs", store=True, currency_field="company_currency_id"
    )
    worked_hours = fields.Float(compute="_compute_worked_hours", store=True)
    parts_price = fields.Monetary(
        compute="_compute_parts_price",
        store=True,
        currency_field="company_currency_id",
        help="Parts at list price, before the warranty is taken off.",
    )
    estimated_cost = fields.Monetary(
        compute="_compute_estimated_cost",
        currency_field="company_currency_id",
        help="Planned parts and hours, travel and transport, at cost.",
    )
    customer_amount = fields.Monetary(
        string="Customer Pays",
        compute="_compute_customer_amount",
        currency_field="company_currency_id",
        help="Parts, labour, travel and transport at list price, less what is covered, "
        "before tax.",
    )

    @api.depends(
        "move_ids.value",
        "move_ids.state",
        "move_ids.repair_line_type",
        "labour_ids.cost",
        "charge_ids.cost",
    )
    def _compute_costs(self):
        for repair in self:
            used = repair.move_ids.filtered(
                lambda m: m.repair_line_type == "add" and m.state == "done"
            )
            repair.parts_cost = sum(used.mapped("value"))
            repair.labour_cost = sum(repair.labour_ids.mapped("cost"))
            for component in ("travel", "transport"):
                repair[f"{component}_cost"] = repair._get_charges(component, "cost")
            repair.total_cost = (
                repair.parts_cost
                + repair.labour_cost
                + repair.travel_cost
                + repair.transport_cost
            )

    @api.depends("labour_ids.hours")
    def _compute_worked_hours(self):
        for repair in self:
            repair.worked_hours = sum(repair.labour_ids.mapped("hours"))

    @api.depends(
        "move_ids.product_uom_qty",
        "move_ids.quantity",
        "move_ids.state",
        "move_ids.repair_line_type",
    )
    def _compute_parts_price(self):
        for repair in self:
            repair.parts_price = repair._sum_parts("list_price")

    @api.depends(
        "parts_cost",
        "labour_cost",
        "charge_ids.cost",
        "estimated_hours",
        "worked_hours",
        "state",
        "move_ids.product_uom_qty",
    )
    def _compute_estimated_cost(self):
        for repair in self:
            # Technicians may not read costs: only the sum is told.
            repair.estimated_cost = repair.sudo()._get_estimated_cost()

    def _get_estimated_cost(self):
        self.ensure_one()
        if self.state == "done":
            return self.total_cost
        labour = self._get_missing_hours() * self._get_hour("standard_price")
        charges = sum(self.charge_ids.mapped("cost"))
        return self._sum_parts("standard_price") + self.labour_cost + labour + charges

    @api.depends(
        "claim_line_id.coverage_snapshot",
        "claim_line_id.parts_percent",
        "claim_line_id.labour_percent",
        "claim_line_id.travel_percent",
        "claim_line_id.transport_percent",
        "under_warranty",
        "parts_price",
        "labour_ids.price",
        "charge_ids.price",
        "estimated_hours",
        "state",
    )
    def _compute_customer_amount(self):
        for repair in self:
            # Whoever sees the repair may know what its customer pays.
            repair.customer_amount = repair.sudo()._get_customer_amount()

    def _get_customer_amount(self):
        self.ensure_one()
        hours = 0.0 if self.state == "done" else self._get_missing_hours()
        amounts = {
            "labour": sum(self.labour_ids.mapped("price"))
            + hours * self._get_hour("list_price"),
            "travel": self._get_charges("travel", "price"),
            "transport": self._get_charges("transport", "price"),
        }
        total = sum(
            amount * (1 - self._get_covered_percent(component) / 100)
            for component, amount in amounts.items()
        )
        return self.company_currency_id.round(total + self._get_customer_parts())

    def _get_customer_parts(self):
        """What the customer pays of the parts: a wear part is not covered like others.

        :return: float, company currency
        """
        self.ensure_one()
        return sum(
            price * (1 - move._get_aftersales_covered_percent() / 100)
            for move, price in self._get_parts_amounts("list_price")
        )

    def _get_missing_hours(self):
        """Hours expected beyond those that are booked already."""
        self.ensure_one()
        return max(self.estimated_hours - self.worked_hours, 0.0)

    def _get_hour(self, field):
        """Cost or price of an hour of the company's labour."""
        self.ensure_one()
        product = self._get_quoted_labour_product()
        return product.with_company(self.company_id)[field] if product else 0.0

    def _get_charges(self, component, field):
        self.ensure_one()
        charges = self.charge_ids.filtered(lambda c: c.component == component)
        return sum(charges.mapped(field))

    def _sum_parts(self, field):
        """The parts put in, at cost or list price of their product."""
        return sum(amount for _move, amount in self._get_parts_amounts(field))

    def _get_parts_amounts(self, field):
        """The parts put in, each at cost or list price of its product.

        :return: [(stock.move, float in company currency)]
        """
        self.ensure_one()
        return [
            (
                move,
                move.product_uom._compute_quantity(
                    move._get_repair_quantity(), move.product_id.uom_id
                )
                * move.product_id.with_company(self.company_id)[field],
            )
            for move in self.move_ids
            if move.repair_line_type == "add" and move.state != "cancel"
        ]
