# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, fields, models

from .aftersales_survey_rule import CARD_TYPES

_logger = logging.getLogger(__name__)


class AftersalesSurveyInvitation(models.Model):
    _inherit = "aftersales.survey.invitation"

    # The code of a voucher is money: nobody of the service reads it.
    reward_card_id = fields.Many2one(
        "loyalty.card",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    reward_points = fields.Float(string="Reward", readonly=True)

    def _action_send(self, by_hand=False):
        is_sent = super()._action_send(by_hand=by_hand)
        if is_sent and self._thanks_for_complaint():
            self._try_reward()
        return is_sent

    def _action_answer(self):
        result = super()._action_answer()
        for invitation in self:
            invitation._try_reward()
        return result

    def _try_reward(self):
        """Thank for the answer; it is never lost because that failed."""
        invitation = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        try:
            with self.env.cr.savepoint():
                if invitation._deserves_reward():
                    invitation._action_reward()
        except OperationalError:
            # A conflict with another transaction: the whole step is retried.
            raise
        except Exception:
            _logger.exception("The answer of %s was not rewarded", self.id)

    def _deserves_reward(self):
        rule = self.rule_id
        return bool(
            rule.reward_program_id.active
            and self.partner_id
            and not self.reward_points
            and (rule.reward_for == "answer" or self._is_justified_complaint())
        )

    def _thanks_for_complaint(self):
        return self.rule_id.reward_for == "complaint"

    def _is_justified_complaint(self):
        """Whether the fault was not the customer's, as far as it was diagnosed."""
        return any(
            line.liability in ("company", "supplier", "carrier")
            and line.remedy != "reject"
            and line.state != "cancelled"
            for line in self.claim_line_ids
        )

    def _action_reward(self):
        rule = self.rule_id
        is_voucher = rule.reward_program_id.program_type not in CARD_TYPES
        card = self._create_voucher() if is_voucher else self._add_points()
        self.write({"reward_card_id": card.id, "reward_points": rule.reward_points})
        if is_voucher:
            self.env.ref("aftersales_survey_loyalty.mail_template_reward").send_mail(
                self.id, email_values={"model": False, "res_id": False}
            )

    def _add_points(self):
        """Put the points on the customer's card, which is made when there is none."""
        program, points = self.rule_id.reward_program_id, self.rule_id.reward_points
        cards = self.env["loyalty.card"]
        card = cards.search(
            [("program_id", "=", program.id), ("partner_id", "=", self.partner_id.id)],
            limit=1,
        ) or cards.create({"program_id": program.id, "partner_id": self.partner_id.id})
        card.lock_for_update()
        card.points += points
        self.env["loyalty.history"].create(self._prepare_reward_history_vals(card))
        return card

    def _prepare_reward_history_vals(self, card):
        return {
            "card_id": card.id,
            "description": self._get_reward_description(),
            "issued": self.rule_id.reward_points,
            "aftersales_invitation_id": self.id,
        }

    def _create_voucher(self):
        rule = self.rule_id
        card = rule.reward_program_id._create_aftersales_voucher(
            self.partner_id, rule.reward_points, self._get_reward_description()
        )
        card.history_ids.aftersales_invitation_id = self
        return card

    def _get_reward_description(self):
        invitation = self.with_context(lang=self.partner_id.lang)
        if self._thanks_for_complaint():
            return invitation.env._("Thank you for telling us about %s", self.name)
        return invitation.env._("Thank you for your answer about %s", self.name)
