# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.aftersales_service.tests.common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestRepairKits(AftersalesCommon):
    """A kit as a part is its components: reserved, consumed and costed as such."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screws = cls._create_product("Screw", "none", 1.0, 2.0)
        cls._stock(cls.screws, 100)
        cls.kit = cls._create_product("Battery with screws", "none", 0.0, 450.0)
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.battery.id, "product_qty": 1}),
                    Command.create({"product_id": cls.screws.id, "product_qty": 4}),
                ],
            }
        )
        cls.claim = cls._create_claim(
            cls._sell(cls.bike, serials=["EB-1"]), user_id=cls.technician.id
        )
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.worker = cls.repair.with_user(cls.technician)

    def _get_parts(self):
        return {
            move.product_id: (move.product_uom_qty, move.state)
            for move in self.repair.move_ids.filtered("repair_line_type")
        }

    def _add_kit(self, quantity=1):
        view = "aftersales_service.repair_order_view_form_technician"
        with Form(self.worker, view) as form:
            with form.move_ids.new() as part:
                part.product_id = self.kit
                part.product_uom_qty = quantity

    def test_a_technician_uses_a_kit(self):
        self._add_kit(2)
        self.assertEqual(
            self._get_parts(),
            {self.battery: (2, "draft"), self.screws: (8, "draft")},
        )
        self.worker.action_start_work()
        self.worker.findings = "Both batteries changed"
        self.worker.action_finish_work()
        self.assertEqual(
            self._get_parts(), {self.battery: (2, "done"), self.screws: (8, "done")}
        )
        self.assertEqual(self.battery.qty_available, 8)
        self.assertEqual(self.screws.qty_available, 92)
        self.assertEqual(self.repair.parts_cost, 2 * 200 + 8 * 1)

    def test_a_kit_that_comes_while_the_work_goes_on(self):
        self.worker.action_start_work()
        self._add_kit()
        self.worker.action_finish_work()
        self.assertEqual(
            self._get_parts(), {self.battery: (1, "done"), self.screws: (4, "done")}
        )

    def test_a_covered_kit_is_free_in_all_its_components(self):
        self.claim.line_ids._override_coverage(
            {"parts": 100, "labour": 0, "travel": 0, "transport": 0}, "Test"
        )
        self._add_kit()
        self.assertEqual(self.repair.customer_amount, 0)
        self.repair.with_user(self.agent).action_create_sale_order()
        lines = self.repair.sale_order_id.order_line
        self.assertEqual(lines.product_id, self.battery | self.screws)
        self.assertEqual(self.repair.sale_order_id.amount_untaxed, 0)

    def test_the_spare_part_list_may_name_a_kit(self):
        self.env["aftersales.spare.part"].create(
            {
                "product_tmpl_id": self.bike.product_tmpl_id.id,
                "product_id": self.kit.id,
                "hours": 1,
                "symptom_ids": self.symptom.ids,
            }
        )
        usual = {self.battery: (1, "draft"), self.screws: (4, "draft")}
        self.worker.action_add_usual_parts()
        self.assertEqual(self._get_parts(), usual)
        self.worker.action_add_usual_parts()
        self.assertEqual(self._get_parts(), usual, "a second press adds nothing")

    def test_a_kit_of_kits_is_planned_once_as_well(self):
        outer = self._create_product("Battery service set", "none", 0.0, 500.0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": outer.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.kit.id, "product_qty": 1})
                ],
            }
        )
        self.env["aftersales.spare.part"].create(
            {
                "product_tmpl_id": self.bike.product_tmpl_id.id,
                "product_id": outer.id,
                "symptom_ids": self.symptom.ids,
            }
        )
        self.worker.action_add_usual_parts()
        self.worker.action_add_usual_parts()
        self.assertEqual(
            self._get_parts(),
            {self.battery: (1, "draft"), self.screws: (4, "draft")},
        )
