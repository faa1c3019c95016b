# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError

#: Programs of which each gift is a voucher of its own.
VOUCHER_TYPES = ("coupons", "gift_card")


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _create_aftersales_voucher(self, partner, points, description, until=False):
        """A voucher for `partner`, as the core's wizard makes it; nobody is mailed.

        The core's own mail prints a PDF and knows nothing of the reason.

        :param points: what the card holds
        :param until: Date, its last day, or False
        :return: the loyalty.card
        """
        self.ensure_one()
        wizards = self.env["loyalty.generate.wizard"]
        return (
            wizards.with_context(loyalty_no_mail=True)
            .create(
                {
                    "program_id": self.id,
                    "mode": "selected",
                    "customer_ids": partner.ids,
                    "points_granted": points,
                    "description": description,
                    "valid_until": until,
                }
            )
            .generate_coupons()
        )

    def _get_aftersales_points(self, amount):
        """What a voucher worth `amount` holds: once the reward of a coupon."""
        self.ensure_one()
        if self.program_type == "gift_card":
            return amount
        return min(self.reward_ids.mapped("required_points"), default=1.0)

    def _get_aftersales_worth(self, amount):
        """The most that a voucher is worth: `amount`, or what the program gives.

        :raises UserError: when the program has no such limit
        """
        self.ensure_one()
        if self.program_type == "gift_card":
            return amount
        worths = [reward._get_aftersales_worth() for reward in self.reward_ids]
        if not worths or None in worths:
            raise UserError(
                self.env._(
                    "Nobody can tell what a voucher of “%s” is worth: give its rewards "
                    "a maximum.",
                    self.name,
                )
            )
        return max(worths)


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _get_aftersales_worth(self):
        """The most that the reward takes off, once, or None without a limit."""
        self.ensure_one()
        if self.reward_type == "product":
            prices = self.reward_product_ids.mapped("lst_price")
            return max(prices, default=0.0) * self.reward_product_qty
        if self.reward_type != "discount":
            return None
        if self.discount_mode == "percent":
            return self.discount_max_amount or None
        per_use = self.required_points if self.discount_mode == "per_point" else 1.0
        worth = self.discount * per_use
        return min(worth, self.discount_max_amount or worth)
