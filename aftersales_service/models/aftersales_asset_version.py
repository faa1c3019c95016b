# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from ..rules.version_number import version_key


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
        readonly=True,
        default=lambda self: not self.env.user._is_public() and self.env.user,
        help="Empty: the owner, by the link in a notice.",
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
    repair_id = fields.Many2one(
        "repair.order",
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

    def _set_version(self, version, **reason):
        """Note the version that the product has from now on, and by what.

        :param reason: `bulletin_id` or `repair_id`, ids that the history keeps
        """
        self.ensure_one()
        if self.version == version:
            return
        self.version = version
        self.env["aftersales.asset.version"].search(
            [("asset_id", "=", self.id)], limit=1
        ).write(reason)

    def _has_version(self, version):
        """Whether the product is at `version` or beyond it."""
        self.ensure_one()
        return bool(
            self.version
            and version
            and version_key(self.version) >= version_key(version)
        )

    def _end_updates(self):
        """Who has the version that a notice leads to has done what it asks for."""
        lines = self.env["aftersales.bulletin.asset"].search(
            [
                ("asset_id", "in", self.filtered("version").ids),
                ("state", "not in", ("done", "gone", "listed")),
                ("bulletin_id.new_version", "not in", (False, "")),
            ]
        )
        lines.filtered(
            lambda line: line.asset_id._has_version(line.bulletin_id.new_version)
        )._action_done()
