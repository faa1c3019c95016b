# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestQr(AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB/1 ñ&?"])
        cls.untracked = cls._sell(cls.helmet)

    def _scan(self, url, login=None):
        """Path and query of where the code leads `login`."""
        self.authenticate(login, login)
        parts = urlsplit(url)
        answer = self.url_open(f"{parts.path}?{parts.query}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        target = urlsplit(answer.headers["Location"])
        return target.path, parse_qs(target.query)

    def test_owner_lands_on_the_product(self):
        for asset in (self.asset, self.untracked):
            path, _query = self._scan(asset._get_qr_url(), "test_marta")
            self.assertEqual(path, f"/my/assets/{asset.id}")
            self.assertIn(asset.product_id.name, self.url_open(path).text)

    def test_new_owner_of_a_serial_finds_it_with_the_old_label(self):
        url = self.asset._get_qr_url()
        resold = self.asset.copy({"partner_id": self.stranger.id, "move_id": False})
        path, _query = self._scan(url, "test_jordi")
        self.assertEqual(path, f"/my/assets/{resold.id}")

    def test_staff_open_it_in_the_backend(self):
        path, _query = self._scan(self.asset._get_qr_url(), "test_technician")
        self.assertTrue(path.endswith(f"/{self.asset.id}"))
        self.assertTrue(path.startswith("/odoo/"))

    def test_anybody_else_gets_the_form_with_the_serial_they_hold(self):
        self._create_user("outsider", "base.group_user")
        for login in (None, "test_jordi", "test_outsider"):
            with self.subTest(login=login):
                path, query = self._scan(self.asset._get_qr_url(), login)
                self.assertEqual(path, "/aftersales/claim/new")
                self.assertEqual(query, {"serial": ["EB/1 ñ&?"]})
                path, query = self._scan(self.untracked._get_qr_url(), login)
                self.assertEqual((path, query), ("/aftersales/claim/new", {}))

    @mute_logger("odoo.http")
    def test_a_number_tells_strangers_nothing(self):
        answers = {
            str(self._scan(f"/aftersales/q/{code}", login))
            for code in (self.asset.id, self.untracked.id, 999999, "9" * 30, "x", "²")
            for login in (None, "test_jordi")
        }
        self.assertEqual(answers, {"('/aftersales/claim/new', {})"})
        _path, query = self._scan("/aftersales/q?s=" + "a" * 5000)
        self.assertLessEqual(len(query["serial"][0]), 100)

    def test_labels_hold_the_code_and_fill_the_sheet(self):
        assets = self.asset | self._sell(
            self.bike, serials=[f"EB-{number}" for number in range(25)]
        )
        report = self.env["ir.actions.report"].with_user(self.technician)
        html, _kind = report._render_qweb_html(
            "aftersales_service.report_asset_label", assets.ids
        )
        html = html.decode()
        self.assertEqual(html.count("data:image/svg+xml;base64"), 26)
        self.assertIn("EB-24", html)
        self.assertNotIn(self.customer.name, html)
        self.assertEqual(html.count("page-break-after"), 1)

    def test_labels_speak_the_owners_language(self):
        self._install_language("es_ES")
        self.bike.with_context(lang="es_ES").name = "Bicicleta Tramuntana"
        self.customer.lang = "es_ES"
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_service.report_asset_label", self.asset.ids
        )
        self.assertIn("Bicicleta Tramuntana", html.decode())
        self.assertIn("¿Necesita ayuda?", html.decode())
