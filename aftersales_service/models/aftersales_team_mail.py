# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

WAITING = ("received", "quarantined")


class AftersalesTeam(models.Model):
    _inherit = "aftersales.team"

    quarantined_mail_count = fields.Integer(
        compute="_compute_quarantined_mail_count",
        groups="aftersales_service.group_manager",
    )

    def _compute_quarantined_mail_count(self):
        mails = self.env["aftersales.mail.intake"]
        counts = dict(
            mails._read_group(
                [("state", "in", WAITING), ("team_id", "in", [*self.ids, False])],
                ["team_id"],
                ["__count"],
            )
        )
        homeless = counts.get(self.env["aftersales.team"], 0)
        for index, team in enumerate(self):
            # Mails to no team's address are shown once, at the first team.
            team.quarantined_mail_count = counts.get(team, 0) + (
                0 if index else homeless
            )

    def action_open_mails(self):
        """The mails to this team, or to none, that wait for a decision."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.aftersales_mail_intake_action"
        )
        action["domain"] = [("team_id", "in", [self.id, False])]
        return action
