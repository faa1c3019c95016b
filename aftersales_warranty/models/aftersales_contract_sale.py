# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError


class AftersalesContract(models.Model):
    """How a contract follows the order that sold it."""

    _inherit = "aftersales.contract"

    def _action_sell(self):
        """The order is confirmed: run, or wait for the products that it is for."""
        self.ensure_one()
        if self.state == "cancelled":
            # It was sold after all.
            self.write({"state": "draft", "cancel_date": False})
            if not self._was_used():
                self._sell_anew()
        if self.state == "draft" and self._is_complete():
            self._action_activate()
        elif self.state == "draft" and self.user_id:
            contract = self.with_context(lang=self.user_id.lang)
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=contract.env._("Add the products that the contract is for"),
                user_id=self.user_id.id,
            )

    def _was_used(self):
        """Whether anything was billed, or taken of what it includes."""
        self.ensure_one()
        repairs = self.repair_ids.filtered(lambda repair: repair.state != "cancel")
        return bool(repairs) or bool(
            self.env["aftersales.claim.line"].search_count(
                [("contract_id", "=", self.id), ("state", "!=", "cancelled")], limit=1
            )
        )

    def _sell_anew(self):
        """Nothing is left of the first sale: take the terms and dates of this one."""
        self.ensure_one()
        values = self.sale_line_id._prepare_aftersales_contract()
        if values["asset_line_ids"]:
            self.asset_line_ids.unlink()
        else:
            # Those that a person added.
            del values["asset_line_ids"]
        terms = self.env["aftersales.contract.terms"].browse(values["terms_id"])
        self.write({**terms._prepare_contract_vals(), **values})

    def _is_complete(self):
        self.ensure_one()
        return self.scope == "park" or bool(self.asset_line_ids)

    def _get_sold(self):
        """Those that their order sold and that are not over."""
        return self.filtered(
            lambda one: one.state in ("draft", "active")
            and one.sale_line_id.state == "sale"
        )

    def _get_agreed(self):
        """What the order says the contract is for, and from when."""
        self.ensure_one()
        line = self.sale_line_id
        return line.aftersales_contract_asset_ids, line.aftersales_contract_start

    def _ensure_not_sold(self):
        """Raise UserError for contracts that their order still sells."""
        for contract in self._get_sold():
            raise UserError(
                self.env._(
                    "%(contract)s was sold with this line: cancel the contract "
                    "instead.",
                    contract=contract.name,
                )
            )

    def _follow_sale(self):
        """The quantity on the order changed: the term did, with it. To be extended.

        :raises UserError: for a contract that is over
        """
        for contract in self:
            is_over = contract.state in ("expired", "cancelled")
            if is_over and contract.sale_line_id.state == "sale":
                raise UserError(
                    self.env._(
                        "%s is over: what was sold of it stays. Sell another one.",
                        contract.name,
                    )
                )
