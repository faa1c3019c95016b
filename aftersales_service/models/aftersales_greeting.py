# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import contextlib
import logging
import re
import secrets
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules.anniversary import starts_of_anniversaries, starts_of_first_years
from .aftersales_claim import CLOSED_CATEGORIES
from .mail_mail_once import ONCE_HEADERS

_logger = logging.getLogger(__name__)

#: How many owners are greeted in one transaction.
BATCH_SIZE = 100
#: A day on which nothing ran is made up for so many days later, but not after that.
LATE_DAYS = 7
TOKEN_BYTES = 24
TEMPLATES = {
    "first_year": "aftersales_service.mail_template_greeting_first_year",
    "anniversary": "aftersales_service.mail_template_greeting_anniversary",
}


class AftersalesGreeting(models.Model):
    """The ledger of greetings: once for an asset, an occasion and a year.

    Written together with the mail: after a crash neither or both are there.
    """

    _name = "aftersales.greeting"
    _description = "Greeting to an Owner"
    _order = "id desc"
    _rec_name = "asset_id"
    _check_company_auto = True

    asset_id = fields.Many2one(
        "aftersales.asset",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Owner", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        [("first_year", "End of the First Year"), ("anniversary", "Anniversary")],
        required=True,
        readonly=True,
    )
    years = fields.Integer(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("opted_out", "The customer wants none"),
            ("no_address", "No e-mail address"),
            ("claim_open", "A claim is open"),
            ("other_buyer", "Somebody else bought it"),
            ("greeted", "Greeted about another product"),
            ("failed", "Error"),
        ],
        required=True,
        readonly=True,
    )
    lead_id = fields.Many2one(
        "aftersales.greeting",
        string="Sent With",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The greeting in whose mail this one went.",
    )
    token = fields.Char(readonly=True, groups=fields.NO_ACCESS)

    _once = models.UniqueIndex("(asset_id, kind, years)")
    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL")

    # -- the scheduled action

    @api.model
    def _cron_greet(self, batch_size=BATCH_SIZE):
        """Greet whose day has come, in companies that want it: costs what is due."""
        for company in self.env["res.company"].search(Domain.TRUE):
            for kind, starts in self._get_occasions(company).items():
                if not self._greet_company(company, kind, starts, batch_size):
                    return

    @api.model
    def _get_occasions(self, company):
        """{kind: {delivery date: years}} of what is due in the company's today.

        The mail at the end of the first year stands for its anniversary.
        """
        today = company._aftersales_today()
        days = [today - timedelta(days=late) for late in range(LATE_DAYS)]
        occasions = {}
        if company.aftersales_greet_first_year:
            occasions["first_year"] = {
                start: 1 for day in days for start in starts_of_first_years(day)
            }
        if company.aftersales_greet_anniversary:
            first = 2 if "first_year" in occasions else 1
            occasions["anniversary"] = {
                start: years
                for day in days
                for start, years in starts_of_anniversaries(day).items()
                if years >= first
            }
        return occasions

    @api.model
    def _greet_company(self, company, kind, starts, batch_size):
        """Greet the owners of what was delivered at one of `starts`.

        :return: whether there is time to go on
        """
        progress = self.env["ir.cron"]
        assets = self.env["aftersales.asset"]
        domain = self._get_due_domain(company, kind, starts)
        owners = [owner.id for (owner,) in assets._read_group(domain, ["partner_id"])]
        if not owners:
            return True
        if not progress._commit_progress(remaining=len(owners)):
            return False
        for index in range(0, len(owners), batch_size):
            batch = owners[index : index + batch_size]
            due = assets.search(domain & Domain("partner_id", "in", batch), order="id")
            self._try_greet(due, kind, starts)
            has_time = progress._commit_progress(len(batch))
            # With none left the job would end for today: the others come first.
            if not has_time and index + batch_size < len(owners):
                return False
        return True

    @api.model
    def _get_due_domain(self, company, kind, starts):
        """Once for each number of years, also when the delivery's date is corrected."""
        by_years = {}
        for start, years in starts.items():
            by_years.setdefault(years, []).append(start)
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "in_service")
            & Domain.OR(
                Domain("delivery_date", "in", days)
                & Domain(
                    "greeting_ids", "not any", [("kind", "=", kind), ("years", "=", n)]
                )
                for n, days in by_years.items()
            )
        )

    @api.model
    def _try_greet(self, assets, kind, starts):
        """Greet a batch, or owner by owner when one of them fails."""
        try:
            with self.env.cr.savepoint():
                self._greet(assets, kind, starts)
        except OperationalError:
            _logger.info("Somebody changes what is greeted about: it waits")
        except Exception:
            owners = assets.partner_id
            if len(owners) > 1:
                for of_owner in assets.grouped("partner_id").values():
                    self._try_greet(of_owner, kind, starts)
                return
            _logger.exception("Owner %s can't be greeted", owners.id)
            states = dict.fromkeys(assets, "failed")
            with contextlib.suppress(Exception), self.env.cr.savepoint():
                self._note(assets, kind, starts, states)

    @api.model
    def _greet(self, assets, kind, starts):
        """Note the greetings and write one mail an owner and day."""
        states = self._get_states(assets)
        greetings = self._note(assets, kind, starts, states)
        leads = self.browse()
        sent = greetings.filtered(lambda greeting: greeting.state == "sent")
        for of_owner in sent.grouped("partner_id").values():
            lead = of_owner[:1]
            lead.token = secrets.token_urlsafe(TOKEN_BYTES)
            (of_owner - lead).lead_id = lead
            leads |= lead
        if leads:
            # On no document: the link is the owner's alone.
            self.env.ref(TEMPLATES[kind]).send_mail_batch(
                leads.ids,
                email_values={
                    "model": False,
                    "res_id": False,
                    "headers": repr(ONCE_HEADERS),
                },
                email_layout_xmlid="aftersales_service.mail_layout_customer",
            )
        greetings.flush_recordset()

    @api.model
    def _get_states(self, assets):
        """{asset: "sent", or why its owner is not greeted}."""
        today = {c: c._aftersales_today() for c in assets.company_id}
        greeted = self.search(
            [
                ("partner_id", "in", assets.partner_id.ids),
                ("company_id", "in", assets.company_id.ids),
                ("date", "in", list(today.values())),
                ("state", "=", "sent"),
            ]
        )
        already = {(g.partner_id, g.company_id, g.date) for g in greeted}
        states = {}
        for asset in assets:
            company = asset.company_id
            state = asset._get_greeting_state()
            if (asset.partner_id, company, today[company]) in already:
                state = "greeted" if state == "sent" else state
            states[asset] = state
        return states

    @api.model
    def _note(self, assets, kind, starts, states):
        return self.create(
            [
                {
                    "asset_id": asset.id,
                    "company_id": asset.company_id.id,
                    "partner_id": asset.partner_id.id,
                    "kind": kind,
                    "years": starts[asset.delivery_date],
                    "date": asset.company_id._aftersales_today(),
                    "state": states[asset],
                }
                for asset in assets
            ]
        )

    # -- what the mail and the page show

    def _get_all(self):
        """This greeting and those that went in its mail."""
        return self | self.search([("lead_id", "in", self.ids)])

    def _get_products(self, years=None):
        """Names of the products, each once, in the reader's language."""
        greetings = self._get_all()
        if years:
            greetings = greetings.filtered(lambda g: g.years == years)
        return ", ".join(dict.fromkeys(greetings.asset_id.product_id.mapped("name")))

    def _get_all_years(self):
        """The years that the mail counts, each once."""
        return sorted(set(self._get_all().mapped("years")))

    def _get_claim_url(self):
        """Where a problem is reported: known for one product, else chosen there."""
        assets = self._get_all().asset_id
        if len(assets) == 1:
            return assets._get_qr_url()
        # To the portal, or for those who have no login to the public form.
        return f"{self.get_base_url()}/aftersales/q"

    def _get_review_url(self):
        """Where the owner can write a review; to be filled by who knows, else False."""
        self.ensure_one()
        return False

    def _get_stop_url(self):
        """The link to end these mails; a preview carries no token."""
        self.ensure_one()
        language = self.env["res.lang"]._get_data(code=self.partner_id.lang)
        prefix = f"/{language.url_code}" if language else ""
        token = self.token if self.env.su else "preview"
        return f"{self.get_base_url()}{prefix}/aftersales/greeting/{token}"

    @api.model
    def _find_by_token(self, token):
        """The greeting whose mail holds the link with `token`, or none."""
        # The token proves that the mail was theirs.
        greetings = self.sudo()
        if not token or not re.fullmatch(r"[\w-]{20,64}", token, re.ASCII):
            return greetings.browse()
        return greetings.search([("token", "=", token)], limit=1)


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    greeting_ids = fields.One2many("aftersales.greeting", "asset_id")

    def _get_greeted_buyer(self):
        """Whom it was handed over to, as far as documents tell."""
        self.ensure_one()
        if self.move_id:
            return self.move_id._get_aftersales_owner().commercial_partner_id
        return self.sale_line_id.order_id.partner_id.commercial_partner_id

    def _get_greeting_state(self):
        """Say "sent", or why the owner is not greeted about this product."""
        self.ensure_one()
        partner = self.partner_id
        buyer = self._get_greeted_buyer()
        if buyer and buyer != partner.commercial_partner_id:
            return "other_buyer"
        if partner.aftersales_no_greetings or partner.is_blacklisted:
            return "opted_out"
        if not partner.active or not partner.email_normalized:
            return "no_address"
        claims = self.claim_line_ids.claim_id
        if claims.filtered(lambda c: c.stage_category not in CLOSED_CATEGORIES):
            return "claim_open"
        return "sent"
