# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models


class RepairOrder(models.Model):
    _inherit = "repair.order"

    technician_names = fields.Char(
        string="Technicians", compute="_compute_history_texts"
    )
    parts_summary = fields.Char(string="Parts Used", compute="_compute_history_texts")

    @api.depends(
        "labour_ids.technician_id",
        "user_id",
        "move_ids.state",
        "move_ids.repair_line_type",
        "move_ids.move_line_ids.lot_id",
    )
    @api.depends_context("lang")
    def _compute_history_texts(self):
        for repair in self:
            # Who worked and with what is told to whoever sees the repair.
            told = repair.sudo()
            repair.technician_names = told._get_technician_names()
            repair.parts_summary = told._get_parts_text()

    @api.model
    def _get_history_views(self):
        """What an action needs to list repairs as a history."""
        history = self.env.ref("aftersales_service.repair_order_view_list_history")
        return {"views": [(history.id, "list"), (False, "form")]}

    def _get_portal_report_url(self):
        """Where the customer downloads the report, once the repair is done."""
        self.ensure_one()
        return f"/my/repairs/{self.id}/report" if self.state == "done" else ""

    def _get_report_vals(self):
        """What the customer may know of this repair; no notes, no costs.

        :return: {"date": Date it ended or None, "kind": label, "mode": label,
            "technicians": names, "parts": see _get_parts_vals, "checks": [{"name",
            "result": label, "is_failed": bool, "note"}] that were made}
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
            "checks": self._get_checks_vals(),
        }

    def _get_checks_vals(self):
        self.ensure_one()
        made = self.check_ids.filtered("result")
        labels = dict(made._fields["result"]._description_selection(self.env))
        return [
            {
                "name": check.name,
                "result": labels[check.result],
                "is_failed": check.result == "not_ok",
                "note": check.note or "",
            }
            for check in made
        ]

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

    def _get_parts_text(self):
        """The parts in a sentence: “1 × Motor (MO-2); taken out: 1 × Motor (MO-1)”."""
        texts = {False: [], True: []}
        for part in self._get_parts_vals():
            serials = ", ".join(part["serials"])
            text = f"{part['quantity']:g} × {part['name']}"
            texts[part["is_removed"]].append(f"{text} ({serials})" if serials else text)
        used, removed = ", ".join(texts[False]), ", ".join(texts[True])
        if removed:
            removed = self.env._("taken out: %s", removed)
        return "; ".join(text for text in (used, removed) if text)

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
