# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesTeamMember(models.Model):
    _name = "aftersales.team.member"
    _description = "Capacity and Skills of a Team Member"
    _order = "team_id, id"
    _rec_name = "user_id"

    team_id = fields.Many2one(
        "aftersales.team", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Member",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    capacity = fields.Integer(
        help="With so many open claims, of any team, the member gets no more. Zero "
        "means no limit."
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Skills",
        help="Claims about products of these categories, or of categories below them, "
        "go to this member first; other products are for others. Empty means any "
        "product.",
    )

    _team_user_uniq = models.UniqueIndex(
        "(team_id, user_id)", "A member has one line per team."
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "The capacity can't be less than zero."
    )
