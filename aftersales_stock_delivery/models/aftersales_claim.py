# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _get_portal_documents(self):
        """Also the labels of parcels that are still to be sent to us."""
        documents = super()._get_portal_documents()
        awaited = self._get_portal_parcels()["in"].filtered(
            lambda parcel: parcel.state not in ("done", "cancel")
            and parcel.carrier_id.get_return_label_from_portal
        )
        for label in awaited.return_label_ids:
            label.generate_access_token()
            documents.append(
                {
                    "name": self.env._("Return label"),
                    "url": f"/web/content/{label.id}?download=true"
                    f"&access_token={label.access_token}",
                }
            )
        return documents
