# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AftersalesCommon


@tagged("post_install", "-at_install", "security")
class TestConfidentialRepair(AftersalesCommon):
    """What storekeepers and agents who are not on it see of a confidential claim."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storekeeper = cls._create_user("storekeeper", "stock.group_stock_user")
        cls.colleague = cls._create_user("colleague", "aftersales_service.group_user")
        cls.team.member_ids |= cls.colleague
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(
            cls.asset, user_id=cls.agent.id, is_confidential=True
        )
        cls.claim.line_ids.with_user(cls.agent).action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.repair.user_id = cls.technician
        cls.labour = cls.env["aftersales.repair.labour"].create(
            {
                "repair_id": cls.repair.id,
                "technician_id": cls.technician.id,
                "hours": 1.0,
            }
        )
        cls.charge = cls.env["aftersales.repair.charge"].create(
            {
                "repair_id": cls.repair.id,
                "product_id": cls.env["product.product"]
                .create(
                    {
                        "name": "Way there",
                        "type": "service",
                        "aftersales_charge": "travel",
                    }
                )
                .id,
            }
        )
        cls.check = cls.env["aftersales.repair.check"].create(
            {"repair_id": cls.repair.id, "name": "Secret check"}
        )
        cls.repair.move_ids = [
            Command.create(
                {
                    "product_id": cls.battery.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
        ]
        cls.part = cls.repair.move_ids
        cls.photo = cls.env["ir.attachment"].create(
            {
                "name": "secret.png",
                "raw": b"secret",
                "res_model": "repair.order",
                "res_id": cls.repair.id,
            }
        )
        cls.repair.photo_after_ids = cls.photo
        cls.message = cls.repair.message_post(body="Secret")
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": "secret.txt",
                "raw": b"secret",
                "res_model": "repair.order",
                "res_id": cls.repair.id,
            }
        )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_is_not_on_it_sees_nothing_of_the_repair(self):
        for user in (self.storekeeper, self.colleague):
            for record in (
                *(self.repair, self.labour, self.charge, self.check),
                *(self.message, self.file, self.photo),
            ):
                with self.subTest(user=user.login, model=record._name):
                    self.assertFalse(record.with_user(user).has_access("read"))
            repairs = self.env["repair.order"].with_user(user)
            self.assertNotIn(self.repair, repairs.search([]))
            with self.assertRaises(AccessError):
                self.repair.with_user(user).action_repair_start()

    def test_those_who_are_on_it_and_managers_do(self):
        for user in (self.agent, self.technician, self.manager):
            for record in (self.repair, self.message):
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(record.with_user(user).has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_its_entries_are_found_and_changed_by_those_who_are_on_it(self):
        entries = (self.labour, self.charge, self.check, self.part)
        other = self._create_user("other", "aftersales_service.group_technician")
        for user in (self.colleague, other):
            for record in entries:
                with self.subTest(user=user.login, model=record._name):
                    mine = record.with_user(user)
                    self.assertNotIn(record, mine.search([]))
                    self.assertFalse(mine.has_access("read"))
                    self.assertFalse(mine.has_access("write"))
                    self.assertFalse(mine.has_access("unlink"))
        for user in (self.agent, self.technician, self.manager):
            for record in entries:
                with self.subTest(user=user.login, model=record._name):
                    self.assertTrue(record.with_user(user).has_access("read"))
                    self.assertTrue(record.with_user(user).has_access("write"))
        # Nobody's work yet, and still not everybody's.
        self.labour.unlink()
        self.repair.user_id = False
        for record in entries[1:]:
            self.assertFalse(record.with_user(other).has_access("read"))
            self.assertFalse(record.with_user(other).has_access("write"))

    def test_other_repairs_stay_open_to_storekeepers(self):
        self.claim.is_confidential = False
        for record in (self.charge, self.check):
            self.assertTrue(record.with_user(self.storekeeper).has_access("read"))
        self.assertTrue(self.part.with_user(self.colleague).has_access("write"))
        repair = self.repair.with_user(self.storekeeper)
        self.assertTrue(repair.has_access("read"))
        self.assertTrue(repair.has_access("write"))
        self.assertTrue(self.labour.with_user(self.storekeeper).has_access("read"))

    def test_storekeepers_still_move_its_parts(self):
        part = self._create_product("Display", "serial", 50.0, 90.0)
        lot = self._create_lot(part, "D-1")
        self.repair.move_ids = [
            Command.create(
                {
                    "product_id": part.id,
                    "product_uom_qty": 1,
                    "repair_line_type": "add",
                }
            )
        ]
        self.repair._action_repair_confirm()
        self.repair.action_create_sale_order()
        move = (self.repair.move_ids - self.part).with_user(self.storekeeper)
        self._stock(part, 1, lot)
        move._action_assign()
        self.assertEqual(move.state, "assigned")
        self.assertFalse(move._get_source_document())
        report = self.env["stock.traceability.report"].with_user(self.storekeeper)
        _model, _id, reference = report._get_reference(move.move_line_ids)
        self.assertEqual(reference, self.repair.name)

    def test_the_assets_history_does_not_tell_of_it(self):
        self.repair.with_user(self.technician)._action_repair_confirm()
        self.repair.with_user(self.technician).action_repair_start()
        self.repair.with_user(self.technician).action_repair_done()
        told = " ".join(self.asset.message_ids.mapped("body"))
        self.assertNotIn(self.repair.name, told)
        self.assertEqual(self.asset.with_user(self.colleague).repair_count, 0)
        self.assertEqual(self.asset.with_user(self.manager).repair_count, 1)


@tagged("post_install", "-at_install", "security")
class TestConfidentialClaim(AftersalesCommon):
    """What a colleague of the same team finds of a claim that is confidential."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._create_user("colleague", "aftersales_service.group_user")
        cls.team.member_ids |= cls.colleague
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(
            cls.asset,
            subject="Subject-SECRET",
            description="Description-SECRET",
            resolution="Resolution-SECRET",
            user_id=cls.agent.id,
        )
        cls.claim.line_ids.diagnosis = "Diagnosis-SECRET"
        cls.claim.message_subscribe((cls.agent | cls.colleague).partner_id.ids)
        # Told nothing while it was everybody's: what was told then stays told.
        quiet = cls.claim.with_context(mail_activity_quick_update=True)
        cls.activity = quiet.activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Activity-SECRET",
            user_id=cls.colleague.id,
        )
        cls.claim.is_confidential = True
        cls.claim.message_post(
            body="Message-SECRET",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("File-SECRET.txt", b"x")],
        )
        cls.other = cls._create_claim(user_id=cls.colleague.id)
        cls.other.related_claim_ids = cls.claim
        cls.env.flush_all()

    def _read_everything(self, user):
        """All that `user` can search and read of claims and what hangs on them."""
        read = []
        for name in (
            "aftersales.claim",
            "aftersales.claim.line",
            "aftersales.claim.report",
            "aftersales.sla.status",
            "mail.activity",
            "mail.message",
            "ir.attachment",
        ):
            records = self.env[name].with_user(user).search([])
            wanted = [
                field.name
                for field in records._fields.values()
                if field.type in ("char", "text", "html", "many2one", "json")
                and records._has_field_access(field, "read")
            ]
            read += records.read(wanted)
        return json.dumps(read, default=str)

    def test_nothing_can_be_read(self):
        text = self._read_everything(self.colleague)
        self.assertIn(self.other.name, text)
        self.assertNotIn("SECRET", text)
        self.assertNotIn(self.claim.name, text)
        for user in (self.agent, self.manager):
            self.assertIn("SECRET", self._read_everything(user))

    def test_nothing_can_be_found_or_counted(self):
        claims = self.env["aftersales.claim"].with_user(self.colleague)
        self.assertFalse(claims.name_search(self.claim.name))
        self.assertFalse(claims.name_search("SECRET"))
        self.assertFalse(claims.search([("description", "ilike", "SECRET")]))
        self.assertFalse(claims.search([("line_ids.asset_id", "in", self.asset.ids)]))
        for model, groupby in (
            ("aftersales.claim", "user_id"),
            ("aftersales.claim", "stage_id"),
            ("aftersales.claim.report", "user_id"),
            ("aftersales.claim.report", "product_id"),
        ):
            groups = self.env[model].with_user(self.colleague)
            groups = groups.formatted_read_group(
                [("partner_id", "=", self.customer.id)], [groupby], ["__count"]
            )
            with self.subTest(model=model, groupby=groupby):
                self.assertEqual(sum(group["__count"] for group in groups), 1)
        for record in (self.customer, self.bike, self.asset.lot_id, self.asset):
            name = "claim_count" if record == self.asset else "aftersales_claim_count"
            expected = 1 if record == self.customer else 0
            with self.subTest(record=record._name):
                self.assertEqual(record.with_user(self.colleague)[name], expected)
                self.assertEqual(record.with_user(self.manager)[name], expected + 1)
        self.assertFalse(self.other.with_user(self.colleague).related_claim_ids)
        self.assertEqual(
            self.other.with_user(self.colleague).partner_open_claim_count, 0
        )

    def test_a_line_too_many_does_not_name_it(self):
        with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
            self.other.with_user(self.colleague).line_ids = [
                Command.create({"asset_id": self.asset.id})
            ]
        self.assertNotIn(self.claim.name, str(caught.exception))
        self.assertIn("may not see", str(caught.exception))

    def test_who_loses_sight_of_it_is_told_no_more(self):
        self.assertNotIn(self.colleague.partner_id, self.claim.message_partner_ids)
        self.assertIn(self.agent.partner_id, self.claim.message_partner_ids)
        self.assertIn(self.customer, self.claim.message_partner_ids)
        self.assertEqual(self.activity.user_id, self.agent)
        self.claim.with_user(self.manager).user_id = self.manager
        self.assertNotIn(self.agent.partner_id, self.claim.message_partner_ids)

    def test_who_registers_it_sees_it(self):
        claims = self.env["aftersales.claim"].with_user(self.colleague)
        values = {
            "subject": "Rude",
            "partner_id": self.customer.id,
            "is_confidential": True,
        }
        claim = claims.create(values)
        self.assertEqual(claim.user_id, self.colleague)
        with self.assertRaisesRegex(UserError, "for yourself"):
            claims.create({**values, "user_id": self.manager.id})

    def test_an_agent_gives_it_to_the_manager(self):
        claim = self.claim.with_user(self.agent)
        saved = claim.web_save({"user_id": self.manager.id}, {"subject": {}})
        self.assertEqual(saved, [])
        self.assertEqual(self.claim.user_id, self.manager)
        self.assertNotIn(self.agent.partner_id, self.claim.message_partner_ids)
        self.assertFalse(claim.has_access("read"))


