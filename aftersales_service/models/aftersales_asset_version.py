# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class AftersalesAssetVersion(models.Model):
    """Which version a product had until when, and who has changed it."""

    _name = "aftersales.asset.version"
    _description = "Change of an Asset's Version"
    _order = "id desc"
    _rec_name = "version"

    asset_id = fields.Many2one(
        "aftersales.asset",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="asset_id.company_id", store=True)
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    old_version = fields.Char(string="From", readonly=True)
    version = fields.Char(string="To", readonly=True)
    bulletin_id = fields.Many2one(
        "aftersales.bulletin",
        string="Notice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    version_ids = fields.One2many(
        "aftersales.asset.version", "asset_id", string="Versions", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        assets = super().create(vals_list)
        assets.filtered("version")._note_versions({})
        return assets

    def write(self, vals):
        before = {a: a.version for a in self} if "version" in vals else {}
        result = super().write(vals)
        if before:
            self._note_versions(before)
        return result

    def _note_versions(self, before):
        """Add to the history what has changed.

        :param before: {asset: the version it had}; none for new ones
        """
        changed = self.filtered(lambda a: (a.version or "") != (before.get(a) or ""))
        if not changed:
            return
        # Follows from a change of version that the user was allowed to make.
        self.env["aftersales.asset.version"].sudo().create(
            [
                {
                    "asset_id": asset.id,
                    "old_version": before.get(asset),
                    "version": asset.version,
                }
                for asset in changed
            ]
        )
        # As above.
        changed.sudo()._end_updates()

    def _set_version(self, version, bulletin):
        """Note the version that the product has by doing what `bulletin` asks for."""
        self.ensure_one()
        self.version = version
        self.version_ids[:1].bulletin_id = bulletin

    def _end_updates(self):
        """Who has the version that a notice leads to has done what it asks for."""
        lines = self.env["aftersales.bulletin.asset"].search(
            [
                ("asset_id", "in", self.ids),
                ("state", "not in", ("done", "gone", "listed")),
                ("bulletin_id.new_version", "in", self.mapped("version")),
            ]
        )
        lines.filtered(
            lambda line: line.bulletin_id.new_version == line.asset_id.version
        )._action_done()
