# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestLanguages(AftersalesCommon):
    """Everyone reads names and reasons in their own language, whoever wrote them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("es_ES", "ca_ES"):
            cls.env["res.lang"]._activate_lang(code)
        cls.helmet.with_context(lang="es_ES").name = "Casco"
        cls.helmet.with_context(lang="ca_ES").name = "Casc"
        cls.asset = cls._sell(cls.helmet)
        cls.claim = (
            cls._create_claim(cls.asset).with_user(cls.agent).with_context(lang="es_ES")
        )

    def _in(self, record, lang):
        return record.with_context(lang=lang)

    def test_names_of_products(self):
        for lang, name in (("en_US", "Helmet"), ("es_ES", "Casco"), ("ca_ES", "Casc")):
            with self.subTest(lang=lang):
                self.assertEqual(self._in(self.asset, lang).name, name)
                self.assertEqual(self._in(self.asset, lang).display_name, name)
                self.assertEqual(self._in(self.claim, lang).product_names, name)
                line = self._in(self.claim.line_ids, lang)
                self.assertTrue(line.display_name.endswith(name))

    def test_a_product_with_another_name_is_called_by_it(self):
        self.helmet.name = "Hat"
        self.assertEqual(self._in(self.asset, "en_US").name, "Hat")

    def test_they_are_found_in_the_language_of_whoever_looks(self):
        bike = self._sell(self.bike, serials=["EB-77"])
        for lang, term, asset in (
            ("es_ES", "casc", self.asset),
            ("ca_ES", "Casc", self.asset),
            ("en_US", "helm", self.asset),
            ("en_US", "eb-77", bike),
            ("en_US", bike.display_name, bike),
        ):
            assets = self._in(self.env["aftersales.asset"], lang)
            with self.subTest(lang=lang, term=term):
                self.assertIn(asset, assets.search([("name", "ilike", term)]))
                found = [id_ for id_, _name in assets.name_search(term)]
                self.assertIn(asset.id, found)
        claims = self._in(self.env["aftersales.claim"], "es_ES")
        found = claims.search([("product_names", "ilike", "casco")])
        self.assertIn(self.claim, found)
        assets = self.env["aftersales.asset"]
        self.assertNotIn(self.asset, assets.search([("name", "not ilike", "helm")]))

    def test_the_reason_of_a_decision(self):
        line = self.claim.line_ids
        percents = dict.fromkeys(("parts", "labour", "travel", "transport"), 100.0)
        line = line.with_user(self.manager).with_context(lang="es_ES")
        line._override_coverage(percents, "Cortesía")
        for lang in ("en_US", "es_ES", "ca_ES"):
            with self.subTest(lang=lang):
                self.assertIn("Cortesía", self._in(line, lang).coverage_note)
        self.assertIn("Decided by", self._in(line, "en_US").coverage_note)
        self.assertNotIn("Decided by", self._in(line, "es_ES").coverage_note)

    def test_the_reason_of_the_rules(self):
        line = self.claim.line_ids
        notes = {self._in(line, lang).coverage_note for lang in ("es_ES", "ca_ES")}
        self.assertEqual(len(notes), 2)

    def test_one_and_many(self):
        for count, expected in ((0, "1 order ·"), (1, "2 orders ·")):
            for _index in range(count):
                self._sell(self.helmet)
            self.claim.invalidate_recordset()
            history = self._in(self.claim, "en_US").partner_history
            self.assertIn(expected, history)
        self.assertIn("0 other open claims", history)
        self._create_claim()
        self.claim.invalidate_recordset()
        history = self._in(self.claim, "en_US").partner_history
        self.assertIn("1 other open claim ·", history)
        spanish = self._in(self.claim, "es_ES").partner_history
        self.assertIn("1 otra reclamación abierta", spanish)
