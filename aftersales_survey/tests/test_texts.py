# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SurveyCommon

RUBBISH = "a\x00b\ud800c"


@tagged("post_install", "-at_install", "security")
class TestTexts(SurveyCommon):
    """What staff write about surveys, with what a database refuses."""

    def _get_records(self):
        yield (
            self.env["aftersales.improvement"].create({"name": "Seal"}),
            (
                "name",
                "description",
            ),
        )
        yield (
            self.env["aftersales.review.site"].create(
                {"name": "Site", "url": "https://example.com"}
            ),
            ("name",),
        )
        yield self.rule, ("name",)
        invitation = self._solve(self._create_claim())
        yield (
            self.env["aftersales.survey.followup"]
            .sudo()
            .create(
                {
                    "name": "Call",
                    "invitation_id": invitation.id,
                    "user_id": self.manager.id,
                }
            ),
            ("note",),
        )

    def test_rubbish_is_taken_out_and_endless_text_refused(self):
        for record, names in self._get_records():
            record = record.with_user(self.manager)
            for name in names:
                with self.subTest(model=record._name, field=name):
                    record.write({name: RUBBISH})
                    self.env.flush_all()
                    if record._fields[name].type != "html":
                        self.assertEqual(record[name], "abc")
                    with self.assertRaisesRegex(ValidationError, "too long"):
                        record.write({name: "x" * 10**7})

    def test_an_address_with_rubbish_is_none(self):
        sites = self.env["aftersales.review.site"].with_user(self.manager)
        site = sites.create({"name": "Site", "url": "https://exa\x00mple.com"})
        self.assertEqual(site.url, "https://example.com")
        with self.assertRaises(ValidationError):
            site.url = "\x00"

    def test_history_without_answers_says_nothing(self):
        claim = self._create_claim().with_user(self.agent)
        self.assertFalse(claim.partner_satisfaction)
        self._answer(self._sent(self._create_claim()), csat="2")
        self.env.invalidate_all()
        self.assertEqual(claim.partner_satisfaction, "not satisfied in the only answer")

    def _sent(self, claim):
        invitation = self._solve(claim)
        invitation._action_send(by_hand=True)
        return invitation
