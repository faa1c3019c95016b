# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Territory and what the customer must do: they decide, or the answer is unknown."""

from datetime import date

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext

from .common import WarrantyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01 10:00:00")
class TestConditions(WarrantyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spain, cls.andorra, cls.france = (
            cls.env.ref(f"base.{code}") for code in ("es", "ad", "fr")
        )
        cls.agent = cls._create_user("agent", "aftersales_service.group_user")

    def _sell(self, **policy):
        """A product whose only warranty has these terms; the claim line about it."""
        gold = self._create_policy(name="Gold", kind="commercial", **policy)
        product = self._create_product(policies=gold)
        asset = self._create_asset(product_id=product.id)
        claim = self.env["aftersales.claim"].create(
            {
                "subject": "Broken",
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"asset_id": asset.id})],
            }
        )
        return claim.line_ids

    def test_valid_where_the_owner_lives(self):
        places = [Command.set((self.spain | self.andorra).ids)]
        line = self._sell(territory_country_ids=places)
        self.assertEqual(line.coverage, "unknown")
        self.assertEqual(
            line.coverage_note.splitlines(),
            [
                "Commercial warranty is valid in: Andorra, Spain.",
                f"It is not known where {line.asset_id.name} is: enter the country of "
                "its owner.",
            ],
        )
        # The claim follows as soon as somebody enters it.
        self.customer.country_id = self.spain
        self.assertEqual(line.coverage, "covered")
        self.customer.country_id = self.france
        self.assertEqual(line.coverage, "not_covered")
        self.assertEqual(
            line.coverage_note, "Commercial warranty is valid in: Andorra, Spain."
        )

    def test_country_of_the_firm(self):
        firm = self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, "country_id": self.andorra.id}
        )
        self.customer.parent_id = firm
        self.customer.country_id = False
        line = self._sell(territory_country_ids=[Command.link(self.andorra.id)])
        self.assertEqual(line.coverage, "covered")
        firm.country_id = self.france
        self.assertEqual(line.coverage, "not_covered")

    def test_territory_in_words(self):
        line = self._sell(
            territory_country_ids=[Command.link(self.spain.id)],
            territory="the Iberian peninsula",
        )
        self.customer.country_id = self.france
        self.assertIn("valid in: the Iberian peninsula.", line.coverage_note)

    def test_sold_for_all_countries_stays_so(self):
        line = self._sell()
        policy = line.asset_id.warranty_ids.policy_id
        policy.territory_country_ids = self.spain
        self.customer.country_id = self.france
        self.assertEqual(line.coverage, "covered")

    def test_maintenance_by_others_is_entered(self):
        line = self._sell(maintenance_months=12)
        self.assertEqual(line.coverage, "unknown")
        self.assertEqual(
            line.coverage_note.splitlines(),
            [
                "Commercial warranty asks for maintenance by May 3, 2026.",
                f"Nobody has seen a proof that {line.asset_id.name} was maintained in "
                "time: enter the day on the product once you have.",
            ],
        )
        self.env.invalidate_all()
        with Form(line.asset_id.with_user(self.agent)) as form:
            form.maintenance_date = date(2026, 4, 20)
        self.assertEqual(line.coverage, "covered")

    def test_our_own_maintenance_is_known(self):
        line = self._sell(maintenance_months=12)
        repair = self.env["repair.order"].create(
            {
                "asset_id": line.asset_id.id,
                "product_id": line.product_id.id,
                "partner_id": self.customer.id,
                "service_kind": "preventive",
            }
        )
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertEqual(repair.state, "done")
        self.assertEqual(line.coverage, "covered")

    def test_not_registered_in_time(self):
        line = self._sell(start_event="activation", registration_days=30)
        self.assertEqual(line.coverage, "not_covered")
        self.assertEqual(
            line.coverage_note,
            "Commercial warranty was not registered by June 2, 2025.",
        )
        # Staff may still accept it, and the claim follows.
        line.asset_id.warranty_ids.with_user(self.agent).action_activate()
        self.assertEqual(line.coverage, "covered")

    def test_printed_among_what_the_customer_must_do(self):
        line = self._sell(
            maintenance_months=12,
            territory_country_ids=[Command.set((self.spain | self.andorra).ids)],
        )
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "aftersales_warranty.action_report_aftersales_warranty",
            line.asset_id.warranty_ids.ids,
        )
        text = " ".join(html.decode().split())
        self.assertIn("maintained at least every 12 months", text)
        self.assertIn("Valid in: Andorra, Spain.", html2plaintext(text))

    def test_legal_warranty_beside_it(self):
        """A commercial term that can't be judged takes nothing from the law."""
        line = self._sell(maintenance_months=12)
        line.product_id.aftersales_warranty_policy_ids |= self.legal
        self.env["aftersales.warranty"]._issue(line.asset_id)
        line._update_coverage()
        self.assertEqual(line.coverage, "covered")
        self.assertIn("asks for maintenance by May 3, 2026", line.coverage_note)
