# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import Counter, defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

from ..rules.feedback import most_used
from ..rules.scores import (
    is_satisfied,
    mean_score,
    net_promoter_score,
    satisfaction,
)

DIMENSIONS = (
    "team_id",
    "technician_id",
    "product_id",
    "type_id",
    "cause_id",
    "channel_id",
)
#: Figures of single persons are for managers.
PERSONAL = ("technician_id",)
GROUPS = ("promoter", "passive", "detractor")
#: Shorter periods are shown by week, longer ones by month.
WEEKLY_DAYS = 92
COMMENTS = 8
COMMENTS_READ = 1000
ROWS = 8
ASPECTS = 12
MAX_DAYS = 3660


class AftersalesSurveyReport(models.Model):
    """The figures of the dashboard, each in a query for all its rows."""

    _inherit = "aftersales.survey.report"

    @api.model
    @api.readonly
    def get_dashboard(self, days=90, team_id=False, rule_id=False):
        """What the satisfaction dashboard shows of the surveys of the last `days`.

        Managers see all of their companies, agents the figures of their teams.

        :param int days: the period, at most ten years, and the one before it to
            compare with
        :return: {"days", "minimum", "scores", "before", "recovered", "groups",
            "distribution", "trend", "aspects", "comments", "words", "dimensions",
            "filters", "domain"}; a score is {"value", "low", "high", "count"}, or None
            with too few answers; "domain" is False for who may not open the answers
        :raises AccessError: for who is not of the service
        """
        teams = self._get_dashboard_teams()
        days = min(max(int(days), 1), MAX_DAYS)
        # Who may look is decided above: the companies are the user's, which is checked
        # before the superuser's rights, and what is read is narrowed to the teams.
        scope = Domain("company_id", "in", self.env.companies.ids)
        return self.sudo()._get_dashboard(
            scope, days, int(team_id or 0), int(rule_id or 0), teams
        )

    @api.model
    def _get_dashboard_teams(self):
        """The teams (aftersales.team) an agent sees figures of; None: all answers."""
        if self.env.user.has_group("aftersales_service.group_manager"):
            return None
        if not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(self.env._("Only after-sales agents can do this."))
        return self.env["aftersales.team"].search(
            ["|", ("member_ids", "in", self.env.uid), ("user_id", "=", self.env.uid)]
        )

    @api.model
    def _get_dashboard(self, scope, days, team_id, rule_id, teams):
        start = fields.Datetime.now() - timedelta(days=days)
        recovered = self._get_recovered(scope, start, team_id, teams)
        scope &= self._get_dashboard_domain(team_id, rule_id, teams)
        domain = scope & Domain("sent_date", ">=", start)
        domain &= self._get_anonymity_domain(domain)
        before = scope & Domain(
            [
                ("sent_date", ">=", start - timedelta(days=days)),
                ("sent_date", "<", start),
            ]
        )
        before &= self._get_anonymity_domain(before)
        dimensions = [
            name for name in DIMENSIONS if teams is None or name not in PERSONAL
        ]
        return {
            "days": days,
            "minimum": self.env["aftersales.survey.rule"]._get_minimum_answers(),
            "scores": self._get_scores(domain),
            "before": self._get_scores(before),
            "recovered": recovered,
            "groups": self._get_counts(domain, "nps_group", GROUPS),
            "distribution": self._get_counts(
                domain & Domain("nps_group", "!=", False), "nps_score", range(11)
            ),
            "trend": self._get_trend(scope, days),
            "aspects": self._get_aspects(domain),
            "comments": self._get_comments(domain),
            "words": self._get_words(domain),
            "dimensions": {
                name: {
                    "label": self._fields[name]._description_string(self.env),
                    "rows": self._get_rows(domain, name),
                }
                for name in dimensions
            },
            "filters": self._get_filters(teams),
            "domain": list(domain) if teams is None else False,
        }

    @api.model
    def _get_dashboard_domain(self, team_id, rule_id, teams):
        """What is chosen; of an agent's teams all but what is confidential."""
        domain = Domain.TRUE
        if team_id:
            domain &= Domain("team_id", "=", team_id)
        if rule_id:
            domain &= Domain("rule_id", "=", rule_id)
        if teams is not None:
            domain &= Domain("team_id", "in", teams.ids)
            domain &= (
                Domain("claim_id", "=", False)
                | Domain("claim_id.user_id", "=", self.env.uid)
                | Domain("claim_id.is_confidential", "=", False)
            )
        return domain

    @api.model
    def _get_anonymity_domain(self, domain):
        """Leaves anonymous answers out as long as they are less than the minimum.

        Among answers with names one could tell what they must have said.
        """
        anonymous = domain & Domain("is_anonymous", "=", True)
        minimum = self.env["aftersales.survey.rule"]._get_minimum_answers()
        if self.search_count(anonymous, limit=minimum) < minimum:
            return Domain("is_anonymous", "=", False)
        return Domain.TRUE

    # -- scores with their intervals

    @api.model
    def _get_scores(self, domain):
        minimum = self.env["aftersales.survey.rule"]._get_minimum_answers()
        sent, answered, csat, satisfied = 0, 0, 0, 0
        groups, efforts = dict.fromkeys(GROUPS, 0), {}
        for row in self._read_group(
            domain,
            ["nps_group", "has_csat", "is_satisfied", "ces_score"],
            ["sent_count:sum", "answer_count:sum", "__count", "ces_score:count"],
        ):
            group, has_csat, is_happy, effort, asked, given, count, efforts_given = row
            sent, answered = sent + (asked or 0), answered + (given or 0)
            if group:
                groups[group] += count
            if has_csat:
                csat, satisfied = csat + count, satisfied + count * bool(is_happy)
            if efforts_given:
                efforts[effort] = efforts.get(effort, 0) + efforts_given
        return {
            "sent": sent,
            "answered": answered,
            "response": 100 * answered / sent if sent else None,
            "nps": self._as_dict(
                net_promoter_score(*(groups[name] for name in GROUPS), minimum)
            ),
            "csat": self._as_dict(satisfaction(satisfied, csat, minimum)),
            "ces": self._as_dict(mean_score(efforts, minimum)),
        }

    @api.model
    def _as_dict(self, estimate):
        return estimate and estimate._asdict()

    @api.model
    def _get_recovered(self, scope, start, team_id, teams):
        """Of the bad answers followed up, how many customers are satisfied now."""
        if team_id:
            scope &= Domain("team_id", "=", team_id)
        if teams is not None:
            scope &= Domain("team_id", "in", teams.ids)
        domain = scope & Domain("done_date", ">=", start)
        followups = self.env["aftersales.survey.followup"]
        [(count, percents)] = followups._read_group(
            domain & Domain("is_known", "=", True),
            [],
            ["__count", "satisfied_percent:sum"],
        )
        return {
            "satisfied": round((percents or 0) / 100),
            "count": count,
            "open": followups.search_count(scope & Domain("state", "=", "open")),
        }

    # -- how answers are spread

    @api.model
    def _get_counts(self, domain, name, keys):
        """How many answers each of `keys` has, in their order."""
        counts = dict(self._read_group(domain, [name], ["__count"]))
        return [counts.get(key, 0) for key in keys]

    @api.model
    def _get_trend(self, scope, days):
        """A point for every week or month of the period, each over `days` till then.

        Such a rolling score moves with what changed, not with who happened to answer
        in one week.
        """
        interval = "week" if days <= WEEKLY_DAYS else "month"
        start = fields.Datetime.now() - timedelta(days=days)
        domain = scope & Domain("sent_date", ">=", start - timedelta(days=days))
        domain &= self._get_anonymity_domain(domain)
        counts = self._get_trend_counts(domain, interval)
        buckets = self._get_buckets(sorted(counts), interval)
        width = max(round(days / (7 if interval == "week" else 30)), 1)
        minimum = self.env["aftersales.survey.rule"]._get_minimum_answers()
        points = []
        for index, day in enumerate(buckets):
            if day < start.date():
                continue
            total = Counter()
            for earlier in buckets[max(index - width + 1, 0) : index + 1]:
                total.update(counts.get(earlier, {}))
            nps = net_promoter_score(*(total[name] for name in GROUPS), minimum)
            csat = satisfaction(total["satisfied"], total["csat"], minimum)
            points.append(
                {
                    "label": self._get_trend_label(day, interval),
                    "nps": nps and nps.value,
                    "csat": csat and csat.value,
                    "answers": counts.get(day, {}).get("answers", 0),
                }
            )
        return points

    @api.model
    def _get_trend_counts(self, domain, interval):
        """{first day of the interval: Counter of groups, csat, satisfied, answers}"""
        counts = defaultdict(Counter)
        for moment, group, has_csat, is_happy, count in self._read_group(
            domain & (Domain("nps_group", "!=", False) | Domain("has_csat", "=", True)),
            [f"sent_date:{interval}", "nps_group", "has_csat", "is_satisfied"],
            ["__count"],
        ):
            bucket = counts[moment.date()]
            bucket["answers"] += count
            if group:
                bucket[group] += count
            if has_csat:
                bucket["csat"] += count
                bucket["satisfied"] += count * bool(is_happy)
        return counts

    @api.model
    def _get_buckets(self, days, interval):
        """All first days of weeks or months from the first of `days` till today.

        They are counted from `days`: on which day a week begins is up to the language.
        """
        if not days:
            return []
        day, buckets = days[0], []
        while day <= fields.Date.context_today(self):
            buckets.append(day)
            day += relativedelta(**{f"{interval}s": 1})
        return buckets

    @api.model
    def _get_trend_label(self, day, interval):
        pattern = "d MMM" if interval == "week" else "MMM yyyy"
        return format_date(self.env, day, date_format=pattern)

    # -- single questions of a longer questionnaire

    @api.model
    def _get_aspects(self, domain):
        """How many are satisfied with courtesy, price and so on, the worst first.

        :return: [{"label", "percent", "low", "high", "count"}]; with too few answers
            the figures are None
        """
        lines = self.env["survey.user_input.line"]
        counts = defaultdict(Counter)
        for question, score, count in lines._read_group(
            self._get_aspect_domain(domain),
            ["question_id", "value_scale"],
            ["__count"],
        ):
            total = counts[question.aftersales_aspect or question.title]
            satisfied = is_satisfied(score, question.scale_min, question.scale_max)
            total["count"] += count
            total["satisfied"] += count * satisfied
        minimum = self.env["aftersales.survey.rule"]._get_minimum_answers()
        aspects = []
        for label, total in counts.items():
            estimate = satisfaction(total["satisfied"], total["count"], minimum)
            value, low, high, _count = estimate or (None, None, None, None)
            aspects.append(
                {
                    "label": label,
                    "percent": value,
                    "low": low,
                    "high": high,
                    "count": total["count"],
                }
            )
        aspects.sort(key=lambda aspect: (aspect["percent"] is None, aspect["percent"]))
        return aspects[:ASPECTS]

    @api.model
    def _get_aspect_domain(self, domain):
        """The scales that measure no score, in the answers of `domain`."""
        query = self._search(domain)
        forms = query.subselect(self._field_to_sql(self._table, "user_input_id", query))
        return Domain(
            [
                ("answer_type", "=", "scale"),
                ("question_id.aftersales_metric", "=", False),
                ("user_input_id", "in", forms),
            ]
        )

    # -- what customers wrote

    @api.model
    def _get_comments(self, domain):
        rows = self.search(
            domain & Domain("feedback", "not in", [False, ""]),
            order="answer_date desc, id desc",
            limit=COMMENTS,
        )
        return [
            {
                "id": row.id,
                "text": row.feedback,
                "customer": row.partner_id.display_name or "",
                "date": format_date(self.env, row.answer_date),
                "nps": row.nps_score if row.nps_group else None,
                "csat": row.csat_score if row.has_csat else None,
                "tone": row._get_tone(),
                "claim": [row.claim_id.id, row.claim_id.name] if row.claim_id else None,
            }
            for row in rows
        ]

    @api.model
    def _get_words(self, domain):
        rows = self.search_fetch(
            domain & Domain("feedback", "not in", [False, ""]),
            ["feedback", "nps_group", "has_csat", "is_satisfied"],
            order="answer_date desc, id desc",
            limit=COMMENTS_READ,
        )
        return [
            use._asdict()
            for use in most_used((row.feedback, row._get_tone()) for row in rows)
        ]

    def _get_tone(self):
        """1 for a good answer, -1 for a bad one, 0 in between, None if not scored."""
        self.ensure_one()
        if self.nps_group:
            return {"promoter": 1, "passive": 0, "detractor": -1}[self.nps_group]
        return (1 if self.is_satisfied else -1) if self.has_csat else None

    # -- by team, technician, product, type, cause, channel

    @api.model
    def _get_rows(self, domain, name):
        rows = self._read_group(
            domain & Domain(name, "!=", False),
            [name],
            [
                "sent_count:sum",
                "answer_count:sum",
                "nps:avg",
                "nps:count",
                "csat_percent:avg",
                "csat_percent:count",
            ],
            order="answer_count:sum desc",
            limit=ROWS,
        )
        minimum = self.env["aftersales.survey.rule"]._get_minimum_answers()
        return [
            {
                "id": record.id,
                # Names of what the report may show; managers need no more rights.
                "name": record.sudo().display_name,
                "sent": sent or 0,
                "answered": answered or 0,
                "nps": nps if nps_count >= minimum else None,
                "csat": csat if csat_count >= minimum else None,
            }
            for record, sent, answered, nps, nps_count, csat, csat_count in rows
        ]

    @api.model
    def _get_filters(self, teams):
        companies = [False, *self.env.companies.ids]
        if teams is None:
            teams = self.env["aftersales.team"].search(
                [("company_id", "in", companies)]
            )
        rules = self.env["aftersales.survey.rule"].search(
            [("company_id", "in", companies)]
        )
        return {
            "teams": [{"id": team.id, "name": team.name} for team in teams],
            "rules": [{"id": rule.id, "name": rule.name} for rule in rules],
        }
