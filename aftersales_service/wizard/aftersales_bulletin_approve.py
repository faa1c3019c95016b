# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesBulletinApprove(models.TransientModel):
    """What a manager approves: the list as it is now, with its count."""

    _name = "aftersales.bulletin.approve"
    _description = "Approve a Product Notice"

    bulletin_id = fields.Many2one(
        "aftersales.bulletin", required=True, ondelete="cascade"
    )
    name = fields.Char(related="bulletin_id.name")
    kind = fields.Selection(related="bulletin_id.kind")
    description = fields.Html(related="bulletin_id.description")
    asset_count = fields.Integer(string="Products", readonly=True)
    owner_count = fields.Integer(string="Owners", readonly=True)
    unreachable_count = fields.Integer(
        string="Without Address",
        readonly=True,
        help="Owners without an e-mail address, or archived: call or write to them.",
    )
    languages = fields.Char(readonly=True, help="Of the owners, most of them first.")
    checksum = fields.Char(readonly=True)
    has_changed = fields.Boolean(readonly=True)
    is_everything = fields.Boolean(readonly=True)
    is_everything_meant = fields.Boolean(
        string="Yes, all of them",
        help="Every product that customers have is on the list.",
    )

    def action_confirm(self):
        """Approve what is shown; when the list has changed, show it anew.

        :raises UserError: when every product is affected and that was not confirmed
        """
        self.ensure_one()
        bulletin = self.bulletin_id
        bulletin._ensure_manager()
        bulletin.action_list_affected()
        bulletin._ensure_ready()
        shown = (self.asset_count, self.owner_count, self.checksum)
        # Managers may know whom they list.
        if shown != bulletin.sudo()._get_fingerprint():
            self._count()
            self.has_changed = True
            return self._reopen()
        self._ensure_everything_is_meant()
        # Managers approve; what is queued then is written by nobody.
        bulletin.sudo()._approve()
        return {"type": "ir.actions.act_window_close"}

    def _ensure_everything_is_meant(self):
        if self._is_everything() and not self.is_everything_meant:
            raise self.bulletin_id._get_everything_error()

    def _is_everything(self):
        # Managers may know how many products customers have.
        return self.asset_count >= self.bulletin_id.sudo()._count_in_use()

    def _count(self):
        """Take in what is on the list now."""
        # Managers may see how many customers are concerned, and in which languages.
        bulletin = self.bulletin_id.sudo()
        self.asset_count, self.owner_count, self.checksum = bulletin._get_fingerprint()
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        waiting = [("bulletin_id", "=", bulletin.id), ("state", "=", "listed")]
        lines = bulletin.env["aftersales.bulletin.asset"]._search(waiting)
        owners = [("id", "in", lines.subselect("partner_id"))]
        self.unreachable_count = partners.search_count(
            [*owners, "|", ("email_normalized", "=", False), ("active", "=", False)]
        )
        counts = partners._read_group(
            owners, ["lang"], ["__count"], order="__count DESC"
        )
        names = dict(self.env["res.lang"].get_installed())
        self.languages = ", ".join(
            f"{names.get(lang, lang) or '–'}: {count}" for lang, count in counts
        )
        self.is_everything = self._is_everything()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve and Send"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
