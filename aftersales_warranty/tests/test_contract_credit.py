# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_contract import ContractCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 10:00:00")
class TestContractCredit(ContractCommon):
    """What a credit note takes back is billed again only if a person says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("counts", "account.group_account_invoice")

    def _bill(self, moment="2026-03-10 10:00:00"):
        self._run("ir_cron_contract_bill", moment)

    def _get_net(self, contract):
        lines = contract.sale_line_id.invoice_lines.filtered(
            lambda line: line.parent_state != "cancel"
        )
        return sum(-line.move_id.direction_sign * line.price_subtotal for line in lines)

    def _credit(self, invoice, is_modify=False, quantity=None):
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(invoice.ids)],
                "journal_id": invoice.journal_id.id,
                "reason": "As agreed",
            }
        )
        (wizard.modify_moves if is_modify else wizard.refund_moves)()
        made = wizard.new_move_ids
        if not is_modify:
            if quantity:
                made.invoice_line_ids.quantity = quantity
            made.action_post()
        return made

    def test_credited_and_billed_again(self):
        contract = self._sell_contract()
        invoice = contract._bill()
        invoice.action_post()
        first = contract.period_ids[0]
        credit = self._credit(invoice)
        self.assertEqual(first.state, "credited")
        self.assertIn("is not billed again", contract.message_ids[0].body)
        self.assertIn("03/10/2026", contract.message_ids[0].body)
        self._bill("2026-03-11 10:00:00")
        self.assertEqual(self._get_net(contract), 0.0)
        self.assertEqual(contract.next_invoice_date, date(2026, 4, 10))
        first.with_user(self.accountant).action_bill_again()
        self.assertEqual(first.state, "due")
        self._bill("2026-03-12 10:00:00")
        self._bill("2026-03-13 10:00:00")
        self.assertEqual(self._get_net(contract), 30.0)
        self.assertEqual(first.state, "billed")
        # A credit note that is withdrawn takes nothing back.
        self.assertEqual(credit.state, "posted")

    def test_a_credit_note_that_is_withdrawn(self):
        contract = self._sell_contract()
        invoice = contract._bill()
        invoice.action_post()
        credit = self._credit(invoice)
        credit.button_draft()
        self.assertEqual(contract.period_ids[0].state, "billed")
        credit.button_cancel()
        self.assertEqual(contract.period_ids[0].state, "billed")
        self._bill("2026-03-12 10:00:00")
        self.assertEqual(self._get_net(contract), 30.0)

    def test_a_draft_credits_nothing(self):
        contract = self._sell_contract()
        invoice = contract._bill()
        invoice.action_post()
        invoice._reverse_moves()
        self.assertEqual(contract.period_ids[0].state, "billed")

    def test_a_part_is_credited_from_the_last_period_back(self):
        contract = self._sell_contract(start=date(2026, 1, 1))
        invoice = contract._bill()
        invoice.action_post()
        self._credit(invoice, quantity=1.0)
        self.assertEqual(
            contract.period_ids[:3].mapped("state"), ["billed", "billed", "credited"]
        )
        contract.period_ids[2].action_bill_again()
        self._bill("2026-03-12 10:00:00")
        self.assertEqual(self._get_net(contract), 90.0)

    def test_a_part_of_the_price_frees_nothing(self):
        contract = self._sell_contract()
        invoice = contract._bill()
        invoice.action_post()
        credit = invoice._reverse_moves()
        credit.invoice_line_ids.price_unit = 12.0
        credit.action_post()
        self.assertEqual(contract.period_ids[0].state, "billed")

    def test_credited_and_billed_in_its_place(self):
        contract = self._sell_contract(start=date(2026, 2, 1))
        invoice = contract._bill()
        invoice.action_post()
        billed = contract.period_ids[:2]
        anew = self._credit(invoice, is_modify=True)
        self.assertEqual(anew.move_type, "out_invoice")
        self.assertEqual(billed.move_id, anew)
        self.assertEqual(set(billed.mapped("state")), {"billed"})
        self._bill("2026-03-11 10:00:00")
        self.assertEqual(self._get_net(contract), 60.0)
        # What was made in its place is credited as well.
        anew.action_post()
        self._credit(anew)
        self.assertEqual(set(billed.mapped("state")), {"credited"})
        self.assertEqual(self._get_net(contract), 0.0)

    def _get_told(self, contract):
        return contract.message_ids.filtered(lambda m: "not billed again" in m.body)

    def test_what_is_billed_in_its_place_is_not_told_as_credited(self):
        contract = self._sell_contract()
        invoice = contract._bill()
        invoice.action_post()
        anew = self._credit(invoice, is_modify=True)
        self.assertFalse(self._get_told(contract))
        anew.action_post()
        self._credit(anew)
        self.assertEqual(len(self._get_told(contract)), 1)

    def test_only_what_is_newly_credited_is_told(self):
        contract = self._sell_contract(start=date(2026, 1, 1))
        invoice = contract._bill()
        invoice.action_post()
        self._credit(invoice, quantity=1.0)
        self._credit(invoice, quantity=1.0)
        last, first = self._get_told(contract)
        self.assertIn("03/01/2026 to 03/31/2026", first.body)
        self.assertIn("02/01/2026 to 02/28/2026", last.body)

    def test_several_invoices_are_billed_anew_each_for_its_days(self):
        contract = self._sell_contract()
        first = contract._bill()
        with freeze_time("2026-04-10 10:00:00"):
            second = contract._bill()
            (first | second).action_post()
            anew = self._credit(first | second, is_modify=True)
        periods = contract.period_ids[:2]
        self.assertEqual(len(periods.move_id), 2)
        self.assertEqual(periods.move_id, anew)
        for period in periods:
            day = period.date_from.strftime("%m/%d/%Y")
            self.assertIn(f"from {day}", period.invoice_line_id.name)

    def test_after_the_credit_the_term_can_be_cut(self):
        contract = self._sell_contract(start=date(2026, 1, 1))
        invoice = contract._bill()
        invoice.action_post()
        with (
            self.assertRaisesRegex(ValidationError, "credit that invoice"),
            self.cr.savepoint(),
        ):
            contract.sale_line_id.product_uom_qty = 2
        self._credit(invoice, quantity=1.0)
        contract.sale_line_id.product_uom_qty = 2
        self.assertEqual(contract.period_ids.mapped("state")[-1], "credited")
        # Cut off: there is nothing to bill again.
        contract.period_ids[-1].action_bill_again()
        self.assertEqual(contract.period_ids.mapped("state"), ["billed", "billed"])
        self._bill("2026-12-01 10:00:00")
        self.assertEqual(self._get_net(contract), 60.0)

    def test_a_term_billed_at_once(self):
        self.terms.invoice_period = "once"
        contract = self._sell_contract(quantity=2)
        invoice = contract._bill()
        invoice.action_post()
        self._credit(invoice)
        contract.sale_line_id.product_uom_qty = 1
        self._bill("2026-03-11 10:00:00")
        self.assertEqual(self._get_net(contract), 0.0)
        contract.period_ids.action_bill_again()
        self.assertEqual(contract.period_ids.quantity, 1.0)
        self._bill("2026-03-12 10:00:00")
        self.assertEqual(self._get_net(contract), 30.0)

    def test_only_what_was_credited_is_billed_again(self):
        contract = self._sell_contract()
        contract._bill()
        contract.period_ids.action_bill_again()
        self.assertEqual(contract.period_ids[0].state, "billed")

    def test_who_may_bill_again(self):
        contract = self._sell_contract()
        agent = self._create_user("agent7", "aftersales_service.group_user")
        with self.assertRaises(AccessError):
            contract.period_ids[0].with_user(agent).action_bill_again()
        manager = self._create_user("boss7", "aftersales_service.group_manager")
        contract.period_ids[0].with_user(manager).action_bill_again()

    def test_an_accountant_without_after_sales_posts_the_credit_note(self):
        contract = self._sell_contract()
        invoice = contract._bill()
        invoice.action_post()
        invoice.with_user(self.accountant)._reverse_moves(cancel=True)
        self.assertEqual(contract.period_ids[0].state, "credited")
