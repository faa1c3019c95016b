# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError

VOUCHER = ("voucher", "Voucher")


class AftersalesCompensation(models.Model):
    _inherit = "aftersales.compensation"

    kind = fields.Selection(selection_add=[VOUCHER], ondelete={"voucher": "cascade"})
    # The code of a voucher is money: nobody of the service reads it.
    card_ids = fields.One2many(
        "loyalty.card",
        "aftersales_compensation_id",
        string="Voucher",
        context={"active_test": False},
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("card_ids.history_ids.used")
    def _compute_used(self):
        result = super()._compute_used()
        for record in self.filtered("card_ids"):
            used = record._get_used_elsewhere()
            record.used_amount += used
            record.reserved_amount += used
            record.cost += record.currency_id._convert(
                used,
                record.company_currency_id or record.currency_id,
                record.company_id,
                record.granted_date or fields.Date.today(),
            )
        return result

    def _get_used_elsewhere(self):
        """What was used at a till, which has no line of a sales order for it."""
        self.ensure_one()
        history = self.card_ids.history_ids.filtered(
            lambda entry: entry.order_model not in (False, "sale.order")
        )
        points = sum(history.mapped("used"))
        program = self.card_ids.program_id
        if points and program.program_type != "gift_card":
            return self.amount * points / program._get_aftersales_points(self.amount)
        return points

    @api.depends("card_ids.points")
    def _compute_state(self):
        return super()._compute_state()

    def _is_spent(self):
        if self.kind != "voucher":
            return super()._is_spent()
        # Too little is left on the card for any of its rewards.
        return any(
            card.points < card.program_id._get_aftersales_points(0.01)
            for card in self.card_ids
        )

    @api.model
    def _get_terms(self, line, kind, amount):
        if kind != "voucher":
            return super()._get_terms(line, kind, amount)
        program = line.company_id.aftersales_voucher_program_id
        if not program.active:
            raise UserError(
                self.env._(
                    "There is no program for vouchers: an administrator chooses it in "
                    "the settings of After-Sales."
                )
            )
        return program.currency_id, program._get_aftersales_worth(amount)

    def _grant_voucher(self):
        translated = self.with_context(lang=self.partner_id.lang)
        program = self.company_id.aftersales_voucher_program_id
        card = program._create_aftersales_voucher(
            self.partner_id,
            program._get_aftersales_points(self.amount),
            translated.env._("Compensation for %s", self.claim_id.name),
            self.date_until,
        )
        card.aftersales_compensation_id = self

    def _get_objection(self):
        objection = super()._get_objection()
        spent = self.card_ids.history_ids.filtered("used")
        if not objection and (spent or self.state == "used"):
            objection = self.env._("The voucher was used: it can't be taken back.")
        return objection

    def _revoke(self):
        result = super()._revoke()
        # An order that is confirmed with it at the same moment writes the card, too.
        self.card_ids.with_context(loyalty_no_mail=True).write({"points": 0.0})
        self.card_ids.action_archive()
        return result

    def action_view_vouchers(self):
        """Open the voucher that was given."""
        self.check_access("read")
        return self.card_ids._get_records_action(name=self.env._("Voucher"))
