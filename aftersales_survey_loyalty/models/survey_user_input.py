# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    def _get_thanks(self):
        """Tell about the reward as well: {"reward": text or False}."""
        thanks = super()._get_thanks()
        # Whoever holds the link may not read the ledger.
        invitation = self._get_invitations()
        card = invitation.reward_card_id.sudo()
        thanks["reward"] = False
        if card.program_type in ("loyalty", "ewallet"):
            thanks["reward"] = self.env._(
                "We have added %s to your card.",
                card._format_points(invitation.reward_points),
            )
        elif card:
            thanks["reward"] = self.env._("A voucher is on its way to you by e-mail.")
        return thanks
