# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Reason codes of Spanish e-invoicing on the credit notes of claims."""

from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.common_compensation import CompensationCommon


@tagged("post_install", "-at_install")
class TestReasonCodes(CompensationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spain = cls.env.ref("base.es")
        cls.customer.write({"country_id": cls.spain.id, "vat": "ES59962470K"})
        cls.company.l10n_es_edi_verifactu_required = True
        cls.invoice = cls._invoice(cls.order)

    def _refund(self, is_returned=False):
        line = self._claim_line()
        if is_returned:
            line.action_create_return()
            self._receive(line)
            self._inspect(line, 1)
        else:
            line.action_create_refund()
        return line.sudo().refund_ids

    def _check(self, note, verifactu, facturae):
        self.assertEqual(note.reversed_entry_id, self.invoice)
        self.assertEqual(note.l10n_es_edi_verifactu_refund_reason, verifactu)
        self.assertEqual(note.l10n_es_edi_facturae_reason_code, facturae)
        note.action_post()
        self.assertEqual(note.state, "posted")
        documents = self.env["l10n_es_edi_verifactu.document"]
        values = note._l10n_es_edi_verifactu_get_record_values()
        complaints = " ".join(documents._check_record_values(values))
        self.assertNotIn("efund reason", complaints)
        self.assertNotIn("Refund Reason", complaints)

    def test_company_is_spanish(self):
        self.assertEqual(self.company.country_id, self.spain)
        self.assertEqual(self.invoice.country_code, "ES")

    def test_goods_came_back(self):
        self._check(self._refund(is_returned=True), "R1", "10")

    def test_customer_keeps_the_goods(self):
        self._check(self._refund(), "R1", "83")

    def test_compensation_is_a_rebate(self):
        given = self._compensate(self._claim_line(), "credit", 10.0)
        self._check(given.sudo().account_line_ids.move_id, "R1", "83")

    def test_simplified_invoice(self):
        self.customer.vat = False
        self.order = self._sell_many((self.helmet, 4))
        self.asset = self._get_assets(self.order)
        self.invoice = self._invoice(self.order)
        self.assertTrue(self.invoice.l10n_es_is_simplified)
        note = self._refund()
        self.assertTrue(note.l10n_es_is_simplified)
        self._check(note, "R5", "83")

    def test_without_verifactu_the_reason_is_accounting_s(self):
        self.company.l10n_es_edi_verifactu_required = False
        note = self._refund()
        self.assertFalse(note.l10n_es_edi_verifactu_refund_reason)
        self.assertEqual(note.l10n_es_edi_facturae_reason_code, "83")

    def test_facturae_says_the_reason(self):
        note = self._refund()
        note.action_post()
        corrective = note._l10n_es_edi_facturae_get_corrective_data()
        self.assertEqual(corrective["ReasonCode"], "83")
