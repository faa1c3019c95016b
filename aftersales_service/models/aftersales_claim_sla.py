# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules import sla_policy, working_time

#: The clock looks this far ahead, then further, for enough working hours.
HORIZONS_DAYS = (30, 400)
#: A claim is at risk when this share of its time is left.
AT_RISK_SHARE = 0.25


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    sla_status_ids = fields.One2many(
        "aftersales.sla.status",
        "claim_id",
        string="SLA",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    sla_state = fields.Selection(
        [
            ("none", "No SLA"),
            ("on_track", "On Track"),
            ("at_risk", "At Risk"),
            ("failed", "Failed"),
            ("met", "Met"),
        ],
        string="SLA State",
        compute="_compute_sla_state",
        store=True,
        index=True,
        groups="base.group_user",
    )
    sla_deadline = fields.Datetime(
        string="Next Deadline",
        compute="_compute_sla_state",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
    )
    first_response_date = fields.Datetime(readonly=True, copy=False)
    pause_log = fields.Json(
        groups="base.group_user",
        readonly=True,
        copy=False,
        help="[[start, end], …] while waiting for the customer; ISO, UTC; the last "
        "end is empty while the claim waits.",
    )

    @api.depends("sla_status_ids.state", "sla_status_ids.deadline")
    def _compute_sla_state(self):
        for claim in self:
            statuses = claim.sla_status_ids
            states = set(statuses.mapped("state"))
            running = statuses.filtered(lambda s: s.state in ("ongoing", "at_risk"))
            claim.sla_deadline = min(
                (s.deadline for s in running if s.deadline), default=False
            )
            if "failed" in states:
                claim.sla_state = "failed"
            elif "at_risk" in states:
                claim.sla_state = "at_risk"
            elif "ongoing" in states:
                claim.sla_state = "on_track"
            else:
                claim.sla_state = "met" if states else "none"

    def _update_sla(self):
        """Bring each open claim's SLA in line with the policies that apply to it.

        What was reached or failed stays as it is; a policy that no longer applies
        stops, with a line in the chatter.
        """
        claims = self.filtered(
            lambda c: c.stage_category not in ("solved", "cancelled")
        )
        policies = self.env["aftersales.sla"]._get_policies()
        existing = claims.sudo().sla_status_ids
        now, cache, to_create = fields.Datetime.now(), {}, []
        for claim in claims:
            wanted = claim._get_applying_policies(policies)
            statuses = claim.sudo().sla_status_ids
            stale = statuses.filtered(
                lambda s, w=wanted: s.sla_id.id not in w
                and s.state in ("ongoing", "at_risk")
            )
            new = wanted.keys() - set(statuses.sla_id.ids)
            if statuses and (stale or new):
                claim._log_sla_change(stale.sla_id, stale.sla_id.browse(new))
            existing -= stale
            stale.unlink()
            to_create += [
                {
                    "claim_id": claim.id,
                    "sla_id": sla_id,
                    **claim._prepare_sla_deadlines(wanted[sla_id].hours, now, cache),
                }
                for sla_id in sorted(new)
            ]
        self.env["aftersales.sla.status"].sudo().create(to_create)
        existing._update_deadlines(now, cache)

    def _get_applying_policies(self, policies):
        """Those of `policies` that count for this claim, as {id: Policy}."""
        self.ensure_one()
        return {
            policy.id: policy
            for policy in policies
            if sla_policy.applies(
                policy,
                self.company_id.id,
                self.team_id.id,
                self.type_id.id,
                self.priority,
            )
        }

    def _log_sla_change(self, removed, added):
        self.ensure_one()
        self.sudo()._message_log(
            body=self.env._(
                "SLA recomputed. No longer applies: %(removed)s. Now applies: "
                "%(added)s.",
                removed=", ".join(removed.mapped("name")) or "–",
                added=", ".join(added.mapped("name")) or "–",
            )
        )

    def _update_sla_deadlines(self):
        """Recompute the deadlines that are still running."""
        # Deadlines are the team's promise, whoever makes the change.
        self.sudo().sla_status_ids._update_deadlines(fields.Datetime.now(), {})

    def _prepare_sla_deadlines(self, hours, now, cache):
        """Deadline and warning of a running status of `hours`, as its values."""
        return {
            "deadline": self._get_deadline(hours, now, cache),
            "warning_date": self._get_deadline(hours * (1 - AT_RISK_SHARE), now, cache),
            "state": "ongoing",
        }

    def _get_deadline(self, hours, now, cache):
        """When `hours` of the team's working time will have passed.

        :param cache: dict shared by a batch, so that a calendar is read only once
        :return: naive UTC datetime, or False while the claim waits for the customer
        """
        self.ensure_one()
        pauses = self._get_pauses()
        if pauses and pauses[-1][1] is None:
            return False
        start = self.date or now
        for days in HORIZONS_DAYS:
            intervals = self._get_working_intervals(start, now, days, cache)
            found = working_time.deadline(start, hours, intervals, pauses)
            if found:
                return found.replace(microsecond=0)
        return False

    def _get_calendar(self):
        self.ensure_one()
        return self.team_id._get_calendar() or self.company_id.resource_calendar_id

    def _get_working_intervals(self, start, now, days, cache):
        """Naive UTC (start, end) pairs of the team's working time, with leaves."""
        calendar = self._get_calendar()
        begin = start.replace(hour=0, minute=0, second=0, microsecond=0)
        end = now + timedelta(days=days)
        key = (calendar, begin, days)
        if key not in cache:
            if not calendar:
                cache[key] = [(begin, end)]
            else:
                work = calendar._work_intervals_batch(
                    pytz.utc.localize(begin), pytz.utc.localize(end)
                )[False]
                cache[key] = [
                    (
                        first.astimezone(pytz.utc).replace(tzinfo=None),
                        last.astimezone(pytz.utc).replace(tzinfo=None),
                    )
                    for first, last, _record in work
                ]
        return cache[key]

    # -- pauses

    def _get_pauses(self):
        """Pauses as naive UTC (start, end); the end is None while one lasts."""
        self.ensure_one()
        return [
            (
                fields.Datetime.to_datetime(start),
                fields.Datetime.to_datetime(end) if end else None,
            )
            for start, end in self.pause_log or []
        ]

    def _update_pauses(self, old, new, now):
        """Stop the clock on entering a waiting or closed stage, start it on leaving."""
        self.ensure_one()
        stopped = ("waiting", "solved", "cancelled")
        log = [list(pause) for pause in self.pause_log or []]
        moment = fields.Datetime.to_string(now)
        if old in stopped and log and log[-1][1] is None:
            log[-1][1] = moment
        if new in stopped:
            log.append([moment, None])
        self.pause_log = log

    # -- reaching and missing

    def _reach_sla(self, target, now):
        """Mark the running statuses of `target` as reached, in time or not."""
        statuses = self.sudo().sla_status_ids.filtered(
            lambda s: s.target == target and not s.reached_date
        )
        for status in statuses:
            late = status.state == "failed" or (
                status.deadline and status.deadline < now
            )
            status.write(
                {"reached_date": now, "state": "failed" if late else "reached"}
            )

    @api.model
    def _cron_update_sla(self):
        """Warn of deadlines that come near and record those that were missed.

        Reads only statuses that are due, so its cost follows what is due and not
        how many claims exist.
        """
        now = fields.Datetime.now()
        due = self.env["aftersales.sla.status"].search(
            Domain("state", "=", "ongoing") & Domain("warning_date", "<=", now)
            | Domain("state", "=", "at_risk") & Domain("deadline", "<", now),
            order="deadline",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for status in due:
            status = status.try_lock_for_update().filtered_domain(
                [("state", "in", ("ongoing", "at_risk"))]
            )
            before = status.state
            if status:
                status._refresh_state(now)
                status._escalate(before)
            if not cron._commit_progress(1):
                break
