# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.exceptions import UserError

from .aftersales_claim import CLOSED_CATEGORIES

#: Remedies that leave nothing behind and can be taken back once done.
REMEDIES_IN_WORDS = ("assist", "reject")


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    def _start_remedy(self, remedy):
        """Lock the lines, check that none has a remedy yet, and note the decision.

        :raises UserError: when somebody decided in the meantime
        """
        self._ensure_is_agent()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._ensure_claim_is_open()
        for line in self:
            if line.state != "draft":
                raise UserError(
                    self.env._(
                        "The remedy of “%(line)s” was decided already.",
                        line=line.display_name,
                    )
                )
            if not line.product_id:
                raise UserError(
                    self.env._("Say first which product the problem is about.")
                )
        # Decided by an agent of the claim, which was checked above.
        self.sudo().write({"remedy": remedy, "state": "decided"})

    def _ensure_claim_is_open(self):
        """Raise UserError for lines of a claim that is solved or cancelled."""
        closed = self.claim_id.filtered(
            lambda claim: claim.stage_category in CLOSED_CATEGORIES
        )
        if closed:
            raise UserError(
                self.env._(
                    "%s is closed: open it again first.",
                    ", ".join(closed.mapped("name")),
                )
            )

    def action_split(self):
        """Ask how much of the quantity gets a line of its own."""
        self.ensure_one()
        self._ensure_is_agent()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split Line"),
            "res_model": "aftersales.claim.line.split",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def _split_quantity(self, quantity):
        """Move `quantity` to a new line in diagnosis.

        :return: the new line
        :raises UserError: when a remedy was decided, or nothing would be left
        """
        self.ensure_one()
        self._ensure_is_agent()
        self.lock_for_update()
        self.invalidate_recordset(["state", "quantity"])
        self._ensure_claim_is_open()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "The remedy of “%(line)s” was decided already.",
                    line=self.display_name,
                )
            )
        uom = self.uom_id
        if uom.compare(quantity, 0.0) <= 0 or uom.compare(quantity, self.quantity) >= 0:
            raise UserError(
                self.env._(
                    "Split off more than nothing and less than %(quantity)g.",
                    quantity=self.quantity,
                )
            )
        self.quantity -= quantity
        return self.copy({"quantity": quantity, "claim_id": self.claim_id.id})

    def action_create_repair(self):
        """Decide repair and make the repair order of each line.

        :return: action that opens the repair orders
        :raises UserError: when a line has its remedy already or no product
        """
        self._start_remedy("repair")
        # Agents need no stock rights: the order is made for them, linked to its line.
        repairs = (
            self.env["repair.order"]
            .sudo()
            .create([line._prepare_repair_vals() for line in self])
        )
        self._start_claims()
        return repairs.sudo(False)._get_records_action(name=self.env._("Repairs"))

    def _prepare_repair_vals(self):
        self.ensure_one()
        place = self._get_goods_location()
        return {
            "claim_line_id": self.id,
            "asset_id": self.asset_id.id,
            "company_id": self.company_id.id,
            "partner_id": self.claim_id.partner_id.id,
            "product_id": self.product_id.id,
            "lot_id": self.lot_id.id,
            "product_qty": self.quantity,
            "product_uom": self.uom_id.id,
            "product_location_src_id": place.id,
            "product_location_dest_id": place.id,
            "user_id": self.claim_id.user_id.id or self.env.uid,
            # Repairs are open to more people than confidential claims.
            "internal_notes": not self.claim_id.is_confidential and self.diagnosis,
        }

    def _get_goods_location(self):
        """Where the goods are: with the customer, until they have been received."""
        self.ensure_one()
        partner = self.claim_id.partner_id.with_company(self.company_id)
        # Agents have no rights in stock: only the place of the goods is looked up.
        return (
            partner.property_stock_customer
            or self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", self.company_id.id)], limit=1)
            .lot_stock_id
        )

    def action_assist(self):
        """Close the line as solved by advice."""
        self._start_remedy("assist")
        # Checked by the step before.
        self.sudo().state = "done"
        return True

    def action_reject(self):
        """Reject the lines; the reason is what the customer reads.

        :raises UserError: without a reason
        """
        if any(not line.reject_reason for line in self):
            raise UserError(
                self.env._("Write the reason first: it is what the customer reads.")
            )
        self._start_remedy("reject")
        # Checked by the step before.
        self.sudo().state = "done"
        return True

    def action_cancel_remedy(self):
        """Take the decision back, while nothing has been done."""
        self._ensure_is_agent()
        self.lock_for_update()
        self.invalidate_recordset(["state", "remedy"])
        self._ensure_claim_is_open()
        for line in self:
            if not line._is_revocable():
                raise UserError(
                    self.env._(
                        "There is no decision about “%(line)s” to take back.",
                        line=line.display_name,
                    )
                )
        # An agent of the claim decides over all its documents, also unseen ones.
        lines = self.sudo()
        for line in lines:
            objection = line._get_documents_objection()
            if objection:
                raise UserError(objection)
        lines._cancel_documents()
        # Checked above.
        lines.write({"state": "draft", "remedy": False})
        return True

    def _is_revocable(self):
        """Whether there is a decision that can be taken back, documents aside."""
        self.ensure_one()
        in_words = self.state == "done" and self.remedy in REMEDIES_IN_WORDS
        return self.state in ("decided", "in_progress") or in_words

    def _get_documents_objection(self):
        """Why the decision can't be taken back any more, in words, or False."""
        self.ensure_one()
        if self.repair_ids.filtered(lambda r: r.state in ("under_repair", "done")):
            return self.env._("The repair has begun: it can't be taken back any more.")
        return False

    def _cancel_documents(self):
        """Cancel what was made for the decision and is not done yet."""
        self.repair_ids.filtered(lambda r: r.state != "cancel").action_repair_cancel()

    def _start_claims(self):
        """Claims that nobody had begun are at work with the first decision."""
        for claim in self.claim_id.filtered(lambda c: c.stage_category == "new"):
            claim.stage_id = claim._get_stage("in_progress")

    def _sync_with_repairs(self):
        """Follow the repair orders: begun, done or cancelled."""
        for line in self.filtered(lambda line: line.remedy == "repair"):
            states = set(line.repair_ids.mapped("state"))
            if "under_repair" in states:
                line.state = "in_progress"
            elif states & {"draft", "confirmed"}:
                line.state = "decided"
            elif "done" in states:
                line.state = "done"
            elif states == {"cancel"}:
                line.write({"state": "draft", "remedy": False})

    def action_view_repairs(self):
        """Open the repair orders of the lines."""
        self.check_access("read")
        return self.repair_ids._get_records_action(name=self.env._("Repairs"))
