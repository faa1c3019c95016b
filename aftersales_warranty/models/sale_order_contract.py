# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order that sells maintenance contracts."""

    _inherit = "sale.order"

    aftersales_has_contract = fields.Boolean(compute="_compute_aftersales_has_contract")
    aftersales_contract_count = fields.Integer(
        compute="_compute_aftersales_contract_count"
    )

    @api.depends("order_line.product_id")
    def _compute_aftersales_has_contract(self):
        for order in self:
            order.aftersales_has_contract = bool(
                order.order_line._get_aftersales_contract_lines()
            )

    @api.depends("order_line.aftersales_contract_ids")
    def _compute_aftersales_contract_count(self):
        for order in self:
            # A number that whoever sees the order may know.
            contracts = order.sudo().order_line.aftersales_contract_ids
            order.aftersales_contract_count = len(contracts)

    def _action_confirm(self):
        result = super()._action_confirm()
        self._sync_aftersales_contracts()
        return result

    def _action_cancel(self):
        self._withdraw_aftersales_bills()
        result = super()._action_cancel()
        self._sync_aftersales_contracts()
        return result

    def _withdraw_aftersales_bills(self):
        """Cancel the drafts that the night made of contracts.

        Who sells and cancels may have no right on invoices: these follow the order.
        """
        self.check_access("write")
        periods = self.sudo().order_line.aftersales_contract_ids.period_ids
        periods.move_id.filtered(lambda move: move.state == "draft").button_cancel()

    def _sync_aftersales_contracts(self):
        lines = self.order_line._get_aftersales_contract_lines()
        lines._sync_aftersales_contracts()

    def action_view_aftersales_contracts(self):
        """Open the contracts that this order sold."""
        self.check_access("read")
        contracts = self.order_line.aftersales_contract_ids
        return contracts._get_records_action(name=self.env._("Maintenance Contracts"))
