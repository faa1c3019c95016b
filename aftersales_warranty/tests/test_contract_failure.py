# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_contract import ContractCommon

LOGGER = "odoo.addons.aftersales_warranty.models.aftersales_batch_mixin"
WARNING = "mail.mail_activity_data_warning"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractFailure(ContractCommon):
    """What can't be done at night is told to a person, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._create_user("keeps", "sales_team.group_sale_salesman")

    def _fail(self, error):
        def broken(order):
            raise error

        self.patch(type(self.env["sale.order"]), "_prepare_invoice", broken)

    def _bill(self, moment="2026-03-10 10:00:00"):
        with mute_logger(LOGGER):
            self._run("ir_cron_contract_bill", moment)

    def _get_asked(self, contract):
        return contract.activity_search([WARNING])

    def test_a_failed_bill_is_asked_about_once(self):
        contract = self._sell_contract(user_id=self.keeper.id)
        prepare = type(self.env["sale.order"])._prepare_invoice
        self._fail(UserError("There is no journal."))
        self._bill()
        self._bill("2026-03-11 10:00:00")
        asked = self._get_asked(contract)
        self.assertEqual(len(asked), 1)
        self.assertEqual(asked.user_id, self.keeper)
        self.assertIn("There is no journal.", asked.note)
        self.assertEqual(contract.error, "There is no journal.")
        told = contract.message_ids.filtered(lambda m: "no journal" in m.body)
        self.assertEqual(len(told), 1)
        # Answered, but not mended: it is asked again.
        asked.action_done()
        self._bill("2026-03-12 10:00:00")
        self.assertEqual(len(self._get_asked(contract)), 1)
        self.patch(type(self.env["sale.order"]), "_prepare_invoice", prepare)
        self._bill("2026-03-13 10:00:00")
        self.assertEqual(contract.period_ids[0].state, "billed")
        self.assertFalse(contract.error)
        self.assertFalse(self._get_asked(contract))

    def test_in_the_language_of_who_is_asked(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.keeper.lang = "es_ES"
        contract = self._sell_contract(user_id=self.keeper.id)
        self._fail(ValueError("poisoned"))
        self._bill()
        self.assertEqual(
            self._get_asked(contract).summary,
            "El contrato no se pudo facturar o renovar",
        )
        self.assertIn("poisoned", contract.error)

    def test_with_nobody_in_charge_the_contract_says_it(self):
        contract = self._sell_contract(user_id=self.keeper.id)
        self.keeper.active = False
        self._fail(UserError("There is no journal."))
        self._bill()
        self._bill("2026-03-11 10:00:00")
        self.assertEqual(contract.error, "There is no journal.")
        self.assertFalse(self._get_asked(contract))
        told = contract.message_ids.filtered(lambda m: "no journal" in m.body)
        self.assertEqual(len(told), 1)

    def test_a_failed_automatic_renewal(self):
        self.terms.renewal_mode = "automatic"
        contract = self._sell_contract(user_id=self.keeper.id)
        self._run("ir_cron_contract_renew", "2027-02-07 10:00:00")
        other = self._create_asset(product_id=self.bare_product.id)
        good = self._sell_contract(assets=other)
        orders = type(self.env["sale.order"])
        confirm = orders.action_confirm

        def broken(order):
            if order.order_line.aftersales_renews_id == contract:
                raise ValueError("Not today.")
            return confirm(order)

        self.patch(orders, "action_confirm", broken)
        for moment in ("2027-03-09 10:00:00", "2027-03-10 10:00:00"):
            with mute_logger(LOGGER):
                self._run("ir_cron_contract_renew", moment)
        self.assertTrue(good.next_ids)
        self.assertFalse(contract.next_ids)
        self.assertEqual(len(self._get_asked(contract)), 1)
        self.patch(orders, "action_confirm", confirm)
        self._run("ir_cron_contract_renew", "2027-03-11 10:00:00")
        self.assertTrue(contract.next_ids)
        self.assertFalse(self._get_asked(contract))
