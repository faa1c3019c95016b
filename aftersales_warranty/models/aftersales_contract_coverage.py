# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.i18n import format_list

from ..rules.contract import unpaid_since
from ..rules.coverage import COMPONENTS, Certificate, Term

#: One that was cancelled before it ran covers nothing, whatever dates it had.
HAD_RUN = Domain("state", "=", "cancelled") & Domain("cancel_date", "!=", False)


def is_contract(key):
    """Whether the key of a certificate is that of a contract."""
    return isinstance(key, tuple)


class AftersalesContract(models.Model):
    """What the coverage decision must know of contracts."""

    _inherit = "aftersales.contract"

    @api.model
    def _find_for(self, assets):
        """Return {asset: [(contract, first day, last day)]}, of all that have run."""
        # One that is just being entered has no contract yet.
        if not assets.ids:
            return {}
        assets.flush_recordset(["partner_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        owners = SQL(
            "(SELECT partner.commercial_partner_id FROM aftersales_asset asset "
            "JOIN res_partner partner ON partner.id = asset.partner_id "
            "WHERE asset.id IN %s)",
            tuple(assets.ids),
        )
        contracts = self.search(
            (Domain("state", "in", ("active", "expired")) | HAD_RUN)
            & Domain("date_start", "!=", False)
            & Domain("company_id", "in", assets.company_id.ids)
            & (
                Domain("asset_line_ids.asset_id", "in", assets.ids)
                | Domain("scope", "=", "park")
                & Domain("commercial_partner_id", "in", owners)
            ),
            order="date_start, id",
        )
        found = {}
        if not contracts:
            return found
        for line in contracts.asset_line_ids.filtered(lambda x: x.asset_id in assets):
            span = line._get_span()
            if span and line.contract_id.scope == "asset":
                found.setdefault(line.asset_id, []).append((line.contract_id, *span))
        for contract in contracts.filtered(lambda one: one.scope == "park"):
            span = contract.date_start, contract.date_end
            for asset in assets.filtered(
                lambda one, park=contract: one.company_id == park.company_id
                and one.partner_id.commercial_partner_id == park.commercial_partner_id
            ):
                found.setdefault(asset, []).append((contract, *span))
        return found

    @api.model
    def _get_running(self, assets):
        """Return {asset: the contract that covers it today}; its own comes first."""
        running = {}
        spans = self._find_for(assets)
        suspended = self._get_suspended(spans)
        for asset, found in spans.items():
            today = asset.company_id._aftersales_today()
            covering = self._get_covering(asset, found, today) - suspended
            if covering:
                running[asset] = covering[:1]
        return running

    @api.model
    def _get_suspended(self, spans):
        """Which of the contracts that `_find_for` gave cover nothing until paid."""
        contracts = self.union(*(one[0] for found in spans.values() for one in found))
        return contracts.browse(
            contract.id
            for contract, since in contracts._get_unpaid_since().items()
            if since <= contract.company_id._aftersales_today()
        )

    @api.model
    def _get_covering(self, asset, found, day):
        """The contracts that cover care of `asset` on `day`; its own come first.

        That of a former owner covers nothing.

        :param found: what `_find_for` gave for the asset
        """
        owner = asset.partner_id.commercial_partner_id
        covering = [
            contract
            for contract, first, last in found
            if first <= day <= last
            and contract.state != "cancelled"
            and contract.commercial_partner_id == owner
        ]
        covering.sort(key=lambda one: one.scope == "park")
        return self.union(*covering)

    @api.model
    def _get_facts_of(self, assets, asking=None):
        """Return {asset: [Certificate]} of the contracts of these assets.

        :param asking: see `_decide` of aftersales.coverage
        """
        found = self._keep_own(self._find_for(assets), asking)
        contracts = self.union(*(one[0] for spans in found.values() for one in spans))
        unpaid = contracts._get_unpaid_since()
        # Looked for only where a contract may be used up: counted, not shown.
        jobs = asking.sudo()._get_deciding_jobs().ids if asking and contracts else ()
        visits, hours = contracts._get_allowances(but=jobs)
        return {
            asset: [
                Certificate(
                    key=("contract", contract.scope == "park", contract.id),
                    kind="contract",
                    date_start=first,
                    date_end=last,
                    terms=contract._get_cover(visits[contract], hours[contract]),
                    # A cause that has been archived since stays excluded.
                    excluded_causes=frozenset(
                        contract.with_context(active_test=False).excluded_cause_ids.ids
                    ),
                    is_void=contract.state == "cancelled",
                    void_after=contract.cancel_date or None,
                    unpaid_since=unpaid.get(contract),
                )
                for contract, first, last in spans
            ]
            for asset, spans in found.items()
        }

    @api.model
    def _keep_own(self, found, asking):
        """Without contracts of others: a former owner's pays nothing of the next one's.

        :param asking: see `_decide` of aftersales.coverage
        """
        partners = {asset: asset.partner_id for asset in found}
        # Compared, not shown.
        for record in asking.sudo() if asking else ():
            if record.asset_id in partners:
                partners[record.asset_id] |= record.partner_id
        return {
            asset: [
                span
                for span in spans
                if span[0].commercial_partner_id
                in partners[asset].commercial_partner_id
            ]
            for asset, spans in found.items()
        }

    def _get_cover(self, visits, hours):
        """What the contract pays, as long as visits and hours are left."""
        self.ensure_one()
        percents = {
            "parts": self.parts_percent,
            "labour": 100.0 if hours.has_some else 0.0,
            "travel": self.travel_percent if visits.has_some else 0.0,
            "transport": self.transport_percent,
        }
        return tuple(
            Term(component, percents[component])
            for component in COMPONENTS
            if percents[component]
        )

    def _get_unpaid_since(self):
        """Return {contract: first day without cover}, of those with an open invoice.

        The day may be still to come.
        """
        strict = self.filtered(lambda one: one.stops_unpaid and one.sale_line_id)
        if not strict:
            return {}
        # Whether it was paid decides, whoever may read invoices.
        invoices = self.env["account.move"].sudo()
        open_invoices = invoices.search(
            [
                ("invoice_line_ids.sale_line_ids", "in", strict.sale_line_id.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        due = {}
        for invoice in open_invoices.filtered("invoice_date_due"):
            for line in invoice.invoice_line_ids.sale_line_ids:
                due.setdefault(line, []).append(invoice.invoice_date_due)
        return {
            contract: unpaid_since(due[contract.sale_line_id], contract.unpaid_days)
            for contract in strict
            if contract.sale_line_id in due
        }


class AftersalesCoverage(models.AbstractModel):
    """Contracts have their say after the warranties."""

    _inherit = "aftersales.coverage"

    @api.model
    def _get_certificates(self, assets, asking=None):
        certificates = super()._get_certificates(assets, asking)
        facts = self.env["aftersales.contract"]._get_facts_of(assets, asking)
        for asset, found in facts.items():
            certificates[asset.id] = certificates.get(asset.id, []) + found
        return certificates

    @api.model
    def _prepare_payers(self, decision):
        payers = super()._prepare_payers(decision)
        paid = {
            component: key[-1]
            for component, key in decision.rules.items()
            if is_contract(key)
        }
        contract = next((paid[name] for name in COMPONENTS if name in paid), False)
        return {
            **payers,
            "contract": contract,
            "contract_components": [c for c, key in paid.items() if key == contract],
        }

    @api.model
    def _get_contract(self, key):
        # The decision is the same whoever asks, also for what they can't see.
        return self.env["aftersales.contract"].sudo().browse(key[-1])

    @api.model
    def _get_rule_name(self, key):
        if is_contract(key):
            return self._get_contract(key).name
        return super()._get_rule_name(key)

    @api.model
    def _get_void_reason(self, key):
        if is_contract(key):
            return self.env._("it was cancelled.")
        return super()._get_void_reason(key)

    @api.model
    def _get_kind(self, verdict):
        key = verdict.certificate.key
        if is_contract(key):
            return self.env._("Contract %s", self._get_contract(key).name)
        return super()._get_kind(verdict)

    @api.model
    def _explain_limits(self, verdict):
        key = verdict.certificate.key
        if not is_contract(key):
            return super()._explain_limits(verdict)
        kind = self._get_kind(verdict)
        if verdict.status == "unpaid":
            day = self._format(verdict.certificate.unpaid_since)
            return [
                self.env._(
                    "%(kind)s covers nothing since %(day)s: an invoice is not paid.",
                    kind=kind,
                    day=day,
                )
            ]
        left = self._get_contract(key)._get_left_texts()
        if verdict.status != "covers" or not left:
            return []
        left = format_list(self.env, left)
        return [self.env._("Left of it before this job: %s.", left)]
