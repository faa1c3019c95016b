# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import AftersalesCommon

RUBBISH = "a\x00b\ud800c"


@tagged("post_install", "-at_install", "security")
class TestTexts(AftersalesCommon):
    """Every text field that staff can write, with what a database refuses."""

    def _get_records(self):
        claim = self._create_claim(self._sell(self.helmet), user_id=self.manager.id)
        line = claim.line_ids
        yield claim
        yield line
        yield line.asset_id
        yield self.team
        for name in ("sla", "type", "stage", "symptom", "cause", "channel"):
            yield self.env[f"aftersales.{name}"].search([], limit=1)
        yield self.env["aftersales.tag"].create({"name": "Tag"})
        yield self.env["aftersales.article"].create({"name": "Article"})
        yield self.env["aftersales.checklist"].create({"name": "List"})
        yield self.env["aftersales.claim.cancel"].create(
            {"claim_ids": claim.ids, "reason": "Because"}
        )

    def test_rubbish_is_taken_out_and_endless_text_refused(self):
        number = 0
        for record in self._get_records():
            record = record.with_user(self.manager)
            for field in record._fields.values():
                if (
                    field.type not in ("char", "text", "html")
                    or not field.store
                    or field.related
                    or (field.compute and field.readonly)
                    or not record._has_field_access(field, "write")
                    or field.name in ("name", "access_token", "alias_name")
                    and record._name in ("aftersales.claim", "aftersales.team")
                    or field.name.startswith("alias_")
                ):
                    continue
                number += 1
                with self.subTest(model=record._name, field=field.name):
                    record.write({field.name: RUBBISH})
                    self.env.flush_all()
                    if field.type != "html":
                        self.assertEqual(record[field.name], "abc")
                    with self.assertRaises(ValidationError):
                        record.write({field.name: "x" * 10**7})
        self.assertGreater(number, 25)
