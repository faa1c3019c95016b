# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import format_date


class AftersalesClaim(models.Model):
    _inherit = "aftersales.claim"

    compensation_ids = fields.One2many(
        "aftersales.compensation", "claim_id", readonly=True
    )
    compensation_count = fields.Integer(compute="_compute_compensation_count")

    @api.depends("line_ids.compensation_ids.cancel_date")
    def _compute_compensation_count(self):
        for claim in self:
            # By the lines, which the form reads as well.
            given = claim.line_ids.compensation_ids
            claim.compensation_count = len(given.filtered(lambda r: not r.cancel_date))

    def action_view_compensations(self):
        """Open what the customer was given."""
        self.check_access("read")
        return self.compensation_ids._get_records_action(
            name=self.env._("Compensations")
        )

    def _get_compensation_role(self):
        """As what the user compensates the customer: agent, lead or manager."""
        self.ensure_one()
        if self.env.user.has_group("aftersales_service.group_manager"):
            return "manager"
        # Who leads the team is no secret; technicians may not read teams.
        is_lead = self.sudo().team_id.user_id == self.env.user
        return "lead" if is_lead else "agent"

    # -- what the customer is told

    def _send_compensation(self, compensation):
        """Mail the customer what they are given, in their language."""
        self.ensure_one()
        template = self.env.ref(
            "aftersales_service.mail_template_compensation", raise_if_not_found=False
        )
        if not template or not self.partner_id.email:
            return
        # The company writes, whoever decided or booked it.
        self.with_user(SUPERUSER_ID).with_context(
            aftersales_compensation_id=compensation.id
        ).message_post_with_source(
            template,
            **self.company_id._get_aftersales_author(),
            partner_ids=self.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_light",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_portal_compensations(self):
        """What the customer is given, in their words and the language of the env.

        Called as superuser, for a claim the customer may see.

        :return: list of dicts, see ``_prepare_portal_compensation``
        """
        self.ensure_one()
        granted = self.compensation_ids.filtered(
            lambda record: record.state in ("granted", "used")
        )
        return [self._prepare_portal_compensation(record) for record in granted]

    def _get_mailed_compensation(self):
        """As above, the one that the mail being written is about."""
        mailed = self.env.context.get("aftersales_compensation_id")
        records = self.compensation_ids
        record = records.filtered(lambda r: r.id == mailed) or records[:1]
        return record and self._prepare_portal_compensation(record)

    def _prepare_portal_compensation(self, record):
        """Values of `record` for the customer, as texts.

        :return: dict ``text``, ``how`` (what to do to use it), ``code`` ("" without
            one), ``until``, ``left`` (what is not used yet of it) and ``state``
        """
        amount = record._format_amount(record.amount)
        is_used = record.state == "used"
        left = record.amount - record.reserved_amount
        is_partly_used = 0 < left < record.amount and not is_used
        return {
            "text": self._get_compensation_text(record, is_used, amount),
            "how": "" if is_used else self._get_compensation_use(record),
            "code": "",
            "until": record.date_until and format_date(self.env, record.date_until),
            "left": record._format_amount(left) if is_partly_used else "",
            "state": record.state,
        }

    def _get_compensation_text(self, record, is_used, amount):
        if record.kind == "credit":
            if is_used:
                return self.env._("We have credited you %s.", amount)
            return self.env._("We are going to credit you %s.", amount)
        if record.kind == "payment":
            if is_used:
                return self.env._("We pay you %s.", amount)
            return self.env._("We are going to pay you %s.", amount)
        return self.env._("%s off your next order.", amount)

    def _get_compensation_use(self, record):
        if record.kind == "discount":
            return self.env._(
                "Name your request %s when you order: we take it off.", self.name
            )
        return ""
