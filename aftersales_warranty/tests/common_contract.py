# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from freezegun import freeze_time

from odoo.fields import Command

from .common import WarrantyCommon


class ContractCommon(WarrantyCommon):
    """Terms of a year billed monthly, the service that sells them, and a bike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["aftersales.contract.terms"].create(
            {
                "name": "Yearly maintenance",
                "invoice_period": "month",
                "visits_included": 2,
                "hours_included": 5.0,
                "parts_percent": 50.0,
                "travel_percent": 100.0,
                "excluded_cause_ids": [Command.link(cls.misuse.id)],
                "terms": "<p>Two visits a year.</p>",
            }
        )
        cls.service = cls.env["product.product"].create(
            {
                "name": "Maintenance, per month",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 30.0,
                "taxes_id": [Command.clear()],
                "aftersales_contract_terms_id": cls.terms.id,
            }
        )
        cls.bare_product = cls._create_product(name="Old bike")
        cls.asset = cls._create_asset(product_id=cls.bare_product.id)

    @classmethod
    def _quote_contract(cls, assets=None, start=None, quantity=None, **values):
        line = {
            "product_id": cls.service.id,
            "aftersales_contract_asset_ids": [
                Command.set((cls.asset if assets is None else assets).ids)
            ],
            "aftersales_contract_start": start,
        }
        if quantity is not None:
            line["product_uom_qty"] = quantity
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )

    @classmethod
    def _sell_contract(cls, *args, **values):
        order = cls._quote_contract(*args, **values)
        order.action_confirm()
        return order.order_line.aftersales_contract_ids

    @classmethod
    def _visit(cls, hours=0.0, kind="preventive", **values):
        return cls.env["repair.order"].create(
            {
                "partner_id": cls.customer.id,
                "product_id": cls.asset.product_id.id,
                "asset_id": cls.asset.id,
                "service_kind": kind,
                "service_mode": "onsite",
                "estimated_hours": hours,
                **values,
            }
        )

    def _run(self, cron, moment):
        """Run a scheduled action of this addon at a moment (UTC)."""
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(f"aftersales_warranty.{cron}").method_direct_trigger()
        self.env.invalidate_all()
