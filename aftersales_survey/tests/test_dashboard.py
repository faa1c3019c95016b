# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged, warmup
from odoo.tools import mute_logger

from .common import SurveyCommon


class DashboardCase(SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.write({"cooldown_days": 0, "bad_action": "none"})
        cls.product = cls.env["product.product"].create({"name": "Washer"})

    @classmethod
    def _ask(cls, count=1, product=None, **scores):
        """Ask `count` customers of the team; who gives scores answers."""
        lines = [Command.create({"product_id": product.id})] if product else []
        for _number in range(count):
            claim = cls._create_claim(line_ids=lines)
            claim.line_ids.write({"remedy": "assist", "state": "done"})
            [invitation] = cls._solve(claim)
            invitation._action_send(by_hand=True)
            if scores:
                cls._answer(cls, invitation, **scores)
        cls.env.flush_all()

    def _get(self, user=None, **filters):
        report = self.env["aftersales.survey.report"].with_user(user or self.manager)
        return report.get_dashboard(team_id=self.team.id, **filters)


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCase):
    def test_scores_with_their_intervals(self):
        self._ask(5, csat="5", nps="10", ces="7")
        self._ask(3, csat="4", nps="8", ces="5")
        self._ask(2, csat="1", nps="0", ces="1")
        self._ask(2)
        data = self._get()
        scores = data["scores"]
        self.assertEqual((scores["sent"], scores["answered"]), (12, 10))
        self.assertEqual(round(scores["response"]), 83)
        self.assertEqual(scores["nps"]["value"], 30)
        self.assertLess(scores["nps"]["low"], 30)
        self.assertGreater(scores["nps"]["high"], 30)
        self.assertEqual(scores["csat"]["value"], 80)
        self.assertEqual(scores["csat"]["count"], 10)
        self.assertAlmostEqual(scores["ces"]["value"], 5.2)
        self.assertEqual(data["groups"], [5, 3, 2])
        self.assertEqual(data["distribution"], [2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 5])

    def test_no_number_under_the_minimum(self):
        self._ask(4, csat="5", nps="10", ces="7", product=self.product)
        data = self._get()
        for name in ("nps", "csat", "ces"):
            self.assertIsNone(data["scores"][name], name)
        [row] = data["dimensions"]["product_id"]["rows"]
        self.assertEqual((row["answered"], row["nps"], row["csat"]), (4, None, None))
        self.assertTrue(all(point["nps"] is None for point in data["trend"]))
        self._ask(1, csat="5", nps="10", ces="7", product=self.product)
        data = self._get()
        self.assertEqual(data["scores"]["nps"]["value"], 100)
        [row] = data["dimensions"]["product_id"]["rows"]
        self.assertEqual((row["nps"], row["csat"]), (100, 100))

    def test_no_survey_at_all(self):
        data = self._get()
        self.assertEqual(data["scores"]["sent"], 0)
        self.assertIsNone(data["scores"]["response"])
        self.assertEqual(data["trend"], [])

    def test_trend_is_of_the_days_before_each_point(self):
        # Weeks begin on Sunday, 2026-01-04 and so on; the period is 30 days.
        with freeze_time("2026-02-10 10:00:00"):
            self._ask(5, csat="1", nps="0")
        with freeze_time("2026-03-04 10:00:00"):
            self._ask(5, csat="5", nps="10")
        with freeze_time("2026-03-20 10:00:00"):
            data = self._get(days=30)
        values = [point["nps"] for point in data["trend"]]
        self.assertEqual(values, [-100, 0, 100, 100])
        self.assertEqual([p["answers"] for p in data["trend"]], [0, 5, 0, 0])

    def test_compared_with_the_time_before(self):
        with freeze_time("2026-01-20 10:00:00"):
            self._ask(5, csat="1", nps="0")
        with freeze_time("2026-03-10 10:00:00"):
            self._ask(5, csat="5", nps="10")
        with freeze_time("2026-03-20 10:00:00"):
            data = self._get(days=30)
            self.assertEqual(data["scores"]["nps"]["value"], 100)
            self.assertEqual(data["before"]["nps"]["value"], -100)

    def test_comments_and_words(self):
        self._ask(1, csat="1", nps="0", text="Slow, slow parcel")
        self._ask(1, csat="5", nps="10", text="The parcel was nice")
        self._ask(1, csat="1", nps="2", text="Too SLOW")
        data = self._get()
        self.assertEqual(len(data["comments"]), 3)
        self.assertEqual(data["comments"][0]["text"], "Too SLOW")
        self.assertEqual(data["comments"][0]["customer"], "Anna Vila")
        words = {use["word"]: (use["count"], use["score"]) for use in data["words"]}
        self.assertEqual(words, {"slow": (2, -1), "parcel": (2, 0)})

    def test_filters(self):
        self._ask(5, csat="5")
        other = self.team.copy({"name": "Another"})
        report = self.env["aftersales.survey.report"].with_user(self.manager)
        self.assertEqual(report.get_dashboard(team_id=other.id)["scores"]["sent"], 0)
        data = report.get_dashboard(rule_id=self.rule.id)
        self.assertEqual(data["scores"]["sent"], 5)
        names = [team["name"] for team in data["filters"]["teams"]]
        self.assertIn("Survey Team", names)

    def test_satisfied_after_followup(self):
        self.rule.bad_action = "activity"
        self._ask(3, csat="1")
        followups = self.env["aftersales.survey.followup"].search(
            [("team_id", "=", self.team.id)]
        )
        followups[0].write({"outcome": "solved", "customer_mood": "satisfied"})
        followups[1].write({"outcome": "called", "customer_mood": "unsatisfied"})
        followups[:2].action_done()
        recovered = self._get()["recovered"]
        self.assertEqual((recovered["satisfied"], recovered["count"]), (1, 2))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_technicians_have_none(self):
        with self.assertRaises(AccessError):
            self._get(self.technician)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_agents_see_their_teams(self):
        self._ask(5, csat="5", nps="10", text="Fine work", product=self.product)
        other = self.team.copy({"name": "Another", "member_ids": [], "user_id": False})
        team, type(self).team = self.team, other
        self._ask(6, csat="1", nps="0", text="Bad work", product=self.product)
        type(self).team = team
        report = self.env["aftersales.survey.report"].with_user(self.agent)
        data = report.get_dashboard()
        self.assertEqual(data["scores"]["sent"], 5)
        self.assertEqual(data["scores"]["nps"]["value"], 100)
        self.assertEqual({c["text"] for c in data["comments"]}, {"Fine work"})
        self.assertEqual([t["id"] for t in data["filters"]["teams"]], [self.team.id])
        [row] = data["dimensions"]["product_id"]["rows"]
        self.assertEqual(row["answered"], 5)
        self.assertFalse(data["domain"], "Agents open no single answers.")
        self.assertNotIn("technician_id", data["dimensions"])
        for filters in ({"team_id": other.id}, {"team_id": other.id, "days": 9999}):
            data = report.get_dashboard(**filters)
            self.assertEqual(data["scores"]["sent"], 0)
            self.assertEqual(data["comments"], [])
        self.assertEqual(self._get(self.colleague)["scores"]["sent"], 0)
        with self.assertRaises(AccessError):
            report.search([])

    def test_agents_don_t_see_confidential_claims(self):
        self._ask(1, csat="1", nps="0", text="Between us")
        claim = self.env["aftersales.claim"].search(
            [("survey_feedback", "=", "Between us")]
        )
        claim.write({"is_confidential": True, "user_id": self.manager.id})
        self.assertEqual(self._get()["comments"][0]["text"], "Between us")
        self.env.flush_all()
        self.assertEqual(self._get(self.agent)["comments"], [])

    def test_lead_outside_the_team_sees_it(self):
        self._ask(1, csat="5")
        self.team.user_id = self.colleague
        self.assertEqual(self._get(self.colleague)["scores"]["answered"], 1)

    def test_minimum_is_a_setting_of_the_company(self):
        self._ask(2, csat="5", nps="10")
        self.assertIsNone(self._get()["scores"]["nps"])
        self.env["res.config.settings"].create(
            {"aftersales_minimum_answers": 2}
        ).execute()
        data = self._get()
        self.assertEqual(data["minimum"], 2)
        self.assertEqual(data["scores"]["nps"]["value"], 100)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env.company.aftersales_minimum_answers = 0
            self.env.flush_all()

    def test_aspects_of_the_long_questionnaire(self):
        survey = self.env.ref("aftersales_survey.survey_service_detailed")
        self.rule.survey_id = survey
        courtesy = self.env.ref("aftersales_survey.survey_question_detailed_courtesy")
        price = self.env.ref("aftersales_survey.survey_question_detailed_price")
        for kind, fair in ((5, 1), (5, 2), (4, 4), (4, 3), (1, "")):
            [invitation] = self._solve(self._create_claim())
            invitation._action_send(by_hand=True)
            form = invitation.user_input_id
            form._save_lines(courtesy, str(kind))
            form._save_lines(price, str(fair))
            form._mark_done()
        self.env.flush_all()
        for user in (self.manager, self.agent):
            kindness, fairness = self._get(user)["aspects"]
            self.assertEqual(kindness["label"], "Courtesy")
            self.assertEqual((kindness["percent"], kindness["count"]), (80, 5))
            self.assertLess(kindness["low"], 80)
            self.assertEqual(fairness["label"], "Price")
            self.assertEqual((fairness["percent"], fairness["count"]), (None, 4))
        self.env.company.aftersales_minimum_answers = 4
        labels = [aspect["label"] for aspect in self._get()["aspects"]]
        self.assertEqual(labels, ["Price", "Courtesy"], "The worst comes first.")
        other = self.team.copy({"name": "Another"})
        report = self.env["aftersales.survey.report"].with_user(self.manager)
        self.assertEqual(report.get_dashboard(team_id=other.id)["aspects"], [])
        price.unlink()
        self.assertEqual(len(self._get()["aspects"]), 1)

    def test_few_anonymous_answers_stay_out(self):
        self._ask(6, csat="5", nps="10", text="Fine work")
        self.survey.is_aftersales_anonymous = True
        self._ask(4, csat="1", nps="0", text="Secret words")
        for user in (self.manager, self.agent):
            data = self._get(user)
            self.assertEqual(data["scores"]["nps"]["value"], 100)
            self.assertEqual(data["groups"], [6, 0, 0])
            self.assertEqual({c["text"] for c in data["comments"]}, {"Fine work"})
            self.assertNotIn("Secret", str(data))
            self.assertEqual(data["scores"]["answered"], 10)
        self._ask(1, csat="1", nps="0", text="Secret words")
        for user in (self.manager, self.agent):
            data = self._get(user)
            self.assertEqual(data["groups"], [6, 0, 5])
            secret = [c for c in data["comments"] if c["text"] == "Secret words"]
            self.assertTrue(secret)
            for comment in secret:
                self.assertFalse(comment["customer"] or comment["claim"])

    def test_companies_are_apart(self):
        self._ask(5, csat="5")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write({"company_ids": [Command.link(other.id)]})
        report = self.env["aftersales.survey.report"].with_user(self.manager)
        report = report.with_context(allowed_company_ids=other.ids)
        self.assertEqual(report.get_dashboard()["scores"]["sent"], 0)
        far = self.env["res.company"].create({"name": "Far"})
        for user in (self.agent, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                report.with_user(user).with_context(
                    allowed_company_ids=far.ids
                ).get_dashboard()

    def test_strange_periods(self):
        self._ask(1, csat="5")
        for days, shown in ((-5, 1), (0, 1), (10**12, 3660)):
            data = self._get(days=days)
            self.assertEqual((data["days"], data["scores"]["sent"]), (shown, 1))

    @warmup
    def test_queries_don_t_grow_with_answers(self):
        self._ask(1, csat="5", nps="10", text="Fine work", product=self.product)
        few = self._count_queries()
        self._ask(12, csat="4", nps="9", text="Fine work", product=self.product)
        self.assertLessEqual(self._count_queries(), few + 1)

    def _count_queries(self):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._get()
        return self.env.cr.sql_log_count - before

    def _get_digest_kpis(self, user):
        digest = self.env["digest.digest"].create(
            {"name": "Weekly", "kpi_aftersales_nps": True, "kpi_aftersales_csat": True}
        )
        return {
            kpi["kpi_name"]: [kpi[f"kpi_col{column}"]["value"] for column in (1, 2, 3)]
            for kpi in digest._compute_kpis(self.env.company, user)
            if "aftersales_" in kpi["kpi_name"]
        }

    def test_digest(self):
        with freeze_time("2026-03-10 10:00:00"):
            self._ask(5, csat="5", nps="10")
        with freeze_time("2026-03-14 10:00:00"):
            self._ask(1, csat="1", nps="0")
        with freeze_time("2026-03-14 12:00:00"):
            # Yesterday one answered, in the last seven and thirty days six did.
            kpis = self._get_digest_kpis(self.manager)
        self.assertEqual(kpis["kpi_aftersales_nps"], ["–", "+67", "+67"])
        self.assertEqual(kpis["kpi_aftersales_csat"], ["–", "83%", "83%"])
        self.assertFalse(self._get_digest_kpis(self.agent))

    def test_digest_shows_no_score_of_few_answers(self):
        with freeze_time("2026-03-10 10:00:00"):
            self._ask(4, csat="5", nps="10")
        with freeze_time("2026-03-10 12:00:00"):
            kpis = self._get_digest_kpis(self.manager)
        self.assertEqual(set(kpis["kpi_aftersales_nps"]), {"–"})
        self.assertEqual(set(kpis["kpi_aftersales_csat"]), {"–"})

    def test_digest_that_comes_with_odoo_has_the_figure(self):
        digest = self.env.ref("digest.digest_digest_default")
        self.assertTrue(digest.kpi_aftersales_nps and digest.kpi_aftersales_csat)


@tagged("post_install", "-at_install")
class TestDashboardTour(HttpCase, DashboardCase):
    def test_agent_looks_at_the_dashboard(self):
        self._ask(6, csat="5", nps="10", text="Quick repair", product=self.product)
        action = self.env.ref("aftersales_survey.aftersales_survey_dashboard_action")
        self.start_tour(
            f"/odoo/action-{action.id}",
            "aftersales_survey_dashboard_agent",
            login="survey_agent",
        )

    def test_manager_looks_at_the_dashboard(self):
        self._ask(6, csat="5", nps="10", text="Quick repair", product=self.product)
        self._ask(2, csat="1", nps="0", text="Slow repair", product=self.product)
        action = self.env.ref("aftersales_survey.aftersales_survey_dashboard_action")
        self.start_tour(
            f"/odoo/action-{action.id}",
            "aftersales_survey_dashboard",
            login="survey_manager",
        )
        improvement = self.env["aftersales.improvement"].search(
            [("name", "=", "The pump is loud")]
        )
        self.assertEqual(improvement.product_id, self.product)
        self.assertEqual(improvement.measure, "csat")
