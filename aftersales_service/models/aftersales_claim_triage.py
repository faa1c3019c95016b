# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..rules import recognise

MAX_SIMILAR = 10


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    problem_kind = fields.Selection(
        [
            ("usual", "Usual: there is a procedure"),
            ("extraordinary", "Extraordinary: investigate"),
        ],
        string="Problem",
        tracking=True,
        groups="base.group_user",
        help="An extraordinary problem asks for an analysis of its cause.",
    )
    cause_analysis = fields.Html(
        sanitize_style=True,
        groups="base.group_user",
        help="What was investigated, the root cause, and what keeps it from "
        "happening again.",
    )

    procedure = fields.Html(
        related="type_id.procedure", string="Procedure", groups="base.group_user"
    )

    def _get_triage_text(self):
        self.ensure_one()
        return f"{self.subject or ''}\n{self.description or ''}"

    def _get_triage_proposal(self):
        """What the claim's sender and text tell about it, as far as the user may see.

        :return: dict of recordsets ``partner_id``, ``sale_order_id``, ``asset_ids``,
            ``type_id``, ``team_id``, ``similar_ids`` and the string ``department``
            (aftersales, sales, accounting)
        """
        self.ensure_one()
        codes = recognise.codes(self._get_triage_text())
        assets = self._find_mentioned_assets(codes)
        order = self._find_mentioned_order(codes)
        partner = (
            self.partner_id
            or self._find_sender()
            or assets.partner_id[:1]
            or order.partner_id
        )
        # A number someone mentions proves nothing: only the customer's own goods.
        family = partner.commercial_partner_id
        assets = assets.filtered(lambda a: a.partner_id.commercial_partner_id == family)
        if order.partner_id.commercial_partner_id != family:
            order = order.browse()
        if not assets:
            assets = self.line_ids.asset_id or self._find_only_asset(partner, order)
        claim_type = self._find_type()
        return {
            "partner_id": partner,
            "sale_order_id": order,
            "asset_ids": assets,
            "type_id": claim_type,
            "team_id": claim_type.team_id or self.team_id,
            "department": claim_type.department or "aftersales",
            "similar_ids": self._find_similar(partner, assets),
        }

    def _find_sender(self):
        partners = self.env["res.partner"]
        if not self.email_from:
            return partners
        return self._partner_find_from_emails_single([self.email_from], no_create=True)

    def _find_mentioned_assets(self, codes):
        if not codes:
            return self.env["aftersales.asset"]
        return self.env["aftersales.asset"].search(
            [
                ("lot_id.name", "in", codes),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "in_service"),
            ]
        )

    def _find_mentioned_order(self, codes):
        orders = self.env["sale.order"]
        if not codes or not orders.has_access("read"):
            return orders
        return orders.search(
            [
                "|",
                ("name", "in", codes),
                ("client_order_ref", "in", codes),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )

    def _find_only_asset(self, partner, order):
        """The asset it must be, when the customer or the order has just one."""
        domain = Domain("company_id", "=", self.company_id.id) & Domain(
            "state", "=", "in_service"
        )
        if order:
            domain &= Domain("sale_line_id.order_id", "=", order.id)
        elif partner:
            domain &= Domain("partner_id", "child_of", partner.commercial_partner_id.id)
        else:
            return self.env["aftersales.asset"]
        found = self.env["aftersales.asset"].search(domain, limit=2)
        return found if len(found) == 1 else found.browse()

    def _find_type(self):
        """The type whose words the text uses most; the claim's own when it has one."""
        if self.type_id:
            return self.type_id
        text = self._get_triage_text()
        types = self.env["aftersales.type"].search(
            [("company_id", "in", [self.company_id.id, False])]
        )
        best, most = types.browse(), 0
        for claim_type in types:
            hits = recognise.keyword_hits(text, claim_type._get_all_keywords())
            if hits > most:
                best, most = claim_type, hits
        return best

    def _find_similar(self, partner, assets):
        """Open claims of the same customer or about the same assets."""
        same = Domain.FALSE
        if partner:
            same |= Domain("partner_id", "child_of", partner.commercial_partner_id.id)
        if assets:
            same |= Domain("line_ids.asset_id", "in", assets.ids)
        return self.search(
            same & self._get_open_domain() & Domain("id", "!=", self.id),
            limit=MAX_SIMILAR,
        )

    def _has_known_solution(self):
        """Whether a procedure or an article is at hand for what the claim tells."""
        self.ensure_one()
        return bool(self.type_id.procedure or self._get_suggested_articles(limit=1))

    def action_triage(self):
        """Show what is proposed for the claim, to be taken over with one click."""
        self.ensure_one()
        self._ensure_is_agent()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Triage"),
            "res_model": "aftersales.claim.triage",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }

    def _ensure_can_hand_over(self):
        self._ensure_is_agent()
        if self.is_confidential:
            raise UserError(
                self.env._(
                    "%s is confidential: assign it to the colleague instead of handing "
                    "it over.",
                    self.name,
                )
            )

    def action_hand_over(self):
        """Ask to which department the claim goes instead.

        :raises UserError: for a confidential claim, whose text others would read
        """
        self.ensure_one()
        self._ensure_can_hand_over()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over"),
            "res_model": "aftersales.claim.handover",
            "view_mode": "form",
            "target": "new",
            "context": {"default_claim_id": self.id},
        }
