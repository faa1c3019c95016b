# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from ..rules import phone
from ..rules.plain_text import clean

MAX_TERM = 100
MAX_MATCHES = 8


class ResPartner(models.Model):
    _inherit = "res.partner"

    #: Numbers are told apart by their end: read backwards, that is their beginning.
    _aftersales_phone_idx = models.Index(
        r"(reverse(regexp_replace(phone, '\D', '', 'g')) text_pattern_ops) "
        "WHERE phone IS NOT NULL"
    )

    @api.model
    def _get_aftersales_phone_domain(self, text):
        """Partners whose number is `text`, however either of them is written."""
        tail, wholes = phone.needles(text)
        backwards = SQL(r"reverse(regexp_replace(phone, '\D', '', 'g'))")
        self.flush_model(["phone"])
        return Domain(
            "id",
            "in",
            SQL(
                "(SELECT id FROM res_partner WHERE phone IS NOT NULL "
                "AND (%s LIKE %s OR %s = ANY(%s)))",
                backwards,
                f"{tail[::-1]}%",
                backwards,
                [whole[::-1] for whole in wholes],
            ),
        )


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    @api.model
    @api.readonly
    def get_intake_matches(self, term):
        """The customers meant by `term`, the surest first.

        :param term: a phone number in any form, a name, an e-mail address, or the
            number of a serial, an order or a claim, whole or its beginning
        :return: list of {partner_id, name, detail, reason, asset_ids, claim_id}; the
            reason says what matched besides the name, an empty text if nothing
        :raises AccessError: for who may not register claims
        """
        self._ensure_can_register()
        term = clean(term)[:MAX_TERM].strip()
        if len(term) < 2:
            return []
        found = {}
        for finder in (
            self._find_intake_claims,
            self._find_intake_assets,
            self._find_intake_orders,
            self._find_intake_partners,
        ):
            for partner, match in finder(term):
                found.setdefault(partner, match)
            if len(found) >= MAX_MATCHES:
                break
        partners = self.env["res.partner"].union(*found)._filtered_access("read")
        return [
            {
                "asset_ids": [],
                "claim_id": False,
                "reason": "",
                **match,
                **self._prepare_intake_partner(partner),
            }
            for partner, match in found.items()
            if partner in partners
        ][:MAX_MATCHES]

    @api.model
    def _prepare_intake_partner(self, partner):
        parts = (partner.phone, partner.email, partner.city)
        return {
            "partner_id": partner.id,
            "name": partner.display_name,
            "detail": " · ".join(part for part in parts if part),
        }

    @api.model
    def _find_intake_claims(self, term):
        claims = self.search(
            [("name", "=ilike", escape_psql(term)), ("partner_id", "!=", False)],
            limit=1,
        )
        for claim in claims:
            reason = self.env._("Claim %s", claim.name)
            yield claim.partner_id, {"reason": reason, "claim_id": claim.id}

    @api.model
    def _find_intake_assets(self, term):
        assets = self.env["aftersales.asset"].search(
            [
                ("lot_id.name", "=ilike", f"{escape_psql(term)}%"),
                ("state", "=", "in_service"),
            ],
            limit=MAX_MATCHES,
        )
        exact = assets.filtered(lambda a: a.lot_id.name.lower() == term.lower())
        for partner, own in (exact or assets).grouped("partner_id").items():
            names = ", ".join(own.mapped("display_name"))
            yield partner, {"reason": names, "asset_ids": own.ids}

    @api.model
    def _find_intake_orders(self, term):
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return
        escaped = escape_psql(term)
        orders = orders.search(
            [
                "|",
                ("name", "=ilike", escaped),
                ("client_order_ref", "=ilike", escaped),
                ("company_id", "in", self.env.companies.ids),
            ],
            limit=MAX_MATCHES,
        )
        for partner, own in orders.grouped("partner_id").items():
            assets = self.env["aftersales.asset"].search(
                [
                    ("sale_line_id.order_id", "in", own.ids),
                    ("state", "=", "in_service"),
                ],
                limit=2,
            )
            yield (
                partner,
                {
                    "reason": self.env._("Order %s", ", ".join(own.mapped("name"))),
                    "asset_ids": assets.ids if len(assets) == 1 else [],
                },
            )

    @api.model
    def _find_intake_partners(self, term):
        partners, escaped = self.env["res.partner"], escape_psql(term)
        if phone.is_phone(term):
            domain = partners._get_aftersales_phone_domain(term)
        elif "@" in term:
            domain = Domain("email", "ilike", escaped)
        else:
            domain = (
                Domain("complete_name", "ilike", escaped)
                | Domain("email", "=ilike", f"{escaped}%")
                | Domain("ref", "=", term)
            )
        for partner in partners.search(domain, limit=MAX_MATCHES):
            yield partner, {}
