# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

#: What narrows the claims and answers an improvement is measured on.
SCOPE = ("product_id", "cause_id", "type_id", "improved_team_id")
#: The model's own names of them, on claim lines and on the satisfaction report.
CLAIM_LINE_PATHS = {
    "product_id": "product_id",
    "cause_id": "cause_id",
    "type_id": "claim_id.type_id",
    "improved_team_id": "claim_id.team_id",
}
REPORT_PATHS = {
    "product_id": "product_id",
    "cause_id": "cause_id",
    "type_id": "type_id",
    "improved_team_id": "team_id",
}


class AftersalesImprovement(models.Model):
    """What customers taught us: what is wrong, who puts it right, and if it helped."""

    _name = "aftersales.improvement"
    _description = "Improvement"
    _inherit = ["aftersales.text.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "priority desc, date_deadline, id desc"
    _check_company_auto = True

    name = fields.Char(string="What is wrong", required=True, tracking=True)
    active = fields.Boolean(default=True)
    description = fields.Html(sanitize_style=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("dropped", "Dropped"),
        ],
        default="proposed",
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    kind = fields.Selection(
        [("product", "Product"), ("process", "Process")],
        required=True,
        default="product",
    )
    department = fields.Selection(
        [
            ("production", "Production"),
            ("purchasing", "Purchasing"),
            ("quality", "Quality"),
            ("logistics", "Logistics"),
            ("sales", "Sales"),
            ("service", "After-Sales"),
        ],
        string="Goes To",
        required=True,
        default="quality",
        index=True,
    )
    priority = fields.Selection([("0", "Normal"), ("1", "Important")], default="0")
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        tracking=True,
    )
    date_deadline = fields.Date(string="Due", index=True, tracking=True)
    start_date = fields.Date(
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
        help="The time before this day is what the result is compared with.",
    )
    done_date = fields.Date(
        copy=False, help="The time from this day on is what the result is measured in."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    product_id = fields.Many2one("product.product", index="btree_not_null")
    cause_id = fields.Many2one("aftersales.cause")
    type_id = fields.Many2one("aftersales.type", string="Claim Type")
    improved_team_id = fields.Many2one("aftersales.team", string="Team")
    claim_ids = fields.Many2many(
        "aftersales.claim",
        string="Claims",
        check_company=True,
        groups="aftersales_service.group_user",
    )
    claim_count = fields.Integer(compute="_compute_claim_count")
    measure = fields.Selection(
        [
            ("claims", "Claims"),
            ("csat", "Satisfied (%)"),
            ("nps", "NPS"),
        ],
        required=True,
        default="claims",
        help="What should get better, counted over the same number of days before "
        "and after.",
    )
    measure_days = fields.Integer(string="Days Compared", default=90, required=True)
    before_text = fields.Char(string="Before", compute="_compute_measure")
    after_text = fields.Char(string="After", compute="_compute_measure")
    is_better = fields.Boolean(compute="_compute_measure")
    is_worse = fields.Boolean(compute="_compute_measure")
    color = fields.Integer()

    _measure_days_positive = models.Constraint(
        "CHECK (measure_days > 0)", "Compare at least one day."
    )

    def _compute_claim_count(self):
        # Claims the reader may not see are counted as well: a number tells little.
        for improvement in self:
            improvement.claim_count = len(improvement.sudo().claim_ids)

    @api.depends("measure", "measure_days", "start_date", "done_date", *SCOPE)
    def _compute_measure(self):
        """Forms and small lists show these, so a query for each record is one."""
        for improvement in self:
            days = timedelta(days=improvement.measure_days or 1)
            start, done = improvement.start_date, improvement.done_date
            before = improvement._measure(start - days, start) if start else None
            after = improvement._measure(done, done + days) if done else None
            improvement.before_text = improvement._get_measure_text(before)
            improvement.after_text = improvement._get_measure_text(after)
            difference = 0 if None in (before, after) else after - before
            gain = -difference if improvement.measure == "claims" else difference
            improvement.is_better, improvement.is_worse = gain > 0, gain < 0

    def _get_measure_text(self, value):
        if value is None:
            return self.env._("no figure yet")
        return f"{round(value):+d}" if self.measure == "nps" else f"{round(value)}"

    def _measure(self, first, last):
        """The measure over the days from `first` to before `last`, or None.

        The figures are sums and means over all claims and answers of the company,
        which is what an owner without access to them is to improve.
        """
        self.ensure_one()
        start = datetime.combine(first, time.min)
        end = min(datetime.combine(last, time.min), fields.Datetime.now())
        if end <= start:
            return None
        if self.measure == "claims":
            return self._count_claims(start, end, last - first)
        domain = self._get_scope_domain(REPORT_PATHS) & Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("answer_date", ">=", start),
                ("answer_date", "<", end),
            ]
        )
        name, answered = {
            "csat": ("csat_percent", Domain("has_csat", "=", True)),
            "nps": ("nps", Domain("nps_group", "!=", False)),
        }[self.measure]
        # The answers are no secret as a mean of at least the minimum: see above.
        report = self.env["aftersales.survey.report"].sudo()
        [(score, count)] = report._read_group(
            domain & answered, [], [f"{name}:avg", "__count"]
        )
        rules = self.env["aftersales.survey.rule"].with_company(self.company_id)
        enough = rules._get_minimum_answers()
        return score if count >= enough else None

    def _count_claims(self, start, end, span):
        """Claims registered; of a span that is not over yet, none is told."""
        if end < start + span:
            return None
        # Only a number is read of what the owner has no access to: see _measure.
        lines = self.env["aftersales.claim.line"].sudo()
        domain = self._get_scope_domain(CLAIM_LINE_PATHS) & Domain(
            [
                ("claim_id.company_id", "=", self.company_id.id),
                ("claim_id.date", ">=", start),
                ("claim_id.date", "<", end),
                ("claim_id.duplicate_of_id", "=", False),
            ]
        )
        [(count,)] = lines._read_group(domain, [], ["claim_id:count_distinct"])
        return count

    def _get_scope_domain(self, paths):
        self.ensure_one()
        return Domain.AND(
            Domain(paths[name], "=", self[name].id) for name in SCOPE if self[name]
        )

    @api.constrains("start_date", "done_date")
    def _check_dates(self):
        for improvement in self.filtered("done_date"):
            if improvement.done_date < improvement.start_date:
                raise ValidationError(
                    self.env._("An improvement can't be done before it was started.")
                )

    @api.model
    def _propose(self, claims, **vals):
        """A form (action) for a new improvement, filled in from what they share.

        :param claims: aftersales.claim, which the user may read
        :param vals: further values, which come first
        """
        lines = claims.line_ids
        scope = {
            "product_id": self._get_common(lines.product_id, lines, "product_id"),
            "cause_id": self._get_common(lines.cause_id, lines, "cause_id"),
        }
        values = {
            **scope,
            "kind": "product" if scope["product_id"] else "process",
            "type_id": claims.type_id.id if len(claims.type_id) == 1 else False,
            "improved_team_id": not scope["product_id"]
            and len(claims.team_id) == 1
            and claims.team_id.id,
            "company_id": claims.company_id[:1].id or self.env.company.id,
            "claim_ids": [Command.set(claims.ids)],
            **vals,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Improvement"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    @api.model
    def _get_common(self, records, lines, name):
        """The record that all `lines` share, if there is one."""
        shared = len(records) == 1 and all(line[name] for line in lines)
        return records.id if shared else False

    # -- buttons

    def action_start(self):
        """Begin with the improvement."""
        self.check_access("write")
        self.filtered(lambda i: i.state == "proposed").state = "in_progress"
        return True

    def action_done(self):
        """The improvement works from today on: the time after is measured."""
        self.check_access("write")
        for improvement in self:
            today = improvement.company_id._aftersales_today()
            improvement.write({"state": "done", "done_date": today})
        return True

    def action_drop(self):
        """Nothing is done about it."""
        self.check_access("write")
        self.state = "dropped"
        return True

    def action_view_claims(self):
        """Open the linked claims that the user may see."""
        self.ensure_one()
        self.check_access("read")
        return self.claim_ids._get_records_action(name=self.env._("Claims"))


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    improvement_ids = fields.Many2many(
        "aftersales.improvement",
        string="Improvements",
        readonly=True,
        copy=False,
        groups="aftersales_service.group_user",
    )

    def action_create_improvement(self):
        """Make an improvement of what the claims have in common.

        :raises UserError: for claims of different companies
        """
        self._ensure_is_agent()
        if len(self.company_id) > 1:
            raise UserError(self.env._("Choose claims of one company."))
        return self.env["aftersales.improvement"]._propose(self)
