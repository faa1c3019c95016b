# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class ProductDocument(models.Model):
    _inherit = "product.document"

    is_for_owners = fields.Boolean(
        string="For Owners",
        help="Whoever owns the product downloads the document in the portal: manuals, "
        "guides, spare part lists.",
    )

    def _get_portal_href(self, asset):
        """Where the owner of `asset` gets the document: from us or from its link."""
        self.ensure_one()
        if self.type == "url":
            url = self.url or ""
            # Nothing that a browser would run.
            return url if url.startswith(("https://", "http://")) else ""
        return f"/my/assets/{asset.id}/document/{self.id}"
