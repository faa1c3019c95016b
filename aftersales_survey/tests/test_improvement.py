# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged, users
from odoo.tools import mute_logger

from .common import SurveyCommon


@tagged("post_install", "-at_install")
class TestImprovement(SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.cooldown_days = 0
        cls.rule.bad_action = "none"
        cls.product = cls.env["product.product"].create(
            {"name": "Washer", "type": "consu", "is_storable": True}
        )
        cls.cause = cls.env["aftersales.cause"].search([], limit=1)
        cls.improvement = cls.env["aftersales.improvement"].create(
            {
                "name": "The seal comes off",
                "product_id": cls.product.id,
                "start_date": "2026-02-01",
                "measure_days": 30,
            }
        )

    def _claims(self, count, day, **line):
        claims = self.env["aftersales.claim"].sudo()
        return claims.create(
            [
                {
                    "subject": "Leaks",
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                    "user_id": self.agent.id,
                    "date": f"{day} 10:00:00",
                    "line_ids": [
                        Command.create({"product_id": self.product.id, **line})
                    ],
                }
                for _number in range(count)
            ]
        ).sudo(False)

    @users("survey_agent")
    def test_made_of_claims_with_one_click(self):
        claims = self._claims(3, "2026-01-15", cause_id=self.cause.id)
        action = claims.with_env(self.env).action_create_improvement()
        values = action["context"]
        form = Form(self.env["aftersales.improvement"].with_context(**values))
        form.name = "The seal comes off"
        improvement = form.save()
        self.assertEqual(improvement.product_id, self.product)
        self.assertEqual(improvement.cause_id, self.cause)
        self.assertEqual(improvement.kind, "product")
        self.assertEqual(improvement.claim_ids, claims)
        self.assertEqual(improvement.user_id, self.env.user)
        self.assertEqual(claims.improvement_ids, improvement)

    def test_made_of_different_claims_is_about_the_process(self):
        other = self.product.copy({"name": "Dryer"})
        claims = self._claims(1, "2026-01-15") | self._claims(
            1, "2026-01-15", product_id=other.id
        )
        values = claims.action_create_improvement()["context"]
        self.assertFalse(values["default_product_id"])
        self.assertEqual(values["default_kind"], "process")

    def test_made_of_answers(self):
        claims = self._claims(2, "2026-01-15")
        claims.line_ids.write({"remedy": "assist", "state": "done"})
        for invitation in self._solve(claims):
            invitation._action_send(by_hand=True)
            self._answer(invitation, csat="1", text="It leaks <b>")
        self.env.flush_all()
        rows = self.env["aftersales.survey.report"].search(
            [("claim_id", "in", claims.ids)]
        )
        values = rows.with_user(self.manager).action_create_improvement()["context"]
        self.assertEqual(values["default_product_id"], self.product.id)
        self.assertEqual(values["default_measure"], "csat")
        self.assertIn("It leaks &lt;b&gt;", values["default_description"])
        self.assertEqual(set(values["default_claim_ids"][0][2]), set(claims.ids))

    @freeze_time("2026-05-15 12:00:00")
    def test_claims_before_and_after(self):
        improvement = self.improvement
        self._claims(5, "2026-01-20")
        self._claims(1, "2025-12-20")
        self.assertEqual(improvement.before_text, "5")
        self.assertEqual(improvement.after_text, "no figure yet")
        improvement.done_date = "2026-03-01"
        self._claims(2, "2026-03-10")
        improvement.invalidate_recordset()
        self.assertEqual(improvement.after_text, "2")
        self.assertTrue(improvement.is_better)
        self._claims(6, "2026-03-11")
        improvement.invalidate_recordset()
        self.assertTrue(improvement.is_worse)
        self.assertFalse(improvement.is_better)

    @freeze_time("2026-03-15 12:00:00")
    def test_time_that_is_not_over_tells_nothing(self):
        self.improvement.done_date = "2026-03-01"
        self._claims(1, "2026-03-10")
        self.assertEqual(self.improvement.after_text, "no figure yet")

    def test_scores_before_and_after(self):
        improvement = self.improvement
        improvement.measure = "csat"
        for day, score in (("2026-01-20", "1"), ("2026-03-10", "5")):
            with self._at(f"{day} 10:00:00"):
                claims = self._claims(5, day)
                claims.line_ids.write({"remedy": "assist", "state": "done"})
                for invitation in self._solve(claims):
                    invitation._action_send(by_hand=True)
                    self._answer(invitation, csat=score)
        self.env.flush_all()
        with self._at("2026-05-01 10:00:00"):
            improvement.done_date = "2026-03-01"
            improvement.invalidate_recordset()
            self.assertEqual(improvement.before_text, "0")
            self.assertEqual(improvement.after_text, "100")
            self.assertTrue(improvement.is_better)
            improvement.cause_id = self.cause
            improvement.invalidate_recordset()
            self.assertEqual(improvement.after_text, "no figure yet")

    @freeze_time("2026-03-10 12:00:00")
    def test_steps(self):
        improvement = self.improvement
        improvement.action_start()
        self.assertEqual(improvement.state, "in_progress")
        improvement.action_done()
        self.assertEqual(improvement.done_date, date(2026, 3, 10))
        with self.assertRaises(ValidationError):
            improvement.done_date = "2026-01-01"

    def test_claims_of_two_companies_are_not_mixed(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        claims = self._create_claim() | self._create_claim(
            company_id=other.id, team_id=False, user_id=False
        )
        with self.assertRaises(UserError):
            claims.action_create_improvement()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_owner_outside_the_service(self):
        """Whoever puts it right sees the improvement and its figures, no claims."""
        buyer = new_test_user(self.env, "survey_buyer", "base.group_user")
        improvement = self.improvement.with_user(buyer)
        self.assertFalse(improvement.has_access("read"))
        self.improvement.user_id = buyer
        self.improvement.claim_ids = self._claims(2, "2026-01-20")
        self.env.invalidate_all()
        with Form(improvement) as form:
            form.description = "<p>Other supplier</p>"
        self.assertEqual(improvement.before_text, "2")
        self.assertEqual(improvement.claim_count, 2)
        with self.assertRaises(AccessError):
            improvement.read(["claim_ids"])
        with self.assertRaises(AccessError):
            improvement.unlink()
