# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

FOLLOWED = "aftersales.track.followed"
SOLVED = "aftersales_service.mt_claim_solved"


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _message_track(self, fields_iter, initial_values_dict):
        data = self.env.cr.precommit.data
        data[FOLLOWED] = self._get_followed_solved_ids()
        try:
            return super()._message_track(fields_iter, initial_values_dict)
        finally:
            data.pop(FOLLOWED)

    def _track_subtype(self, init_values):
        """A message of its own for a solved claim that somebody follows for that."""
        if "stage_id" in init_values and self.stage_category == "solved":
            followed = self.env.cr.precommit.data.get(FOLLOWED, ())
            if self.id in followed:
                return self.env.ref(SOLVED)
        return super()._track_subtype(init_values)

    def _get_followed_solved_ids(self):
        """The claims of which somebody wants to be told that they are solved."""
        subtype_id = self.env["ir.model.data"]._xmlid_to_res_id(SOLVED)
        # Only whether there is a follower, for whoever changed the claims.
        followers = (
            self.env["mail.followers"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("subtype_ids", "in", [subtype_id]),
                ],
                ["res_id"],
            )
        )
        return set(followers.mapped("res_id"))
