# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.fields import Command, Domain

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

    triage_date = fields.Datetime(
        string="Triaged on",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Since then nothing is proposed any more when the claim is opened.",
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
        text = self._get_triage_text()
        codes = recognise.spellings([*recognise.codes(text), *recognise.numbers(text)])
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
        similar = self._find_similar(partner, assets)
        claim_type = self._find_type()
        return {
            "partner_id": partner,
            "sale_order_id": order,
            # What another claim holds already leads to that claim, not to a line.
            "asset_ids": assets.filtered(
                lambda a: a in self.line_ids.asset_id or a._get_unclaimed_quantity() > 0
            ),
            "type_id": claim_type,
            "team_id": claim_type.team_id or self.team_id,
            "department": claim_type.department or "aftersales",
            "similar_ids": similar,
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
        keywords = types._get_all_keywords()
        best, most = types.browse(), 0
        for claim_type in types:
            hits = recognise.keyword_hits(text, keywords.get(claim_type.id))
            if hits > most:
                best, most = claim_type, hits
        return best

    def _find_similar(self, partner, assets):
        """Open claims of the same customer or about the same assets, these first."""
        others = self._get_open_domain() & Domain("id", "!=", self._origin.id)
        found = self.browse()
        if assets:
            found = self.search(
                others & Domain("line_ids.asset_id", "in", assets.ids),
                limit=MAX_SIMILAR,
            )
        if partner and len(found) < MAX_SIMILAR:
            family = Domain("partner_id", "child_of", partner.commercial_partner_id.id)
            found |= self.search(others & family, limit=MAX_SIMILAR)
        return found[:MAX_SIMILAR]

    def _find_problem_kind(self, claim_type):
        """Usual when a procedure or an article is at hand for what the claim tells."""
        self.ensure_one()
        known = claim_type.procedure or self._get_suggested_articles(limit=1)
        return "usual" if known else "extraordinary"

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

    def _apply_triage(self, proposal, problem_kind=None):
        """Take `proposal` over; the products the claim has stay.

        :param proposal: {"partner_id" | "type_id" | "team_id" | "asset_ids": records}
        :param problem_kind: usual or extraordinary
        """
        self.ensure_one()
        self._ensure_is_agent()
        values = {
            name: proposal[name].id
            for name in ("partner_id", "type_id", "team_id")
            if proposal[name] and proposal[name] != self[name]
        }
        new = proposal["asset_ids"] - self.line_ids.asset_id
        if new:
            values["line_ids"] = [Command.create({"asset_id": a.id}) for a in new]
        if problem_kind:
            values["problem_kind"] = problem_kind
        self.write(values)
        # A fact that follows from the step, like the other dates.
        self.sudo().triage_date = fields.Datetime.now()
