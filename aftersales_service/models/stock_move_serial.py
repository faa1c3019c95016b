# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class StockMove(models.Model):
    _inherit = "stock.move"

    repair_serial = fields.Char(
        string="Serial/Lot",
        compute="_compute_repair_serial",
        inverse="_inverse_repair_serial",
        help="Of the part: type or scan it. Several are separated by commas.",
    )

    @api.depends("move_line_ids.lot_id")
    def _compute_repair_serial(self):
        for move in self:
            # Names of lots are on the parts' labels for everybody to read.
            lots = move.sudo().move_line_ids.lot_id
            move.repair_serial = ", ".join(lots.mapped("name"))

    def _inverse_repair_serial(self):
        for move in self.filtered("repair_line_type"):
            names = re.split(r"[,;\n]+", move.repair_serial or "")
            # Which serials a part has is decided with the right to change the part.
            move.sudo()._set_repair_serials([n.strip() for n in names if n.strip()])

    def _set_repair_serials(self, names):
        """Make the part consist of the serials or of the lot called `names`.

        :raises UserError: for a serial that is not where the part comes from
        """
        self.ensure_one()
        if not names and not self.move_line_ids.lot_id:
            return
        if self.state in ("done", "cancel"):
            raise UserError(self.env._("The repair has ended: its parts are fixed."))
        if self.product_id.tracking == "none":
            raise UserError(
                self.env._(
                    "“%(product)s” has no serial numbers.",
                    product=self.product_id.display_name,
                )
            )
        lots = self.env["stock.lot"].union(
            *(self._get_repair_lot(name) for name in names)
        )
        each = 1.0 if self.product_id.tracking == "serial" else self.product_qty
        self.move_line_ids.unlink()
        self.move_line_ids = [
            Command.create(self._prepare_serial_line_vals(lot, each)) for lot in lots
        ]

    def _prepare_serial_line_vals(self, lot, quantity):
        return {
            "product_id": self.product_id.id,
            "lot_id": lot.id,
            "quantity": quantity,
            "product_uom_id": self.product_id.uom_id.id,
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
            "company_id": self.company_id.id,
        }

    def _get_repair_lot(self, name):
        """The lot called `name`: from stock to put in, known or new to take out."""
        self.ensure_one()
        lots = self.env["stock.lot"]
        lot = lots.search(
            [
                ("product_id", "=", self.product_id.id),
                ("name", "=", name),
                ("company_id", "in", [self.company_id.id, False]),
            ],
            limit=1,
        )
        places = lot.quant_ids.filtered(
            lambda q: q.quantity > 0 and q.location_id.usage in ("internal", "transit")
        ).location_id
        if self.repair_line_type == "add":
            if not places.filtered(lambda p: p._child_of(self.location_id)):
                raise UserError(
                    self.env._(
                        "Serial %(serial)s of “%(product)s” is not in stock at "
                        "%(place)s.",
                        serial=name,
                        product=self.product_id.display_name,
                        place=self.location_id.display_name,
                    )
                )
        elif places:
            raise UserError(
                self.env._(
                    "Serial %(serial)s is at %(place)s: it can't be taken out here.",
                    serial=name,
                    place=places[0].display_name,
                )
            )
        return lot or lots.create(
            {
                "name": name,
                "product_id": self.product_id.id,
                "company_id": self.company_id.id,
            }
        )
