# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..rules.contract import is_plausible, overlaps
from ..rules.period import is_covered
from .aftersales_contract_mixin import PROMISES

#: Set by the steps and by the order, never by who edits.
FIXED_FIELDS = {
    "access_token",
    "cancel_date",
    "name",
    "previous_id",
    "price_per_asset",
    "sale_line_id",
    "state",
    "terms_id",
    "terms_texts",
}
#: Of these forms send some with a new one; but for the terms they are replaced.
GIVEN_FIELDS = {"name", "price_per_asset", "terms_id", "terms_texts"}
#: What a contract that has begun is built on.
SETTLED_FIELDS = {"company_id", "date_start", "invoice_period", "partner_id", "scope"}


class AftersalesContract(models.Model):
    """A term of maintenance for products of a customer, as it was sold.

    What comes after it is another contract, bound to this one.
    """

    _name = "aftersales.contract"
    _description = "Maintenance Contract"
    _inherit = [
        "aftersales.batch.mixin",
        "aftersales.text.mixin",
        "aftersales.company.mixin",
        "aftersales.readable.mixin",
        "aftersales.turn.mixin",
        "aftersales.contract.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "portal.mixin",
    ]
    _order = "date_end desc, id desc"
    _rec_names_search = ["name", "partner_id.name", "sale_order_id.name"]
    _check_company_auto = True

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
    )
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Company of the Customer",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
    )
    terms_id = fields.Many2one(
        "aftersales.contract.terms",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    terms_texts = fields.Json(readonly=True, copy=False)
    terms = fields.Html(
        string="Conditions", compute="_compute_terms", sanitize_style=True
    )
    scope = fields.Selection(
        [
            ("asset", "The products named in it"),
            ("park", "All products of the customer"),
        ],
        string="Covers",
        required=True,
        default="asset",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Sold With",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        help="The line of the order that sold it: it is billed with that line.",
    )
    sale_order_id = fields.Many2one(related="sale_line_id.order_id", string="Order")
    product_id = fields.Many2one(related="sale_line_id.product_id")
    date_start = fields.Date(string="From", tracking=True, copy=False)
    date_end = fields.Date(
        string="Until",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        tracking=True,
        copy=False,
        help="The last covered day.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Running"),
            ("expired", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    cancel_date = fields.Date(readonly=True, copy=False)
    is_valid = fields.Boolean(
        string="In Its Term Today",
        compute="_compute_is_valid",
        search="_search_is_valid",
    )
    asset_line_ids = fields.One2many(
        "aftersales.contract.asset", "contract_id", string="Products Covered"
    )
    asset_count = fields.Integer(compute="_compute_asset_count")
    previous_id = fields.Many2one(
        "aftersales.contract",
        string="Goes On From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    next_ids = fields.One2many(
        "aftersales.contract", "previous_id", string="Goes On With", readonly=True
    )
    note = fields.Html(sanitize_style=True, groups="base.group_user")

    _dates_order = models.Constraint(
        "CHECK (date_end >= date_start)", "A contract can't end before it starts."
    )
    _dates_set = models.Constraint(
        "CHECK (state IN ('draft', 'cancelled') "
        "OR (date_start IS NOT NULL AND date_end IS NOT NULL))",
        "A contract without dates can't run.",
    )
    _sale_line_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE sale_line_id IS NOT NULL",
        "This line of the order has its contract already.",
    )
    _due = models.Index("(date_end) WHERE state = 'active'")

    @api.depends("terms_texts")
    @api.depends_context("lang")
    def _compute_terms(self):
        for contract in self:
            texts = contract.terms_texts or {}
            text = texts.get(self.env.lang or "en_US")
            if texts and text == texts.get("en_US"):
                text = contract._get_later_translation() or text
            contract.terms = text or next(filter(None, texts.values()), False)

    def _get_later_translation(self):
        """The conditions as they were translated after the sale, if they are the same.

        A translation changes nothing of what was promised; another text would.
        """
        self.ensure_one()
        # What was promised to the customer, whoever may read terms.
        terms = self.sudo().terms_id
        source = terms.with_context(lang="en_US").terms
        return source == self.terms_texts.get("en_US") and terms.terms

    @api.depends(
        "date_start", "terms_id", "invoice_period", "sale_line_id.product_uom_qty"
    )
    def _compute_date_end(self):
        for contract in self:
            # The term follows from what was sold, whoever may read the order.
            terms = contract.terms_id.sudo()
            if not contract.date_start or not terms:
                contract.date_end = contract.date_end
                continue
            line = contract.sudo().sale_line_id
            quantity = (
                int(line.product_uom_qty) if line else terms._get_usual_quantity()
            )
            if quantity > 0:
                contract.date_end = terms._get_last_day(
                    contract.date_start, quantity, contract.invoice_period
                )

    @api.depends("state", "date_start", "date_end", "company_id")
    def _compute_is_valid(self):
        for contract in self:
            contract.is_valid = contract.state in ("active", "expired") and is_covered(
                contract.company_id._aftersales_today(),
                contract.date_start,
                contract.date_end,
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        dates = self._get_dates_domain(
            lambda today: [("date_start", "<=", today), ("date_end", ">=", today)]
        )
        valid = Domain("state", "in", ("active", "expired")) & dates
        wanted = [bool(item) for item in value]
        if all(wanted):
            return valid
        return Domain.TRUE if any(wanted) else ~valid

    def _compute_asset_count(self):
        for contract, assets in self._get_assets().items():
            contract.asset_count = len(assets)

    def _compute_access_url(self):
        for contract in self:
            contract.access_url = f"/my/contracts/{contract.id}"

    @api.constrains("sale_line_id", "partner_id", "company_id")
    def _check_sale_line(self):
        for contract in self.filtered("sale_line_id"):
            # Compared, not shown.
            order = contract.sudo().sale_line_id.order_id
            if order.partner_id.commercial_partner_id != contract.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contract)s was sold to another customer.",
                        contract=contract.name,
                    )
                )

    @api.constrains("scope", "state", "date_start", "date_end", "commercial_partner_id")
    def _check_overlap(self):
        self.asset_line_ids._ensure_no_overlap()
        parks = self.filtered(
            lambda contract: contract.state == "active" and contract.scope == "park"
        )
        # Compared, whoever may see the other contract.
        rivals = self.sudo().search(
            [
                ("scope", "=", "park"),
                ("state", "=", "active"),
                ("company_id", "in", parks.company_id.ids),
                ("commercial_partner_id", "in", parks.commercial_partner_id.ids),
            ]
        )
        for contract in parks:
            span = contract.date_start, contract.date_end
            for other in rivals - contract:
                if (
                    other.company_id == contract.company_id
                    and other.commercial_partner_id == contract.commercial_partner_id
                    and overlaps(span, (other.date_start, other.date_end))
                ):
                    raise ValidationError(
                        self.env._(
                            "All products of %(customer)s are covered by contract "
                            "%(contract)s until %(day)s already.",
                            customer=contract.partner_id.display_name,
                            contract=other.name,
                            day=format_date(self.env, other.date_end),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        terms = self.env["aftersales.contract.terms"].browse(
            [vals.get("terms_id") for vals in vals_list]
        )
        prepared = []
        for vals, sold in zip(vals_list, terms, strict=True):
            company = vals.get("company_id") or self.env.company.id
            # Whoever sells or enters contracts need not read sequences.
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            promised = sold.sudo()._prepare_contract_vals() if sold else {}
            prepared.append(
                {
                    **promised,
                    **vals,
                    "name": sequence.next_by_code("aftersales.contract"),
                    "price_per_asset": promised.get("price_per_asset"),
                    "terms_texts": promised.get("terms_texts"),
                }
            )
        return super().create(prepared)

    @api.onchange("terms_id")
    def _onchange_terms_id(self):
        # What is promised belongs to the terms, for whoever enters contracts.
        terms = self.terms_id.sudo()
        if terms:
            promised = terms._prepare_contract_vals()
            self.update({name: promised[name] for name in (*PROMISES, "scope")})

    def write(self, vals):
        if vals.get("active") is False:
            self._ensure_over()
        self._ensure_settled(vals)
        result = super().write(vals)
        if vals.keys() & {"date_start", "date_end", "parts_percent", "scope"}:
            self._update_coverage()
        return result

    def _ensure_plausible(self, vals):
        result = super()._ensure_plausible(vals)
        for name in ("date_start", "date_end"):
            day = fields.Date.to_date(vals.get(name))
            if day and not is_plausible(day):
                raise ValidationError(
                    self.env._(
                        "%s is no day on which a contract begins or ends.",
                        format_date(self.env, day),
                    )
                )
        return result

    def _ensure_settled(self, vals):
        """What has begun stays what it is, and what was sold as long as it was sold.

        :raises UserError: for what only another order, or another contract, changes
        """
        for contract in self.filtered(
            lambda one: one.state not in ("draft", "cancelled")
        ):
            if not all(vals.get(name, True) for name in ("date_start", "date_end")):
                raise ValidationError(self.env._("A contract without dates can't run."))
            if not self.env.su and vals.keys() & SETTLED_FIELDS:
                raise UserError(
                    self.env._(
                        "%s has begun: whom it is for, its first day, what it covers "
                        "and how it is billed stay. Cancel it and make another.",
                        contract.name,
                    )
                )
        if "date_end" in vals and not self.env.su:
            for contract in self.filtered("sale_line_id"):
                raise UserError(
                    self.env._(
                        "%(contract)s runs as long as it was sold: change the quantity "
                        "on order %(order)s, or cancel the contract.",
                        contract=contract.name,
                        # Named, not shown.
                        order=contract.sudo().sale_order_id.name,
                    )
                )

    def _ensure_over(self):
        """Raise UserError for contracts that cover and are billed, or will be."""
        for contract in self:
            if contract.state in ("draft", "active"):
                raise UserError(
                    self.env._(
                        "%s is not over: cancel it before you archive it.",
                        contract.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_run(self):
        if any(contract.state != "draft" or contract.sale_line_id for contract in self):
            raise UserError(
                self.env._(
                    "A contract that was sold or has run is not deleted: cancel it."
                )
            )

    def _get_portal_readable_fields(self):
        return super()._get_portal_readable_fields() | {
            "id",
            "name",
            "display_name",
            "partner_id",
            "scope",
            "active",
            "date_start",
            "date_end",
            "state",
            "is_valid",
            "access_url",
        }

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return field.name in GIVEN_FIELDS and not self._origin.ids
        return super()._has_field_access(field, operation)

    def _ensure_is_manager(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "aftersales_service.group_manager"
        ):
            raise AccessError(self.env._("Only after-sales managers change contracts."))

    # -- what it covers

    def _get_assets(self):
        """Return {contract: the assets it covers today, or at its start or end}."""
        parks = self.filtered(lambda contract: contract.scope == "park")
        owned = self.env["aftersales.asset"]
        by_owner = {}
        if parks:
            owned = owned.search(
                [
                    ("state", "=", "in_service"),
                    ("company_id", "in", parks.company_id.ids),
                    ("partner_id", "child_of", parks.commercial_partner_id.ids),
                ]
            )
            by_owner = owned.grouped(
                lambda one: (one.company_id, one.partner_id.commercial_partner_id)
            )
        return {
            contract: by_owner.get(
                (contract.company_id, contract.commercial_partner_id), owned.browse()
            )
            if contract.scope == "park"
            else contract.asset_line_ids.filtered(
                lambda line: not line.date_to
            ).asset_id
            for contract in self
        }

    def _update_coverage(self):
        """Decide again for claims in diagnosis on what these contracts cover."""
        assets = self.env["aftersales.asset"].union(
            *self.filtered(lambda c: c.state != "draft")._get_assets().values()
        )
        if assets:
            assets._update_coverage()

    def _get_next_visit_dates(self):
        """Return {contract: Date of its next planned visit}. To be extended."""
        return {}

    # -- life

    def action_activate(self):
        """Start the contracts: they cover, and are billed, from their first day."""
        self._ensure_is_manager()
        # The state is no field to edit: managers reach it by this step.
        self.sudo()._action_activate()

    def _action_activate(self):
        for contract in self.filtered(lambda one: one.state == "draft"):
            contract._ensure_can_run()
            today = contract.company_id._aftersales_today()
            contract.date_start = contract.date_start or today
            # The last day is known before the contract runs.
            is_over = contract.date_end < today
            contract.state = "expired" if is_over else "active"
        self._post_activate_hook()

    def _ensure_can_run(self):
        """Raise UserError when the contract lacks what it needs to run."""
        self.ensure_one()
        if self.sale_line_id and self.sale_line_id.state != "sale":
            raise UserError(
                self.env._(
                    "%(contract)s can't run: order %(order)s is not confirmed.",
                    contract=self.name,
                    order=self.sale_order_id.name,
                )
            )
        if self.scope == "asset" and not self.asset_line_ids:
            raise UserError(
                self.env._(
                    "%(contract)s covers no product yet: add those it is for.",
                    contract=self.name,
                )
            )

    def _post_activate_hook(self):
        """What follows when contracts have started. To be extended."""
        self._update_coverage()

    def action_cancel(self):
        """End the contracts today: they cover no more and nothing more is billed."""
        self._ensure_is_manager()
        # As in `action_activate`.
        self.sudo()._action_cancel()

    def _action_cancel(self):
        waiting = self.filtered(lambda one: one.state == "draft")
        waiting.write({"state": "cancelled"})
        running = self.filtered(lambda one: one.state == "active")
        for company, contracts in running.grouped("company_id").items():
            today = company._aftersales_today()
            contracts.write({"state": "cancelled", "cancel_date": today})
        (waiting | running)._post_cancel_hook()

    def _post_cancel_hook(self):
        """What follows when contracts were cancelled. To be extended."""
        self._update_coverage()

    def action_print(self):
        """Print the contracts, each in its customer's language."""
        self.check_access("read")
        report = self.env.ref("aftersales_warranty.action_report_aftersales_contract")
        return report.report_action(self)

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Contract %s", self.name)

    def action_view_assets(self):
        """Open what the contract covers."""
        self.check_access("read")
        assets = self.env["aftersales.asset"].union(*self._get_assets().values())
        return assets._get_records_action(name=self.env._("Products Covered"))

    def action_view_order(self):
        """Open the order that sold it."""
        self.check_access("read")
        return self.sale_order_id._get_records_action()

    @api.model
    def _cron_expire(self, batch_size=200):
        """Close the contracts that have ended."""
        domain = Domain("state", "=", "active") & self._get_dates_domain(
            lambda today: [("date_end", "<", today)]
        )
        self._work_off(domain, lambda due: due._expire(), batch_size)

    def _expire(self):
        self.write({"state": "expired"})
