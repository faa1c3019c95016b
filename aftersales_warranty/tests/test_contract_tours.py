# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Date
from odoo.tests import HttpCase, new_test_user, tagged

from .common_contract import ContractCommon

DESKTOP, PHONE = "1366x768", "390x844"


@tagged("post_install", "-at_install")
class TestContractTours(ContractCommon, HttpCase):
    def test_staff_starts_and_bills_a_contract(self):
        self.customer.name = "Tour Customer"
        contract = self._sell_contract(assets=self.env["aftersales.asset"])
        new_test_user(
            self.env,
            "mc_lead",
            groups="aftersales_service.group_manager,account.group_account_invoice",
            lang="en_US",
        )
        self.start_tour(
            "/odoo/contracts", "aftersales_warranty_contract_staff", login="mc_lead"
        )
        self.assertEqual(contract.state, "active")
        self.assertEqual(len(contract.sale_line_id.invoice_lines), 1)

    def test_customer_sees_what_is_left_and_goes_on(self):
        owner = new_test_user(
            self.env, "mc_owner", groups="base.group_portal", lang="en_US"
        )
        asset = self._create_asset(
            product_id=self.bare_product.id, partner_id=owner.partner_id.id
        )
        start = Date.add(Date.today(), days=-340)
        contract = self._sell_contract(
            assets=asset, start=start, partner_id=owner.partner_id.id
        )
        contract._offer_renewal()
        self.assertEqual(len(contract.renewal_line_ids), 1)
        for size in (DESKTOP, PHONE):
            with self.subTest(size=size):
                self.browser_size = size
                self.touch_enabled = size == PHONE
                self.start_tour(
                    "/my", "aftersales_warranty_contract_customer", login="mc_owner"
                )
