# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    aftersales_claim_line_id = fields.Many2one(
        "aftersales.claim.line",
        string="Claim Line",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
    )
    aftersales_claim_id = fields.Many2one(
        related="aftersales_claim_line_id.claim_id", string="Claim"
    )
    aftersales_type_id = fields.Many2one(
        related="aftersales_claim_line_id.claim_id.type_id", string="Claim Type"
    )
    aftersales_cause_id = fields.Many2one(
        related="aftersales_claim_line_id.cause_id", string="Cause of Failure"
    )
    aftersales_reversed_line_id = fields.Many2one(
        "account.move.line",
        string="Credited Invoice Line",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    _aftersales_credited_once = models.UniqueIndex(
        "(aftersales_claim_line_id, aftersales_reversed_line_id) "
        "WHERE parent_state = 'draft'",
        "A draft credit note of this claim exists already.",
    )

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        if self.move_id.move_type == "out_invoice":
            values["aftersales_reversed_line_id"] = self.id
        return result

    def _prepare_analytic_lines(self):
        values_list = super()._prepare_analytic_lines()
        if self.aftersales_claim_line_id:
            for values in values_list:
                values["aftersales_claim_line_id"] = self.aftersales_claim_line_id.id
        return values_list

    def _get_aftersales_quantity(self):
        """The quantity in the product's own unit."""
        self.ensure_one()
        uom = self.product_uom_id or self.product_id.uom_id
        return uom._compute_quantity(
            self.quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _get_aftersales_credits(self):
        """Lines of credit notes, draft or posted, that credit this invoice line."""
        self.ensure_one()
        refunds = self.move_id.reversal_move_ids.filtered(lambda m: m.state != "cancel")
        lines = refunds.invoice_line_ids.filtered(
            lambda ln: ln.display_type == "product" and ln.product_id == self.product_id
        )
        return lines.filtered(
            lambda ln: ln.aftersales_reversed_line_id == self
            or not ln.aftersales_reversed_line_id
            and ln.sale_line_ids & self.sale_line_ids
        )

    def _is_aftersales_shipping(self):
        """Whether the line charges the delivery. To be extended."""
        self.ensure_one()
        return False

    def _eligible_for_stock_account(self):
        # Refunded without a return: the goods, and their cost, stay sold.
        if (
            self.aftersales_claim_line_id
            and self.move_type == "out_refund"
            and not self.sale_line_ids
        ):
            return False
        return super()._eligible_for_stock_account()
