# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..rules.coverage import Certificate, Term
from ..rules.period import is_covered, last_covered_day
from .aftersales_warranty_policy import KINDS

_logger = logging.getLogger(__name__)


class AftersalesWarranty(models.Model):
    _name = "aftersales.warranty"
    _description = "Warranty Certificate"
    _inherit = ["mail.thread", "portal.mixin"]
    _order = "date_end desc, id desc"
    _rec_names_search = ["name", "lot_id.name", "product_id.name", "partner_id.name"]
    _check_company_auto = True

    # What a customer may read over the external API, of what is theirs.
    PORTAL_READABLE_FIELDS = {
        "id",
        "name",
        "display_name",
        "asset_id",
        "partner_id",
        "product_id",
        "kind",
        "date_start",
        "date_end",
        "state",
        "is_valid",
        "coverage_summary",
        "access_url",
    }

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
        default=lambda self: self.env._("New"),
    )
    asset_id = fields.Many2one(
        "aftersales.asset",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="asset_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="asset_id.partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index=True,
    )
    product_id = fields.Many2one(
        related="asset_id.product_id", store=True, precompute=True, index=True
    )
    product_categ_id = fields.Many2one(related="product_id.categ_id")
    lot_id = fields.Many2one(
        related="asset_id.lot_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    policy_id = fields.Many2one(
        "aftersales.warranty.policy",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    terms_id = fields.Many2one(
        "aftersales.warranty.terms",
        string="Terms as Sold",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        ondelete="restrict",
    )
    kind = fields.Selection(
        KINDS, compute="_compute_kind", store=True, precompute=True, index=True
    )
    date_start = fields.Date(string="Covered From", tracking=True, copy=False)
    date_end = fields.Date(
        string="Last Covered Day",
        compute="_compute_date_end",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        copy=False,
        help="Inclusive, in the company's time zone.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("expired", "Expired"),
            ("void", "Void"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    is_valid = fields.Boolean(
        string="Valid Today",
        compute="_compute_is_valid",
        search="_search_is_valid",
        help="Decided by the dates, whether or not the state has been brought up to "
        "date yet.",
    )
    void_origin = fields.Selection(
        [("return", "Product returned"), ("manual", "Decided by a person")],
        readonly=True,
        copy=False,
    )
    void_reason = fields.Text(readonly=True, copy=False)
    void_date = fields.Date(readonly=True, copy=False)
    coverage_summary = fields.Char(string="Covers", compute="_compute_texts")
    terms = fields.Html(compute="_compute_texts", sanitize_style=True)
    terms_source = fields.Text(string="Legal Reference", compute="_compute_texts")

    _dates_order = models.Constraint(
        "CHECK (date_end >= date_start)", "A warranty can't end before it starts."
    )
    _dates_set = models.Constraint(
        "CHECK (state IN ('draft', 'void') "
        "OR (date_start IS NOT NULL AND date_end IS NOT NULL))",
        "A warranty without dates can't be active.",
    )
    _asset_policy_uniq = models.UniqueIndex(
        "(asset_id, policy_id) WHERE state != 'void'",
        "This product has a certificate of that policy already.",
    )
    _due = models.Index("(date_end) WHERE state = 'active'")

    @api.depends("terms_id", "policy_id")
    def _compute_kind(self):
        for warranty in self:
            # Customers can't read terms and policies: the kind is theirs to know.
            warranty.kind = (warranty.terms_id.sudo() or warranty.policy_id).kind

    @api.depends("date_start", "terms_id", "policy_id")
    def _compute_date_end(self):
        for warranty in self:
            # Always from the original start, by the terms it was issued with.
            terms = warranty.terms_id.sudo() or warranty.policy_id
            warranty.date_end = terms and last_covered_day(
                warranty.date_start, terms.duration, terms.duration_unit
            )

    @api.depends("state", "date_start", "date_end", "company_id")
    def _compute_is_valid(self):
        for warranty in self:
            warranty.is_valid = warranty.state in ("active", "expired") and is_covered(
                warranty.company_id._aftersales_today(),
                warranty.date_start,
                warranty.date_end,
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        valid = Domain("state", "in", ("active", "expired")) & self._get_dates_domain(
            lambda today: [("date_start", "<=", today), ("date_end", ">=", today)]
        )
        wanted = [bool(item) for item in value]
        if all(wanted):
            return valid
        return Domain.TRUE if any(wanted) else ~valid

    @api.depends("terms_id", "date_start", "date_end")
    @api.depends_context("lang")
    def _compute_texts(self):
        for warranty in self:
            # Terms belong to the certificate: whoever may read it may read them.
            terms = warranty.sudo().terms_id
            warranty.terms = terms.terms
            warranty.terms_source = terms.source
            warranty.coverage_summary = ", ".join(
                f"{row['label']} {row['percent']:g} %"
                for row in warranty._get_coverage_rows()
            )

    @api.constrains("policy_id", "terms_id")
    def _check_terms(self):
        for warranty in self:
            # Compared, not shown.
            if warranty.terms_id.sudo().policy_id != warranty.policy_id:
                raise ValidationError(
                    self.env._(
                        "The terms of %(warranty)s are those of another policy.",
                        warranty=warranty.name,
                    )
                )

    def _compute_access_url(self):
        for warranty in self:
            warranty.access_url = f"/my/warranties/{warranty.id}/pdf"

    @api.model_create_multi
    def create(self, vals_list):
        unnamed = [vals for vals in vals_list if not vals.get("name")]
        for vals, name in zip(unnamed, self._draw_names(unnamed), strict=True):
            vals["name"] = name
        # Terms are frozen by issuing a certificate: nobody may write them by hand.
        ids = {vals.get("policy_id") for vals in vals_list if not vals.get("terms_id")}
        policies = (
            self.env["aftersales.warranty.policy"].sudo().browse(filter(None, ids))
        )
        terms = {policy.id: t.id for policy, t in policies._get_current_terms().items()}
        return super().create(
            [
                {"terms_id": terms.get(vals.get("policy_id")), **vals}
                for vals in vals_list
            ]
        )

    @api.model
    def _draw_names(self, vals_list):
        """Draw the references of new certificates: a few queries, however many."""
        assets = self.env["aftersales.asset"].browse(
            [vals.get("asset_id") for vals in vals_list]
        )
        companies = [asset.company_id for asset in assets]
        names = {}
        for company in set(companies):
            # Whoever issues certificates need not read sequences.
            sequence = self.env["ir.sequence"].sudo()
            sequence = sequence.search(
                [
                    ("code", "=", "aftersales.warranty"),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id",
                limit=1,
            )
            names[company] = iter(sequence._next_batch(companies.count(company)))
        return [next(names[company]) for company in companies]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if any(warranty.state != "draft" for warranty in self):
            raise UserError(
                self.env._(
                    "A certificate that was issued is not deleted: void it, with the "
                    "reason."
                )
            )

    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or not self.env.user._is_portal():
            return True
        return operation == "read" and field.name in self.PORTAL_READABLE_FIELDS

    def action_activate(self):
        """Give drafts their dates: the warranty starts to run."""
        self._ensure_can("aftersales_service.group_user")
        # Agents register what a customer activates without a right to alter
        # certificates; only the dates that the policy gives are written.
        self.sudo()._action_activate()

    def _action_activate(self):
        for warranty in self.filtered(lambda w: w.state == "draft"):
            start = warranty.date_start or warranty._get_date_start()
            if not start:
                raise UserError(
                    self.env._(
                        "%(warranty)s can't start yet: its date is not known. Enter "
                        "the delivery date of %(asset)s, or the day it starts.",
                        warranty=warranty.name,
                        asset=warranty.asset_id.display_name,
                    )
                )
            warranty.date_start = start
            warranty.state = warranty._get_dated_state()

    def action_void(self, reason):
        """Void certificates, for a reason that stays on them.

        :param reason: sentence that says why
        """
        self._ensure_can("aftersales_service.group_manager")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the certificate is void."))
        self._action_void("manual", reason.strip())

    def action_open_void(self):
        """Ask for the reason, then void."""
        self._ensure_can("aftersales_service.group_manager")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void Certificate"),
            "res_model": "aftersales.warranty.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_warranty_ids": self.ids},
        }

    def action_print(self):
        """Print the certificates, each in its customer's language."""
        self.check_access("read")
        report = self.env.ref("aftersales_warranty.action_report_aftersales_warranty")
        return report.report_action(self)

    def _ensure_can(self, group):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._("You don't have the right to change certificates.")
            )

    def _action_void(self, origin, reason):
        standing = self.filtered(lambda warranty: warranty.state != "void")
        values = {"state": "void", "void_origin": origin, "void_reason": reason}
        for company, warranties in standing.grouped("company_id").items():
            warranties.write({**values, "void_date": company._aftersales_today()})
        # Before another certificate of the same policy may take its place.
        standing.flush_recordset(["state"])
        standing._log_reason(reason)

    def _action_restore(self, reason):
        """Put certificates that a return had voided in force again, dates untouched."""
        voided = self.filtered(
            lambda warranty: warranty.state == "void"
            and warranty.void_origin == "return"
        )
        for warranty in voided:
            warranty.write(
                {
                    "state": warranty._get_dated_state(),
                    "void_origin": False,
                    "void_reason": False,
                    "void_date": False,
                }
            )
        voided._log_reason(reason)

    def _log_reason(self, reason):
        self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))

    def _get_date_start(self):
        """The day this warranty starts by what is known now, or False.

        To be extended for events that other documents decide.
        """
        self.ensure_one()
        event = self.terms_id.start_event
        if event == "delivery":
            return self.asset_id.delivery_date
        if event == "activation":
            return self.company_id._aftersales_today()
        return False

    def _get_dated_state(self):
        self.ensure_one()
        if not self.date_start or not self.date_end:
            return "draft"
        past = self.date_end < self.company_id._aftersales_today()
        return "expired" if past else "active"

    @api.model
    def _prepare_from_asset(self, asset, policy, terms, today):
        """Vals of the certificate that `asset` gets under `policy`."""
        start = asset.delivery_date if terms.start_event == "delivery" else False
        end = last_covered_day(start, terms.duration, terms.duration_unit)
        state = "draft"
        if start:
            state = "expired" if end < today else "active"
        return {
            "asset_id": asset.id,
            "policy_id": policy.id,
            "terms_id": terms.id,
            "date_start": start,
            "date_end": end,
            "state": state,
        }

    @api.model
    def _issue(self, assets):
        """Issue the certificates that `assets` are due, in one batch; each only once.

        :return: the new certificates
        """
        applied = {}
        for company in assets.company_id:
            products = assets.filtered(lambda a, c=company: a.company_id == c)
            templates = products.product_id.product_tmpl_id
            policies = templates._get_aftersales_warranty_policies(company)
            for asset in products:
                applied[asset] = policies[asset.product_id.product_tmpl_id]
        if not any(applied.values()):
            return self.browse()
        existing = {
            (warranty.asset_id.id, warranty.policy_id.id)
            for warranty in self.search_fetch(
                [("asset_id", "in", assets.ids), ("state", "!=", "void")],
                ["asset_id", "policy_id"],
            )
        }
        terms = self.policy_id.union(*applied.values())._get_current_terms()
        today = {c: c._aftersales_today() for c in assets.company_id}
        return self.with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
        ).create(
            [
                self._prepare_from_asset(
                    asset, policy, terms[policy], today[asset.company_id]
                )
                for asset, policies in applied.items()
                for policy in policies
                if (asset.id, policy.id) not in existing
            ]
        )

    @api.model
    def _get_dates_domain(self, condition):
        """A domain on dates with, for each company, its own today.

        :param condition: function of a date, returns a domain
        """
        companies = {}
        # What day it is in each company is no secret.
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            companies.setdefault(company._aftersales_today(), []).append(company.id)
        return Domain.OR(
            Domain("company_id", "in", ids) & Domain(condition(today))
            for today, ids in companies.items()
        )

    @api.model
    def _cron_expire(self, batch_size=1000):
        """Bring the state of certificates that ended up to date.

        The cost grows with what ended since yesterday. A certificate that can't be
        written is left out, with a line in the log, and the others go on.
        """
        domain = Domain("state", "=", "active") & self._get_dates_domain(
            lambda today: [("date_end", "<", today)]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        last_id = 0
        while due := self.search(
            domain & Domain("id", ">", last_id), order="id", limit=batch_size
        ):
            last_id = due[-1:].id
            locked = due.try_lock_for_update().filtered_domain(domain)
            try:
                with self.env.cr.savepoint():
                    locked._expire()
            except Exception:
                locked._expire_one_by_one()
            if not cron._commit_progress(len(due)):
                break

    def _expire(self):
        self.with_context(tracking_disable=True).write({"state": "expired"})
        self.flush_recordset(["state"])

    def _expire_one_by_one(self):
        for warranty in self:
            try:
                with self.env.cr.savepoint():
                    warranty._expire()
            except Exception:
                _logger.exception("Certificate %s can't expire", warranty.id)

    def _get_facts(self):
        """What the coverage decision must know of this certificate."""
        self.ensure_one()
        # A cause that has been archived since stays excluded.
        terms = self.terms_id.with_context(active_test=False)
        own = terms._get_component_last_days(self.date_start)
        return Certificate(
            key=self.id,
            kind=self.kind,
            date_start=self.date_start or None,
            date_end=self.date_end or None,
            terms=tuple(
                Term(line["component"], line["percent"], own.get(line["component"]))
                for line in terms.coverage or []
            ),
            excluded_causes=frozenset(terms.excluded_cause_ids.ids),
            is_void=self.state == "void",
            void_after=self.void_date if self.void_origin == "return" else None,
        )

    def _get_coverage_rows(self):
        """What is covered, component by component, for people.

        :return: list of dicts: component, label, percent, date_end
        """
        self.ensure_one()
        # Terms belong to the certificate: whoever may read it may read them.
        terms = self.sudo().terms_id
        if not terms:
            return []
        labels = dict(
            self.env["aftersales.warranty.policy.coverage"]
            ._fields["component"]
            ._description_selection(self.env)
        )
        own = terms._get_component_last_days(self.date_start)
        return [
            {
                "component": line["component"],
                "label": labels[line["component"]],
                "percent": line["percent"],
                "date_end": own.get(line["component"]) or self.date_end,
            }
            for line in terms.coverage or []
        ]

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Warranty %s", self.name)
