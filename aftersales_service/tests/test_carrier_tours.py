# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import date

from odoo.tests import HttpCase, tagged

from .test_transport import TransportCommon


@tagged("post_install", "-at_install")
class TestCarrierTours(TransportCommon, HttpCase):
    def _start(self, claim, tour):
        self.start_tour(f"/odoo/claims/{claim.id}", tour, login="test_agent")

    def test_agent_enters_the_carrier_and_the_customer_follows_the_parcel(self):
        claim = self._decide_return(self._sell(self.helmet)).claim_id
        self._start(claim, "aftersales_service_transport")
        parcel = claim.sudo().line_ids.move_ids.picking_id
        self.assertEqual(parcel.aftersales_tracking_ref, "RT-99")
        parcel.aftersales_promised_date = date(2026, 3, 4)
        self.start_tour(
            f"/my/claims/{claim.id}", "aftersales_service_parcel", login="test_marta"
        )

    def test_agent_claims_a_damage_from_the_carrier(self):
        self.company.country_id = self.env.ref("base.es")
        asset = self._sell(self.helmet)
        asset.picking_id.aftersales_carrier_partner_id = self.carrier
        claim = self._create_claim(asset, user_id=self.agent.id)
        self._start(claim, "aftersales_service_carrier_claim")
        carrier_claim = claim.line_ids.carrier_claim_id
        self.assertEqual(
            (carrier_claim.state, carrier_claim.kind), ("accepted", "hidden")
        )
        self.assertEqual(carrier_claim.accepted_amount, 20.0)
