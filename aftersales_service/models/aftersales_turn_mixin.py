# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.tools import SQL


class AftersalesTurnMixin(models.AbstractModel):
    """Two transactions that decide from what they read of a record never miss
    each other.
    """

    _name = "aftersales.turn.mixin"
    _description = "Steps That Are Taken in Turn"

    def _take_turn(self):
        """Wait for a transaction that has its turn, and fail one that began before.

        A lock is not enough: a transaction that began before the other's commit does
        not see what it wrote. The rows are written, so that it fails and is run again.
        """
        if self:
            self.env.execute_query(
                SQL(
                    "UPDATE %(table)s SET write_date = write_date "
                    "WHERE id IN %(ids)s RETURNING id",
                    table=SQL.identifier(self._table),
                    ids=tuple(self.ids),
                )
            )
