# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..rules import counter as rule

#: What follows from the steps, whoever enters it.
FOLLOWING_FIELDS = {
    "confirmed_by_id",
    "confirmed_date",
    "kind",
    "question",
    "source",
    "state",
    "total",
    "user_id",
}
#: What was read: it changes until the service is done, or not at all.
READ_FIELDS = {"asset_id", "counter_id", "date", "repair_id", "value"}
#: As nobody has checked it.
UNCHECKED = {"confirmed_by_id": False, "confirmed_date": False, "kind": "normal"}
#: A clock that goes a little fast reads nothing in the future.
TOLERANCE = {"minutes": 5}


class AftersalesReading(models.Model):
    """What a counter of a product showed; what can't be right waits for a person."""

    _name = "aftersales.reading"
    _inherit = "aftersales.company.mixin"
    _description = "Reading of a Usage Counter"
    _order = "date desc, id desc"
    _rec_name = "counter_id"
    _check_company_auto = True

    asset_id = fields.Many2one(
        "aftersales.asset",
        compute="_compute_asset_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="asset_id.company_id", store=True, index=True, precompute=True
    )
    product_id = fields.Many2one(related="asset_id.product_id", string="Product")
    counter_id = fields.Many2one(
        "aftersales.counter",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self._default_counter_id(),
    )
    unit = fields.Char(related="counter_id.unit")
    date = fields.Datetime(
        string="Read On", required=True, default=lambda self: fields.Datetime.now()
    )
    value = fields.Float(string="Shown", required=True, aggregator=None)
    total = fields.Float(
        readonly=True,
        aggregator="max",
        help="What was used so far, however often the display began anew.",
    )
    source = fields.Selection(
        [
            ("service", "Service"),
            ("customer", "Customer"),
            ("office", "Office or Import"),
        ],
        readonly=True,
        required=True,
        default="office",
    )
    repair_id = fields.Many2one(
        "repair.order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, default=lambda self: self.env.user
    )
    state = fields.Selection(
        [
            ("counted", "Counted"),
            ("questioned", "To Check"),
            ("rejected", "Not Counted"),
        ],
        readonly=True,
        required=True,
        default="counted",
        index=True,
    )
    question = fields.Selection(
        [
            ("lower", "Lower than the one before"),
            ("higher", "Higher than the one after"),
            ("jump", "Too much for the time"),
        ],
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("normal", "Goes On"),
            ("rolled_over", "Rolled Over"),
            ("replaced", "Counter Replaced"),
        ],
        string="Follows",
        readonly=True,
        required=True,
        default="normal",
    )
    start_value = fields.Float(
        string="New Counter Began At",
        aggregator=None,
        help="What a counter that was replaced showed when it was fitted.",
    )
    confirmed_by_id = fields.Many2one(
        "res.users", string="Checked By", readonly=True, index="btree_not_null"
    )
    confirmed_date = fields.Datetime(string="Checked On", readonly=True)

    _once = models.UniqueIndex(
        "(asset_id, counter_id, date)",
        "There is a reading of this counter at this moment already.",
    )

    @api.depends("repair_id")
    def _compute_asset_id(self):
        for reading in self:
            # Who may work on the repair knows its product.
            asset = reading.repair_id.sudo().asset_id
            reading.asset_id = asset or reading.asset_id

    def _default_counter_id(self):
        """The counter of the product, where it has but one."""
        context = self.env.context
        repair = self.env["repair.order"].browse(context.get("default_repair_id"))
        asset = self.env["aftersales.asset"].browse(context.get("default_asset_id"))
        # Only to know which counters the product has.
        counters = (repair.sudo().asset_id or asset.sudo())._get_counters()
        return counters.sudo(False) if len(counters) == 1 else False

    @api.depends("counter_id", "value")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for reading in self:
            number = reading.counter_id._format_total(reading.value)
            reading.display_name = f"{number} {reading.counter_id.unit or ''}".strip()

    # -- rights

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FOLLOWING_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _ensure_may_enter(self, vals_list):
        """Without a service only agents enter readings.

        :raises AccessError: for a repair that is not the user's, or without any
        """
        if self.env.su:
            return
        default = self.env.context.get("default_repair_id")
        repair_ids = {vals.get("repair_id", default) or False for vals in vals_list}
        if False in repair_ids and not self._is_agent():
            raise AccessError(
                self.env._("Enter the reading on the repair that you work on.")
            )
        repairs = self.env["repair.order"].browse(filter(None, repair_ids))
        repairs.check_access("write")

    @api.model
    def _is_agent(self):
        return self.env.user.has_group("aftersales_service.group_user")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        """Only while its repair is open: later it is said not to count, and kept."""
        # Whoever may delete the reading sees whether its repair is open.
        for reading in self.sudo():
            if reading.repair_id.state not in ("draft", "confirmed", "under_repair"):
                raise ValidationError(
                    self.env._(
                        "Readings are history: say that it is a typing error instead."
                    )
                )

    # -- entering

    @api.model_create_multi
    def create(self, vals_list):
        self._ensure_may_enter(vals_list)
        readings = super().create(vals_list)
        # Follows from what the user was allowed to enter.
        entered = readings.sudo()
        entered.filtered("repair_id").source = "service"
        entered._judge()
        return readings

    def write(self, vals):
        read = vals.keys() & READ_FIELDS
        if read and not self.env.su:
            self._ensure_may_enter([vals] if "repair_id" in vals else [])
            self._unlink_except_history()
        before = self._get_series() if read else set()
        result = super().write(vals)
        if read:
            # As in `create`. What a person has checked is another reading now.
            changed = self.sudo()
            changed.filtered("confirmed_by_id").write(UNCHECKED)
            changed._judge(before)
        elif "start_value" in vals:
            self.sudo()._count(self._get_series())
        return result

    def unlink(self):
        series = self._get_series()
        result = super().unlink()
        # What is left is counted anew, whatever the user may change of it.
        self.browse().sudo()._count(series)
        return result

    @api.constrains("value", "start_value", "date", "counter_id", "asset_id")
    def _check_value(self):
        now = fields.Datetime.add(fields.Datetime.now(), **TOLERANCE)
        for reading in self:
            for value in (reading.value, reading.start_value):
                why = rule.refusal(
                    value, reading.counter_id.highest_value, reading.date, now, None
                )
                if not why and reading._is_before_delivery():
                    why = "before_delivery"
                if why:
                    raise ValidationError(reading._get_refusal(why))
            if reading.kind == "replaced" and reading.start_value > reading.value:
                raise ValidationError(reading._get_refusal("began_higher"))

    def _is_before_delivery(self):
        """Days are compared, in the company's time."""
        self.ensure_one()
        # Compared only: the product may be out of the user's reach.
        delivered = self.sudo().asset_id.delivery_date
        day = self.company_id._aftersales_date(self.date)
        return bool(delivered) and day < delivered

    def _get_refusal(self, why):
        self.ensure_one()
        highest = self.counter_id._format_total(self.counter_id.highest_value)
        return {
            "not_a_number": self.env._("A reading is a number."),
            "negative": self.env._("A counter shows zero or more."),
            "overflow": self.env._(
                "The counter “%(counter)s” shows %(highest)s at most.",
                counter=self.counter_id.name,
                highest=highest,
            ),
            "too_much": self.env._("No counter shows that much."),
            "future": self.env._("A counter can't be read in the future."),
            "before_delivery": self.env._(
                "The product was not delivered yet on that day."
            ),
            "began_higher": self.env._(
                "The new counter can't have begun higher than it stands."
            ),
        }[why]

    @api.constrains("asset_id", "repair_id", "counter_id")
    def _check_asset(self):
        # Compared only, whatever the user may see of the product and the repair.
        for reading in self.sudo():
            if reading.repair_id and reading.repair_id.asset_id != reading.asset_id:
                raise ValidationError(
                    self.env._("The repair is about another product.")
                )
            if reading.counter_id not in reading.asset_id._get_counters():
                raise ValidationError(
                    self.env._(
                        "“%(asset)s” has no counter “%(counter)s”: choose it on the "
                        "product or its category.",
                        asset=reading.asset_id.name,
                        counter=reading.counter_id.name,
                    )
                )

    # -- judging and counting: as superuser, after the user's own entry

    def _get_series(self):
        """{(asset, counter)} of these readings, as superuser: only compared."""
        return {(reading.asset_id, reading.counter_id) for reading in self.sudo()}

    def _judge(self, series=()):
        """Question what can't be right, then count these readings and `series`."""
        touched = self._get_series() | set(series)
        assets = self.env["aftersales.asset"].union(*(asset for asset, _ in touched))
        # Two readings that are entered at once must know of each other.
        assets._take_turn()
        judged = self.filtered(lambda r: not r.confirmed_by_id).sorted("date")
        counted = {
            key: [reading for reading in readings if reading not in judged]
            for key, readings in self._get_counted(touched).items()
        }
        for reading in judged:
            others = counted[reading.asset_id, reading.counter_id]
            question = reading._get_question(others)
            reading.write(
                {
                    "question": question,
                    "state": "questioned" if question else "counted",
                }
            )
            if not question:
                counted[reading.asset_id, reading.counter_id] = sorted(
                    [*others, reading], key=lambda r: (r.date, r.id)
                )
        self._count(touched)

    def _get_question(self, others):
        """Why a person has to look at this one among the counted `others`, or False."""
        before = [r for r in others if (r.date, r.id) < (self.date, self.id)]
        after = [r for r in others if (r.date, r.id) > (self.date, self.id)]
        return (
            rule.question(
                self._to_rule(),
                before[-1]._to_rule() if before else None,
                after[0]._to_rule() if after else None,
                self.counter_id.highest_a_day,
                self.asset_id._get_delivery_moment(),
            )
            or False
        )

    def _to_rule(self):
        return rule.Reading(self.date, self.value, self.kind, self.start_value)

    @api.model
    def _get_counted(self, series):
        """{(asset, counter): [its counted readings by time]}, in one query.

        As superuser: what counts does not depend on who reads.
        """
        counted = {key: [] for key in series}
        found = self.sudo().search(
            [
                ("asset_id", "in", [asset.id for asset, _ in series]),
                ("counter_id", "in", [counter.id for _, counter in series]),
                ("state", "=", "counted"),
            ],
            order="date, id",
        )
        for reading in found:
            key = (reading.asset_id, reading.counter_id)
            if key in counted:
                counted[key].append(reading)
        return counted

    @api.model
    def _count(self, series):
        """Write the totals of `series`; one that is not counted has none.

        A total never falls: what no longer goes on from the one before it, because that
        was changed, deleted or said to be right, is questioned (again).
        """
        behind = self.browse()
        for (_asset, counter), readings in self._get_counted(series).items():
            goes_on = rule.going_on(
                [reading._to_rule() for reading in readings], counter.highest_value
            )
            counted = [r for r, goes in zip(readings, goes_on, strict=True) if goes]
            behind = behind.union(*(r for r in readings if r not in counted))
            sums = rule.totals(
                [reading._to_rule() for reading in counted], counter.highest_value
            )
            for reading, total in zip(counted, sums, strict=True):
                if reading.total != total:
                    reading.total = total
        if behind:
            behind.write({"state": "questioned", "question": "lower", **UNCHECKED})
        (self | behind).filtered(lambda r: r.state != "counted").total = 0.0

    # -- a person's answer

    def _ensure_may_confirm(self):
        """Raise for who is no agent, and for a reading that was rejected."""
        self._ensure_is_agent()
        if self.filtered(lambda r: r.state == "rejected"):
            raise UserError(
                self.env._("This reading is not counted: check it again first.")
            )

    def _ensure_is_agent(self):
        self.check_access("write")
        if not self._is_agent():
            raise UserError(self.env._("Only after-sales agents check readings."))

    def _confirm(self, **values):
        """Note what a person has found out, and judge anew what waits."""
        # The rights are checked above.
        confirmed = self.sudo()
        confirmed.write(
            {
                "confirmed_by_id": self.env.uid,
                "confirmed_date": fields.Datetime.now(),
                **values,
            }
        )
        series = self._get_series()
        waiting = confirmed.search(
            [
                ("asset_id", "in", confirmed.asset_id.ids),
                ("state", "=", "questioned"),
            ]
        )
        (waiting | confirmed._get_followers(series))._judge(series)
        confirmed._count(series)
        return True

    def _get_followers(self, series):
        """The counted readings that come right after these: they were judged by other
        ones.
        """
        followers = self.browse()
        counted = self._get_counted(series)
        for reading in self:
            after = [
                other
                for other in counted[reading.asset_id, reading.counter_id]
                if (other.date, other.id) > (reading.date, reading.id)
            ]
            followers = followers.union(*after[:1])
        return followers - self

    def _ensure_goes_on(self, kind):
        """Raise when these, as `kind`, and those that count can't all be right."""
        confirmed = self.sudo()
        counted = self._get_counted(self._get_series())
        for (asset, counter), others in counted.items():
            ours = confirmed.filtered(
                lambda r, key=(asset, counter): (r.asset_id, r.counter_id) == key
            )
            together = (ours.union(*others)).sorted(lambda r: (r.date, r.id))
            goes_on = rule.going_on(
                [
                    r._to_rule()._replace(kind=kind) if r in ours else r._to_rule()
                    for r in together
                ],
                counter.highest_value,
            )
            if not all(goes_on):
                raise UserError(
                    self.env._(
                        "A counter does not run backwards: was it replaced, did it "
                        "roll over, or is one of the readings a typing error?"
                    )
                )

    def action_confirm(self):
        """It is right as it stands.

        :raises UserError: for who is no agent, and for a reading that is not counted or
            contradicts those that are
        """
        self._ensure_may_confirm()
        self._ensure_goes_on("normal")
        return self._confirm(state="counted", kind="normal")

    def action_confirm_replaced(self):
        """Another counter was fitted: it began at `start_value`.

        :raises UserError: as `action_confirm`, and for a counter that began higher
        """
        self._ensure_may_confirm()
        if self.filtered(lambda r: r.start_value > r.value):
            raise UserError(self[:1]._get_refusal("began_higher"))
        self._ensure_goes_on("replaced")
        return self._confirm(state="counted", kind="replaced")

    def action_confirm_rolled_over(self):
        """The display has begun at zero again.

        :raises UserError: as `action_confirm`, and for a display without a limit
        """
        self._ensure_may_confirm()
        if self.filtered(lambda r: not r.counter_id.highest_value):
            raise UserError(
                self.env._(
                    "This counter does not roll over: its highest value is not known."
                )
            )
        self._ensure_goes_on("rolled_over")
        return self._confirm(state="counted", kind="rolled_over")

    def action_check_again(self):
        """What was said to be a typing error may be none: judge it anew.

        :raises UserError: for who is no agent
        """
        self._ensure_is_agent()
        # The rights are checked above.
        rejected = self.sudo().filtered(lambda r: r.state == "rejected")
        rejected.write({"state": "questioned", **UNCHECKED})
        rejected._judge()
        return True

    def action_reject(self):
        """A typing error: kept, and never counted.

        :raises UserError: for who is no agent, and for a reading rejected before
        """
        self._ensure_may_confirm()
        return self._confirm(state="rejected", kind="normal")
