# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    duplicate_ids = fields.One2many(
        "aftersales.claim", "duplicate_of_id", string="Duplicates", readonly=True
    )
    related_claim_ids = fields.Many2many(
        "aftersales.claim",
        "aftersales_claim_related_rel",
        "claim_id",
        "related_id",
        string="Linked Claims",
        copy=False,
        check_company=True,
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        for claim, vals in zip(claims, vals_list, strict=True):
            if vals.get("related_claim_ids"):
                claim._mirror_links(claim.browse())
        return claims

    def write(self, vals):
        if "related_claim_ids" not in vals:
            return super().write(vals)
        before = {claim: claim.related_claim_ids for claim in self}
        result = super().write(vals)
        for claim, linked in before.items():
            claim._mirror_links(linked)
        return result

    def _mirror_links(self, before):
        """A link is seen from both sides.

        :param before: the claims that were linked with this one until now
        """
        self.ensure_one()
        after = self.related_claim_ids
        # Both ends are claims the user sees; the other one's team may be another.
        (after - before).sudo().write({"related_claim_ids": [Command.link(self.id)]})
        (before - after).sudo().write({"related_claim_ids": [Command.unlink(self.id)]})

    def _get_survivor(self):
        """The claim this one was merged into, however often; else itself."""
        survivor = self
        # Merging makes no circles: see `_check_duplicate_of`.
        while survivor.duplicate_of_id:
            survivor = survivor.duplicate_of_id
        return survivor

    @api.model
    def _link(self, one, other):
        """Link two claims with each other."""
        one.related_claim_ids = [Command.link(other.id)]

    def _merge_into(self, survivor):
        """Move messages, files, followers, activities and lines to `survivor`.

        The merged claims stay as cancelled records that point to the survivor.

        :raises UserError: for claims of different customers or companies, or when a
            claim is closed or the survivor is among them
        """
        self._check_mergeable(survivor)
        # Messages and files of others move as well: the claims were checked above.
        claims, target = self.sudo(), survivor.sudo()
        reason = self.env._("Duplicate of %s", survivor.name)
        if any(claims.mapped("is_confidential")):
            target.is_confidential = True
        for claim in claims:
            claim.line_ids.claim_id = target
            claim.message_ids.write({"res_id": target.id})
            claim._get_files().write({"res_id": target.id})
            claim.activity_ids.write({"res_id": target.id})
            target.message_subscribe(claim.message_partner_ids.ids)
            claim.message_unsubscribe(claim.message_partner_ids.ids)
            claim.write({"duplicate_of_id": target.id})
            claim._action_cancel(reason)
        survivor._message_log(
            body=self.env._(
                "Merged into this claim: %s", ", ".join(self.mapped("name"))
            )
        )

    def _get_files(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("res_field", "=", False),
            ]
        )

    def _check_mergeable(self, survivor):
        everyone = self | survivor
        everyone._ensure_is_agent()
        everyone._lock()
        if survivor in self or not self:
            raise UserError(self.env._("Choose at least two different claims."))
        if len(everyone.company_id) > 1:
            raise UserError(self.env._("Claims of different companies stay apart."))
        shared = everyone.company_id.aftersales_portal_scope == "company"
        customers = everyone.partner_id
        if len(customers.commercial_partner_id if shared else customers) > 1:
            raise UserError(
                self.env._(
                    "These claims are of different customers: one would read what the "
                    "other wrote. They can be linked instead."
                )
            )
        closed = everyone.filtered(
            lambda c: c.stage_category in ("solved", "cancelled")
        )
        if closed:
            raise UserError(
                self.env._(
                    "Closed claims can't be merged: %s",
                    ", ".join(closed.mapped("name")),
                )
            )

    def _split(self, lines, subject):
        """Move `lines` to a new claim of the same customer; both are linked.

        :return: the new claim
        :raises UserError: when the lines are not this claim's, or are all of them
        """
        self.ensure_one()
        self._ensure_is_agent()
        self._lock()
        if not lines or lines.claim_id != self or lines == self.line_ids:
            raise UserError(
                self.env._("Choose some of this claim's lines, but not all of them.")
            )
        # Checked above: the lines are the same customer's, and the clock goes on from
        # the first day.
        new = self.sudo().create(
            {
                "subject": subject,
                **{
                    name: self[name].id
                    for name in (
                        "partner_id",
                        "company_id",
                        "team_id",
                        "user_id",
                        "type_id",
                        "channel_id",
                    )
                },
                "email_from": self.email_from,
                "description": self.description,
                "priority": self.priority,
                "is_confidential": self.is_confidential,
                "date": self.date,
            }
        )
        lines.sudo().claim_id = new
        new = new.sudo(False)
        self._link(self, new)
        self._message_log(
            body=self.env._("Lines moved to a claim of their own: %s", new.name)
        )
        new._message_log(body=self.env._("Split from %s", self.name))
        return new

    def action_split(self):
        """Ask which lines become a claim of their own."""
        self.ensure_one()
        self._ensure_is_agent()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split Claim"),
            "res_model": "aftersales.claim.split",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }
