# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon

PIXEL = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    b"awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestRepairPhoto(AftersalesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claim = cls._create_claim(
            cls._sell(cls.bike, serials=["EB-1"]), user_id=cls.agent.id
        )
        cls.line = cls.claim.line_ids

    def _upload(self, user, **values):
        """As the widget does: the file first, then the link from the form."""
        photo = self.env["ir.attachment"].with_user(user)
        return photo.create({"name": "crack.png", "raw": PIXEL, **values})

    def _take(self, user=None, **values):
        photo = self._upload(user or self.agent, **values)
        self.line.with_user(user or self.agent).photo_ids = [Command.link(photo.id)]
        return photo

    def _send_to_repair(self):
        self.line.with_user(self.agent).action_create_repair()
        repair = self.claim.repair_ids
        repair.user_id = self.technician
        return repair

    def test_a_photo_of_a_new_line_is_bound_to_it(self):
        photo = self._upload(self.agent)
        with Form(self.claim.with_user(self.agent)) as form:
            with form.line_ids.edit(0) as line:
                line.diagnosis = "The frame is cracked"
        self._take()
        claim = self._create_claim().with_user(self.agent)
        claim.line_ids = [
            Command.create(
                {"product_id": self.helmet.id, "photo_ids": [Command.link(photo.id)]}
            )
        ]
        self.assertEqual(
            (photo.res_model, photo.res_id), (claim.line_ids._name, claim.line_ids.id)
        )
        self.assertTrue(photo.with_user(self.manager).has_access("read"))

    def test_the_technician_sees_it_and_the_customer_does_not(self):
        photo = self._take()
        repair = self._send_to_repair().with_user(self.technician)
        self.assertEqual(repair.diagnosis_photo_ids, photo)
        self.assertEqual(
            repair.diagnosis_photo_ids.read(["name"])[0]["name"], "crack.png"
        )
        self.authenticate("test_marta", "test_marta")
        page = self.url_open(f"/my/claims/{self.claim.id}").text
        self.assertNotIn("crack.png", page)
        self.assertEqual(self.url_open(f"/web/content/{photo.id}").status_code, 404)

    def test_a_shared_photo_is_sent_once(self):
        photo = self._take()
        line = self.line.with_user(self.agent)
        self.assertTrue(line.has_photos_to_share)
        line.action_share_photos()
        message = self.claim.message_ids.filtered("attachment_ids")
        copy = message.attachment_ids
        self.assertEqual(copy.name, "crack.png")
        self.assertNotEqual(copy, photo)
        self.assertEqual(copy.res_id, self.claim.id)
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertFalse(line.has_photos_to_share)
        with self.assertRaisesRegex(UserError, "has all photos"):
            line.action_share_photos()
        # The page's messages are those the customer may read.
        mine = message.with_user(self.portal_user)
        self.assertTrue(mine.has_access("read"))
        self._take()
        line.action_share_photos()
        self.assertEqual(len(self.claim.message_ids.filtered("attachment_ids")), 2)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_photos_of_confidential_claims_are_of_those_on_it(self):
        self._take()
        self.claim.is_confidential = True
        repair = self._send_to_repair()
        photo = self.line.photo_ids
        before = self._upload(
            self.technician, res_model="repair.order", res_id=repair.id
        )
        repair.with_user(self.technician).photo_before_ids = [Command.link(before.id)]
        # The technician sees the repair, but not the claim: so not its photos either.
        self.assertFalse(repair.with_user(self.technician).diagnosis_photo_ids)
        self.assertFalse(photo.with_user(self.technician).has_access("read"))
        self.assertTrue(before.with_user(self.technician).has_access("read"))
        colleague = self._create_user("colleague", "aftersales_service.group_user")
        self.team.member_ids |= colleague
        for file in (photo, before):
            self.assertFalse(file.with_user(colleague).has_access("read"))
            self.assertNotIn(file, file.with_user(colleague).search([]))
            self.assertTrue(file.with_user(self.manager).has_access("read"))
        with self.assertRaises(AccessError):
            self.line.with_user(colleague).action_share_photos()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobodys_secret_is_printed_as_a_photo(self):
        repair = self._send_to_repair()
        private = self._create_user("private", "base.group_user")
        secrets = [
            self._upload(private),
            self.env["ir.attachment"].create(
                {
                    "name": "secret.png",
                    "raw": PIXEL,
                    "res_model": "aftersales.claim",
                    "res_id": self._create_claim(
                        is_confidential=True, user_id=self.manager.id
                    ).id,
                }
            ),
        ]
        for secret in secrets:
            for record, name in (
                (repair.with_user(self.technician), "photo_before_ids"),
                (self.line.with_user(self.agent), "photo_ids"),
            ):
                with self.subTest(record=record._name), self.assertRaises(AccessError):
                    record.write({name: [Command.link(secret.id)]})

    def test_what_the_customer_has_is_not_edited(self):
        photo = self._take()
        with self.assertRaises(AccessError):
            self.line.with_user(self.agent).shared_photo_ids = photo
