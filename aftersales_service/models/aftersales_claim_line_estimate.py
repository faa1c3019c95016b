# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount

from ..rules.repair_or_replace import recommend

#: Done repairs teach for so long.
LEARN_DAYS = 730


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    estimate_source = fields.Char(
        string="Known From", compute="_compute_estimate", help="How it was estimated."
    )
    estimated_repair_cost = fields.Monetary(
        string="Repair Cost",
        compute="_compute_estimate",
        currency_field="company_currency_id",
    )
    repair_hours = fields.Float(compute="_compute_estimate")
    repair_charges_cost = fields.Monetary(
        string="Of It Transport",
        compute="_compute_estimate",
        currency_field="company_currency_id",
        help="Travel and transport that repairs of this product usually take.",
    )
    repair_days = fields.Integer(compute="_compute_estimate")
    repair_customer_amount = fields.Monetary(
        string="Customer Would Pay",
        compute="_compute_estimate",
        currency_field="company_currency_id",
    )
    estimated_replacement_cost = fields.Monetary(
        string="Cost of a New One",
        compute="_compute_estimate",
        currency_field="company_currency_id",
    )
    replacement_days = fields.Integer(compute="_compute_estimate")
    recommended_remedy = fields.Selection(
        [("repair", "Repair"), ("replace", "Replace")], compute="_compute_estimate"
    )
    recommendation = fields.Char(compute="_compute_estimate")
    approved_amount = fields.Monetary(
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
        tracking=True,
        help="Up to what a manager has approved the remedy.",
    )

    @api.depends(
        "product_id",
        "symptom_id",
        "quantity",
        "coverage_snapshot",
        "parts_percent",
        "labour_percent",
        "travel_percent",
        "transport_percent",
        "company_id",
    )
    def _compute_estimate(self):
        learned = self._get_learned()
        for line in self:
            # Costs are out of the agents' reach: the comparison needs them.
            line.update(line.sudo()._get_estimate_vals(learned))

    def _get_learned(self):
        """What done repairs of the same products and symptoms took on average.

        :return: {(company id, product id, symptom id or 0): {"count", "cost",
            "parts_price", "labour_price", "hours", "days", "charges_cost",
            "travel_price", "transport_price"}}, each for one unit of the product
        """
        products = self.product_id
        if not products:
            return {}
        repairs = self.env["repair.order"]
        repairs.flush_model()
        self.env["aftersales.repair.labour"].flush_model(["price", "repair_id"])
        self.env["aftersales.repair.charge"].flush_model(
            ["component", "price", "repair_id"]
        )
        since = fields.Datetime.now() - timedelta(days=LEARN_DAYS)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT company_id, product_id,
                       COALESCE(symptom_id, 0) AS symptom_id,
                       COUNT(*) AS count,
                       AVG(total_cost / product_qty) AS cost,
                       AVG(parts_price / product_qty) AS parts_price,
                       AVG(labour.price / product_qty) AS labour_price,
                       AVG((travel_cost + transport_cost) / product_qty)
                           AS charges_cost,
                       AVG(charge.travel / product_qty) AS travel_price,
                       AVG(charge.transport / product_qty) AS transport_price,
                       AVG(worked_hours / product_qty) AS hours,
                       AVG(EXTRACT(EPOCH FROM done_date - create_date)) / 86400 AS days
                  FROM repair_order
             LEFT JOIN LATERAL (
                       SELECT COALESCE(SUM(price), 0) AS price
                         FROM aftersales_repair_labour
                        WHERE repair_id = repair_order.id
                       ) AS labour ON TRUE
             LEFT JOIN LATERAL (
                       SELECT COALESCE(SUM(price) FILTER (
                                  WHERE component = 'travel'), 0) AS travel,
                              COALESCE(SUM(price) FILTER (
                                  WHERE component = 'transport'), 0) AS transport
                         FROM aftersales_repair_charge
                        WHERE repair_id = repair_order.id
                       ) AS charge ON TRUE
                 WHERE state = 'done' AND service_kind = 'corrective'
                   AND done_date >= %(since)s AND product_qty > 0
                   AND product_id IN %(products)s AND company_id IN %(companies)s
              GROUP BY company_id, product_id, symptom_id
                """,
                since=since,
                products=tuple(products.ids),
                companies=tuple(self.company_id.ids),
            )
        )
        return {
            (row["company_id"], row["product_id"], row["symptom_id"]): row
            for row in rows
        }

    def _get_estimate_vals(self, learned):
        self.ensure_one()
        estimate = self._estimate_from_parts(learned) or self._estimate_from_history(
            learned
        )
        product = self.product_id.with_company(self.company_id)
        replacement = product.standard_price * self.quantity
        in_stock = product.free_qty >= self.quantity
        usual = self._get_usual_parts()
        today = self.company_id._aftersales_today() if self.company_id else None
        obsolete = any(not part._is_available(today) for part in usual)
        remedy, reason = recommend(
            estimate and estimate["cost"], replacement, in_stock, not obsolete
        )
        estimate = estimate or {}
        return {
            "estimate_source": estimate.get("source"),
            "estimated_repair_cost": estimate.get("cost", 0.0),
            "repair_hours": estimate.get("hours", 0.0),
            "repair_charges_cost": estimate.get("charges_cost", 0.0),
            "repair_days": estimate.get("days", 0),
            "repair_customer_amount": self._get_estimated_customer_amount(estimate),
            "estimated_replacement_cost": replacement,
            "replacement_days": 0 if in_stock else self._get_supply_days(product),
            "recommended_remedy": remedy,
            "recommendation": self._get_reasons()[reason],
        }

    def _get_reasons(self):
        return {
            "cheaper": self.env._("The repair costs clearly less than a new one."),
            "dear": self.env._("The repair costs almost as much as a new one."),
            "dearer": self.env._("The repair costs more than a new one."),
            "no_stock": self.env._("There is no new one in stock."),
            "no_parts": self.env._("Its parts are not supplied any more."),
            "unknown": self.env._("There is nothing to compare with yet."),
        }

    def _get_usual_parts(self):
        self.ensure_one()
        return self.env["aftersales.spare.part"]._get_usual(
            self.product_id, self.symptom_id, self.company_id
        )

    def _estimate_from_parts(self, learned):
        """What the spare-part list says; None when it says nothing.

        What it can't know, travel and transport, is what done repairs of the product
        took.
        """
        self.ensure_one()
        parts = self._get_usual_parts()
        if not parts:
            return None
        labour = self.env["aftersales.repair.labour"]._default_product_id()
        labour = labour.with_company(self.company_id)
        hours = sum(parts.mapped("hours")) * self.quantity
        products = [
            (part.product_id.with_company(self.company_id), part.quantity)
            for part in parts
        ]
        quantity = self.quantity
        cost = sum(p.standard_price * each * quantity for p, each in products)
        prices = [(p, p.list_price * each * quantity) for p, each in products]
        charges = self._get_usual_charges(learned)
        waits = [
            0 if product.free_qty >= each * quantity else self._get_supply_days(product)
            for product, each in products
        ]
        return {
            "source": self.env._("spare-part list"),
            "cost": cost + hours * labour.standard_price + charges["charges_cost"],
            "hours": hours,
            "days": max(waits),
            "customer_parts": sum(
                price * (1 - self._get_part_percent(part) / 100)
                for part, price in prices
            ),
            "labour_price": hours * labour.list_price,
            **charges,
        }

    def _get_usual_charges(self, learned):
        """Travel and transport of done repairs of the product, whatever the symptom.

        :param learned: see _get_learned
        :return: {"charges_cost", "travel_price", "transport_price"}, company currency
        """
        self.ensure_one()
        mine = (self.company_id.id, self.product_id.id)
        rows = [row for key, row in learned.items() if key[:2] == mine]
        count = sum(row["count"] for row in rows)
        return {
            name: self.quantity
            * sum(float(row[name] or 0) * row["count"] for row in rows)
            / (count or 1)
            for name in ("charges_cost", "travel_price", "transport_price")
        }

    def _estimate_from_history(self, learned):
        """What done repairs took; None when there were none of this problem."""
        self.ensure_one()
        key = (self.company_id.id, self.product_id.id, self.symptom_id.id or 0)
        row = learned.get(key)
        if not row:
            return None
        values = {
            name: float(row[name] or 0) * self.quantity
            for name in (
                *("cost", "hours", "parts_price", "labour_price", "charges_cost"),
                *("travel_price", "transport_price"),
            )
        }
        share = 1 - self._get_covered_percent("parts") / 100
        return {
            "source": self.env._("%s done repairs", row["count"]),
            "days": round(row["days"] or 0),
            "customer_parts": values.pop("parts_price") * share,
            **values,
        }

    def _get_estimated_customer_amount(self, estimate):
        self.ensure_one()
        return estimate.get("customer_parts", 0.0) + sum(
            estimate.get(f"{component}_price", 0.0)
            * (1 - self._get_covered_percent(component) / 100)
            for component in ("labour", "travel", "transport")
        )

    def _get_supply_days(self, product):
        """How many days the first supplier takes."""
        return int(product.seller_ids[:1].delay)

    # -- approval above an amount

    def _start_remedy(self, remedy):
        self._ensure_remedy_approved(remedy)
        return super()._start_remedy(remedy)

    def _get_remedy_amount(self, remedy):
        """What `remedy` is estimated to cost the company; 0.0 when that is unknown."""
        self.ensure_one()
        amounts = {
            "repair": self.estimated_repair_cost,
            "replace": self.estimated_replacement_cost,
        }
        return amounts.get(remedy, 0.0)

    def _ensure_remedy_approved(self, remedy):
        """Raise UserError for what costs more than a manager has approved."""
        if self.env.user.has_group("aftersales_service.group_manager"):
            return
        for line in self:
            amount = line._get_remedy_amount(remedy)
            # The limit is no secret, but the company's settings are out of reach.
            company = line.company_id.sudo()
            if company._needs_aftersales_approval(amount, line.approved_amount):
                raise UserError(
                    self.env._(
                        "This is estimated at %(amount)s: a manager has to approve it "
                        "first.",
                        amount=format_amount(
                            self.env, amount, line.company_currency_id
                        ),
                    )
                )

    def action_approve_remedy(self):
        """Approve what repair or replacement are estimated to cost.

        :raises AccessError: for those who are no managers
        """
        self._ensure_is_manager()
        for line in self:
            # A manager's decision, checked above; the field is not edited otherwise.
            line.sudo().approved_amount = max(
                line.estimated_repair_cost, line.estimated_replacement_cost
            )
        return True

    def _prepare_repair_vals(self):
        return {
            **super()._prepare_repair_vals(),
            "approved_cost": self.approved_amount,
            "estimated_hours": self.repair_hours,
        }
