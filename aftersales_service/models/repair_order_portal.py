# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    start_date = fields.Datetime(string="Started on", readonly=True, copy=False)

    def action_repair_start(self):
        result = super().action_repair_start()
        # Follows from starting, which was allowed; it is not edited by any right.
        started = self.sudo().filtered(lambda repair: not repair.start_date)
        started.start_date = fields.Datetime.now()
        return result

    def _get_portal_history_vals(self):
        """What the owner of the product reads of these repairs. To be extended.

        Called as superuser for repairs of an asset the customer may see.

        :return: list of dicts: ``repair``, ``date`` (naive UTC datetime), ``title``,
            ``text`` (what was found and done), ``parts`` (list of dicts ``name``,
            ``quantity``, ``uom``, ``serials``) and ``report_url`` ("" without a report)
        """
        kinds = dict(self._fields["service_kind"]._description_selection(self.env))
        return [
            {
                "repair": repair,
                "date": repair.done_date,
                "title": kinds[repair.service_kind],
                "text": repair.findings or "",
                "parts": repair._get_portal_parts(),
                "report_url": repair._get_portal_report_url(),
            }
            for repair in self
        ]

    def _get_portal_parts(self):
        self.ensure_one()
        used = self.move_ids.filtered(
            lambda move: move.repair_line_type == "add" and move.state == "done"
        )
        return [
            {
                "name": move.product_id.name,
                "quantity": move.quantity,
                "uom": move.product_uom.name,
                "serials": ", ".join(move.lot_ids.mapped("name")),
            }
            for move in used
        ]

    def _get_portal_report_url(self):
        """Where the customer downloads the report of the repair. To be overridden."""
        self.ensure_one()
        return ""
