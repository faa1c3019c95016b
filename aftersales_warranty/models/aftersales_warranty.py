# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import consteq, hmac

from odoo.addons.aftersales_service.rules.qr import qr_svg

from ..rules.coverage import Certificate, Term
from ..rules.period import end_of_periods, is_covered
from .aftersales_warranty_policy import KINDS

#: What ends a warranty that has been in force, and leaves what was claimed before.
VOID_AFTERWARDS = ("return", "exchange", "transfer")
#: Set by the actions and by what happens to the product, never by who edits.
FIXED_FIELDS = {
    "extension_ids",
    "follows_id",
    "is_reminded",
    "origin_id",
    "reminder_date",
    "sale_line_id",
    "state",
    "void_date",
    "void_origin",
    "void_reason",
}


class AftersalesWarranty(models.Model):
    _name = "aftersales.warranty"
    _description = "Warranty Certificate"
    _inherit = [
        "aftersales.batch.mixin",
        "aftersales.company.mixin",
        "mail.thread",
        "portal.mixin",
    ]
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
    date_start = fields.Date(
        string="Covered From",
        compute="_compute_date_start",
        store=True,
        recursive=True,
        precompute=True,
        readonly=False,
        tracking=True,
        copy=False,
    )
    date_end = fields.Date(
        string="Last Covered Day",
        compute="_compute_date_end",
        store=True,
        recursive=True,
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
    follows_id = fields.Many2one(
        "aftersales.warranty",
        string="Starts after",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
        help="It starts when this earlier warranty ends.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Bought With",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
        help="The line of the order that sold this extended warranty.",
    )
    origin_id = fields.Many2one(
        "aftersales.warranty",
        string="Carried Over From",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
        help="The certificate of the product that this one was exchanged for.",
    )
    extension_ids = fields.One2many(
        "aftersales.warranty.extension", "warranty_id", readonly=True
    )
    reminder_date = fields.Date(
        compute="_compute_reminder_date",
        store=True,
        precompute=True,
        help="When the customer is told that the warranty ends.",
    )
    is_reminded = fields.Boolean(
        string="Reminder Dealt With", readonly=True, copy=False
    )
    void_origin = fields.Selection(
        [
            ("return", "Product returned"),
            ("exchange", "Product replaced"),
            ("transfer", "Owner changed"),
            ("sale", "Sale cancelled"),
            ("manual", "Decided by a person"),
        ],
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
        "(asset_id, policy_id, COALESCE(sale_line_id, 0)) WHERE state != 'void'",
        "This product has a certificate of that policy already.",
    )
    _due = models.Index("(date_end) WHERE state = 'active'")
    _reminder_due = models.Index(
        "(reminder_date) WHERE state = 'active' AND reminder_date IS NOT NULL "
        "AND is_reminded IS NOT TRUE"
    )

    @api.depends("terms_id", "policy_id")
    def _compute_kind(self):
        for warranty in self:
            # Customers can't read terms and policies: the kind is theirs to know.
            warranty.kind = (warranty.terms_id.sudo() or warranty.policy_id).kind

    @api.depends("follows_id.date_end")
    def _compute_date_start(self):
        for warranty in self:
            earlier = warranty.follows_id.date_end
            warranty.date_start = (
                earlier + timedelta(days=1) if earlier else warranty.date_start
            )

    @api.depends(
        "date_start",
        "terms_id",
        "policy_id",
        "follows_id.date_end",
        "extension_ids.months",
        "extension_ids.days",
    )
    def _compute_date_end(self):
        for warranty in self:
            warranty.date_end = end_of_periods(*warranty._get_period())

    @api.depends("date_end", "terms_id")
    def _compute_reminder_date(self):
        for warranty in self:
            # Terms belong to the certificate, also for those who can't read them.
            days = warranty.terms_id.sudo().reminder_days
            warranty.reminder_date = (
                warranty.date_end - timedelta(days=days)
                if days and warranty.date_end
                else False
            )

    def _get_period(self):
        """Return (the original start, the periods that run from there)."""
        self.ensure_one()
        # By the terms it was issued with, which customers can't read themselves.
        terms = self.terms_id.sudo() or self.policy_id
        if not terms:
            return None, []
        periods = [(terms.duration, terms.duration_unit)]
        for extension in self.extension_ids:
            periods += [(extension.months, "month"), (extension.days, "day")]
        earlier = self.follows_id
        if not earlier:
            return self.date_start, periods
        start, before = earlier._get_period()
        if end_of_periods(start, before) != earlier.date_end:
            # Somebody has set its end by hand.
            start, before = earlier.date_end, []
        return start, before + periods

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
        if self.env.su:
            return True
        if operation == "write" and field.name in FIXED_FIELDS:
            return False
        if not self.env.user._is_portal():
            return True
        return operation == "read" and field.name in self.PORTAL_READABLE_FIELDS

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
            excluded_products=frozenset(terms._get_excluded_ids("products")),
            excluded_categories=frozenset(terms._get_excluded_ids("categories")),
            countries=frozenset(terms.territory_countries or []),
            requires_proof=terms.requires_proof,
            register_until=self._get_registration_end() or None,
            maintenance_months=terms.maintenance_months,
            is_void=self.state == "void",
            void_after=self.void_date if self.void_origin in VOID_AFTERWARDS else None,
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

    def _get_check_token(self):
        """What the public page asks for: it proves that one holds the certificate."""
        self.ensure_one()
        # A key of the database, only to compute what can't be guessed.
        env = self.sudo().env
        return f"{self.id}-{hmac(env, 'aftersales_warranty_check', self.id)[:20]}"

    @api.model
    def _find_by_check_token(self, token):
        """The certificate on which `token` is printed, or none."""
        number, _sep, _signature = (token or "").partition("-")
        if not number.isascii() or not number.isdecimal() or len(number) > 9:
            return self.browse()
        # The code on the certificate is the proof that one holds it.
        warranty = self.sudo().browse(int(number)).exists()
        if warranty and consteq(warranty._get_check_token().encode(), token.encode()):
            return warranty
        return self.browse()

    def _get_check_url(self):
        """Where the QR code of the certificate leads: is it under warranty?"""
        self.ensure_one()
        return f"{self.get_base_url()}/aftersales/warranty/c/{self._get_check_token()}"

    def _get_qr_image(self):
        """The QR code of the check page, as a data URI."""
        svg = qr_svg(self._get_check_url()).encode()
        return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._("Warranty %s", self.name)
