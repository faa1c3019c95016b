# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesReviewSite(models.Model):
    _name = "aftersales.review.site"
    _description = "Public Review Site"
    _inherit = "aftersales.text.mixin"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )
    url = fields.Char(
        string="Address", required=True, help="Where customers write their review."
    )

    @api.constrains("url")
    def _check_url(self):
        for site in self:
            parts = urlsplit(site.url)
            if parts.scheme not in ("http", "https") or not parts.netloc:
                raise ValidationError(
                    self.env._("An address begins with https://: %s", site.url)
                )
