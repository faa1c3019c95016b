# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models

from .aftersales_claim import CLOSED_CATEGORIES

#: What owners may read of an asset over the external API.
PORTAL_READABLE_FIELDS = frozenset(
    {
        "access_url",
        "active",
        "company_id",
        "delivery_date",
        "display_name",
        "id",
        "lot_id",
        "name",
        "partner_id",
        "product_id",
        "quantity",
        "state",
        "uom_id",
        "version",
    }
)


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    def _get_portal_readable_fields(self):
        return super()._get_portal_readable_fields() | PORTAL_READABLE_FIELDS

    def write(self, vals):
        changes_owner = "partner_id" in vals
        former = {a: a.partner_id for a in self} if changes_owner else {}
        result = super().write(vals)
        if changes_owner:
            self._renew_owner_access(former)
        return result

    def _renew_owner_access(self, former):
        """Who has given the product away must lose sight of it: mails and link.

        :param former: {asset: the owner it had}
        """
        # Follows from a change of owner that the user was allowed to make.
        for asset, owner in former.items():
            if owner and owner != asset.partner_id:
                asset.sudo().message_unsubscribe(owner.ids)
                asset.sudo().access_token = False

    def _get_portal_name(self):
        """Product and serial in the reader's language; the stored name has but one."""
        self.ensure_one()
        return " · ".join(filter(None, (self.product_id.name, self.lot_id.name)))

    def _get_portal_documents(self):
        """Documents for the owners of the product: of its template and its variant.

        :return: product.document, as superuser; for an asset its reader may see
        """
        self.ensure_one()
        # The asset's reader may have the documents meant for its owners, no others.
        product = self.sudo().product_id
        return (
            self.env["product.document"]
            .sudo()
            .search(
                [
                    ("is_for_owners", "=", True),
                    ("company_id", "in", [False, self.sudo().company_id.id]),
                    "|",
                    "&",
                    ("res_model", "=", "product.template"),
                    ("res_id", "=", product.product_tmpl_id.id),
                    "&",
                    ("res_model", "=", "product.product"),
                    ("res_id", "=", product.id),
                ]
            )
        )

    def _get_portal_history(self):
        """What was done to the product, newest first; see ``repair.order``.

        :return: list of dicts as of ``repair.order._get_portal_history_vals``
        """
        history = self._get_done_repairs()._get_portal_history_vals()
        return sorted(history, key=lambda h: str(h["date"] or ""), reverse=True)

    def _get_portal_open_claims(self):
        """{asset: open claims about it that the user may see}, in a fixed number of
        queries."""
        # Customers can't read lines: they lead to the claims, judged by the rules.
        lines = self.sudo().claim_line_ids
        claims = lines.claim_id.filtered(
            lambda claim: claim.stage_category not in CLOSED_CATEGORIES
        )
        visible = claims.sudo(False)._filtered_access("read")
        return {
            asset: visible & asset.sudo().claim_line_ids.claim_id.sudo(False)
            for asset in self
        }
