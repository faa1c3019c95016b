# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError


class AftersalesChecklist(models.Model):
    _name = "aftersales.checklist"
    _inherit = "aftersales.text.mixin"
    _description = "Checklist of Repairs"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    service_kind = fields.Selection(
        selection=lambda self: self.env["repair.order"]
        ._fields["service_kind"]
        ._description_selection(self.env),
        help="Empty: every kind of service.",
    )
    category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Empty: every product. Categories below one of these count too.",
    )
    line_ids = fields.One2many("aftersales.checklist.line", "checklist_id", copy=True)

    def _applies_to(self, repair):
        self.ensure_one()
        path = (repair.product_id.categ_id.parent_path or "").split("/")
        return (
            self.service_kind in (False, repair.service_kind)
            and self.company_id.id in (False, repair.company_id.id)
            and (
                not self.category_ids
                or any(str(category.id) in path for category in self.category_ids)
            )
        )


class AftersalesChecklistLine(models.Model):
    _name = "aftersales.checklist.line"
    _inherit = "aftersales.text.mixin"
    _description = "Check of a Checklist"
    _order = "sequence, id"

    checklist_id = fields.Many2one(
        "aftersales.checklist", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Check", required=True, translate=True)
    is_required = fields.Boolean(
        string="Required", default=True, help="The repair can't end without it."
    )


class AftersalesRepairCheck(models.Model):
    _name = "aftersales.repair.check"
    _description = "Check of a Repair"
    _inherit = ["aftersales.repair.entry.mixin"]
    _order = "sequence, id"

    _following_fields = frozenset({"checked_by_id", "checked_on"})

    sequence = fields.Integer(default=10)
    name = fields.Char(string="Check", required=True, translate=True)
    is_required = fields.Boolean(string="Required")
    result = fields.Selection(
        [("ok", "OK"), ("not_ok", "Not OK"), ("na", "Does Not Apply")]
    )
    note = fields.Char()
    checked_by_id = fields.Many2one("res.users", readonly=True)
    checked_on = fields.Datetime(readonly=True)

    def _translate(self, lines):
        """Take over the names, in all languages, of the checklist `lines`, one a check.

        Technician and customer read the same check each in their own.
        """
        for line in set(lines):
            checks = self.browse(
                check.id for check, own in zip(self, lines, strict=True) if own == line
            )
            for lang, _name in self.env["res.lang"].get_installed():
                name = line.with_context(lang=lang).name
                checks.with_context(lang=lang).write({"name": name})

    def write(self, vals):
        result = super().write(vals)
        if "result" in vals:
            # Who made the check is who was allowed to write its result.
            self.sudo().write(
                {
                    "checked_by_id": vals["result"] and self.env.uid,
                    "checked_on": vals["result"] and fields.Datetime.now(),
                }
            )
        return result


class RepairOrder(models.Model):
    _inherit = "repair.order"

    check_ids = fields.One2many("aftersales.repair.check", "repair_id", copy=False)

    def _action_repair_confirm(self):
        result = super()._action_repair_confirm()
        self._fill_checklist()
        return result

    def _fill_checklist(self):
        """Give repairs without checks those of their kind and product category."""
        # Callers have checked the right to work on these repairs.
        repairs = self.sudo().filtered(lambda r: not r.check_ids)
        checklists = self.env["aftersales.checklist"].sudo().search([], limit=500)
        wanted = [
            (repair, sequence, line)
            for repair in repairs
            for sequence, line in enumerate(
                checklists.filtered(
                    lambda c, repair=repair: c._applies_to(repair)
                ).line_ids
            )
        ]
        checks = self.env["aftersales.repair.check"].sudo()
        checks = checks.create(
            [
                {
                    "repair_id": repair.id,
                    "sequence": sequence,
                    "name": line.name,
                    "is_required": line.is_required,
                }
                for repair, sequence, line in wanted
            ]
        )
        checks._translate([line for _repair, _sequence, line in wanted])

    def _ensure_checked(self):
        """Raise UserError for required checks that nobody has made."""
        # Whoever ends the repair sees its checks.
        missing = self.sudo().check_ids.filtered(
            lambda check: check.is_required and not check.result
        )
        if missing:
            raise UserError(
                self.env._(
                    "Still to check: %(checks)s.",
                    checks=", ".join(missing.mapped("name")),
                )
            )

    def action_repair_done(self):
        self._ensure_checked()
        return super().action_repair_done()
