# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.aftersales_service.models.repair_order import STEP_FIELDS

STEP_FIELDS.update(
    {"coverage_notes", "coverage_snapshot", "is_coverage_overridden", "warranty_id"}
)

#: What the decision about a repair without claim depends on.
DECIDING_FIELDS = {
    "asset_id",
    "cause_id",
    "claim_line_id",
    "lot_id",
    "partner_id",
    "product_id",
    "service_kind",
}


class RepairOrder(models.Model):
    """A repair without a claim is decided as a claim line is, and priced by it."""

    _inherit = "repair.order"

    coverage_notes = fields.Json(readonly=True, copy=False)
    coverage_snapshot = fields.Json(readonly=True, copy=False)
    is_coverage_overridden = fields.Boolean(readonly=True, copy=False)
    warranty_id = fields.Many2one(
        "aftersales.warranty",
        string="Paid By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The warranty that pays a repair without a claim.",
    )

    # -- what the decision says

    @api.depends("coverage_notes", "coverage_snapshot")
    def _compute_coverage(self):
        return super()._compute_coverage()

    @api.depends("coverage_snapshot")
    def _compute_customer_amount(self):
        return super()._compute_customer_amount()

    def _get_coverage_source(self):
        if self.claim_line_id or not self.coverage_snapshot:
            return super()._get_coverage_source()
        notes = self.coverage_notes or {}
        return {
            "coverage": self.coverage_snapshot["coverage"],
            "note": notes.get(self.env.lang) or next(iter(notes.values()), False),
        }

    def _has_coverage(self):
        return super()._has_coverage() or self._is_decided_here()

    def _is_decided_here(self):
        """Whether warranties price this repair; what is unknown people decide."""
        self.ensure_one()
        decision = self.coverage_snapshot or {}
        return not self.claim_line_id and decision.get("coverage", "unknown") != (
            "unknown"
        )

    def _get_covered_percent(self, component):
        if self._is_decided_here():
            return self.coverage_snapshot["percents"][component]
        return super()._get_covered_percent(component)

    def _get_part_percent(self, product):
        if self._is_decided_here() and not self.is_coverage_overridden:
            return self.env["aftersales.coverage"]._get_part_percent(
                self.coverage_snapshot["parts"], product
            )
        return super()._get_part_percent(product)

    # -- decide

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        repairs._update_coverage()
        return repairs

    def write(self, vals):
        if vals.get("under_warranty") and not self.env.su:
            self._ensure_not_decided()
        result = super().write(vals)
        if DECIDING_FIELDS & vals.keys():
            self._update_coverage()
        return result

    def _ensure_not_decided(self):
        """Raise UserError where the warranties have decided who pays."""
        for repair in self.filtered(lambda r: r._is_decided_here()):
            raise UserError(
                self.env._(
                    "%s: its warranties say who pays. Who decides otherwise says why, "
                    "with “Decide Coverage”.",
                    repair.name,
                )
            )

    def _update_coverage(self):
        """Decide again for open repairs without a claim; what was agreed stays."""
        # The decision follows the facts, whoever enters them.
        repairs = self.sudo().filtered(lambda r: r._is_coverage_open())
        known = repairs.filtered(
            lambda r: r.asset_id and r.service_kind == "corrective"
        )
        decisions = known._decide_coverage()
        changed = known.filtered(lambda r: r.coverage_snapshot != decisions[r])
        installed = self.env["res.lang"].get_installed() if changed else ()
        others = {
            code: changed.with_context(lang=code)._decide_coverage()
            for code, _name in installed
            if code != self.env.lang
        }
        for repair in changed:
            notes = {lang: made[repair]["note"] for lang, made in others.items()}
            repair._write_coverage(decisions[repair], notes)
        (repairs - known).filtered("coverage_snapshot").write(
            {"coverage_snapshot": False, "coverage_notes": False, "warranty_id": False}
        )

    def _is_coverage_open(self):
        self.ensure_one()
        return (
            not self.claim_line_id
            and not self.is_coverage_overridden
            and self.state not in ("done", "cancel")
            and self.quote_state != "approved"
        )

    def _decide_coverage(self):
        """Return {repair: decision}, see aftersales.coverage."""
        decisions = self.env["aftersales.coverage"]._decide(
            [(r.asset_id, r._get_coverage_date(), r.cause_id) for r in self], self
        )
        return dict(zip(self, decisions, strict=True))

    def _write_coverage(self, decision, notes):
        """Keep `decision`, with its reasons in other languages.

        :param notes: {code: text}
        """
        self.ensure_one()
        self.write(
            {
                "coverage_snapshot": decision,
                "coverage_notes": {
                    self.env.lang or "en_US": decision["note"],
                    **notes,
                },
                "warranty_id": decision.get("warranty", False),
            }
        )
        if self.under_warranty and self._is_decided_here():
            # The core's tick would make excluded parts free as well.
            self.under_warranty = False

    # -- decide by hand

    def action_override_coverage(self):
        """Ask a manager for another decision and its reason."""
        self.ensure_one()
        self._ensure_can_override()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide Coverage by Hand"),
            "res_model": "aftersales.claim.line.coverage",
            "view_mode": "form",
            "target": "new",
            "context": {"default_repair_id": self.id},
        }

    def _ensure_can_override(self):
        """Raise for who is no manager, and for what is decided elsewhere or agreed."""
        self.check_access("write")
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(
                self.env._("Only an after-sales manager can decide coverage by hand.")
            )
        for repair in self:
            if repair.claim_line_id:
                raise UserError(self.env._("The coverage is decided on the claim."))
            if repair.state in ("done", "cancel"):
                raise UserError(self.env._("This repair has already ended."))

    def _override_coverage(self, percents, reason):
        """Replace the warranties' decision.

        :param percents: {component: 0..100}
        :param reason: text, kept with the decision
        """
        self.ensure_one()
        lines = self.env["aftersales.claim.line"]
        notes = {
            code: lines.with_context(lang=code)._get_override_note(reason)
            for code, _name in self.env["res.lang"].get_installed()
        }
        note = lines._get_override_note(reason)
        decision = {
            "coverage": lines._get_coverage_of(percents),
            "note": note,
            "percents": percents,
        }
        # Callers make sure that it is a manager's decision.
        repair = self.sudo()
        repair.is_coverage_overridden = True
        repair._write_coverage(decision, notes)
        repair._message_log(body=note)
