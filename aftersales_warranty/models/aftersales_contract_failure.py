# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError

from .aftersales_contract import FIXED_FIELDS

ASKED = "mail.mail_activity_data_warning"
TODO = "mail.mail_activity_data_todo"
FIXED_FIELDS.add("error")


class AftersalesContract(models.Model):
    """What the night could not do about a contract is left to a person."""

    _inherit = "aftersales.contract"

    error = fields.Text(
        string="What Went Wrong", readonly=True, copy=False, groups="base.group_user"
    )

    def _note_failure(self, error):
        """Show why, and ask the responsible person; it is tried again tomorrow.

        They are asked once, as long as they have not answered.
        """
        self.ensure_one()
        user = (self.user_id | self.sale_order_id.user_id).filtered("active")[:1]
        contract = self.with_context(lang=user.lang)
        is_for_people = isinstance(error, UserError)
        text = (
            str(error)
            if is_for_people
            else contract.env._("Unexpected error: %s", repr(error))
        )
        summary = contract.env._("The contract could not be billed or renewed")
        if text != self.error:
            self.error = text
            self._message_log(body=f"{summary}: {text}")
        if user and not self.activity_search([ASKED]):
            self.activity_schedule(
                ASKED,
                summary=summary,
                note=text,
                user_id=user.id,
            )

    def _ask_where_empty(self):
        """Contracts that cover nothing any more are billed still: a person decides."""
        for contract, assets in self._get_assets().items():
            if contract.state == "active" and not assets:
                contract._ask(
                    lambda env: env._(
                        "The contract covers no product any more: cancel it or add some"
                    )
                )

    def _ask(self, get_summary, deadline=None):
        """Leave something to the responsible person, in their language, once.

        :param get_summary: what, from an environment
        """
        self.ensure_one()
        user = self.user_id.filtered("active")
        summary = get_summary(self.with_context(lang=user.lang).env)
        if self.activity_search([TODO], additional_domain=[("summary", "=", summary)]):
            return
        if user:
            self.activity_schedule(
                TODO, date_deadline=deadline, summary=summary, user_id=user.id
            )
        self._message_log(body=summary)

    def _forget_failure(self):
        """It worked: nobody has to look into it any more."""
        failed = self.filtered("error")
        if failed:
            failed.error = False
            failed.activity_unlink([ASKED])

    def _bill(self):
        invoices = super()._bill()
        self._forget_failure()
        return invoices

    def _offer_renewal(self):
        result = super()._offer_renewal()
        self._forget_failure()
        return result

    def _settle_renewal(self):
        result = super()._settle_renewal()
        self._forget_failure()
        return result
