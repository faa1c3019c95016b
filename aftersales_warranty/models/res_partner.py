# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.tools import consteq, hmac


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_no_warranty_reminder = fields.Boolean(
        string="No Warranty Reminders",
        help="Is not told that a warranty ends.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "country_id" in vals:
            # Where a product is decides with it, whoever may see products.
            assets = self.env["aftersales.asset"].sudo()
            assets.search([("partner_id", "child_of", self.ids)])._update_coverage()
        return result

    def _get_reminder_token(self):
        """What the link in a reminder carries to stop further ones."""
        self.ensure_one()
        # A key of the database, only to compute what can't be guessed.
        env = self.sudo().env
        return f"{self.id}-{hmac(env, 'aftersales_reminder', self.id)[:20]}"

    def _get_reminder_url(self):
        """Where a customer says that they want no more reminders."""
        self.ensure_one()
        token = self._get_reminder_token()
        return f"{self.get_base_url()}/aftersales/warranty/reminders/{token}"

    def _find_by_reminder_token(self, token):
        """The partner whose link carries `token`, or none."""
        number, _sep, _signature = (token or "").partition("-")
        if not number.isascii() or not number.isdecimal() or len(number) > 9:
            return self.browse()
        # Whoever has the link may stop the reminders; nothing else is shown.
        partner = self.sudo().browse(int(number)).exists()
        if partner and consteq(partner._get_reminder_token().encode(), token.encode()):
            return partner
        return self.browse()