@tagged("post_install", "-at_install", "security")
class TestOtherTeams(AftersalesCommon):
    """Claims that agents register for teams they are no members of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workshop = cls.env["aftersales.team"].create(
            {"name": "Workshop", "member_ids": cls.manager.ids}
        )
        cls.claims = cls.env["aftersales.claim"].with_user(cls.agent)

    def test_an_agent_registers_for_another_team(self):
        asset = self._sell(self.helmet)
        values = {
            "subject": "Broken",
            "partner_id": self.customer.id,
            "team_id": self.workshop.id,
            "line_ids": [Command.create({"asset_id": asset.id})],
        }
        saved = self.claims.web_save(values, {"subject": {}})
        self.assertEqual(saved, [])
        claim = asset.claim_line_ids.claim_id
        self.assertEqual(claim.team_id, self.workshop)
        self.assertFalse(claim.with_user(self.agent).has_access("read"))
        claim.stage_id = self.env.ref("aftersales_service.stage_in_progress")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.env["aftersales.claim.line"].with_user(self.agent).create(
                {"claim_id": claim.id, "product_id": self.helmet.id}
            )

    def test_a_call_for_another_team_is_registered(self):
        claim_type = self.env["aftersales.type"].create(
            {"name": "Workshop", "team_id": self.workshop.id}
        )
        result = self.claims.register_from_intake(
            {
                "subject": "Broken",
                "partner_id": self.customer.id,
                "type_id": claim_type.id,
            }
        )
        self.assertFalse(result["is_visible"])
        claim = self.env["aftersales.claim"].browse(result["id"])
        self.assertEqual((claim.team_id, claim.name), (self.workshop, result["name"]))

    def test_an_agent_gives_a_claim_to_another_team(self):
        claim = self._create_claim()
        saved = claim.with_user(self.agent).web_save(
            {"team_id": self.workshop.id}, {"subject": {}}
        )
        self.assertEqual(saved, [])
        self.assertEqual(claim.team_id, self.workshop)
        other = self._create_claim()
        saved = other.with_user(self.agent).web_save(
            {"subject": "Other"}, {"subject": {}}
        )
        self.assertEqual(saved, [{"id": other.id, "subject": "Other"}])

    def test_nobody_adds_lines_to_claims_out_of_sight(self):
        claim = self._create_claim(team_id=self.workshop.id)
        with self.assertRaises(AccessError):
            self.env["aftersales.claim.line"].with_user(self.agent).create(
                {"claim_id": claim.id, "product_id": self.helmet.id}
            )
