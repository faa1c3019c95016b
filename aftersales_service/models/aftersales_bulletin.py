# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [
    ("recall", "Recall"),
    ("safety_stop", "Safety Stop"),
    ("firmware", "Firmware or Security Update"),
    ("check", "Proactive Check"),
    ("end_of_support", "End of Support"),
]
#: Kinds that warn of a danger.
DANGEROUS = ("recall", "safety_stop")
#: A notice in one of these states has been sent, or is being sent.
SENT_STATES = ("sending", "open", "closed")
#: What only the steps write.
FIXED_FIELDS = {"approved_by_id", "approved_date", "listed_date", "sent_date", "state"}
#: What decides whom it is about: settled once it is sent.
SCOPE_FIELDS = {
    "company_id",
    "country_ids",
    "delivery_from",
    "delivery_to",
    "is_unknown_version",
    "is_whole_company",
    "lot_ids",
    "product_ids",
    "serial_first",
    "serial_last",
    "version_first",
    "version_last",
}


class AftersalesBulletin(models.Model):
    """What the owners of a product must be told, and whether they have done it.

    Its list of affected assets is made first and looked at; what a manager approves
    is that list, with its count; only then it is sent, by a scheduled action.
    """

    _name = "aftersales.bulletin"
    _description = "Product Notice"
    _inherit = ["aftersales.text.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Title",
        required=True,
        translate=True,
        tracking=True,
        help="What customers read first, in their language.",
    )
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="recall", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    description = fields.Html(
        string="What Customers Read",
        translate=True,
        sanitize_style=True,
        help="What is wrong, what to do until it is solved, how it is solved.",
    )
    instructions = fields.Html(
        sanitize_style=True, help="For technicians: what is done at the visit."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("listed", "Listed"),
            ("sending", "Being Sent"),
            ("open", "Sent"),
            ("closed", "Ended"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    listed_date = fields.Datetime(string="Listed On", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_date = fields.Datetime(string="Approved On", readonly=True, copy=False)
    sent_date = fields.Date(string="First Sent On", readonly=True, copy=False)

    # -- whom it is about
    product_ids = fields.Many2many("product.product", check_company=True)
    lot_ids = fields.Many2many("stock.lot", string="Serials/Lots", check_company=True)
    serial_first = fields.Char(
        string="Serials From",
        help="From this serial on; only its last number counts, e.g. EB-0100.",
    )
    serial_last = fields.Char(string="Serials To", help="Up to this serial, included.")
    version_first = fields.Char(string="Versions From")
    version_last = fields.Char(
        string="Versions To", help="Up to this version, included: 2.9 is before 2.10."
    )
    is_unknown_version = fields.Boolean(
        string="Also Unknown Versions",
        default=True,
        help="Products whose version nobody has noted are told as well.",
    )
    delivery_from = fields.Date(string="Delivered From")
    delivery_to = fields.Date(string="Delivered To")
    country_ids = fields.Many2many(
        "res.country", string="Countries", help="Of the owners. Empty: all."
    )
    is_whole_company = fields.Boolean(
        string="All Products",
        help="It is about every product that customers have from this company.",
    )

    # -- what is done about it
    new_version = fields.Char(
        copy=False, help="The version that the product has afterwards."
    )
    service_mode = fields.Selection(
        selection="_selection_service_mode",
        string="Visits Are",
        required=True,
        default="onsite",
    )
    reminder_days = fields.Integer(
        string="Remind After (days)",
        default=14,
        help="Who has not answered after so many days is told again.",
    )
    reminder_max = fields.Integer(
        string="Reminders", default=2, help="At most so many. 0: none."
    )

    line_ids = fields.One2many("aftersales.bulletin.asset", "bulletin_id")
    recipient_ids = fields.One2many("aftersales.bulletin.recipient", "bulletin_id")
    asset_count = fields.Integer(string="Affected", compute="_compute_progress")
    owner_count = fields.Integer(string="Owners", compute="_compute_progress")
    waiting_count = fields.Integer(string="Not Yet Told", compute="_compute_progress")
    untold_count = fields.Integer(string="Not Reached", compute="_compute_progress")
    told_count = fields.Integer(string="Told", compute="_compute_progress")
    answered_count = fields.Integer(string="Answered", compute="_compute_progress")
    done_count = fields.Integer(string="Done", compute="_compute_progress")
    told_percent = fields.Float(compute="_compute_progress")
    answered_percent = fields.Float(compute="_compute_progress")
    done_percent = fields.Float(compute="_compute_progress")
    average_days = fields.Float(
        string="Days until Done",
        digits=(16, 1),
        compute="_compute_progress",
        help="On average, from the first notice to the product being done.",
    )
    repair_count = fields.Integer(string="Visits", compute="_compute_repair_count")

    _reminders_not_negative = models.Constraint(
        "CHECK (reminder_max >= 0 AND (reminder_max = 0 OR reminder_days > 0))",
        "Between a notice and its reminder there is one day at least.",
    )
    _delivery_order = models.Constraint(
        "CHECK (delivery_from <= delivery_to)",
        "The deliveries end before they begin.",
    )

    @api.model
    def _selection_service_mode(self):
        return (
            self.env["repair.order"]
            ._fields["service_mode"]
            ._description_selection(self.env)
        )

    @api.depends("line_ids.state", "line_ids.answer", "recipient_ids")
    def _compute_progress(self):
        counts, days = self._count_by_state(), {}
        for bulletin, average in self.env["aftersales.bulletin.asset"]._read_group(
            [("bulletin_id", "in", self.ids), ("state", "=", "done")],
            ["bulletin_id"],
            ["days_to_done:avg"],
        ):
            days[bulletin.id] = average
        owners = dict(
            self.env["aftersales.bulletin.asset"]._read_group(
                [("bulletin_id", "in", self.ids), ("state", "!=", "gone")],
                ["bulletin_id"],
                ["partner_id:count_distinct"],
            )
        )
        for bulletin in self:
            bulletin._set_progress(counts.get(bulletin._origin.id, {}))
            bulletin.owner_count = owners.get(bulletin._origin, 0)
            bulletin.average_days = days.get(bulletin._origin.id) or 0

    def _count_by_state(self):
        """{bulletin id: {(state, answer): number of assets}}, without what is gone."""
        counts = {}
        for bulletin, state, answer, count in self.env[
            "aftersales.bulletin.asset"
        ]._read_group(
            [("bulletin_id", "in", self.ids), ("state", "!=", "gone")],
            ["bulletin_id", "state", "answer"],
            ["__count"],
        ):
            counts.setdefault(bulletin.id, {})[state, answer] = count
        return counts

    def _set_progress(self, counts):
        def total(*states):
            return sum(n for (state, _answer), n in counts.items() if state in states)

        self.asset_count = sum(counts.values())
        self.waiting_count = total("listed")
        self.untold_count = total("unreachable", "failed")
        self.told_count = total("told", "answered", "done")
        self.answered_count = total("answered", "done")
        self.done_count = total("done")
        # Whoever has it no longer can't do anything about it.
        lost = counts.get(("answered", "not_mine"), 0)
        self.told_percent = 100 * self.told_count / (self.asset_count or 1)
        self.answered_percent = 100 * self.answered_count / (self.asset_count or 1)
        self.done_percent = 100 * self.done_count / (self.asset_count - lost or 1)

    @api.depends_context("uid")
    def _compute_repair_count(self):
        counts = dict(
            self.env["repair.order"]._read_group(
                [("bulletin_id", "in", self.ids)], ["bulletin_id"], ["__count"]
            )
        )
        for bulletin in self:
            bulletin.repair_count = counts.get(bulletin, 0)

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        if vals.get("active") is False:
            self._ensure_not_going_on()
        rescoped = self.browse()
        if SCOPE_FIELDS & vals.keys():
            if self.filtered(lambda bulletin: bulletin.state in SENT_STATES):
                raise UserError(
                    self.env._(
                        "Whom a notice is about is settled once it is sent. Make "
                        "another one for other products."
                    )
                )
            rescoped = self.filtered(lambda bulletin: bulletin.state == "listed")
        result = super().write(vals)
        if rescoped:
            # Follows from a change of scope that the user was allowed to make.
            rescoped.sudo()._forget_list()
        return result

    def _ensure_not_going_on(self):
        """What is put away must not go on reminding people."""
        if self.filtered(lambda bulletin: bulletin.state in ("sending", "open")):
            raise UserError(
                self.env._("Close the notice before you archive it: it still goes on.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda bulletin: bulletin.approved_date):
            raise UserError(
                self.env._("What was sent to customers is kept: archive it instead.")
            )

    def _ensure_manager(self):
        self.check_access("write")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(self.env._("Only after-sales managers can do this."))

    def _is_dangerous(self):
        self.ensure_one()
        return self.kind in DANGEROUS

    def _get_kind_label(self):
        """Recall, Safety Stop…, in the language of the environment."""
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    # -- steps

    def action_close(self):
        """End the notice: nobody is reminded, no page shows it any more."""
        self._ensure_manager()
        # Managers may end notices; the state is written by the steps alone.
        self.sudo().filtered(lambda b: b.state == "open").state = "closed"
        return True

    def action_reopen(self):
        """Take a closed notice up again."""
        self._ensure_manager()
        # As above.
        self.sudo().filtered(lambda b: b.state == "closed").state = "open"
        return True

    # -- views

    def action_view_assets(self):
        """Open the affected assets, each with its answer."""
        self.ensure_one()
        self.check_access("read")
        return self._get_action("aftersales_bulletin_asset_action")

    def action_view_days(self):
        """Show how many were done, day by day."""
        self.ensure_one()
        self.check_access("read")
        return self._get_action("aftersales_bulletin_asset_action_days")

    def action_view_untold(self):
        """Open the affected assets whose owners could not be reached."""
        self.check_access("read")
        action = self._get_action("aftersales_bulletin_asset_action")
        states = ("unreachable", "failed")
        return {**action, "domain": [*action["domain"], ("state", "in", states)]}

    def action_view_repairs(self):
        """Open the visits that owners have booked."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visits"),
            "res_model": "repair.order",
            "view_mode": "list,kanban,calendar,form",
            "domain": [("bulletin_id", "in", self.ids)],
        }

    def _get_action(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"aftersales_service.{name}"
        )
        domain = [("bulletin_id", "in", self.ids), ("state", "!=", "gone")]
        return {**action, "domain": domain}
