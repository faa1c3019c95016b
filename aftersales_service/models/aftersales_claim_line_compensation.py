# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

from .aftersales_claim_line import FIXED_FIELDS
from .aftersales_compensation import STATES

FIXED_FIELDS.update({"compensation_ids"})


class AftersalesClaimLine(models.Model):
    """A compensation: the line's remedy, or given on top of another one."""

    _inherit = "aftersales.claim.line"

    compensation_ids = fields.One2many(
        "aftersales.compensation", "claim_line_id", string="Compensations"
    )
    compensation_id = fields.Many2one(
        "aftersales.compensation", compute="_compute_compensation", compute_sudo=True
    )
    compensation_state = fields.Selection(
        STATES,
        string="Compensation Status",
        compute="_compute_compensation",
        compute_sudo=True,
    )

    @api.depends("compensation_ids.state")
    def _compute_compensation(self):
        for line in self:
            live = line.compensation_ids.filtered(lambda r: r.state != "cancelled")
            line.compensation_id = live[:1]
            line.compensation_state = live[:1].state

    # -- deciding

    def action_create_compensation(self):
        """Ask what the customer is given, and give it or ask whoever may.

        For a line in diagnosis it is the remedy; on top of another remedy it is given
        besides.

        :raises UserError: when the line has its compensation already
        """
        self.ensure_one()
        self._ensure_is_agent()
        self._ensure_can_compensate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compensate"),
            "res_model": "aftersales.claim.line.compensate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def _ensure_can_compensate(self):
        self._ensure_claim_is_open()
        for line in self:
            if line.compensation_state:
                raise UserError(
                    self.env._("“%s” has its compensation already.", line.display_name)
                )
            if line.state == "cancelled":
                raise UserError(
                    self.env._("“%s” is cancelled: open it again.", line.display_name)
                )

    def _action_compensate(self, values):
        """Give the line a compensation, or ask whoever may give it.

        :param values: dict ``kind``, ``amount`` (tax included, in the currency of the
            invoice for a credit note, else of the company), ``date_until`` (Date or
            False) and ``note``
        :return: the aftersales.compensation
        :raises UserError: for what can't be given, or when it was given already
        """
        self.ensure_one()
        self._ensure_is_agent()
        self._lock_documents()
        self._ensure_can_compensate()
        if self.state == "draft":
            self._start_remedy("compensate")
        # Agents need no rights in accounting and sales: drafts are made for its people.
        record = self.env["aftersales.compensation"].sudo()._ask(self.sudo(), values)
        record._settle()
        self._start_claims()
        return record.with_env(self.env)

    def _get_credited_invoice_line(self):
        """The line of a posted invoice by which the customer paid for the goods.

        Of several invoices the one of which most is left.

        :raises UserError: when there is none
        """
        self.ensure_one()
        sale_lines = self.asset_id.sale_line_id or self.env["sale.order.line"].concat(
            *(move.sale_line_id for move, _free in self._get_return_sources())
        )
        posted = sale_lines.invoice_lines.filtered(
            lambda ln: ln.parent_state == "posted"
            and ln.move_id.move_type == "out_invoice"
        )
        if posted:
            return max(posted, key=lambda ln: ln.move_id._get_aftersales_left())
        raise UserError(
            self.env._(
                "No posted invoice of “%s” is known, so nothing can be credited: pay "
                "the customer, or give them a discount.",
                self.display_name,
            )
        )

    # -- taking it back

    def action_cancel_compensation(self):
        """Take the compensations of the lines back, while they have not been used.

        :raises UserError: when one is used, on an order or in the books
        """
        self._ensure_is_agent()
        self._lock_documents()
        self._ensure_claim_is_open()
        # An agent of the claim decides over all its documents, also unseen ones.
        for line in self.sudo():
            if not line.compensation_id:
                raise UserError(
                    self.env._(
                        "There is no compensation of “%s” to take back.",
                        line.display_name,
                    )
                )
            line.compensation_id._take_back()
        return True

    def _is_revocable(self):
        return super()._is_revocable() or (
            self.state == "done" and self.remedy == "compensate"
        )

    def _get_documents_objection(self):
        objection = super()._get_documents_objection()
        if not objection and self.remedy == "compensate":
            objection = self.compensation_id and self.compensation_id._get_objection()
        return objection

    def _cancel_documents(self):
        result = super()._cancel_documents()
        given = self.filtered(lambda line: line.remedy == "compensate")
        given.compensation_id._take_back()
        return result

    # -- following

    def _sync_with_documents(self):
        result = super()._sync_with_documents()
        self.compensation_ids._sync_with_documents()
        return result

    def action_view_compensation(self):
        """Open what the customer was given for the lines."""
        self.check_access("read")
        return self.compensation_ids._get_records_action(
            name=self.env._("Compensations")
        )
