# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from ast import literal_eval
from collections import Counter, defaultdict
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ..rules import assignment

#: A team's next working day is looked for this many days ahead.
HORIZON_DAYS = 14


class AftersalesTeam(models.Model):
    _name = "aftersales.team"
    _description = "After-Sales Team"
    _inherit = ["aftersales.text.mixin", "mail.alias.mixin", "mail.thread"]
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
        domain="[('company_id', 'in', [False, company_id] if company_id else "
        "allowed_company_ids)]",
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
        "with the fewest open claims. Who is on leave, or has as many open claims as "
        "they can take, is skipped; who knows the product comes first.",
    )
    member_setting_ids = fields.One2many(
        "aftersales.team.member", "team_id", string="Capacity and Skills", copy=True
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

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            self.env["aftersales.sla.refresh"]._ask([("team_id", "in", self.ids)])
        return result

    def _get_calendar(self, company):
        """The working hours in which this team's deadlines for `company` count.

        Works on no team as well.
        """
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
        """Give `claims` to members, in turn or to whoever has the fewest open ones.

        Claims that nobody can take now stay unassigned, for the lead to see.
        """
        self.ensure_one()
        self._take_turn()
        load = Counter(self._get_load())
        last_id = self.last_assigned_id.id or 0
        categories = {}
        if self.member_setting_ids.product_category_ids:
            categories = claims._get_product_category_ids()
        chosen = defaultdict(claims.browse)
        for company, company_claims in claims.grouped("company_id").items():
            members = self._get_members(company)
            for claim in company_claims:
                user_id = assignment.choose(
                    self.assignment,
                    [member._replace(load=load[member.id]) for member in members],
                    categories.get(claim.id, frozenset()),
                    last_id,
                )
                if user_id:
                    chosen[user_id] |= claim
                    load[user_id] += 1
                    last_id = user_id
        self.last_assigned_id = last_id
        for user_id, batch in chosen.items():
            # A mail per claim is for those that arrive one by one, not for imports.
            batch.with_context(mail_auto_subscribe_no_notify=len(batch) > 1).write(
                {"user_id": user_id}
            )

    def _take_turn(self):
        """Wait for whoever else is giving claims of this team to its members.

        A plain lock would not do: two transactions that wait for each other would
        still see the same member as the next. This write makes the second one start
        again with what the first one left.
        """
        self.flush_recordset(["last_assigned_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE aftersales_team SET last_assigned_id = last_assigned_id "
                "WHERE id = %s",
                self.id,
            )
        )

    def _get_load(self):
        """How many open claims, of any team, each member has, as {user.id: count}."""
        claims = self.env["aftersales.claim"]
        return {
            user.id: count
            for user, count in claims._read_group(
                claims._get_open_domain()
                & fields.Domain("user_id", "in", self.member_ids.ids),
                ["user_id"],
                ["__count"],
            )
        }

    def _get_members(self, company):
        """The members as facts for the assignment of claims of `company`."""
        # A team of all companies has members who don't work in each of them.
        users = self.member_ids.filtered(lambda u: company in u.company_ids)
        settings = self.member_setting_ids.grouped("user_id")
        away = self._get_away_members(company)
        none = self.env["aftersales.team.member"]
        return [
            assignment.Member(
                id=user.id,
                capacity=settings.get(user, none).capacity,
                category_ids=frozenset(
                    settings.get(user, none).product_category_ids.ids
                ),
                is_away=user in away,
            )
            for user in users
        ]

    def _get_away_members(self, company):
        """The members who don't work at all on the team's present or next working day.

        Whoever has no working hours of their own works when the team does. A claim
        that arrives at night finds those who work the next day.
        """
        users = self.member_ids
        resources = users.resource_ids.filtered(lambda r: r.company_id == company)
        calendar = self._get_calendar(company)
        if not resources or not calendar:
            return users.browse()
        now = pytz.utc.localize(fields.Datetime.now())
        intervals = calendar._work_intervals_batch(
            now,
            now + timedelta(days=HORIZON_DAYS),
            domain=[
                ("time_type", "=", "leave"),
                ("company_id", "in", [company.id, False]),
            ],
        )[False]
        first = next(iter(intervals), None)
        if not first:
            return users.browse()
        zone = pytz.timezone(calendar.tz)
        day = datetime.combine(first[0].astimezone(zone).date(), time.min)
        start, end = zone.localize(day), zone.localize(day + timedelta(days=1))
        working = users - resources.user_id
        for own, batch in resources.grouped(
            lambda r: r.calendar_id or calendar
        ).items():
            work = own._work_intervals_batch(start, end, batch)
            working |= batch.filtered(lambda r, w=work: w[r.id]).user_id
        return users - working
