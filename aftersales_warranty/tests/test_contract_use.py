# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractUse(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_user("carer", "aftersales_service.group_user")
        cls.labour = cls.env.ref("aftersales_service.product_labour")
        cls.labour.list_price = 40.0
        cls.travel = cls.env.ref("aftersales_service.product_travel")
        cls.travel.list_price = 25.0
        cls.part = cls.env["product.product"].create(
            {
                "name": "Belt",
                "is_storable": True,
                "list_price": 20.0,
                "standard_price": 8.0,
            }
        )

    @classmethod
    def _claim(cls, asset=None, **values):
        return cls.env["aftersales.claim"].create(
            {
                "subject": "It squeaks",
                "partner_id": cls.customer.id,
                "line_ids": [
                    Command.create(
                        {
                            "asset_id": (asset or cls.asset).id,
                            "product_id": (asset or cls.asset).product_id.id,
                            **values,
                        }
                    )
                ],
            }
        )

    def test_the_contract_decides_after_the_warranties(self):
        contract = self._sell_contract()
        line = self._claim().line_ids
        self.assertEqual(line.coverage, "partial")
        self.assertEqual(line.contract_id, contract)
        self.assertEqual(
            (line.parts_percent, line.labour_percent, line.travel_percent),
            (50.0, 100.0, 100.0),
        )
        self.assertIn(f"Contract {contract.name} until", line.coverage_note)
        self.assertIn("2 of 2 visits", line.coverage_note)
        self.assertEqual(line.coverage_snapshot["rules"]["labour"], contract.name)

    def test_what_a_warranty_pays_takes_nothing_of_the_contract(self):
        asset = self._create_asset()
        self._sell_contract(assets=asset)
        line = self._claim(asset).line_ids
        self.assertEqual(line.coverage, "covered")
        self.assertFalse(line.contract_id)
        self.assertEqual(line.warranty_id.kind, "legal")

    def _decide(self, day=None, cause=None):
        return self.env["aftersales.coverage"]._decide(
            [(self.asset, day or date(2026, 3, 10), cause or self.defect)]
        )[0]

    def test_excluded_causes_and_the_end(self):
        contract = self._sell_contract()
        self.assertEqual(self._decide(cause=self.misuse)["coverage"], "not_covered")
        self.assertEqual(self._decide()["contract"], contract.id)
        self.assertEqual(self._decide(date(2027, 3, 9))["coverage"], "partial")
        late = self._decide(date(2027, 3, 10))
        self.assertEqual(late["coverage"], "not_covered")
        self.assertIn("ended on March 9, 2027", late["note"])
        contract.sale_order_id._action_cancel()
        # What broke before stays covered.
        self.assertEqual(self._decide()["coverage"], "partial")
        late = self._decide(date(2026, 3, 11))
        self.assertEqual(late["coverage"], "not_covered")
        self.assertIn("it was cancelled", late["note"])

    def test_visits_and_hours_are_used_up_and_the_rest_is_quoted(self):
        contract = self._sell_contract()
        first = self._visit(hours=3.0)
        self.assertEqual(first.contract_id, contract)
        self.assertEqual((first.contract_hours, first.contract_visits), (3.0, 1))
        self.assertEqual(contract.left_summary, "1 of 2 visits and 2 of 5 hours")
        second = self._visit(hours=4.0)
        self.assertEqual((second.contract_hours, second.contract_visits), (2.0, 1))
        self.assertEqual(second.contract_left, "0 of 2 visits and 0 of 5 hours")
        third = self._visit(hours=1.0)
        self.assertEqual((third.contract_hours, third.contract_visits), (0.0, 0))
        for repair in first | second | third:
            repair.charge_ids = [Command.create({"product_id": self.travel.id})]
            repair.action_create_sale_order()
        self.assertEqual(first.sale_order_id.amount_untaxed, 0.0)
        # Two of four hours; the way is included.
        self.assertEqual(second.sale_order_id.amount_untaxed, 80.0)
        self.assertEqual(second.customer_amount, 80.0)
        self.assertEqual(third.sale_order_id.amount_untaxed, 65.0)
        line = self._claim().line_ids
        self.assertEqual((line.labour_percent, line.travel_percent), (0.0, 0.0))
        self.assertIn("0 of 2 visits", line.coverage_note)

    def test_a_job_uses_up_nothing_of_its_own_decision(self):
        self._sell_contract()
        job = self._visit(hours=5.0, kind="corrective")
        self.assertEqual(job.contract_hours, 5.0)
        for cause in (self.defect, self.misuse, self.defect):
            job.cause_id = cause
        self.assertEqual(job.coverage_snapshot["percents"]["labour"], 100.0)
        self.assertEqual(job.contract_hours, 5.0)
        # Another one finds none left.
        self.assertEqual(self._claim().line_ids.labour_percent, 0.0)

    def test_a_cancelled_job_gives_back_what_it_took(self):
        contract = self._sell_contract()
        repair = self._visit(hours=5.0)
        self.assertEqual(contract.hours_used, 5.0)
        repair.action_repair_cancel()
        self.assertEqual((contract.hours_used, contract.visits_used), (0.0, 0))

    def test_parts_of_a_planned_visit(self):
        self._sell_contract()
        repair = self._visit(hours=1.0)
        repair.move_ids = [
            Command.create(
                {
                    "repair_line_type": "add",
                    "product_id": self.part.id,
                    "product_uom_qty": 2.0,
                }
            )
        ]
        self.assertEqual(repair.customer_amount, 20.0)
        repair.action_create_sale_order()
        self.assertEqual(repair.sale_order_id.amount_untaxed, 20.0)

    def test_without_limit(self):
        self.terms.write({"unlimited_hours": True, "unlimited_visits": True})
        contract = self._sell_contract()
        repair = self._visit(hours=50.0)
        self.assertEqual(repair.contract_hours, 50.0)
        self.assertFalse(contract.left_summary)
        self.assertEqual(repair.customer_amount, 0.0)

    def test_an_installation_is_no_maintenance(self):
        self._sell_contract()
        self.assertFalse(self._visit(kind="installation").contract_id)

    def test_changed_owner_and_return(self):
        contract = self._sell_contract()
        buyer = self.env["res.partner"].create({"name": "Buyer"})
        self.asset.partner_id = buyer
        line = contract.asset_line_ids
        self.assertEqual(line.date_to, date(2026, 3, 10))
        self.assertEqual(line.end_reason, "It has another owner.")
        with freeze_time("2026-03-11 10:00:00"):
            self.assertFalse(self._visit(partner_id=buyer.id).contract_id)

    def test_what_comes_back_is_covered_again(self):
        contract = self._sell_contract()
        self.asset.state = "returned"
        self.assertFalse(contract._get_assets()[contract])
        with freeze_time("2026-04-01 10:00:00"):
            self.asset.state = "in_service"
        self.assertEqual(contract._get_assets()[contract], self.asset)
        self.assertEqual(
            contract.asset_line_ids.sorted("id")[1].date_from, date(2026, 4, 1)
        )

    def test_what_replaces_it_is_covered(self):
        contract = self._sell_contract()
        new = self._create_asset(product_id=self.bare_product.id)
        self.asset._replace_by(new)
        self.assertEqual(contract._get_assets()[contract], new)
        self.assertEqual(len(contract.asset_line_ids), 2)

    def test_sold_beside_the_product_it_is_for(self):
        order = self._quote_contract(assets=self.env["aftersales.asset"])
        main = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.bare_product.id}
        )
        order.order_line.filtered(
            lambda line: line.product_id == self.service
        ).linked_line_id = main
        order.action_confirm()
        contract = order.order_line.aftersales_contract_ids
        self.assertEqual(contract.state, "draft")
        with freeze_time("2026-03-20 10:00:00"):
            asset = self._create_asset(
                product_id=self.bare_product.id,
                sale_line_id=main.id,
                delivery_date=date(2026, 3, 20),
            )
        self.assertEqual(contract.state, "active")
        self.assertEqual(contract.date_start, date(2026, 3, 20))
        self.assertEqual(contract._get_assets()[contract], asset)

    def test_own_response_time(self):
        fast = self.env["aftersales.sla"].create(
            {
                "name": "Within two hours",
                "target": "first_response",
                "hours": 2.0,
                "is_contract": True,
            }
        )
        self.terms.sla_ids = fast
        self._sell_contract()
        self.assertIn(fast, self._claim().sla_status_ids.sla_id)
        other = self._create_asset(product_id=self.bare_product.id)
        self.assertNotIn(fast, self._claim(other).sla_status_ids.sla_id)
