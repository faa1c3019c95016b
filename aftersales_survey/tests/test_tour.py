# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .common import SurveyCommon


class TourCase(HttpCase, SurveyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invitation = cls._solve(cls._create_claim())
        cls.invitation._action_send()

    def _answer_in_browser(self):
        link = urlsplit(self.invitation.get_answer_url(4))
        self.start_tour(f"{link.path}?{link.query}", "aftersales_survey_answer")
        self.env.invalidate_all()
        claim = self.invitation.claim_id
        self.assertEqual(claim.survey_state, "answered")
        self.assertEqual(claim.csat_score, 4)
        self.assertEqual((claim.nps_score, claim.nps_group), (0, "detractor"))
        self.assertEqual(claim.survey_feedback, "The parcel came late")


@tagged("post_install", "-at_install")
class TestSurveyTour(TourCase):
    def test_answer_on_a_desktop(self):
        self._answer_in_browser()


@tagged("post_install", "-at_install")
class TestSurveyTourPhone(TourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_answer_on_a_phone(self):
        self._answer_in_browser()
