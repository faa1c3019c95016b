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
