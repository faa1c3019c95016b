# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime

from odoo.tests import freeze_time, tagged

from .common import AftersalesCommon

CLAIM = ["subject", "partner_id/.id", "type_id", "channel_id", "user_id", "priority"]
LINES = ["line_ids/asset_id/.id", "line_ids/quantity", "line_ids/symptom_id"]


@tagged("post_install", "-at_install")
class TestImport(AftersalesCommon):
    """Odoo's own import, by an agent: all rows or none, and the row that is wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asset = cls._sell(cls.helmet, quantity=3)

    def _load(self, names, rows, model="aftersales.claim"):
        """What the import says; nothing may be left of what it refused."""
        before = self.env[model].search_count([])
        result = self.env[model].with_user(self.agent).load(names, rows)
        if not result["ids"]:
            self.env.invalidate_all()
            self.assertEqual(self.env[model].search_count([]), before)
            self.assertTrue(result["messages"])
        return result

    def _get_row(self, *line, **values):
        row = {
            "subject": "Cracked",
            "partner": str(self.customer.id),
            "type": "Complaint",
            "channel": "Phone",
            "user": self.agent.name,
            "priority": "High",
            **values,
        }
        return [*row.values(), *line]

    def _refuse(self, names, row, words, **kwargs):
        result = self._load(names, [self._get_row(), row], **kwargs)
        self.assertFalse(result["ids"])
        texts = " ".join(message["message"] for message in result["messages"])
        self.assertIn(words, texts)
        return result

    def test_claims_with_their_lines(self):
        symptom = self.symptom.name
        result = self._load(
            CLAIM + LINES,
            [
                self._get_row(str(self.asset.id), "1", symptom),
                ["", "", "", "", "", "", str(self.asset.id), "1", symptom],
                self._get_row(str(self.asset.id), "1", symptom, subject="Scratched"),
            ],
        )
        self.assertFalse(result["messages"])
        first, second = self.env["aftersales.claim"].browse(result["ids"])
        self.assertEqual(first.line_ids.mapped("quantity"), [1.0, 1.0])
        self.assertEqual(first.line_ids.product_id, self.helmet)
        self.assertEqual(first.priority, "2")
        self.assertEqual(first.stage_category, "new")
        self.assertEqual(second.subject, "Scratched")
        self.assertNotEqual(first.name, second.name)
        self.assertTrue(first.sla_status_ids)

    def test_more_than_was_delivered(self):
        result = self._load(
            CLAIM + LINES,
            [
                self._get_row(str(self.asset.id), "2", ""),
                self._get_row(str(self.asset.id), "2", ""),
            ],
        )
        self.assertFalse(result["ids"])
        self.assertIn("would be claimed", result["messages"][0]["message"])
        self.assertFalse(self.asset.claim_line_ids)

    def test_lines_of_a_claim_that_exists(self):
        claim = self._create_claim(user_id=self.agent.id)
        names = ["claim_id", "asset_id/.id", "quantity"]
        rows = [[claim.name, str(self.asset.id), "2"]]
        result = self._load(names, rows, model="aftersales.claim.line")
        self.assertFalse(result["messages"])
        self.assertEqual(claim.line_ids.quantity, 2)
        rows = [[claim.name, str(self.asset.id), "1"]] * 2
        result = self._load(names, rows, model="aftersales.claim.line")
        self.assertFalse(result["ids"])
        self.assertIn(claim.name, result["messages"][0]["message"])
        self.assertEqual(len(claim.line_ids), 1)

    def test_values_that_are_none(self):
        for wrong, words in (
            ({"type": "No such type"}, "No matching record found"),
            ({"channel": "Smoke signs"}, "No matching record found"),
            ({"user": "Nobody at all"}, "No matching record found"),
            ({"priority": "Yesterday"}, "Yesterday"),
            ({"partner": "987654321"}, ""),
            ({"subject": ""}, "Subject"),
        ):
            with self.subTest(wrong=wrong):
                self._refuse(CLAIM, self._get_row(**wrong), words)

    def test_a_quantity_that_is_none(self):
        for quantity in ("many", "-1", "0", "nan"):
            with self.subTest(quantity=quantity):
                row = self._get_row(str(self.asset.id), quantity, "")
                result = self._load(CLAIM + LINES, [row])
                self.assertFalse(result["ids"])

    def test_a_customer_is_no_colleague(self):
        self.portal_user.name = "Marta of the portal"
        row = self._get_row(user="Marta of the portal")
        result = self._load(CLAIM, [row])
        self.assertFalse(result["ids"])

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        owner = self.env["res.partner"].create({"name": "Their customer"})
        asset = self.env["aftersales.asset"].create(
            {
                "partner_id": owner.id,
                "product_id": self.helmet.id,
                "company_id": other.id,
            }
        )
        row = self._get_row(str(asset.id), "1", "", partner=str(owner.id))
        result = self._load(CLAIM + LINES, [row])
        self.assertFalse(result["ids"])
        row = [*self._get_row(), "Elsewhere"]
        result = self._load([*CLAIM, "company_id"], [row])
        self.assertFalse(result["ids"])

    def test_another_customer_s_product(self):
        row = self._get_row(str(self.asset.id), "1", "", partner=str(self.stranger.id))
        result = self._load(CLAIM + LINES, [row])
        self.assertIn("belongs to another customer", result["messages"][0]["message"])

    def test_what_follows_from_steps_is_not_imported(self):
        """A claim that says it was answered or closed would falsify the figures."""
        for name, value in (
            ("date", "2020-01-01 10:00:00"),
            ("close_date", "2026-01-01 10:00:00"),
            ("first_response_date", "2026-01-01 10:00:00"),
            ("sla_state", "met"),
            ("reopen_count", "7"),
        ):
            with self.subTest(field=name):
                result = self._load([*CLAIM, name], [[*self._get_row(), value]])
                self.assertFalse(result["ids"])
                self.assertIn(name, result["messages"][0]["message"])
        result = self._load([*CLAIM, "name"], [[*self._get_row(), "AS/0"]])
        claim = self.env["aftersales.claim"].browse(result["ids"])
        self.assertNotEqual(claim.name, "AS/0")

    @freeze_time("2026-05-05 10:00:00")
    def test_old_claims_are_entered_as_what_they_are(self):
        names = [*CLAIM, "stage_id", *LINES]
        line = (str(self.asset.id), "1", "")
        row = [*self._get_row(), "Solved", *line]
        result = self._load(names, [row])
        claim = self.env["aftersales.claim"].browse(result["ids"])
        self.assertEqual(claim.close_date, datetime(2026, 5, 5, 10))
        self.assertEqual(claim.line_ids.state, "done")
        self.assertEqual(claim.sla_state, "none")
        row = [*self._get_row(), "Cancelled", *line]
        result = self._load(names, [row])
        self.assertIn("Say why", result["messages"][0]["message"])

    def test_rubbish_in_texts(self):
        result = self._load(CLAIM, [self._get_row(subject="a\x00b\ud800c")])
        claim = self.env["aftersales.claim"].browse(result["ids"])
        self.assertEqual(claim.subject, "abc")
        result = self._load(CLAIM, [self._get_row(subject="x" * 200_000)])
        self.assertIn("too long", result["messages"][0]["message"])

    def test_technicians_import_nothing(self):
        claims = self.env["aftersales.claim"].with_user(self.technician)
        result = claims.load(["subject"], [["Mine"]])
        self.assertFalse(result["ids"])
