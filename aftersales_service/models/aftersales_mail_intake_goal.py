# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain

from ..rules import recognise
from ..rules.mail_envelope import Envelope, quoted_message_ids

CLAIM = "aftersales.claim"


@dataclass
class Goal:
    """Where in the after-sales service a mail goes; ids, as it changes transactions."""

    address: str = ""
    alias_id: int = 0
    team_id: int = 0
    company_id: int = 0
    #: Whether the mail is also for aliases of other documents.
    has_others: bool = False


class AftersalesMailIntake(models.Model):
    _inherit = "aftersales.mail.intake"

    @api.model
    def _find_goal(self, raw, model=None):
        """Whether a mail is for the after-sales service, by its headers alone.

        :param raw: bytes
        :param model: what the gateway makes of mails for no alias
        :return: Goal, or None for a mail that is the core's business
        """
        envelope = Envelope(raw)
        # Whether an address is an alias, and of what, is all that is looked up: the
        # caller's rights are checked before anything follows from it.
        intake = self.sudo()
        aliases = intake._find_aliases(envelope.recipients)
        ours = aliases.filtered(lambda a: a.alias_model_id.model == CLAIM)
        if ours:
            return intake._get_goal(ours[0], has_others=len(ours) < len(aliases))
        if aliases:
            return None
        if model == CLAIM or intake._is_about_claim(raw, envelope):
            return intake._get_goal(aliases)
        return None

    @api.model
    def _is_about_claim(self, raw, envelope):
        """Whether a mail for no alias answers a claim or tells that one came back."""
        if self._find_claim_by_references(envelope):
            return True
        if envelope.is_report:
            return bool(self._find_bounced_message(raw, envelope))
        return bool(
            self._is_for_catchall(envelope)
            and self._find_claim_by_subject(envelope.subject)
        )

    @api.model
    def _find_aliases(self, addresses):
        """The aliases behind `addresses`, in that order."""
        if not addresses:
            return self.env["mail.alias"]
        allowed = self.env["ir.config_parameter"].get_param(
            "mail.catchall.domain.allowed"
        )
        domains = [name.strip() for name in (allowed or "").split(",") if name.strip()]
        local_parts = [
            local
            for local, _at, domain in (address.partition("@") for address in addresses)
            if not domains or domain in domains
        ]
        aliases = self.env["mail.alias"].search(
            Domain("alias_full_name", "in", addresses)
            | (
                Domain("alias_name", "in", local_parts)
                & Domain("alias_incoming_local", "=", True)
            )
        )
        places = {address: index for index, address in enumerate(addresses)}
        for address in reversed(addresses):
            places[address.partition("@")[0]] = places[address]
        return aliases.sorted(
            lambda a: (places.get(a.alias_full_name, places.get(a.alias_name, 0)), a.id)
        )

    @api.model
    def _get_goal(self, alias, has_others=False):
        team = self.env["aftersales.team"]
        if alias:
            team = team.with_context(active_test=False).search(
                [("alias_id", "=", alias.id)], limit=1
            )
        company = team.company_id or alias.alias_domain_id.company_ids[:1]
        return Goal(
            address=alias.alias_full_name or alias.alias_name or "",
            alias_id=alias.id,
            team_id=team.id,
            company_id=(company or self.env.company).id,
            has_others=has_others,
        )

    # -- the claim a mail answers

    @api.model
    def _find_claim(self, envelope):
        """The claim a mail answers: by what it refers to, else by its subject."""
        claim = self._find_claim_by_references(envelope)
        return claim or self._find_claim_by_subject(envelope.subject)

    @api.model
    def _find_claim_by_references(self, envelope):
        message = self._find_message(envelope.references)
        return self.env[CLAIM].browse(message.res_id).exists()

    @api.model
    def _find_message(self, message_ids, domain=Domain.TRUE):
        """The latest message on a claim under one of the `message_ids`."""
        messages = self.env["mail.message"]
        if not message_ids:
            return messages
        return messages.search(
            Domain("message_id", "in", message_ids)
            & Domain("model", "=", CLAIM)
            & domain,
            limit=1,
            order="id desc",
        )

    @api.model
    def _find_claim_by_subject(self, subject):
        """The claim whose reference stands in a subject, if it is only one."""
        codes = recognise.codes(subject)
        claims = self.env[CLAIM].with_context(active_test=False)
        if not codes:
            return claims
        names = {name for code in codes for name in (code, code.upper())}
        domain = Domain("name", "in", sorted(names))
        if self.company_id:
            domain &= Domain("company_id", "=", self.company_id.id)
        found = claims.search(domain, limit=2)
        # What was merged goes on in the other claim; who may write there is seen there.
        return found._get_survivor() if len(found) == 1 else claims

    @api.model
    def _find_bounced_message(self, raw, envelope):
        """The message on a claim that a mail server could not deliver."""
        return self._find_message([*quoted_message_ids(raw), *envelope.references])

    @api.model
    def _is_for_catchall(self, envelope):
        catchalls = self._find_alias_domains(envelope.recipients).mapped(
            "catchall_email"
        )
        return not set(catchalls).isdisjoint(envelope.recipients)

    @api.model
    def _find_alias_domains(self, addresses):
        names = {address.partition("@")[2] for address in addresses}
        return self.env["mail.alias.domain"].search([("name", "in", sorted(names))])

    @api.model
    def _has_own_address(self, addresses):
        """Whether mails to one of the `addresses` come here."""
        domains = self._find_alias_domains(addresses)
        own = {*domains.mapped("catchall_email"), *domains.mapped("bounce_email")}
        if not own.isdisjoint(addresses):
            return True
        return bool(
            self.env["mail.alias"].search_count(
                [("alias_full_name", "in", addresses)], limit=1
            )
        )
