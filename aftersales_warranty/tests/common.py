# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ALL = ("parts", "labour", "travel", "transport")


class WarrantyCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.tz = "Europe/Madrid"
        cls.customer = cls.env["res.partner"].create(
            {"name": "Aina Puig", "email": "aina@example.com", "lang": "en_US"}
        )
        cls.misuse = cls.env["aftersales.cause"].create(
            {"name": "Dropped", "liability": "customer"}
        )
        cls.defect = cls.env["aftersales.cause"].create(
            {"name": "Bad weld", "liability": "company"}
        )
        cls.category = cls.env["product.category"].create({"name": "E-bikes"})
        cls.legal = cls._create_policy(
            name="Legal, 3 years", kind="legal", excluded=cls.misuse
        )
        cls.product = cls._create_product(policies=cls.legal)

    @classmethod
    def _create_policy(cls, covers=ALL, excluded=(), **values):
        """A policy; `covers` is an iterable of components or of dicts of vals."""
        lines = [
            line if isinstance(line, dict) else {"component": line} for line in covers
        ]
        return cls.env["aftersales.warranty.policy"].create(
            {
                "name": "Policy",
                "duration": 3,
                "duration_unit": "year",
                "coverage_ids": [Command.create(line) for line in lines],
                "excluded_cause_ids": [Command.link(cause.id) for cause in excluded],
                **values,
            }
        )

    @classmethod
    def _create_product(cls, policies=(), **values):
        return cls.env["product.product"].create(
            {
                "name": "Cargo e-bike",
                "is_storable": True,
                "categ_id": cls.category.id,
                "aftersales_warranty_policy_ids": [
                    Command.link(policy.id) for policy in policies
                ],
                **values,
            }
        )

    @classmethod
    def _create_asset(cls, **values):
        return cls.env["aftersales.asset"].create(cls._prepare_asset(**values))

    @classmethod
    def _prepare_asset(cls, **values):
        return {
            "partner_id": cls.customer.id,
            "product_id": cls.product.id,
            "delivery_date": date(2025, 5, 3),
            **values,
        }

    @classmethod
    def _create_user(cls, login, group, **values):
        return new_test_user(cls.env, login, groups=group, **values)
