# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..rules import sla_policy, working_time
from .aftersales_claim import CLOSED_CATEGORIES
from .aftersales_sla_status import RUNNING

#: The clock looks this far ahead, then further, for enough working hours.
HORIZONS_DAYS = (30, 400)
STOPPED_CATEGORIES = ("waiting", *CLOSED_CATEGORIES)


def _with_parents(categories):
    """The ids of hierarchical `categories` and of all that are above them."""
    return frozenset(
        int(part)
        for category in categories
        for part in (category.parent_path or "").split("/")
        if part
    )


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
            ("failed", "Missed"),
            ("met", "Met"),
        ],
        string="SLA State",
        compute="_compute_sla_state",
        store=True,
        index=True,
        groups="base.group_user",
    )
    sla_deadline = fields.Datetime(
        string="Deadline",
        compute="_compute_sla_state",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The first promise that is still to be kept, or that was missed and waits "
        "all the same.",
    )
    first_response_date = fields.Datetime(readonly=True, copy=False)
    pause_log = fields.Json(
        groups="base.group_user",
        readonly=True,
        copy=False,
        help="[[start, end], …] while waiting for the customer; ISO, UTC; the last "
        "end is empty while the claim waits.",
    )

    @api.depends(
        "sla_status_ids.state",
        "sla_status_ids.deadline",
        "sla_status_ids.reached_date",
        "stage_category",
    )
    def _compute_sla_state(self):
        for claim in self:
            statuses = claim.sla_status_ids
            awaited = statuses.filtered(lambda s: s.deadline and not s.reached_date)
            if claim.stage_category in CLOSED_CATEGORIES:
                # What was never reached stopped with the claim.
                statuses = statuses.filtered(lambda s: s.state not in RUNNING)
                awaited = awaited.browse()
            states = set(statuses.mapped("state"))
            claim.sla_deadline = min(awaited.mapped("deadline"), default=False)
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
        stops. What changed is told in the chatter.
        """
        # Deadlines are the team's promise, whoever makes the change.
        claims = self.sudo().filtered(
            lambda c: c.stage_category not in CLOSED_CATEGORIES
        )
        policies = self.env["aftersales.sla"]._get_policies()
        facts = claims._get_sla_facts(policies)
        existing = claims.sla_status_ids
        now, cache, to_create, changes = fields.Datetime.now(), {}, [], {}
        existing._refresh_running(now)
        before = {status: status.deadline for status in existing}
        for claim in claims:
            claim._pause_if_stopped(now)
            wanted = {
                policy.id: policy
                for policy in policies
                if sla_policy.applies(policy, facts[claim.id])
            }
            statuses = claim.sla_status_ids
            stale = statuses.filtered(
                lambda s, w=wanted: s.sla_id.id not in w and s.state in RUNNING
            )
            new = sorted(wanted.keys() - set(statuses.sla_id.ids))
            if statuses:
                changes[claim] = (stale.sla_id, stale.sla_id.browse(new))
            existing -= stale
            stale.unlink()
            to_create += [
                {
                    "claim_id": claim.id,
                    "sla_id": sla_id,
                    **claim._prepare_sla_deadlines(
                        wanted[sla_id].hours,
                        wanted[sla_id].warning_percent,
                        now,
                        cache,
                    ),
                }
                for sla_id in new
            ]
        # Nobody writes statuses by hand: they follow the policies.
        self.env["aftersales.sla.status"].sudo().create(to_create)
        existing._recompute_deadlines(now, cache)
        moved = existing.filtered(
            lambda s: s.deadline and before[s] and s.deadline != before[s]
        )
        self._log_sla_changes(changes, moved)

    def _update_sla_for_products(self):
        """Called when the products of the claims change."""
        policies = self.env["aftersales.sla"]._get_policies()
        if any(
            policy.product_category_ids or policy.is_restricted for policy in policies
        ):
            self._update_sla()

    def _get_sla_facts(self, policies):
        """What the `policies` look at, as {claim.id: Facts}.

        Tags and categories are read only when a policy asks for them.
        """
        with_tags = any(policy.partner_category_ids for policy in policies)
        with_products = any(policy.product_category_ids for policy in policies)
        products = self._get_product_category_ids() if with_products else {}
        with_rights = any(policy.is_restricted for policy in policies)
        entitled = self._get_entitled_sla_ids() if with_rights else {}
        return {
            claim.id: sla_policy.Facts(
                company_id=claim.company_id.id,
                team_id=claim.team_id.id,
                type_id=claim.type_id.id,
                priority=claim.priority,
                channel_id=claim.channel_id.id,
                partner_category_ids=claim._get_partner_category_ids()
                if with_tags
                else frozenset(),
                product_category_ids=products.get(claim.id, frozenset()),
                entitled_ids=entitled.get(claim.id, frozenset()),
            )
            for claim in self
        }

    def _get_entitled_sla_ids(self):
        """{claim.id: the restricted policies that count for it}. To be extended."""
        return {}

    def _get_partner_category_ids(self):
        """The tags of the customer and of their company, and all above them."""
        self.ensure_one()
        # Which policy applies does not depend on who may read the customer's tags.
        partner = self.sudo().partner_id
        return _with_parents(
            partner.category_id | partner.commercial_partner_id.category_id
        )

    def _get_product_category_ids(self):
        """{claim.id: the categories of its products and all above them}."""
        # Whoever registers a claim need not be allowed to read products.
        return {
            claim.id: _with_parents(claim.line_ids.product_id.categ_id)
            for claim in self.sudo()
        }

    def _log_sla_changes(self, changes, moved):
        """Say in the chatter of each claim what became of its SLA.

        :param changes: {claim: (policies that left, policies that came)}
        :param moved: statuses with another deadline than before
        """
        moved = moved.grouped("claim_id")
        bodies = {}
        for claim, (removed, added) in changes.items():
            sentences = []
            if removed:
                names = ", ".join(removed.mapped("name"))
                sentences.append(self.env._("No longer applies: %s.", names))
            if added:
                names = ", ".join(added.mapped("name"))
                sentences.append(self.env._("Now applies: %s.", names))
            if claim in moved:
                zone = claim._get_calendar().tz or "UTC"
                names = ", ".join(
                    f"{status.sla_id.name} ("
                    f"{format_datetime(self.env, status.deadline, tz=zone)})"
                    for status in moved[claim]
                )
                sentences.append(self.env._("New deadline: %s.", names))
            if sentences:
                sentences.insert(0, self.env._("SLA recomputed."))
                bodies[claim.id] = " ".join(sentences)
        if bodies:
            # The audit line is the system's, also on a claim just given away.
            self.sudo().browse(bodies)._message_log_batch(bodies=bodies)

    def _update_sla_deadlines(self):
        """Recompute the deadlines that are still running."""
        # Deadlines are the team's promise, whoever makes the change.
        self.sudo().sla_status_ids._update_deadlines(fields.Datetime.now(), {})

    def _post_reopen_hook(self):
        """What was solved in time must be solved again; the closed time was a pause."""
        # Nobody writes statuses by hand: they follow the claim.
        statuses = self.sudo().sla_status_ids
        statuses.filtered(lambda s: s.target == "solved")._run_again()
        self._update_sla()
        return super()._post_reopen_hook()

    def _prepare_sla_deadlines(self, hours, warning_percent, now, cache):
        """Deadline and warning of a running status of `hours`, as its values."""
        until_warning = hours * (100 - warning_percent) / 100
        return {
            "deadline": self._get_deadline(hours, now, cache),
            "warning_date": self._get_deadline(until_warning, now, cache),
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
        """The working hours in which the claim's deadlines count."""
        self.ensure_one()
        return self.team_id._get_calendar(self.company_id)

    def _get_working_intervals(self, start, now, days, cache):
        """Naive UTC (start, end) pairs of the team's working time, with leaves."""
        # Whoever registers a claim need not be allowed to read working hours.
        calendar, company = self._get_calendar().sudo(), self.company_id
        begin = start.replace(hour=0, minute=0, second=0, microsecond=0)
        end = now + timedelta(days=days)
        key = (calendar, company, begin, days)
        if key not in cache:
            if not calendar:
                cache[key] = [(begin, end)]
            else:
                work = calendar._work_intervals_batch(
                    pytz.utc.localize(begin),
                    pytz.utc.localize(end),
                    # Other companies' holidays don't count, whoever is at work.
                    domain=[
                        ("time_type", "=", "leave"),
                        ("company_id", "in", [company.id, False]),
                    ],
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

    def _pause_if_stopped(self, now):
        """A claim registered in a stage in which no time counts starts with a pause."""
        self.ensure_one()
        if self.stage_category in STOPPED_CATEGORIES and not self.pause_log:
            self.pause_log = [[fields.Datetime.to_string(self.date or now), None]]

    def _update_pauses(self, old, new, now):
        """Stop the clock on entering a waiting or closed stage, start it on leaving."""
        self.ensure_one()
        stopped = STOPPED_CATEGORIES
        log = [list(pause) for pause in self.pause_log or []]
        moment = fields.Datetime.to_string(now)
        if old in stopped and log and log[-1][1] is None:
            log[-1][1] = moment
        if new in stopped:
            log.append([moment, None])
        self.pause_log = log

    # -- reaching and missing

    def _drop_running_sla(self):
        """Nothing is promised any more; what was reached or failed stays."""
        self._update_sla_deadlines()
        # Part of cancelling, which was checked.
        self.sudo().sla_status_ids.filtered(
            lambda s: s.state in ("ongoing", "at_risk")
        ).unlink()

    def _reach_sla(self, target, now):
        """Mark the running statuses of `target` as reached, in time or not."""
        # Nobody writes statuses by hand: they follow the claim.
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
        self.env["aftersales.sla.status"]._process_due(fields.Datetime.now())
