# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_tell_received = fields.Boolean(string="Received", default=True)
    aftersales_tell_waiting = fields.Boolean(string="Waiting for You", default=True)
    aftersales_tell_quote = fields.Boolean(string="Quote to Approve", default=True)
    aftersales_tell_visited = fields.Boolean(string="To Be Visited", default=True)
    aftersales_tell_repaired = fields.Boolean(string="Repaired", default=True)
    aftersales_tell_shipped = fields.Boolean(string="Shipped", default=True)
    aftersales_tell_solved = fields.Boolean(string="Solved", default=True)
    aftersales_alert_urgent = fields.Boolean(
        string="Alert about Urgent Claims",
        default=True,
        help="Whoever is assigned, else the team's lead, gets a task and a mail.",
    )
    aftersales_mail_days = fields.Integer(
        string="Keep Original Mails for",
        default=90,
        help="Days after a mail became a claim, an answer or nothing. What waits for a "
        "decision is kept in any case. Zero: for ever.",
    )

    def _get_aftersales_author(self):
        """Values of a message that the company writes, whoever took the step.

        Both: with an author alone the core's composer leaves out the sender.
        """
        self.ensure_one()
        partner = self.partner_id
        return {"author_id": partner.id, "email_from": partner.email_formatted}
