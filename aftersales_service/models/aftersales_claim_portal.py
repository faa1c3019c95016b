# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

from ..rules.file_type import sniff
from ..rules.plain_text import clean

MAX_SUBJECT = 200
MAX_DESCRIPTION = 20_000
MAX_SHORT = 100
MAX_KEY = 64
MAX_FILES = 8
MAX_FILE_MIB = 25
MAX_TOTAL_MIB = 100
MAX_PRODUCTS = 50
#: What a customer may attach; SVG is an image that can carry scripts.
FILE_TYPES = ("image/", "video/", "application/pdf")
REFUSED_FILE_TYPES = ("image/svg+xml",)
#: What customers may read of a claim over the external API.
PORTAL_READABLE_FIELDS = frozenset(
    {
        "access_url",
        "active",
        "cancel_reason",
        "close_date",
        "company_id",
        "contact_by",
        "contact_phone",
        "contact_time",
        "create_date",
        "date",
        "description",
        "display_name",
        "email_from",
        "id",
        "name",
        "partner_id",
        # By which claims are sorted unless another order is asked for.
        "priority",
        "product_names",
        "resolution",
        "stage_category",
        "stage_id",
        "subject",
        "type_id",
    }
)


class FormError(UserError):
    """What a customer has to change in the form before it can be sent."""

    def __init__(self, message, field):
        """:param field: name of the input it is about"""
        super().__init__(message)
        self.field = field


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    portal_key = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Key of the form that was sent: sending it again makes no second claim.",
    )

    _portal_key_uniq = models.UniqueIndex(
        "(portal_key, partner_id) WHERE portal_key IS NOT NULL",
        "This form was sent already.",
    )

    # -- what customers read

    def _get_portal_readable_fields(self):
        return super()._get_portal_readable_fields() | PORTAL_READABLE_FIELDS

    # -- what customers send

    @api.model
    def _create_from_portal(self, form, quantities, files, receipts, key):
        """Register what a customer reports in the portal; the same key only once.

        Runs in the customer's environment: who they are decides the customer.

        :param form: dict with ``subject``, ``description``, ``type_id``,
            ``symptom_id``, ``serial``, ``order``, ``contact_by``, ``contact_phone``,
            ``contact_time`` and ``later``; anything else is ignored
        :param quantities: {aftersales.asset the customer may read: quantity claimed}
        :param files: photos and videos of the problem, list of (name, bytes)
        :param receipts: photos of the receipt, list of (name, bytes)
        :param key: what the form was issued with
        :return: the claim, as superuser record
        :raises FormError: in the customer's words, when something is missing or wrong
        """
        key = clean(key)
        existing = self._find_by_portal_key(key)
        if existing:
            return existing
        self._check_portal_files(files + receipts)
        self._check_portal_products(quantities)
        values = self._prepare_portal_vals(form, quantities)
        self._check_portal_facts(form, quantities, values, files, receipts)
        claim = self._create_once({**values, "portal_key": key})
        self._attach_portal_files(claim, files + receipts)
        claim._send_acknowledgement()
        return claim

    @api.model
    def _create_once(self, values):
        """Make the claim, unless the same form is being sent at this very moment."""
        try:
            # These fields are all a customer decides; nothing else is writable.
            with self.env.cr.savepoint():
                return self.sudo().create(values)
        except UniqueViolation as error:
            # Run again, the request finds the claim of the other one.
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _find_by_portal_key(self, key):
        """The claim made by the form `key`, if it belongs to whoever asks."""
        if not key or len(key) > MAX_KEY:
            raise UserError(self.env._("The form has expired. Open it again, please."))
        # Found only by its own sender, whatever the access rules show them.
        return self.sudo().search(
            [
                ("portal_key", "=", key),
                ("partner_id", "=", self.env.user.partner_id.id),
            ],
            limit=1,
        )

    @api.model
    def _check_portal_products(self, quantities):
        if len(quantities) > MAX_PRODUCTS:
            raise FormError(
                self.env._("Choose %s products at most.", MAX_PRODUCTS), "asset_ids"
            )
        for asset, quantity in quantities.items():
            # The customer may read the asset; its unit and claims need more rights.
            asset = asset.sudo()
            if asset.state != "in_service":
                raise FormError(
                    self.env._("You no longer have “%s”.", asset.name), "asset_ids"
                )
            is_owned = 0 < quantity <= asset.quantity
            if not is_owned or asset.uom_id.is_zero(quantity):
                raise FormError(
                    self.env._(
                        "How many of “%(product)s” have the problem? You have "
                        "%(quantity)g.",
                        product=asset.name,
                        quantity=asset.quantity,
                    ),
                    f"quantity_{asset.id}",
                )
            self._check_not_reported(asset, quantity)

    @api.model
    def _check_not_reported(self, asset, quantity):
        """Lead a customer to the request that is already open for the asset."""
        # Counted over all claims; only those the customer's rights show are named.
        lines = asset.sudo().claim_line_ids.filtered(lambda ln: ln._holds_quantity())
        held = sum(
            line.uom_id._compute_quantity(line.quantity, asset.uom_id) for line in lines
        )
        if asset.uom_id.compare(held + quantity, asset.quantity) > 0:
            own = lines.claim_id.sudo(False)._filtered_access("read")
            raise FormError(
                self.env._(
                    "There is already an open request for “%(product)s”: %(claims)s. "
                    "Add your message there, please.",
                    product=asset.name,
                    claims=", ".join(own.mapped("name")) or "–",
                ),
                "asset_ids",
            )

    @api.model
    def _prepare_portal_vals(self, form, quantities):
        symptom = self._get_portal_choice("aftersales.symptom", form.get("symptom_id"))
        claim_type = self._get_portal_choice(
            "aftersales.type", form.get("type_id"), [("is_portal", "=", True)]
        )
        assets = self.env["aftersales.asset"].union(*quantities)
        # Of assets the customer may read; which company sold them is no secret.
        companies = assets.sudo().company_id
        if len(companies) > 1:
            raise FormError(
                self.env._("Report products of different shops one by one, please."),
                "asset_ids",
            )
        return {
            "subject": self._get_portal_text(form, "subject", MAX_SUBJECT)
            or symptom.name
            or self._raise_missing_subject(),
            "description": self._get_portal_description(form),
            "partner_id": self.env.user.partner_id.id,
            "company_id": (companies or self.env.company).id,
            "channel_id": self.env["aftersales.channel"]._get("portal").id,
            "type_id": claim_type.id,
            "line_ids": [
                Command.create(
                    {
                        "asset_id": asset.id,
                        "quantity": quantity,
                        "symptom_id": symptom.id,
                    }
                )
                for asset, quantity in quantities.items()
            ],
            **self._prepare_portal_contact_vals(form),
        }

    def _raise_missing_subject(self):
        raise FormError(self.env._("Tell us in a few words what happens."), "subject")

    @api.model
    def _get_portal_text(self, form, name, limit):
        text = clean(form.get(name))
        if len(text) > limit:
            raise FormError(
                self.env._("This text may have %s characters at most.", limit), name
            )
        return text

    @api.model
    def _get_portal_description(self, form):
        """The customer's text, and the numbers by which staff find the product."""
        serial = self._get_portal_text(form, "serial", MAX_SHORT)
        order = self._get_portal_text(form, "order", MAX_SHORT)
        parts = [
            self._get_portal_text(form, "description", MAX_DESCRIPTION),
            serial and self.env._("Serial number: %s", serial),
            order and self.env._("Order or invoice: %s", order),
        ]
        return "\n".join(filter(None, parts))

    @api.model
    def _prepare_portal_contact_vals(self, form):
        """How the customer wants to be reached; an unknown choice is none."""
        values = {"contact_phone": self._get_portal_text(form, "contact_phone", 40)}
        for name in ("contact_by", "contact_time"):
            allowed = self._fields[name].get_values(self.env)
            values[name] = form.get(name) if form.get(name) in allowed else False
        if values["contact_by"] == "phone" and not values["contact_phone"]:
            raise FormError(self.env._("Which number may we call?"), "contact_phone")
        return values

    @api.model
    def _get_portal_choice(self, model, raw_id, domain=()):
        """The record a customer chose, or none when they may not choose it."""
        if not str(raw_id or "").isdecimal():
            return self.env[model]
        return self.env[model].search([("id", "=", int(raw_id)), *domain], limit=1)

    @api.model
    def _check_portal_facts(self, form, quantities, values, files, receipts):
        """Ask for what the type of claim needs, unless it is to come later."""
        needs = self.env["aftersales.type"].browse(values["type_id"])
        if form.get("later"):
            return
        # Only whether the customer's own products have a serial and a sale.
        assets = self.env["aftersales.asset"].union(*quantities).sudo()
        if needs.require_serial and not assets.lot_id and not clean(form.get("serial")):
            raise FormError(
                self.env._("We need the serial number for this kind of request."),
                "serial",
            )
        if needs.require_photo and not files:
            raise FormError(
                self.env._("We need a photo for this kind of request."), "files"
            )
        if needs.require_proof and not assets.sale_line_id and not receipts:
            raise FormError(
                self.env._("We need a photo of the receipt for this kind of request."),
                "receipts",
            )

    @api.model
    def _check_portal_files(self, files):
        if len(files) > MAX_FILES:
            raise FormError(self.env._("Send %s files at most.", MAX_FILES), "files")
        for name, content in files:
            mimetype = sniff(content) or guess_mimetype(content)
            if not mimetype.startswith(FILE_TYPES) or mimetype in REFUSED_FILE_TYPES:
                raise FormError(
                    self.env._(
                        "“%s” is neither a photo, nor a video, nor a PDF.", clean(name)
                    ),
                    "files",
                )
            if len(content) > MAX_FILE_MIB * 2**20:
                raise FormError(
                    self.env._(
                        "“%(name)s” is too big: %(limit)s MB at most.",
                        name=clean(name),
                        limit=MAX_FILE_MIB,
                    ),
                    "files",
                )
        if sum(len(content) for _name, content in files) > MAX_TOTAL_MIB * 2**20:
            raise FormError(
                self.env._("The files have %s MB at most together.", MAX_TOTAL_MIB),
                "files",
            )

    @api.model
    def _attach_portal_files(self, claim, files):
        """Attach with the customer as user, so that HTML would be stored inert."""
        if files:
            claim.message_post(
                body=self.env._("Files sent with the report."),
                author_id=self.env.user.partner_id.id,
                attachments=[
                    (clean(name)[-MAX_SHORT:] or "file", content)
                    for name, content in files
                ],
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
