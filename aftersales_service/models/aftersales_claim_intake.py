# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..rules.plain_text import clean

MAX_ASSETS = 50
MAX_CLAIMS = 20
MAX_CUSTOMER_TEXT = 200
#: Longer numbers are no ids: the database counts no further.
MAX_DIGITS = 9
#: What whoever takes a call decides about a claim.
INTAKE_TEXTS = ("subject", "description")
INTAKE_CHOICES = {"type_id": "aftersales.type", "channel_id": "aftersales.channel"}


class AftersalesClaim(models.Model):
    """Registering a claim while the customer is on the phone or at the counter."""

    _inherit = "aftersales.claim"

    @api.model
    def _ensure_can_register(self):
        self.check_access("create")
        if not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(self.env._("Only after-sales agents can do this."))

    @api.model
    @api.readonly
    def get_intake_choices(self):
        """What can be chosen: ``types``, ``symptoms`` and ``channels`` as lists of
        {id, name}, and the ``channel_id`` of a call.
        """
        self._ensure_can_register()
        companies = [("company_id", "in", [False, *self.env.companies.ids])]
        return {
            "types": self._get_intake_options("aftersales.type", companies),
            "symptoms": self._get_intake_options("aftersales.symptom"),
            "channels": self._get_intake_options("aftersales.channel"),
            "channel_id": self.env["aftersales.channel"]._get("phone").id,
        }

    @api.model
    def _get_intake_options(self, model, domain=()):
        records = self.env[model].search(list(domain))
        return [{"id": record.id, "name": record.display_name} for record in records]

    @api.model
    @api.readonly
    def get_intake_customer(self, partner_id):
        """The products and the open claims of a customer and their company.

        :return: {partner_id, name, detail, assets: [{id, name, detail, claims}],
            claims: [{id, name, subject, stage, date}], is_complete}
        :raises UserError: for a customer the user may not read
        """
        self._ensure_can_register()
        partner = self._get_intake_records("res.partner", [partner_id])
        if not partner:
            raise UserError(self.env._("Choose the customer first."))
        family = Domain("partner_id", "child_of", partner.commercial_partner_id.id)
        assets = self.env["aftersales.asset"].search(
            family & Domain("state", "=", "in_service"), limit=MAX_ASSETS + 1
        )
        claims = self.search(family & self._get_open_domain(), limit=MAX_CLAIMS)
        open_claims = self._get_intake_open_claims(assets)
        return {
            **self._prepare_intake_partner(partner),
            "assets": [
                {
                    **self._prepare_intake_asset(asset),
                    "claims": open_claims.get(asset.id, ""),
                }
                for asset in assets[:MAX_ASSETS]
            ],
            "claims": [self._prepare_intake_claim(claim) for claim in claims],
            "is_complete": len(assets) <= MAX_ASSETS,
        }

    @api.model
    def _get_intake_open_claims(self, assets):
        """{asset.id: names of the open claims about it}, of those the user sees."""
        groups = self.env["aftersales.claim.line"]._read_group(
            [
                ("asset_id", "in", assets.ids),
                ("claim_id", "any", self._get_open_domain()),
            ],
            ["asset_id"],
            ["claim_id:recordset"],
        )
        return {asset.id: ", ".join(claims.mapped("name")) for asset, claims in groups}

    @api.model
    def _prepare_intake_asset(self, asset):
        """What is shown of a product, as a dict with id, name and detail."""
        parts = []
        if asset.delivery_date:
            day = format_date(self.env, asset.delivery_date)
            parts.append(self.env._("delivered on %s", day))
        return {
            "id": asset.id,
            "name": asset.display_name,
            "detail": " · ".join(parts),
        }

    @api.model
    def _prepare_intake_claim(self, claim):
        return {
            "id": claim.id,
            "name": claim.name,
            "subject": claim.subject,
            "stage": claim.stage_id.display_name,
            "date": format_date(self.env, claim.date),
        }

    @api.model
    def register_from_intake(self, form):
        """Register what the customer tells.

        :param form: dict with ``subject``, ``description``, ``priority``, ``type_id``,
            ``channel_id``, ``symptom_id``, ``asset_ids``, and ``partner_id`` or
            ``customer`` ({name, phone, email}); anything else is ignored
        :return: {id, name, is_visible} of the claim; one for a team that the user is
            no member of is not visible to them
        :raises UserError: when the problem or the customer is missing
        """
        self._ensure_can_register()
        form = form if isinstance(form, dict) else {}
        values = {
            name: text for name in INTAKE_TEXTS if (text := clean(form.get(name)))
        }
        if "subject" not in values:
            raise UserError(self.env._("Write in a few words what the problem is."))
        if form.get("priority") in self._fields["priority"].get_values(self.env):
            values["priority"] = form["priority"]
        for name, model in INTAKE_CHOICES.items():
            values[name] = self._get_intake_records(model, [form.get(name)]).id
        partner = self._get_intake_partner(form)
        symptom = self._get_intake_records(
            "aftersales.symptom", [form.get("symptom_id")]
        )
        assets = self._get_intake_records(
            "aftersales.asset", form.get("asset_ids") or []
        )
        if len(assets.company_id) > 1:
            raise UserError(
                self.env._("Products of different companies need claims of their own.")
            )
        values["company_id"] = (assets.company_id or self.env.company).id
        values["partner_id"] = partner.id
        values["line_ids"] = [
            Command.create({"asset_id": asset.id, "symptom_id": symptom.id})
            for asset in assets
        ]
        claim = self.create(values)
        is_visible = claim.has_access("read")
        # The reference of what the user has just registered, to tell the customer.
        return {"id": claim.id, "name": claim.sudo().name, "is_visible": is_visible}

    @api.model
    def _get_intake_records(self, model, ids):
        """The records that the user may read of those chosen.

        :raises UserError: when one is not there any more
        """
        ids = ids if isinstance(ids, list) else []
        chosen = {text for one in ids if (text := str(one or "")).isdecimal()}
        wanted = [int(text) for text in chosen if len(text) <= MAX_DIGITS]
        records = self.env[model].search([("id", "in", wanted)])
        if len(records) < len(chosen):
            raise UserError(
                self.env._("What you chose is not there any more. Search again.")
            )
        return records

    @api.model
    def _get_intake_partner(self, form):
        """The customer that was chosen, or a new one."""
        partner = self._get_intake_records("res.partner", [form.get("partner_id")])
        customer = form.get("customer")
        if partner or not isinstance(customer, dict):
            if not partner:
                raise UserError(self.env._("Choose the customer first."))
            return partner
        values = {
            name: clean(customer.get(name)) for name in ("name", "phone", "email")
        }
        if not values["name"]:
            raise UserError(self.env._("Write the name of the new customer."))
        if any(len(value) > MAX_CUSTOMER_TEXT for value in values.values()):
            raise UserError(self.env._("One of the texts is too long."))
        known = self._partner_find_from_emails_single([values["email"]], no_create=True)
        if known:
            return known
        # Agents take calls of people nobody knows yet: their name and how to reach
        # them is all that is written, whatever rights on contacts the agent has.
        return self.env["res.partner"].sudo().create(values).sudo(False)
