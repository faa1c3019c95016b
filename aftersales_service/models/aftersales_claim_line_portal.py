# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    def _get_portal_remedy(self):
        """What was decided, in the customer's words and the language of the env."""
        self.ensure_one()
        return {
            "assist": self.env._("Solved with advice"),
            "repair": self.env._("Repair"),
            "replace": self.env._("Replacement"),
            "refund": self.env._("Refund"),
            "compensate": self.env._("Compensation"),
            "reject": self.env._("Not accepted"),
        }[self.remedy]
