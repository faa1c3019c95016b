# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

from .aftersales_bulletin_asset import OPEN_STATES

#: A change of one of these may change whom a notice is about.
FOLLOWED_FIELDS = {"active", "partner_id", "state"}


class AftersalesAsset(models.Model):
    """The notices about an asset, for agents and for its owner."""

    _inherit = "aftersales.asset"

    bulletin_line_ids = fields.One2many(
        "aftersales.bulletin.asset", "asset_id", string="Product Notices"
    )
    open_notices = fields.Text(
        compute="_compute_open_notices",
        help="What its owner must be told or has still to do.",
    )
    has_danger = fields.Boolean(compute="_compute_open_notices")

    @api.depends("bulletin_line_ids.state", "bulletin_line_ids.bulletin_id.state")
    @api.depends_context("lang")
    def _compute_open_notices(self):
        notices = self._get_open_notices()
        for asset in self:
            lines = notices.get(asset, self.env["aftersales.bulletin.asset"])
            asset.open_notices = "\n".join(line._get_summary() for line in lines)
            asset.has_danger = any(line.bulletin_id._is_dangerous() for line in lines)

    def write(self, vals):
        result = super().write(vals)
        if FOLLOWED_FIELDS & vals.keys():
            self.env["aftersales.bulletin.asset"]._follow_assets(self)
        return result

    def _get_open_notices(self):
        """{asset: lines of notices that were sent and are not done}, in one search."""
        # Whoever sees an asset may know what is wrong with it.
        lines = (
            self.env["aftersales.bulletin.asset"]
            .sudo()
            .search(
                [
                    ("asset_id", "in", self._origin.ids),
                    ("state", "in", OPEN_STATES),
                    ("bulletin_id.state", "in", ("sending", "open")),
                ]
            )
        )
        return lines.grouped("asset_id")

    def _get_portal_notices(self):
        """As `_get_open_notices`, without those whose owner has it no longer."""
        return {
            asset: lines.filtered(lambda line: line.answer != "not_mine")
            for asset, lines in self._get_open_notices().items()
        }


class AftersalesBulletinAsset(models.Model):
    _inherit = "aftersales.bulletin.asset"

    def _get_summary(self):
        """One line for staff: what it is, and how far."""
        self.ensure_one()
        labels = dict(self._fields["state"]._description_selection(self.env))
        answers = dict(self._fields["answer"]._description_selection(self.env))
        return (
            f"{self.bulletin_id._get_kind_label()}: {self.bulletin_id.name} "
            f"({answers.get(self.answer) or labels[self.state]})"
        )
