# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.fields import Command


class AftersalesClaimTriage(models.TransientModel):
    _name = "aftersales.claim.triage"
    _description = "Triage of a Claim"

    claim_id = fields.Many2one("aftersales.claim", required=True, readonly=True)
    company_id = fields.Many2one(related="claim_id.company_id")
    partner_id = fields.Many2one("res.partner", string="Customer")
    sale_order_id = fields.Many2one("sale.order", readonly=True)
    asset_ids = fields.Many2many(
        "aftersales.asset",
        string="Products",
        domain="[('partner_id', 'child_of', partner_id)]",
    )
    type_id = fields.Many2one("aftersales.type")
    team_id = fields.Many2one("aftersales.team")
    notice = fields.Text(readonly=True)
    procedure = fields.Html(related="type_id.procedure")
    department = fields.Selection(related="type_id.department")
    article_ids = fields.Many2many(
        "aftersales.article", string="Known Issues and Articles", readonly=True
    )
    similar_ids = fields.Many2many(
        "aftersales.claim", string="Similar Open Claims", readonly=True
    )
    problem_kind = fields.Selection(
        [
            ("usual", "Usual: there is a procedure"),
            ("extraordinary", "Extraordinary: investigate"),
        ],
        string="Problem",
        compute="_compute_problem_kind",
        store=True,
        readonly=False,
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        claim = self.env["aftersales.claim"].browse(values.get("claim_id"))
        if claim:
            claim.check_access("read")
            proposal = claim._get_triage_proposal()
            for name in ("partner_id", "sale_order_id", "type_id", "team_id"):
                values[name] = proposal[name].id
            for name in ("asset_ids", "similar_ids"):
                values[name] = [Command.set(proposal[name].ids)]
            values["notice"] = "\n".join(claim._get_triage_notices(proposal))
            values["article_ids"] = [Command.set(claim._get_suggested_articles().ids)]
        return values

    @api.depends("type_id", "claim_id")
    def _compute_problem_kind(self):
        for triage in self:
            triage.problem_kind = (
                triage.claim_id and triage.claim_id._find_problem_kind(triage.type_id)
            )

    @api.onchange("type_id")
    def _onchange_type_id(self):
        self.team_id = self.type_id.team_id or self.team_id

    def action_apply(self):
        """Take the proposal over into the claim; products it has stay."""
        self.ensure_one()
        self.claim_id._apply_triage(self, self.problem_kind)
        return {"type": "ir.actions.act_window_close"}

    def action_hand_over(self):
        """Give the claim to the department it belongs to."""
        self.ensure_one()
        action = self.claim_id.action_hand_over()
        action["context"]["default_department"] = self.department
        return action

    def action_mark_duplicate(self):
        """Merge the claim into the oldest similar one."""
        self.ensure_one()
        survivor = self.similar_ids.sorted("id")[:1]
        self.claim_id._merge_into(survivor)
        return survivor._get_records_action()
