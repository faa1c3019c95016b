# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesMailIntakeLink(models.TransientModel):
    _name = "aftersales.mail.intake.link"
    _description = "Put Mails on a Claim"

    intake_ids = fields.Many2many("aftersales.mail.intake", required=True)
    claim_id = fields.Many2one("aftersales.claim", required=True)

    def action_confirm(self):
        """Post the mails on the chosen claim.

        :raises AccessError: for whoever is no manager
        """
        self.ensure_one()
        return self.intake_ids._link(self.claim_id)


class AftersalesMailIntakeDiscard(models.TransientModel):
    _name = "aftersales.mail.intake.discard"
    _description = "Discard Mails"
    _inherit = "aftersales.text.mixin"

    intake_ids = fields.Many2many("aftersales.mail.intake", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Set the mails aside for the reason given.

        :raises AccessError: for whoever is no manager
        """
        self.ensure_one()
        self.intake_ids._discard(self.reason)
        return True
