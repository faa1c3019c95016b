# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AftersalesSla(models.Model):
    _inherit = "aftersales.sla"

    is_contract = fields.Boolean(
        string="Only by Contract",
        help="Applies only to claims on products whose contract promises it.",
    )

    def _is_restricted(self):
        return self.is_contract or super()._is_restricted()


class AftersalesContractMixin(models.AbstractModel):
    _inherit = "aftersales.contract.mixin"

    sla_ids = fields.Many2many(
        "aftersales.sla",
        string="Response Times",
        domain=[("is_contract", "=", True)],
        ondelete="restrict",
        help="What is promised for claims on the products covered.",
    )


class AftersalesContract(models.Model):
    _inherit = "aftersales.contract"

    def _post_activate_hook(self):
        result = super()._post_activate_hook()
        self._refresh_sla()
        return result

    def _post_cancel_hook(self):
        result = super()._post_cancel_hook()
        self._refresh_sla()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "sla_ids" in vals:
            self._refresh_sla()
        return result

    def _refresh_sla(self):
        """Have the deadlines of the open claims on what they cover recomputed."""
        promising = self.filtered("sla_ids")
        if promising:
            assets = self.env["aftersales.asset"].union(
                *promising._get_assets().values()
            )
            self.env["aftersales.sla.refresh"]._ask(
                [("line_ids.asset_id", "in", assets.ids)]
            )


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    def _get_entitled_sla_ids(self):
        result = super()._get_entitled_sla_ids()
        # What is promised does not depend on who registers the claim.
        claims = self.sudo()
        assets = claims.line_ids.asset_id
        running = (
            self.env["aftersales.contract"].sudo()._get_running(assets)
            if assets
            else {}
        )
        for claim in claims:
            entitled = {
                sla
                for asset in claim.line_ids.asset_id
                if asset in running
                for sla in running[asset].sla_ids.ids
            }
            result[claim.id] = result.get(claim.id, frozenset()) | entitled
        return result
