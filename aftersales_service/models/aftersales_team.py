# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from ast import literal_eval

from odoo import api, fields, models


class AftersalesTeam(models.Model):
    _name = "aftersales.team"
    _description = "After-Sales Team"
    _inherit = ["mail.alias.mixin", "mail.thread"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one("res.company", index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Team Lead",
        domain=[("share", "=", False)],
        help="Is told when a claim is about to miss its deadline.",
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain=[("share", "=", False)],
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        help="Deadlines count in these hours. Empty means the company's hours.",
    )
    assignment = fields.Selection(
        [
            ("manual", "Manually"),
            ("round_robin", "In turn"),
            ("balanced", "By open claims"),
        ],
        required=True,
        default="manual",
        help="Who gets a new claim: nobody yet, the members in turn, or the member "
        "with the fewest open claims.",
    )
    last_assigned_id = fields.Many2one("res.users", readonly=True)
    open_claim_count = fields.Integer(compute="_compute_claim_counts")
    at_risk_claim_count = fields.Integer(compute="_compute_claim_counts")
    failed_claim_count = fields.Integer(compute="_compute_claim_counts")
    unassigned_claim_count = fields.Integer(compute="_compute_claim_counts")

    def _compute_claim_counts(self):
        claims = self.env["aftersales.claim"]
        open_domain = claims._get_open_domain() & fields.Domain(
            "team_id", "in", self.ids
        )
        totals, risks, fails, unassigned = {}, {}, {}, {}
        for team, sla_state, user, count in claims._read_group(
            open_domain, ["team_id", "sla_state", "user_id"], ["__count"]
        ):
            totals[team] = totals.get(team, 0) + count
            if sla_state == "at_risk":
                risks[team] = risks.get(team, 0) + count
            if sla_state == "failed":
                fails[team] = fails.get(team, 0) + count
            if not user:
                unassigned[team] = unassigned.get(team, 0) + count
        for team in self:
            team.open_claim_count = totals.get(team, 0)
            team.at_risk_claim_count = risks.get(team, 0)
            team.failed_claim_count = fails.get(team, 0)
            team.unassigned_claim_count = unassigned.get(team, 0)

    def _get_calendar(self):
        """The working hours in which this team's deadlines count."""
        company = self.company_id or self.env.company
        return self.resource_calendar_id or company.resource_calendar_id

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("aftersales.claim")
        if self.id:
            values["alias_defaults"] = defaults = literal_eval(
                self.alias_defaults or "{}"
            )
            defaults["team_id"] = self.id
        return values

    def action_open_claims(self):
        """The claims of this team that are still open."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.aftersales_claim_action"
        )
        action["display_name"] = self.name
        action["domain"] = [("team_id", "=", self.id)]
        action["context"] = {
            "default_team_id": self.id,
            "search_default_filter_open": 1,
            **{
                f"search_default_{name}": 1
                for name in self.env.context.get("aftersales_filters", ())
            },
        }
        return action

    @api.model
    def _get_default_team(self, company):
        """The team that takes a claim nobody addressed, for `company`."""
        return self.search_fetch(
            [("company_id", "in", [company.id, False])],
            ["assignment", "resource_calendar_id", "company_id"],
            order="company_id, sequence, id",
            limit=1,
        )

    def _assign_claims(self, claims):
        """Give `claims` to members, in turn or to whoever has the fewest open ones."""
        self.ensure_one()
        load = dict.fromkeys(self.member_ids, 0)
        for user, count in self.env["aftersales.claim"]._read_group(
            self.env["aftersales.claim"]._get_open_domain()
            & fields.Domain("user_id", "in", self.member_ids.ids),
            ["user_id"],
            ["__count"],
        ):
            load[user] = count
        members = list(self.member_ids)
        for claim in claims:
            if self.assignment == "balanced":
                user = min(members, key=lambda member: load[member])
            else:
                user = self._get_next_member()
                self.last_assigned_id = user
            claim.user_id = user
            load[user] += 1

    def _get_next_member(self):
        members = list(self.member_ids.sorted("id"))
        if self.last_assigned_id in members:
            return members[(members.index(self.last_assigned_id) + 1) % len(members)]
        return members[0]
