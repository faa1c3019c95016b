# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import io

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext
from odoo.tools.pdf import PdfFileReader

from .common import WarrantyCommon

REPORT = "aftersales_warranty.action_report_aftersales_warranty"
SHEET = "aftersales_warranty.action_report_policy_terms"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestReport(WarrantyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"vat": "ESB12345674", "street": "Carrer Major 1", "city": "Barcelona"}
        )
        cls.customer.write({"street": "Plaça Nova 2", "city": "Girona"})
        cls.legal.write(
            {
                "terms": "<p>Free of charge</p>",
                "source": "Act 1 of 2007",
                "version": "7",
            }
        )
        cls.product.tracking = "serial"
        lot = cls.env["stock.lot"].create(
            {"name": "SN-0042", "product_id": cls.product.id}
        )
        cls.warranty = cls._create_asset(lot_id=lot.id).warranty_ids

    def _render(self, records=None, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.env.user)
        html, kind = report._render_qweb_html(REPORT, (records or self.warranty).ids)
        self.assertEqual(kind, "html")
        return html2plaintext(html.decode())

    def test_complete_without_header_and_footer(self):
        text = self._render()
        for fact in (
            "Warranty certificate",
            self.warranty.name,
            self.company.name,
            "ESB12345674",
            "Carrer Major 1",
            "Aina Puig",
            "Girona",
            "Cargo e-bike",
            "SN-0042",
            "May 3, 2025",
            "May 3, 2028",
            "Labour",
            "Dropped",
            "Free of charge",
            "version 7",
            "How to claim",
            "Act 1 of 2007",
        ):
            with self.subTest(fact):
                self.assertIn(fact, text)
        self.assertNotIn("adds to the rights", text)

    def test_commercial_says_that_legal_rights_remain(self):
        gold = self._create_policy(
            name="Gold", kind="commercial", claim_instructions="Call us first."
        )
        product = self._create_product(policies=gold)
        text = self._render(self._create_asset(product_id=product.id).warranty_ids)
        self.assertIn("adds to the rights", text)
        self.assertIn("Call us first.", text)

    def test_void_is_written_on_it(self):
        self.warranty.action_void("Serial filed off")
        text = " ".join(self._render().split())
        self.assertIn("This certificate is void.", text)
        self.assertIn("Serial filed off", text)

    def test_in_the_customer_s_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        self.legal.update_field_translations(
            "terms", {"es_ES": {"Free of charge": "Sin coste"}}
        )
        other = self._create_policy(name="Other", kind="commercial")
        product = self._create_product(policies=other)
        english = self.customer.copy({"lang": "en_US", "name": "John"})
        second = self._create_asset(product_id=product.id, partner_id=english.id)
        text = self._render(self.warranty | second.warranty_ids)
        self.assertIn("3 de mayo de 2028", text)
        self.assertIn("May 3, 2028", text)
        self.assertIn("Sin coste", text)

    def test_technician_may_print(self):
        technician = self._create_user("tech", "aftersales_service.group_technician")
        self.assertIn("SN-0042", self._render(user=technician))
        action = self.warranty.with_user(technician).action_print()
        self.assertEqual(action["report_name"], "aftersales_warranty.report_warranty")

    def test_sheet_of_rights_and_obligations(self):
        self.legal.write(
            {
                "duties": "<p>Oil the chain</p>",
                "territory": "Spain",
                "dispute_resolution": "The arbitration board decides.",
                "requires_proof": True,
                "stops_clock": True,
                "is_transferable": False,
                "excluded_categ_ids": [
                    Command.create({"name": "Tyres"}),
                ],
            }
        )
        warranty = self._create_asset().warranty_ids
        report = self.env["ir.actions.report"]
        sheet, _kind = report._render_qweb_html(SHEET, self.legal.ids)
        for text in (self._render(warranty), html2plaintext(sheet.decode())):
            text = " ".join(text.split())
            for fact in (
                "Your rights and obligations",
                "3 years",
                "Oil the chain",
                "Spain",
                "The arbitration board decides.",
                "Tyres",
                "proof of purchase",
                "it does not pass to another owner",
                "added at the end",
            ):
                with self.subTest(fact):
                    self.assertIn(fact, text)

    def test_code_opens_the_check_page(self):
        url = self.warranty._get_check_url()
        self.assertIn(f"/aftersales/warranty/c/{self.warranty.id}-", url)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            REPORT, self.warranty.ids
        )
        self.assertIn(self.warranty._get_qr_image(), html.decode())

    def test_pdf_of_two_pages(self):
        preset = self.env.ref("aftersales_warranty.policy_es_legal")
        self.product.aftersales_warranty_policy_ids = [Command.set(preset.ids)]
        warranty = self._create_asset().warranty_ids
        with self.allow_pdf_render():
            report = self.env["ir.actions.report"]
            report = report.with_context(force_report_rendering=True)
            pdf, kind = report._render_qweb_pdf(REPORT, warranty.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertEqual(len(PdfFileReader(io.BytesIO(pdf)).pages), 2)
