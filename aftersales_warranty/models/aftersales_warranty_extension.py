# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesWarrantyExtension(models.Model):
    """What a repair adds to a certificate; each repair only once."""

    _name = "aftersales.warranty.extension"
    _description = "Warranty Made Longer by a Repair"
    _order = "id"

    warranty_id = fields.Many2one(
        "aftersales.warranty", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="warranty_id.company_id")
    repair_id = fields.Many2one("repair.order", index="btree_not_null")
    kind = fields.Selection(
        [
            ("stopped", "Stood still during the repair"),
            ("repaired", "Longer because it was repaired"),
        ],
        required=True,
        default="stopped",
    )
    months = fields.Integer()
    days = fields.Integer()

    _repair_once = models.UniqueIndex(
        "(warranty_id, repair_id, kind)", "This repair has been counted already."
    )
    _repaired_once = models.UniqueIndex(
        "(warranty_id) WHERE kind = 'repaired'",
        "A repair makes a warranty longer only once.",
    )
    _not_negative = models.Constraint(
        "CHECK (months >= 0 AND days >= 0)", "A repair never shortens a warranty."
    )
