# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models

#: What could tell who gave an anonymous answer; the rest is kept for the figures.
PERSONAL_FACTS = (
    "claim_id",
    "claim_line_ids",
    "repair_id",
    "asset_id",
    "agent_id",
    "technician_id",
)
FACTS = (
    *PERSONAL_FACTS,
    "product_id",
    "team_id",
    "type_id",
    "channel_id",
    "cause_id",
)


class AftersalesSurveyFacts(models.AbstractModel):
    """What a survey is about, as it was when the customer was asked."""

    _name = "aftersales.survey.facts"
    _description = "Facts a Survey Is About"

    claim_id = fields.Many2one(
        "aftersales.claim", readonly=True, index="btree_not_null", ondelete="set null"
    )
    claim_line_ids = fields.Many2many(
        "aftersales.claim.line", string="Claim Lines", readonly=True
    )
    repair_id = fields.Many2one(
        "repair.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    asset_id = fields.Many2one(
        "aftersales.asset", readonly=True, index="btree_not_null", ondelete="set null"
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="set null"
    )
    team_id = fields.Many2one(
        "aftersales.team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    agent_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    technician_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    type_id = fields.Many2one("aftersales.type", readonly=True, ondelete="set null")
    channel_id = fields.Many2one(
        "aftersales.channel", readonly=True, ondelete="set null"
    )
    cause_id = fields.Many2one("aftersales.cause", readonly=True, ondelete="set null")

    def _get_survey_facts(self):
        """These facts as values for create."""
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in FACTS
        }
