# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from odoo.addons.mail.tests.common import MailCommon

from .common import AftersalesCommon

NOW = "2026-03-02 08:00:00"
#: Half past nine in Madrid.
VISIT = "2026-03-10 08:30:00"


@tagged("post_install", "-at_install")
class TestRepairAppointment(AftersalesCommon, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Mail is what this is about.
        cls.env = cls.env(context={})
        cls._activate_language("es_ES")
        cls.customer.write(
            {"lang": "es_ES", "street": "Calle Mayor, 1", "city": "Madrid"}
        )
        asset = cls._sell(cls.bike, serials=["EB-1"])
        asset.delivery_date = "2026-01-02"
        cls.claim = cls._create_claim(asset, user_id=cls.agent.id)
        cls.claim.line_ids.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.repair.write({"user_id": cls.technician.id, "estimated_hours": 1.5})
        cls.planner = cls.repair.with_user(cls.agent)

    @classmethod
    def _activate_language(cls, code):
        cls._install_language(code)

    def _get_told(self):
        return self.claim.message_ids.filtered(
            lambda m: any(a.name == "visit.ics" for a in m.attachment_ids)
        ).sorted("id")

    @freeze_time(NOW)
    def _plan(self, **values):
        self.planner.write({"service_mode": "onsite", "schedule_date": VISIT, **values})

    @freeze_time(NOW)
    def test_the_customer_is_told_once_and_of_every_change(self):
        self._plan()
        self.assertFalse(self._get_told(), "a plan is no appointment yet")
        with self.mock_mail_gateway():
            self.planner.action_validate()
        told = self._get_told()
        self.assertEqual(len(told), 1)
        self.assertEqual(told.notified_partner_ids, self.customer)
        mail = self._new_mails
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn("martes, 10 de marzo de 2026", told.subject)
        text = html2plaintext(told.body)
        for part in ("9:30", "Calle Mayor, 1", "E-bike Tramuntana", "Hola"):
            self.assertIn(part, text)
        self.assertEqual(str(self.repair.appointment_date), VISIT)
        # The same again says nothing new; another day does.
        self.planner.schedule_date = VISIT
        self.planner.action_repair_start()
        self.assertEqual(self._get_told(), told)
        self.planner.schedule_date = "2026-03-12 15:00:00"
        moved = self._get_told() - told
        self.assertEqual(len(moved), 1)
        self.assertIn("otra fecha", html2plaintext(moved.body))
        self.assertIn("jueves, 12 de marzo de 2026", moved.subject)

    @freeze_time(NOW)
    def test_the_file_is_for_the_calendar_of_the_customer(self):
        self._plan()
        self.planner.action_validate()
        self.planner.schedule_date = "2026-03-12 15:00:00"
        first, second = (
            m.attachment_ids.raw.decode().split("\r\n") for m in self._get_told()
        )
        self.assertIn("DTSTART:20260310T083000Z", first)
        self.assertIn("DTEND:20260310T100000Z", first)
        self.assertTrue(any(line.startswith("LOCATION:Calle Mayor") for line in first))
        self.assertIn("DTSTART:20260312T150000Z", second)
        uid = next(line for line in first if line.startswith("UID:"))
        self.assertIn(uid, second)

    @freeze_time(NOW)
    def test_a_visit_that_does_not_take_place_is_told_once(self):
        self._plan()
        self.planner.action_validate()
        self.planner.action_repair_cancel()
        told = self._get_told()[-1]
        self.assertEqual(len(self._get_told()), 2)
        self.assertIn("anulad", html2plaintext(told.body))
        self.assertIn("METHOD:CANCEL", told.attachment_ids.raw.decode())
        self.assertFalse(self.repair.appointment_date)
        # Taken up again, it is an appointment again.
        self.planner.action_repair_cancel_draft()
        self.planner.action_validate()
        self.assertEqual(len(self._get_told()), 3)
        self.planner.service_mode = "workshop"
        self.assertEqual(len(self._get_told()), 4)
        self.assertIn("anulad", html2plaintext(self._get_told()[-1].body))

    @freeze_time(NOW)
    def test_who_is_not_to_be_told_is_not(self):
        self.company.aftersales_tell_visited = False
        self._plan()
        self.planner.action_validate()
        self.assertFalse(self._get_told())
        # Sent by hand all the same; from then on changes are told.
        self.planner.action_send_appointment()
        self.planner.action_send_appointment()
        self.assertEqual(len(self._get_told()), 1)
        self.planner.schedule_date = "2026-03-12 15:00:00"
        self.assertEqual(len(self._get_told()), 2)

    @freeze_time(NOW)
    def test_without_a_visit_or_an_address_nothing_is_sent(self):
        with self.assertRaisesRegex(UserError, "no visit to come"):
            self.planner.action_send_appointment()
        self._plan(schedule_date="2026-03-01 08:00:00")
        with self.assertRaisesRegex(UserError, "no visit to come"):
            self.planner.action_send_appointment()
        self._plan()
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail"):
            self.planner.action_send_appointment()
        self.planner.action_validate()
        self.assertFalse(self._get_told())

    @freeze_time(NOW)
    def test_a_confidential_product_is_not_named(self):
        self.claim.is_confidential = True
        self._plan()
        self.planner.action_validate()
        self.assertNotIn("Tramuntana", self._get_told().body)

    @freeze_time(NOW)
    def test_a_repair_without_claim_tells_its_customer(self):
        repair = self.env["repair.order"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.bike.id,
                "lot_id": self._create_lot(self.bike, "FOREIGN").id,
                "service_mode": "onsite",
                "schedule_date": VISIT,
                "product_location_src_id": self.customer.property_stock_customer.id,
                "product_location_dest_id": self.customer.property_stock_customer.id,
            }
        )
        repair.with_user(self.agent).action_validate()
        message = repair.message_ids.filtered("attachment_ids")
        self.assertEqual(message.notified_partner_ids, self.customer)

    def test_what_was_told_is_not_edited(self):
        for user in (self.technician, self.agent):
            with self.assertRaises(AccessError):
                self.repair.with_user(user).appointment_date = VISIT
