# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

#: What is still to be billed.
WAITING_STATES = ("planned", "due")


class AftersalesContractPeriod(models.Model):
    """What of a contract is billed when: each period once, by the line that bills it.

    The ledger, not the clock, says what is to be billed: nothing is left out and
    nothing comes twice, whenever and however often somebody looks.
    """

    _name = "aftersales.contract.period"
    _description = "Billing Period of a Contract"
    _inherit = ["aftersales.company.mixin"]
    _order = "date_from, id"
    _rec_name = "date_from"

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True, index=True
    )
    date_from = fields.Date(required=True, help="It is billed on this day.")
    date_to = fields.Date(required=True)
    quantity = fields.Float(required=True, default=1.0, digits="Product Unit")
    is_due = fields.Boolean(readonly=True)
    invoice_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(related="invoice_line_id.move_id", string="Invoice")
    state = fields.Selection(
        [
            ("planned", "Not Due Yet"),
            ("due", "To Bill"),
            ("billed", "Billed"),
            ("credited", "Credited"),
        ],
        compute="_compute_state",
        store=True,
        precompute=True,
    )

    _period_uniq = models.UniqueIndex(
        "(contract_id, date_from)", "This period of the contract is there already."
    )
    _due = models.Index("(date_from) WHERE state IN ('planned', 'due')")

    @api.depends(
        "is_due",
        "invoice_line_id.parent_state",
        "invoice_line_id.move_id.reversal_move_ids.state",
    )
    def _compute_state(self):
        credited = self._find_credited()
        for period in self:
            line = period.invoice_line_id
            if period in credited:
                period.state = "credited"
            elif line and line.parent_state != "cancel":
                period.state = "billed"
            else:
                period.state = "due" if period.is_due else "planned"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if any(period.state not in WAITING_STATES for period in self):
            raise UserError(self.env._("What was billed stays in the contract."))
