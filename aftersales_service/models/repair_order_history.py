# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _get_portal_report_url(self):
        """Where the customer downloads the report, once the repair is done."""
        self.ensure_one()
        return f"/my/repairs/{self.id}/report" if self.state == "done" else ""

    def _get_report_vals(self):
        """What the customer may know of this repair; no notes, no costs.

        :return: {"date": Date it ended or None, "kind": label, "mode": label,
            "technicians": names, "parts": see _get_parts_vals}
        """
        self.ensure_one()
        selections = self.fields_get(["service_kind", "service_mode"], ["selection"])
        date = self.done_date and self.company_id._aftersales_date(self.done_date)
        return {
            "date": date or None,
            "kind": dict(selections["service_kind"]["selection"])[self.service_kind],
            "mode": dict(selections["service_mode"]["selection"])[self.service_mode],
            "technicians": self._get_technician_names(),
            "parts": self._get_parts_vals(),
        }

    def _get_technician_names(self):
        """Who worked on the repair, in the order of their work."""
        self.ensure_one()
        technicians = self.labour_ids.technician_id or self.user_id
        return ", ".join(technicians.mapped("name"))

    def _get_parts_vals(self):
        """The parts that were put in and taken out.

        :return: [{"name": product, "quantity": float, "unit": name,
            "serials": [name], "is_removed": bool}], those put in first
        """
        self.ensure_one()
        # What a part was is no secret of the stock: only names are taken.
        moves = self.sudo().move_ids.filtered(
            lambda m: m.repair_line_type and m.state != "cancel"
        )
        return [
            {
                "name": move.product_id.with_context(
                    display_default_code=False
                ).display_name,
                "quantity": move._get_repair_quantity(),
                "unit": move.product_uom.name,
                "serials": move.move_line_ids.lot_id.mapped("name"),
                "is_removed": move.repair_line_type != "add",
            }
            for move in moves.sorted(lambda m: m.repair_line_type != "add")
        ]

    def _get_printable(self, lang):
        """The repair as its prints show it, in `lang`.

        Whoever may read the repair prints all of it, whatever their rights on parts.

        :raises AccessError: for those who may not read the repair
        """
        self.ensure_one()
        self.check_access("read")
        return self.sudo().with_context(lang=lang)

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self._get_report_title()} {self.name}"

    def _get_report_title(self):
        """What the printed report is called: it depends on the kind and the mode."""
        self.ensure_one()
        if self.service_kind == "installation":
            return self.env._("Hand-Over Sheet")
        if self.service_mode == "onsite":
            return self.env._("Visit Report")
        return self.env._("Repair Report")
