# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesArticleReading(models.Model):
    _name = "aftersales.article.reading"
    _description = "Procedure Read and Understood"
    _order = "date desc, id desc"
    _rec_name = "user_id"

    article_id = fields.Many2one(
        "aftersales.article", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, index=True)
    version = fields.Integer(required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    _once = models.Constraint(
        "UNIQUE (article_id, user_id, version)",
        "This version was signed as read already.",
    )
