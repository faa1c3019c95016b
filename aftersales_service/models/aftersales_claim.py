# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL, email_normalize

from .aftersales_stage import STAGE_CATEGORIES

CLOSED_CATEGORIES = ("solved", "cancelled")
#: What decides which SLA policies apply and in which hours they count.
SLA_FIELDS = {
    "team_id",
    "type_id",
    "priority",
    "company_id",
    "channel_id",
    "partner_id",
}
#: What happened to the claim: it follows from the steps taken and is not edited.
FIXED_FIELDS = {
    "access_token",
    "cancel_reason",
    "close_date",
    "confirm_date",
    "cost",
    "date",
    "duplicate_of_id",
    "first_response_date",
    "hours_to_close",
    "hours_to_response",
    "is_first_contact_resolved",
    "pause_log",
    "product_names",
    "reopen_count",
    "response_count",
    "sla_deadline",
    "sla_state",
    "stage_category",
    "technician_ids",
    "triage_date",
    "used_article_ids",
}


class AftersalesClaim(models.Model):
    _name = "aftersales.claim"
    _description = "Claim"
    _inherit = [
        "aftersales.text.mixin",
        "aftersales.readable.mixin",
        "aftersales.turn.mixin",
        "portal.mixin",
        "aftersales.track.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
    ]
    _order = "priority desc, id desc"
    _rec_names_search = ["name", "subject"]
    _mail_post_access = "read"
    _primary_email = "email_from"
    _track_duration_field = "stage_id"
    _check_company_auto = True

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
        index="trigram",
    )
    active = fields.Boolean(default=True)
    subject = fields.Char(required=True, index="trigram")
    date = fields.Datetime(
        string="Registered on",
        required=True,
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        index=True,
    )
    description = fields.Text()
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    email_from = fields.Char(
        string="E-mail",
        compute="_compute_email_from",
        store=True,
        readonly=False,
        index="trigram",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(
        "aftersales.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
        groups="base.group_user",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assigned to",
        index=True,
        tracking=True,
        groups="base.group_user",
        domain=[("share", "=", False)],
    )
    type_id = fields.Many2one(
        "aftersales.type",
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    channel_id = fields.Many2one(
        "aftersales.channel", index="btree_not_null", ondelete="restrict"
    )
    tag_ids = fields.Many2many(
        "aftersales.tag", string="Tags", groups="base.group_user"
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")],
        default="1",
        required=True,
        index=True,
        tracking=True,
    )
    stage_id = fields.Many2one(
        "aftersales.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        copy=False,
        ondelete="restrict",
        group_expand="_group_expand_stage_id",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )
    stage_category = fields.Selection(
        STAGE_CATEGORIES,
        compute="_compute_stage_category",
        store=True,
        precompute=True,
        index=True,
    )
    line_ids = fields.One2many("aftersales.claim.line", "claim_id", copy=False)
    product_names = fields.Char(
        string="Products",
        compute="_compute_product_names",
        compute_sudo=True,
        search="_search_product_names",
    )
    resolution = fields.Text(
        help="How it was solved, in words for the customer.", tracking=True
    )
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    is_confidential = fields.Boolean(
        string="Confidential",
        tracking=True,
        help="Only the person assigned and managers see the claim.",
        groups="base.group_user",
    )
    duplicate_of_id = fields.Many2one(
        "aftersales.claim", index="btree_not_null", copy=False, check_company=True
    )
    close_date = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    reopen_count = fields.Integer(string="Reopened", readonly=True, copy=False)
    is_first_contact_resolved = fields.Boolean(
        compute="_compute_is_first_contact_resolved", store=True
    )
    response_count = fields.Integer(
        string="Messages to the Customer",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    repair_ids = fields.One2many("repair.order", "claim_id", readonly=True)
    technician_ids = fields.Many2many(
        "res.users",
        "aftersales_claim_technician_rel",
        string="Technicians",
        groups="base.group_user",
        compute="_compute_technician_ids",
        store=True,
        compute_sudo=True,
    )
    repair_count = fields.Integer(compute="_compute_document_counts")
    asset_count = fields.Integer(compute="_compute_document_counts")
    sale_order_count = fields.Integer(compute="_compute_document_counts")
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        currency_field="company_currency_id",
        groups="base.group_user",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    color = fields.Integer()

    _open_deadline_idx = models.Index(
        "(team_id, sla_deadline) WHERE stage_category IN "
        "('new', 'in_progress', 'waiting')"
    )

    # -- defaults and computes

    @api.model
    def _group_expand_stage_id(self, stages, domain):
        """The steps in their order, those without a claim as well."""
        team = self.env.context.get("default_team_id")
        shown = Domain("team_ids", "in", [False, team] if team else [False])
        return stages.search(shown | Domain("id", "in", stages.ids))

    @api.depends("partner_id")
    def _compute_email_from(self):
        for claim in self:
            if claim.partner_id.email:
                claim.email_from = claim.partner_id.email

    @api.depends("type_id", "company_id")
    def _compute_team_id(self):
        defaults = {}
        for claim in self:
            company = claim.company_id
            if company not in defaults:
                defaults[company] = self.env["aftersales.team"]._get_default_team(
                    company
                )
            teams = (claim.type_id.team_id | claim.team_id).filtered("active")
            claim.team_id = teams[:1] or defaults[company]

    @api.depends("team_id")
    def _compute_stage_id(self):
        """The team's first stage; on a change of team, its stage for the same step."""
        stages = self.env["aftersales.stage"].search_fetch([], ["category", "team_ids"])
        for claim in self:
            usable = stages.filtered(
                lambda s, c=claim: not s.team_ids or c.team_id in s.team_ids
            )
            if claim.stage_id not in usable:
                category = claim.stage_id.category or "new"
                same_step = usable.filtered(lambda s, k=category: s.category == k)
                claim.stage_id = same_step[:1] or claim.stage_id

    @api.depends("stage_id.category")
    def _compute_stage_category(self):
        for claim in self:
            claim.stage_category = claim.stage_id.category

    @api.depends("line_ids.product_id.name")
    @api.depends_context("lang")
    def _compute_product_names(self):
        """What the claim is about, in the language of whoever reads."""
        saved = self.filtered(lambda claim: isinstance(claim.id, int))
        names = saved._get_product_names() if saved else {}
        for claim in saved:
            claim.product_names = names.get(claim.id, "")
        for claim in self - saved:
            claim.product_names = ", ".join(claim.line_ids.product_id.mapped("name"))

    def _get_product_names(self):
        """{claim.id: names of its products} in one query: lists show many claims."""
        lines = self.env["aftersales.claim.line"]
        lines.flush_model(["claim_id", "product_id"])
        self.env["product.product"].flush_model(["product_tmpl_id"])
        self.env["product.template"].flush_model(["name"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT claim_id, string_agg(name, ', ' ORDER BY first)
                  FROM (SELECT line.claim_id, min(line.id) AS first,
                               COALESCE(template.name->>%s, template.name->>'en_US')
                                   AS name
                          FROM aftersales_claim_line line
                          JOIN product_product product ON product.id = line.product_id
                          JOIN product_template template
                            ON template.id = product.product_tmpl_id
                         WHERE line.claim_id = ANY(%s)
                      GROUP BY line.claim_id, product.id, template.name) AS named
              GROUP BY claim_id
                """,
                self.env.lang or "en_US",
                list(self.ids),
            )
        )
        return dict(rows)

    @api.model
    def _search_product_names(self, operator, value):
        # Customers read no lines; of what is found their own rules leave their claims.
        claims = self.sudo()
        domain = Domain("line_ids.product_id.name", operator, value)
        return Domain("id", "in", claims._search(domain, active_test=False))

    @api.depends("stage_category", "reopen_count", "response_count")
    def _compute_is_first_contact_resolved(self):
        for claim in self:
            claim.is_first_contact_resolved = (
                claim.stage_category == "solved"
                and not claim.reopen_count
                and claim.response_count <= 1
            )

    @api.depends("line_ids.cost")
    def _compute_cost(self):
        for claim in self:
            claim.cost = sum(claim.line_ids.mapped("cost"))

    @api.depends("line_ids.repair_ids", "line_ids.asset_id")
    def _compute_document_counts(self):
        for claim in self:
            claim.repair_count = len(claim.line_ids.repair_ids)
            claim.asset_count = len(claim.line_ids.asset_id)
            # Technicians read no sales orders: a number is all they are given.
            claim.sale_order_count = len(claim.sudo()._get_sale_orders())

    @api.depends("repair_ids.user_id", "repair_ids.labour_ids.technician_id")
    def _compute_technician_ids(self):
        for claim in self:
            repairs = claim.repair_ids
            claim.technician_ids = repairs.user_id | repairs.labour_ids.technician_id

    def _compute_access_url(self):
        for claim in self:
            claim.access_url = f"/my/claims/{claim.id}"

    # -- constraints

    @api.constrains("duplicate_of_id")
    def _check_duplicate_of(self):
        if self._has_cycle("duplicate_of_id"):
            raise ValidationError(self.env._("A claim can't be a duplicate of itself."))

    @api.constrains("user_id")
    def _check_user(self):
        # Who is no colleague is told nothing: an import names users as it likes.
        if any(self.user_id.sudo().mapped("share")):
            raise ValidationError(
                self.env._("Claims are assigned to colleagues, not to customers.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        """A claim that was worked on is a record of what happened: archive it."""
        worked_on = self.filtered(
            lambda c: c.stage_category != "new" or c.response_count or c.repair_ids
        )
        if worked_on:
            raise UserError(
                self.env._(
                    "Claim %(names)s has a history and can't be deleted. "
                    "Cancel or archive it instead.",
                    names=", ".join(worked_on.mapped("name")),
                )
            )

    # -- create and write

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        self._set_references(vals_list)
        # Whoever registers the claim and the customer are subscribed in one go.
        quiet = self.with_context(mail_create_nosubscribe=True)
        claims = super(AftersalesClaim, quiet).create(vals_list)
        claims = claims.with_env(self.env)
        claims._assign()
        user = self.env.user
        # The mail gateway's user is nobody who would follow.
        is_staff = user.active and user._is_internal()
        claims._subscribe(user.partner_id if is_staff else None)
        claims._update_sla()
        claims._register_closed()
        return claims

    def _register_closed(self):
        """Claims that are entered when they are over, as an import of old ones does.

        Nobody has been served just now: nothing is sent and no clock is met.

        :raises UserError: for a cancelled one, which has a reason
        """
        closed = self.filtered(lambda c: c.stage_category in CLOSED_CATEGORIES)
        closed._ensure_reason()
        closed.line_ids._close_assisted()
        # Follows from the stage, which the user was allowed to choose.
        closed.sudo().close_date = fields.Datetime.now()

    def write(self, vals):
        if "name" in vals and not self.env.su:
            raise AccessError(self.env._("The reference of a claim is given once."))
        self._ensure_same_company(vals)
        stage = self.env["aftersales.stage"].browse(vals.get("stage_id"))
        if stage:
            self._ensure_not_merged(stage.category)
        if stage and not self.env.su and stage.category in CLOSED_CATEGORIES:
            self._ensure_can_close(stage.category, vals)
        before = {claim: claim.stage_category for claim in self} if stage else {}
        renews = "partner_id" in vals
        former = {
            claim: (claim.partner_id, email_normalize(claim.email_from or ""))
            for claim in self
            if renews
        }
        result = super().write(vals)
        if stage:
            self._after_stage_change(before)
        if SLA_FIELDS & vals.keys():
            self._update_sla()
        if renews:
            self._renew_customer_access(former)
        return result

    def _ensure_same_company(self, vals):
        """Raise UserError when products and repairs would stay behind."""
        if "company_id" not in vals:
            return
        moved = self.filtered(
            lambda c: c.line_ids and c.company_id.id != vals["company_id"]
        )
        if moved:
            raise UserError(
                self.env._(
                    "%s has products and stays in its company.",
                    ", ".join(moved.mapped("name")),
                )
            )

    @api.model
    def _set_references(self, vals_list):
        """Give every claim its reference; the numbers of a company in one query."""
        by_company, new = defaultdict(list), self.env._("New")
        for vals in vals_list:
            if not self.env.su or vals.get("name", new) in ("New", new):
                by_company[vals.get("company_id") or self.env.company.id].append(vals)
        for company_id, company_vals in by_company.items():
            # Those who register claims may not read sequences.
            sequence = (
                self.env["ir.sequence"]
                .sudo()
                .search_fetch(
                    [
                        ("code", "=", "aftersales.claim"),
                        ("company_id", "in", [company_id, False]),
                    ],
                    ["implementation", "use_date_range", "prefix", "suffix", "padding"],
                    order="company_id",
                    limit=1,
                )
            )
            if not sequence:
                raise UserError(
                    self.env._(
                        "There is no numbering for claims: add a sequence with the "
                        "code aftersales.claim."
                    )
                )
            names = sequence._next_batch(len(company_vals))
            for vals, name in zip(company_vals, names, strict=True):
                vals["name"] = name

    def _subscribe(self, also=None):
        """The customer follows the claim, to get the answers by mail.

        :param also: staff (res.partner) who follow as well
        """
        also = also or self.env["res.partner"]
        wanted = {
            (claim.id, partner.id)
            for claim in self
            for partner in claim.partner_id | also
        }
        # Agents need no rights on followers to add the customer.
        followers = self.env["mail.followers"].sudo()
        present = followers.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            ["res_id", "partner_id"],
        )
        wanted -= {(found.res_id, found.partner_id.id) for found in present}
        default, internal, external = self.env["mail.message.subtype"].default_subtypes(
            self._name
        )
        followers.create(
            [
                {
                    "res_model": self._name,
                    "res_id": claim_id,
                    "partner_id": partner_id,
                    "subtype_ids": [
                        Command.set(
                            (default if partner_id in also.ids else external).ids
                        )
                    ],
                }
                for claim_id, partner_id in sorted(wanted)
            ]
        )

    def _renew_customer_access(self, former):
        """A former customer must lose sight of the claim: mails, link and portal.

        :param former: {claim: (the customer, the address) it had}
        """
        # Follows from a change of customer that the user was allowed to make.
        for claim, (customer, address) in former.items():
            if customer != claim.partner_id:
                claim.sudo()._hand_over_from(customer, address)
        self._subscribe()

    def _hand_over_from(self, customer, address):
        """Nothing of the claim reaches its former `customer` any more."""
        self.access_token = False
        leaving = customer
        if not self._is_same_party(customer, address):
            self.email_cc = False
            leaving |= self.message_partner_ids.filtered(
                lambda p: p.commercial_partner_id
                != self.partner_id.commercial_partner_id
            )
        self.message_unsubscribe(leaving.filtered("partner_share").ids)

    def _is_same_party(self, customer, address):
        """Whether the claim's customer belongs to who the `customer` was before.

        Who was not known yet was only an `address`.
        """
        if not customer:
            return bool(address) and address == self.partner_id.email_normalized
        return customer.commercial_partner_id == self.partner_id.commercial_partner_id

    def _assign(self):
        """Give unassigned claims to a member as their team wants it."""
        for team, claims in (
            self.filtered(lambda c: not c.user_id).grouped("team_id").items()
        ):
            if team.assignment == "manual" or not team.member_ids:
                continue
            # Who registers a claim may not write on the team: whose turn it was.
            team.sudo()._assign_claims(claims)

    # -- states

    @api.model
    def _get_open_domain(self):
        return Domain("stage_category", "not in", CLOSED_CATEGORIES)

    def _get_stage(self, category):
        """The first stage of `category` that this claim's team uses."""
        self.ensure_one()
        stage = self.env["aftersales.stage"].search(
            [
                ("category", "=", category),
                ("team_ids", "in", [False, *self.team_id.ids]),
            ],
            limit=1,
        )
        if not stage:
            raise UserError(
                self.env._(
                    "There is no stage for this step: add one with the category "
                    "%(category)s.",
                    category=dict(STAGE_CATEGORIES)[category],
                )
            )
        return stage

    def _ensure_can_close(self, category, vals=None):
        """Raise UserError, in words, when a claim can't be solved or cancelled yet."""
        vals = vals or {}
        for claim in self:
            if claim.stage_category == category:
                continue
            claim.line_ids._ensure_finished()
            if category == "cancelled" and not vals.get("cancel_reason"):
                claim._ensure_reason(category)

    def _ensure_reason(self, category=None):
        """Raise UserError for claims that are cancelled, or will be, without a word."""
        for claim in self:
            if (category or claim.stage_category) != "cancelled":
                continue
            if not claim.cancel_reason:
                raise UserError(
                    self.env._(
                        "Say why %(name)s is cancelled: use the Cancel button.",
                        name=claim.name,
                    )
                )

    def _ensure_not_merged(self, category):
        """Raise UserError for a merged claim that would leave its end."""
        if category == "cancelled":
            return
        for claim in self.filtered("duplicate_of_id"):
            # Whose it is now need not be within the user's sight: only its reference.
            survivor = claim.duplicate_of_id.sudo()
            raise UserError(
                self.env._(
                    "%(claim)s was merged: go on with %(survivor)s.",
                    claim=claim.name,
                    survivor=survivor.name,
                )
            )

    def _after_stage_change(self, before):
        """Dates, counters, clocks and hooks that follow a change of stage."""
        now = fields.Datetime.now()
        solved, cancelled, reopened = self.browse(), self.browse(), self.browse()
        revived = self.browse()
        for claim, old in before.items():
            new = claim.stage_category
            if old == new:
                continue
            # Whoever may change the stage does not edit the clock or the counters.
            claim.sudo()._update_pauses(old, new, now)
            if old == "cancelled":
                revived |= claim
            if old in CLOSED_CATEGORIES and new not in CLOSED_CATEGORIES:
                reopened |= claim
            elif new == "solved":
                solved |= claim
            elif new == "cancelled":
                cancelled |= claim
        revived.line_ids._revive()
        solved.line_ids._close_assisted()
        cancelled.line_ids._cancel_undecided()
        # As above.
        revived.sudo().cancel_reason = False
        (solved | cancelled).sudo().close_date = now
        for claim in reopened.sudo():
            claim.write({"close_date": False, "reopen_count": claim.reopen_count + 1})
        solved._reach_sla("solved", now)
        # Solved without a word before: the solution was the answer.
        solved._reach_sla("first_response", now)
        cancelled._drop_running_sla()
        (self - cancelled)._update_sla_deadlines()
        if solved:
            solved._post_close_hook()
        if cancelled:
            cancelled._post_cancel_hook()
        if reopened:
            reopened._post_reopen_hook()

    def _post_close_hook(self):
        """Called for claims that have just been solved."""

    def _post_cancel_hook(self):
        """Called for claims that have just been cancelled."""

    def _post_reopen_hook(self):
        """Called for claims that have just been opened again."""

    def _lock(self):
        """Lock the claims so that two people can't take the same step twice."""
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["stage_id", "stage_category", "user_id"])

    def action_assign_to_me(self):
        """Take the claim and start on it.

        :raises AccessError: without the right to change the claim
        :raises UserError: when a colleague was faster
        """
        self._ensure_is_agent()
        self._lock()
        taken = self.filtered(lambda c: c.user_id and c.user_id != self.env.user)
        for claim in taken:
            raise UserError(
                self.env._(
                    "%(user)s has taken %(claim)s already.",
                    user=claim.user_id.name,
                    claim=claim.name,
                )
            )
        self.write({"user_id": self.env.uid})
        new = self.filtered(lambda c: c.stage_category == "new")
        for claims in new.grouped("team_id").values():
            claims.stage_id = claims[0]._get_stage("in_progress")
        return True

    def action_solve(self):
        """Close the claims as solved.

        :raises UserError: while a line of the claim still has an open remedy
        """
        self._ensure_is_agent()
        self._lock()
        self._ensure_can_close("solved")
        self._action_solve()
        return True

    def _action_solve(self):
        still_open = self.filtered(lambda c: c.stage_category != "solved")
        for claims in still_open.grouped("team_id").values():
            claims.stage_id = claims[0]._get_stage("solved")

    def action_cancel(self):
        """Ask for the reason, then cancel."""
        self._ensure_is_agent()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Claim"),
            "res_model": "aftersales.claim.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_ids": self.ids},
        }

    def _action_cancel(self, reason):
        """Cancel for `reason` (text the customer may read)."""
        claims = self.filtered(lambda c: c.stage_category != "cancelled")
        claims._ensure_can_close("cancelled", {"cancel_reason": reason})
        for batch in claims.grouped("team_id").values():
            # Follows from cancelling, which was allowed; nobody edits it by hand.
            batch.sudo().cancel_reason = reason
            batch.stage_id = batch[0]._get_stage("cancelled")

    def action_reopen(self):
        """Open solved or cancelled claims again; it is counted."""
        self._ensure_is_agent()
        self._lock()
        self._action_reopen()
        return True

    def _action_reopen(self):
        closed = self.filtered(lambda c: c.stage_category in CLOSED_CATEGORIES)
        for batch in closed.grouped("team_id").values():
            batch.stage_id = batch[0]._get_stage("in_progress")

    def _ensure_is_agent(self):
        """Raise AccessError unless the user may work on these claims."""
        self.check_access("write")
        if not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(self.env._("Only after-sales agents can do this."))

    # -- what belongs to the claim

    def _get_sale_orders(self):
        return self.line_ids.asset_id.sale_line_id.order_id

    def _get_warranty_analytic_account(self):
        """Where the cost of parts used under warranty for this claim is booked."""
        self.ensure_one()
        claim_type = self.type_id.with_company(self.company_id)
        return (
            claim_type.analytic_account_id
            or self.company_id.aftersales_analytic_account_id
        )

    def action_view_repairs(self):
        """Open the repairs of the claim."""
        self.check_access("read")
        return self.line_ids.repair_ids._get_records_action(name=self.env._("Repairs"))

    def action_view_assets(self):
        """Open the assets the claim is about."""
        self.check_access("read")
        return self.line_ids.asset_id._get_records_action(name=self.env._("Assets"))

    def action_view_sale_orders(self):
        """Open the sales orders the claimed goods came from."""
        self.check_access("read")
        return self._get_sale_orders()._get_records_action(
            name=self.env._("Sales Orders")
        )
