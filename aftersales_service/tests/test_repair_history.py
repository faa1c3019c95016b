# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64
from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)
REPORT = "aftersales_service.report_repair"


@tagged("post_install", "-at_install")
class TestRepairHistory(AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-100"])
        cls.asset.delivery_date = "2026-01-02"
        cls.claim = cls._create_claim(cls.asset, user_id=cls.technician.id)
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.repair.internal_notes = "A note for colleagues"
        cls.motor = cls._create_product("Motor", "serial", 300.0, 600.0)
        cls.motor_lot = cls._create_lot(cls.motor, "MO-NEW")
        cls._stock(cls.motor, 1, cls.motor_lot)
        cls.old_lot = cls._create_lot(cls.motor, "MO-OLD")

    @freeze_time("2026-03-10 23:30:00")
    def _do_repair(self):
        repair = self.repair.with_user(self.technician)
        repair.write(
            {
                "findings": "The motor was wet inside. Changed.",
                "labour_ids": [Command.create({"hours": 1.5, "name": "New motor"})],
                "photo_before_ids": [
                    Command.create(
                        {
                            "name": "before.png",
                            "datas": PIXEL,
                            "res_model": "repair.order",
                            "res_id": repair.id,
                        }
                    )
                ],
                "signature": PIXEL,
                "signed_by": "Marta Vidal",
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.motor.id,
                            "repair_line_type": "add",
                            "product_uom_qty": 1,
                        }
                    ),
                    Command.create(
                        {
                            "product_id": self.motor.id,
                            "repair_line_type": "remove",
                            "product_uom_qty": 1,
                        }
                    ),
                ],
            }
        )
        repair.action_validate()
        removed = self.repair.move_ids.filtered(
            lambda m: m.repair_line_type == "remove"
        )
        removed.move_line_ids.unlink()
        removed.write(
            {
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.motor.id,
                            "lot_id": self.old_lot.id,
                            "quantity": 1,
                        }
                    )
                ]
            }
        )
        repair.action_repair_start()
        repair.action_repair_end()

    def test_the_customer_is_told_what_was_done_and_no_more(self):
        self._do_repair()
        vals = self.repair._get_report_vals()
        # Half past midnight at the company's.
        self.assertEqual(vals["date"], date(2026, 3, 11))
        self.assertEqual(vals["technicians"], self.technician.name)
        self.assertEqual(
            [(p["name"], p["serials"], p["is_removed"]) for p in vals["parts"]],
            [("Motor", ["MO-NEW"], False), ("Motor", ["MO-OLD"], True)],
        )
        (told,) = self.repair._get_portal_history_vals()
        self.assertEqual(told["report_url"], f"/my/repairs/{self.repair.id}/report")
        self.assertEqual(told["text"], "The motor was wet inside. Changed.")
        self.assertNotIn("note", f"{vals} {told}")

    def test_the_report_is_complete_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        self._do_repair()
        html = self._render()
        for text in (
            "Informe de reparación",
            self.company.name,
            "Marta Vidal",
            self.repair.name,
            self.claim.name,
            "EB-100",
            "MO-NEW",
            "MO-OLD",
            "The motor was wet inside",
            "New motor",
            "11 de marzo de 2026",
        ):
            with self.subTest(text=text):
                self.assertIn(text, html)
        self.assertNotIn("A note for colleagues", html)
        self.assertEqual(html.count("data:image"), 2)

    def _render(self, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.technician)
        html, _kind = reports._render_qweb_html(REPORT, self.repair.ids)
        return html.decode()

    def test_kind_and_mode_give_the_report_its_title(self):
        for kind, mode, title in (
            ("corrective", "workshop", "Repair Report"),
            ("corrective", "onsite", "Visit Report"),
            ("installation", "onsite", "Hand-Over Sheet"),
        ):
            with self.subTest(kind=kind, mode=mode):
                self.repair.write({"service_kind": kind, "service_mode": mode})
                self.assertEqual(self.repair._get_report_title(), title)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_who_may_see_the_repair_gets_its_report(self):
        self._do_repair()
        self.repair.user_id = self.manager
        other = self._create_user("other", "aftersales_service.group_technician")
        with self.assertRaises(AccessError):
            self.repair.with_user(other)._get_printable("en_US")
        url = f"/my/repairs/{self.repair.id}/report"
        self.authenticate("test_jordi", "test_jordi")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("test_marta", "test_marta")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.authenticate(None, None)
        self.assertEqual(self.url_open(url).status_code, 404)
        token = self.claim._portal_ensure_token()
        self.assertEqual(self.url_open(f"{url}?access_token={token}").status_code, 200)
        self.assertEqual(self.url_open(f"{url}?access_token=x").status_code, 404)

    @mute_logger("odoo.http")
    def test_there_is_no_report_before_the_repair_is_done(self):
        self.assertFalse(self.repair._get_portal_report_url())
        self.authenticate("test_marta", "test_marta")
        url = f"/my/repairs/{self.repair.id}/report"
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_a_signature_has_a_name_and_a_time(self):
        repair = self.repair.with_user(self.technician)
        with self.assertRaisesRegex(ValidationError, "name of the person"):
            repair.signature = PIXEL
        with freeze_time("2026-03-10 10:00:00"):
            repair.write({"signature": PIXEL, "signed_by": "Marta Vidal"})
            self.env.flush_all()
        self.assertEqual(str(repair.signed_on), "2026-03-10 10:00:00")
        repair.signature = False
        self.assertFalse(repair.signed_on)

    def test_a_video_stays_out_of_the_print(self):
        self.repair.photo_before_ids = [
            Command.create(
                {"name": "v.mp4", "datas": base64.b64encode(b"no picture at all")}
            )
        ]
        self.assertEqual(self.repair._get_printed_photos("photo_before_ids"), [])


