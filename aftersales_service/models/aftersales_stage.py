# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

STAGE_CATEGORIES = [
    ("new", "New"),
    ("in_progress", "In Progress"),
    ("waiting", "Waiting"),
    ("solved", "Solved"),
    ("cancelled", "Cancelled"),
]


class AftersalesStage(models.Model):
    _name = "aftersales.stage"
    _inherit = "aftersales.text.mixin"
    _description = "Claim Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    category = fields.Selection(
        STAGE_CATEGORIES,
        required=True,
        default="in_progress",
        help="What the stage means: the clock stops in Waiting, a claim ends in "
        "Solved or Cancelled.",
    )
    fold = fields.Boolean(string="Folded in Kanban")
    customer_label = fields.Char(
        translate=True,
        help="What the customer reads for this stage. Empty shows the stage's name.",
    )
    team_ids = fields.Many2many(
        "aftersales.team",
        help="Only these teams use the stage. Empty means every team.",
    )

    def _get_customer_label(self):
        """What customers read for this stage."""
        self.ensure_one()
        return self.customer_label or self.name
