# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.exceptions import UserError


class AftersalesClaim(models.Model):
    """What becomes of a claim that its user, by what they do, loses sight of.

    Agents register claims for other teams and give theirs away; a confidential one is
    then nobody's business but the assignee's and the managers'.
    """

    _inherit = "aftersales.claim"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._keep_confidential(vals)
        claims = super().create(vals_list)
        claims._dismiss_outsiders()
        return claims

    @api.model
    def _keep_confidential(self, vals):
        """A confidential claim without an assignee is for whoever registers it.

        :raises UserError: for an agent who would not see what they register
        """
        user = self.env.user
        if (
            self.env.su
            or not vals.get("is_confidential")
            or user.has_group("aftersales_service.group_manager")
        ):
            return
        vals["user_id"] = vals.get("user_id") or user.id
        if vals["user_id"] != user.id:
            raise UserError(
                self.env._(
                    "Only its assignee and managers see a confidential claim: "
                    "register it for yourself, then assign it."
                )
            )

    def write(self, vals):
        result = super().write(vals)
        if {"is_confidential", "user_id"} & vals.keys():
            self._dismiss_outsiders()
        return result

    def web_save(self, vals, specification, next_id=None):
        """As always, but what is out of the user's sight afterwards is not read: the
        change would be undone by the error. The form says so and closes.
        """
        saved = super().web_save(vals, {}, next_id)
        claims = self.browse([values["id"] for values in saved])
        if not claims.has_access("read"):
            return []
        return claims.with_context(bin_size=True).web_read(specification)

    def _dismiss_outsiders(self):
        """Unsubscribe staff who may not read the claims; their activities go on with
        whoever the claim is assigned to.
        """
        # Follows from a change that the user was allowed to make.
        for claim in self.sudo().filtered("is_confidential"):
            staff = claim.message_partner_ids.user_ids | claim.activity_ids.user_id
            outsiders = staff.filtered(
                lambda user, c=claim: user._is_internal()
                and not c.with_user(user).has_access("read")
            )
            claim.message_unsubscribe(outsiders.partner_id.ids)
            theirs = claim.activity_ids.filtered(lambda a, o=outsiders: a.user_id in o)
            if theirs:
                heir = claim.user_id or claim.team_id.user_id or self.env.user
                theirs.write({"user_id": heir.id})