@tagged("post_install", "-at_install")
class TestAssetHistory(AftersalesCommon, HttpCase):
    """All that was done to a product, on one print."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.bike, serials=["EB-300"])
        cls.asset.delivery_date = "2026-01-02"
        cls.repair = cls._do("2026-02-03", "Cable changed")
        cls.second = cls._do("2026-03-04", "Brakes set")

    @classmethod
    def _do(cls, day, findings, **values):
        with freeze_time(f"{day} 10:00:00"):
            claim = cls._create_claim(cls.asset, user_id=cls.agent.id, **values)
            claim.line_ids.action_create_repair()
            repair = claim.repair_ids
            repair.user_id = cls.technician
            repair.write(
                {
                    "internal_notes": f"Note of {day}",
                    "findings": findings,
                    "labour_ids": [
                        Command.create(
                            {"hours": 1.5, "technician_id": cls.technician.id}
                        )
                    ],
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": cls.battery.id,
                                "product_uom_qty": 1,
                                "repair_line_type": "add",
                            }
                        )
                    ],
                }
            )
            repair.with_user(cls.technician).action_repair_start()
            repair.check_ids.result = "ok"
            repair.with_user(cls.technician).action_repair_end()
            return repair

    def _render(self, user, report="report_asset_history"):
        reports = self.env["ir.actions.report"].with_user(user)
        html, _kind = reports._render_qweb_html(
            f"aftersales_service.{report}", self.asset.ids
        )
        return html.decode()

    def test_every_intervention_is_printed_in_the_customers_language(self):
        self._install_language("es_ES")
        self.customer.lang = "es_ES"
        html = self._render(self.agent)
        for text in (
            "Historial",
            "3 de febrero de 2026",
            "4 de marzo de 2026",
            "Correctiv",
            "Taller",
            self.technician.name,
            "1 × Battery 500 Wh",
            "01:30",
            "Cable changed",
            "Brakes set",
            "EB-300",
        ):
            with self.subTest(text=text):
                self.assertIn(text, html)
        self.assertLess(html.index("Brakes set"), html.index("Cable changed"))
        self.assertNotIn("Note of", html)
        self.assertNotIn("200", html, "what the battery costs us")

    def test_costs_and_notes_are_for_agents(self):
        html = self._render(self.agent, "report_asset_history_costs")
        self.assertIn("Note of 2026-02-03", html)
        # A battery of 200 and an hour and a half of 20.
        self.assertIn("230.00", html)
        for user in (self.technician, self.portal_user):
            with self.assertRaises(AccessError):
                self._render(user, "report_asset_history_costs")

    def test_confidential_repairs_are_told_to_few(self):
        self._do("2026-04-05", "Something secret", is_confidential=True)
        colleague = self._create_user("colleague", "aftersales_service.group_user")
        self.assertNotIn("secret", self._render(colleague))
        self.assertIn("secret", self._render(self.agent))
        self.assertIn("secret", self._render(self.portal_user))
        self.asset.partner_id = self.stranger
        self.assertNotIn("secret", self._render(self.stranger_user))
        told = self.asset.with_user(self.stranger_user)._get_portal_history()
        self.assertEqual(
            [entry["text"] for entry in told], ["Brakes set", "Cable changed"]
        )

    def test_the_owner_downloads_it(self):
        url = f"/my/assets/{self.asset.id}/history"
        self.authenticate("test_marta", "test_marta")
        self.assertIn(url, self.url_open(f"/my/assets/{self.asset.id}").text)
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Cable changed", response.text)
        self.authenticate("test_jordi", "test_jordi")
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            self.assertEqual(self.url_open(url).status_code, 404)

    def test_lists_tell_the_same(self):
        self.assertEqual(self.repair.parts_summary, "1 × Battery 500 Wh")
        self.assertEqual(self.repair.technician_names, self.technician.name)
        history = self.env.ref("aftersales_service.repair_order_view_list_history")
        for record in (
            self.asset.with_user(self.agent).action_view_repairs(),
            self.customer.with_user(self.agent).action_view_aftersales_repairs(),
            self.bike.product_tmpl_id.with_user(
                self.agent
            ).action_view_aftersales_repairs(),
            self.asset.lot_id.with_user(self.manager).action_view_aftersales_repairs(),
            self.asset.sale_order_id.sudo()
            .with_user(self.manager)
            .action_view_aftersales_repairs(),
        ):
            repairs = self.env["repair.order"].search(record["domain"])
            self.assertEqual(repairs, self.repair | self.second)
            self.assertEqual(record["views"][0], (history.id, "list"))
