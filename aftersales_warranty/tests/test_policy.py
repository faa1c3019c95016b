# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
class TestPolicy(WarrantyCommon):
    def _applied(self, product, company=None):
        template = product.product_tmpl_id
        company = company or self.company
        return template._get_aftersales_warranty_policies(company)[template]

    def _translate(self, source, translation):
        self.legal.update_field_translations("terms", {"es_ES": {source: translation}})

    def test_category_applies_where_the_product_has_none_of_the_kind(self):
        parent = self.env["product.category"].create({"name": "Vehicles"})
        self.category.parent_id = parent
        far = self._create_policy(name="Far", kind="commercial")
        near = self._create_policy(name="Near", kind="commercial")
        extended = self._create_policy(name="Extended", kind="extended")
        parent.aftersales_warranty_policy_ids = far | extended
        self.assertEqual(self._applied(self.product), self.legal | far | extended)
        self.category.aftersales_warranty_policy_ids = near
        self.assertEqual(self._applied(self.product), self.legal | near | extended)
        own = self._create_policy(name="Own", kind="commercial")
        self.product.aftersales_warranty_policy_ids |= own
        self.assertEqual(self._applied(self.product), self.legal | own | extended)
        self.assertEqual(
            self.product.aftersales_applied_policy_ids, self.legal | own | extended
        )

    def test_texts_are_clean(self):
        policy = self._create_policy(name="Two\x00 years")
        self.assertEqual(policy.name, "Two years")
        with self.assertRaisesRegex(ValidationError, "too long"):
            policy.name = "x" * 100_001

    def test_nothing_applies_by_itself(self):
        self.assertTrue(self.env.ref("aftersales_warranty.policy_es_legal").active)
        self.assertFalse(self._applied(self._create_product()))

    def test_archived_policy_no_longer_applies(self):
        self.legal.action_archive()
        self.product.invalidate_recordset()
        self.assertFalse(self._applied(self.product))

    def test_policy_of_another_company_does_not_apply(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        self.legal.company_id = other
        self.assertFalse(self._applied(self.product))
        self.assertEqual(self._applied(self.product, other), self.legal)

    def test_two_legal_warranties_on_a_product(self):
        second = self._create_policy(name="Another law", kind="legal")
        with self.assertRaisesRegex(ValidationError, "two legal warranties"):
            self.product.aftersales_warranty_policy_ids |= second

    def test_two_legal_warranties_by_changing_the_kind(self):
        second = self._create_policy(name="Another law", kind="commercial")
        self.product.aftersales_warranty_policy_ids |= second
        with self.assertRaisesRegex(ValidationError, "two legal warranties"):
            second.kind = "legal"

    def test_two_legal_warranties_from_the_policy(self):
        second = self._create_policy(name="Another law", kind="legal")
        with self.assertRaisesRegex(ValidationError, "two legal warranties"):
            second.product_tmpl_ids = self.product.product_tmpl_id

    def test_one_legal_warranty_for_each_company(self):
        other = self.env["res.company"].create({"name": "Other shop"})
        self.legal.company_id = self.company
        second = self._create_policy(name="Law", kind="legal", company_id=other.id)
        self.product.aftersales_warranty_policy_ids |= second
        self.assertEqual(self._applied(self.product), self.legal)
        self.assertEqual(self._applied(self.product, other), second)

    def _get_policies(self, **partner):
        customer = self.customer.copy(partner)
        return self._create_asset(partner_id=customer.id).warranty_ids.policy_id

    def test_by_rule_for_a_country(self):
        spain, france = self.env.ref("base.es"), self.env.ref("base.fr")
        gift = self._create_policy(
            name="Gift", kind="commercial", apply_by="rule", country_ids=spain.ids
        )
        self.assertEqual(self._get_policies(country_id=spain.id), self.legal | gift)
        self.assertEqual(self._get_policies(country_id=france.id), self.legal)

    def test_by_rule_for_consumers(self):
        self.product.aftersales_warranty_policy_ids = False
        law = self._create_policy(
            name="Law", kind="legal", apply_by="rule", customer_kind="consumer"
        )
        self.assertEqual(self._get_policies(), law)
        self.assertFalse(self._get_policies(is_company=True))

    def test_what_is_attached_goes_before_the_rule(self):
        self._create_policy(name="For all", kind="legal", apply_by="rule")
        self.assertEqual(self._get_policies(), self.legal)
        # Where what is attached does not fit the buyer the rule does.
        self.legal.country_ids = self.env.ref("base.es")
        policy = self._get_policies(country_id=self.env.ref("base.fr").id)
        self.assertEqual(policy.name, "For all")

    def test_second_hand_goods(self):
        self.legal.condition = "new"
        used = self._create_policy(
            name="Used", kind="legal", duration=1, condition="second_hand"
        )
        self.product.aftersales_warranty_policy_ids |= used
        self.assertEqual(self._get_policies(), self.legal)
        self.product.aftersales_is_second_hand = True
        self.assertEqual(self._get_policies(), used)

    def test_by_the_day_of_delivery(self):
        self.legal.valid_from = "2025-05-04"
        self.assertFalse(self._get_policies())
        self.legal.valid_from = "2025-05-03"
        self.assertEqual(self._get_policies(), self.legal)

    def test_two_legal_rules_for_the_same_sales(self):
        rule = {"kind": "legal", "apply_by": "rule"}
        spain, france = self.env.ref("base.es"), self.env.ref("base.fr")
        first = self._create_policy(name="One", country_ids=spain.ids, **rule)
        self._create_policy(name="Two", country_ids=france.ids, **rule)
        with self.assertRaisesRegex(ValidationError, "both apply"):
            self._create_policy(name="Three", customer_kind="consumer", **rule)
        with self.assertRaisesRegex(ValidationError, "both apply"):
            first.country_ids |= france

    def test_presets_leave_the_unsure_alone(self):
        presets = self.env["aftersales.warranty.policy"].with_context(active_test=False)
        presets = presets.search([("source", "!=", False), ("kind", "=", "legal")])
        self.assertGreaterEqual(len(presets), 4)
        for preset in presets:
            with self.subTest(preset.name):
                self.assertTrue(preset.version and preset.date and preset.terms)
                self.assertEqual(preset.apply_by, "attached")
                self.assertFalse(preset.product_tmpl_ids or preset.category_ids)
                self.assertFalse(preset.repair_extension_months and preset.active)

    @mute_logger("odoo.sql_db")
    def test_bad_numbers(self):
        cases = [
            {"covers": [], "duration": 0},
            {"covers": [], "duration": -3},
            {"covers": [], "duration": 101, "duration_unit": "year"},
            {"covers": [{"component": "parts", "percent": -1}]},
            {"covers": [{"component": "parts", "percent": 100.5}]},
            {"covers": [{"component": "parts", "duration": -1}]},
            {"covers": ["parts", "parts"]},
            {"covers": [], "registration_days": -1},
            {"covers": [], "repair_extension_months": -12},
            {"covers": [], "reminder_days": -30},
            {"covers": [], "valid_from": "2026-02-01", "valid_until": "2026-01-31"},
        ]
        for values in cases:
            with (
                self.subTest(values),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._create_policy(**values)

    def test_component_not_longer_than_the_policy(self):
        line = {"component": "labour", "duration": 36, "duration_unit": "month"}
        policy = self._create_policy(covers=[line])
        with self.assertRaisesRegex(ValidationError, "longer than the warranty"):
            policy.coverage_ids.duration = 37
        with self.assertRaisesRegex(ValidationError, "longer than the warranty"):
            policy.duration = 2

    def test_terms_are_shared_until_the_policy_changes(self):
        terms = self.legal._get_current_terms()[self.legal]
        self.assertEqual(self.legal._get_current_terms()[self.legal], terms)
        self.legal.coverage_ids[0].percent = 50
        changed = self.legal._get_current_terms()[self.legal]
        self.assertNotEqual(changed, terms)
        self.assertEqual(terms.coverage[0]["percent"], 100)
        self.assertEqual(changed.coverage[0]["percent"], 50)

    def test_terms_never_change(self):
        terms = self.legal._get_current_terms()[self.legal]
        with self.assertRaises(UserError):
            terms.texts = {"en_US": {}}

    def test_terms_keep_every_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.legal.terms = "<p>Three years</p>"
        self._translate("Three years", "Tres años")
        terms = self.legal._get_current_terms()[self.legal]
        self._translate("Three years", "Otra cosa")
        self.assertIn("Three years", terms.with_context(lang="en_US").terms)
        self.assertIn("Tres años", terms.with_context(lang="es_ES").terms)
        self.assertNotEqual(self.legal._get_current_terms()[self.legal], terms)

    def test_terms_in_a_language_translated_later(self):
        self.legal.terms = "<p>Three years</p>"
        terms = self.legal._get_current_terms()[self.legal]
        self.env["res.lang"]._activate_lang("es_ES")
        self._translate("Three years", "Tres años")
        spanish = terms.with_context(lang="es_ES")
        self.assertIn("Tres años", spanish.terms)
        # Not once the policy says something else than what was sold.
        self.legal.with_context(lang="en_US").terms = "<p>Two years</p>"
        terms.invalidate_recordset()
        self.assertIn("Three years", spanish.terms)

    def test_terms_are_sanitized(self):
        self.legal.terms = (
            '<p style="position:fixed;background:url(http://x.example)">Hello</p>'
            "<script>alert(1)</script>"
        )
        terms = self.legal._get_current_terms()[self.legal].terms
        for bad in ("position", "url(", "script"):
            self.assertNotIn(bad, terms)

    def test_copy_brings_the_coverage(self):
        copied = self.legal.copy()
        self.assertEqual(copied.name, "Legal, 3 years (copy)")
        self.assertEqual(
            copied.coverage_ids.mapped("component"),
            self.legal.coverage_ids.mapped("component"),
        )

    def test_form_of_a_manager(self):
        manager = self._create_user("manager", "aftersales_service.group_manager")
        form = Form(self.env["aftersales.warranty.policy"].with_user(manager))
        form.name = "Five years on the motor"
        form.kind = "commercial"
        form.duration = 5
        with form.coverage_ids.new() as line:
            line.component = "parts"
            line.percent = 80
        policy = form.save()
        self.assertEqual(policy.duration_unit, "year")
        self.assertEqual(policy.coverage_ids.percent, 80)

    def test_form_of_a_product(self):
        groups = "product.group_product_manager,aftersales_service.group_technician"
        user = self._create_user("buyer", groups)
        form = Form(self.env["product.template"].with_user(user))
        form.name = "Folding bike"
        form.categ_id = self.category
        form.aftersales_warranty_policy_ids.add(self.legal)
        self.assertEqual(form.save().aftersales_warranty_policy_ids, self.legal)
