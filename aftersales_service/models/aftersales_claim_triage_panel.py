# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models

MAX_ARTICLES = 3
MAX_SHOWN_CLAIMS = 3


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _needs_triage(self):
        self.ensure_one()
        return self.stage_category == "new" and not self.triage_date

    @api.readonly
    def get_triage_panel(self):
        """What the form proposes for a claim that nobody has triaged.

        Asked for once the form is there, so that it opens as fast as any other.

        :return: False when there is nothing to triage, else a dict: ``facts`` (list
            of {name, label, records: [{id, name, model}]}, only what the claim lacks),
            ``department`` (False or its name), ``problem_kind`` (usual or
            extraordinary), ``procedure`` (name of the type that has one, or False),
            ``claims`` and ``articles`` (lists of dicts with id and name),
            ``claim_count``
        :raises AccessError: for a claim the user may not change
        """
        self.ensure_one()
        self._ensure_is_agent()
        if not self._needs_triage():
            return False
        proposal = self._get_triage_proposal()
        articles = self._get_suggested_articles(limit=MAX_ARTICLES)
        claim_type = proposal["type_id"]
        has_procedure = bool(claim_type.procedure)
        return {
            "facts": self._get_triage_facts(proposal),
            "notices": self._get_triage_notices(proposal),
            "department": self._get_triage_department(proposal),
            "problem_kind": "usual" if has_procedure or articles else "extraordinary",
            "procedure": has_procedure and claim_type.name,
            "claims": [
                self._prepare_triage_claim(claim, proposal["asset_ids"])
                for claim in proposal["similar_ids"][:MAX_SHOWN_CLAIMS]
            ],
            "claim_count": len(proposal["similar_ids"]),
            "articles": [
                {"id": article.id, "name": article.display_name} for article in articles
            ],
        }

    def _get_triage_facts(self, proposal):
        """What is proposed and not yet in the claim, in the order of the form."""
        present = {
            "partner_id": self.partner_id,
            "asset_ids": self.line_ids.asset_id,
            "type_id": self.type_id,
            "team_id": self.team_id,
            "sale_order_id": self._get_sale_orders(),
        }
        labels = {
            "partner_id": self.env._("Customer"),
            "asset_ids": self.env._("Products"),
            "sale_order_id": self.env._("Order"),
            "type_id": self.env._("Type"),
            "team_id": self.env._("Team"),
        }
        facts = []
        for name, label in labels.items():
            new = proposal[name] - present[name]
            if new:
                records = [
                    {"id": record.id, "name": record.display_name, "model": new._name}
                    for record in new
                ]
                facts.append({"name": name, "label": label, "records": records})
        return facts

    def _get_triage_department(self, proposal):
        department = proposal["department"]
        if department == "aftersales" or self.is_confidential:
            return False
        field = self.env["aftersales.type"]._fields["department"]
        return dict(field._description_selection(self.env))[department]

    @api.model
    def _prepare_triage_claim(self, claim, assets):
        return {
            "id": claim.id,
            "name": claim.name,
            "subject": claim.subject,
            "stage": claim.stage_id.display_name,
            "same_product": bool(claim.line_ids.asset_id & assets),
        }

    def action_apply_triage(self):
        """Take over all that is proposed, in one click; a second click does nothing."""
        self.ensure_one()
        self._ensure_is_agent()
        self._lock()
        if self._needs_triage():
            proposal = self._get_triage_proposal()
            self._apply_triage(proposal, self._find_problem_kind(proposal["type_id"]))
        return True

    def action_skip_triage(self):
        """Leave the claim as it is and propose nothing more."""
        self._ensure_is_agent()
        # A fact that follows from the step, like the other dates.
        self.sudo().triage_date = fields.Datetime.now()
        return True
