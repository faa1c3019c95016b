# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..rules import allocation, remedy_state
from ..rules.claimed_quantity import FINAL_REMEDIES
from .aftersales_claim_line import FIXED_FIELDS

FIXED_FIELDS.update(
    {"accepted_quantity", "received_quantity", "refused_quantity", "return_state"}
)


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    return_state = fields.Selection(
        [
            ("none", "No Return"),
            ("awaited", "Awaited"),
            ("received", "To Inspect"),
            ("accepted", "Accepted"),
            ("partial", "Accepted in Part"),
            ("refused", "Refused"),
        ],
        string="Return",
        compute="_compute_return_state",
        store=True,
        index=True,
    )
    received_quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_return_state",
        store=True,
        help="What came back, in the product's unit.",
    )
    accepted_quantity = fields.Float(digits="Product Unit", readonly=True, copy=False)
    refused_quantity = fields.Float(digits="Product Unit", readonly=True, copy=False)
    return_override_reason = fields.Char(
        string="Accepted All the Same",
        copy=False,
        tracking=True,
        help="Why a manager allows a return that the return policy refuses.",
    )

    @api.depends(
        "accepted_quantity",
        "move_ids.quantity",
        "move_ids.state",
        "refused_quantity",
        "remedy",
    )
    def _compute_return_state(self):
        for line in self:
            returns = line.move_ids.filtered(
                lambda m: m.state != "cancel" and m._is_aftersales_return()
            )
            done = returns.filtered(lambda m: m.state == "done")
            line.received_quantity = line._sum_goods(done)
            line.return_state = line._get_return_state(bool(returns - done))

    def _get_return_state(self, is_awaited):
        uom = self.product_id.uom_id
        inspected = self.accepted_quantity + self.refused_quantity
        if self.remedy not in FINAL_REMEDIES:
            return "none"
        if self.received_quantity and uom.compare(self.received_quantity, inspected):
            return "received"
        if is_awaited:
            return "awaited"
        if not self.received_quantity:
            return "none"
        if not self.refused_quantity:
            return "accepted"
        return "partial" if self.accepted_quantity else "refused"

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name == "return_override_reason"
            and not self.env.su
            and not self.env.user.has_group("aftersales_service.group_manager")
        ):
            return False
        return super()._has_field_access(field, operation)

    # -- quantities

    def _get_product_quantity(self):
        """The claimed quantity in the product's own unit."""
        self.ensure_one()
        return self.uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _get_live_moves(self):
        return self.move_ids.filtered(lambda m: m.state != "cancel")

    def _is_return_expected(self):
        """Whether the goods are to come back, or came back."""
        self.ensure_one()
        return any(m._is_aftersales_return() for m in self._get_live_moves())

    def _get_returned_quantity(self):
        """What came back and was not sent to the customer again."""
        self.ensure_one()
        done = self.move_ids.filtered(lambda m: m.state == "done")
        came = done.filtered(lambda m: m._is_aftersales_return())
        again = done.filtered(lambda m: m._is_aftersales_send_back())
        return self._sum_goods(came) - self._sum_goods(again)

    def _sum_goods(self, moves):
        """How much of the claimed product `moves` hold, in its unit. To be extended."""
        return sum(move._get_aftersales_quantity() for move in moves)

    def _get_return_sources(self):
        """Where the claimed goods may come back from.

        :return: [(done delivery move, quantity in the product's unit that the
            customer still has of it)]
        """
        self.ensure_one()
        moves = self.asset_id.move_id or self._search_deliveries()
        return [(move, self._get_returnable_quantity(move)) for move in moves]

    def _search_deliveries(self):
        """Deliveries of the product to the customer, the latest first."""
        customer = self.claim_id.partner_id.commercial_partner_id
        if self.asset_id or not customer:
            return self.env["stock.move"]
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
                ("location_id.usage", "!=", "customer"),
                ("picking_id.partner_id", "child_of", customer.id),
            ],
            order="date desc, id desc",
        )
        return moves.filtered(
            lambda m: not self.lot_id or self.lot_id in m.move_line_ids.lot_id
        )

    def _get_returnable_quantity(self, move):
        """What was delivered by `move` less what came or is coming back of it."""
        quantity = self._count_goods(move)
        for back in move.returned_move_ids.filtered(lambda m: m.state != "cancel"):
            quantity -= self._count_goods(back)
            quantity += sum(
                self._count_goods(again)
                for again in back.returned_move_ids
                if again.state == "done" and again._is_aftersales_send_back()
            )
        return quantity

    def _count_goods(self, move):
        """The quantity of `move`, or of this line's serial in it."""
        if self.lot_id and move.move_line_ids:
            return sum(
                move.move_line_ids.filtered(lambda ml: ml.lot_id == self.lot_id).mapped(
                    "quantity_product_uom"
                )
            )
        return move._get_aftersales_quantity()

    def _allocate_return(self, quantity):
        """Spread `quantity` (product's unit) over the deliveries it came by.

        :return: [(delivery move, quantity)]
        :raises UserError: when the customer does not have that much
        """
        self.ensure_one()
        sources = self._get_return_sources()
        if not sources:
            raise UserError(
                self.env._(
                    "No delivery of “%s” to this customer is known, so it can't be "
                    "returned. Choose the asset first.",
                    self.display_name,
                )
            )
        uom = self.product_id.uom_id
        taken, missing = allocation.allocate(quantity, sources, uom.rounding)
        if missing:
            raise UserError(
                self.env._(
                    "%(missing)g %(unit)s more of “%(line)s” would come back than the "
                    "customer has. Look at the returns of %(deliveries)s.",
                    missing=missing,
                    unit=uom.name,
                    line=self.display_name,
                    deliveries=", ".join(
                        sorted({move.picking_id.name or "–" for move, _q in sources})
                    ),
                )
            )
        return taken

    # -- asking the goods back

    def action_create_return(self):
        """Decide refund for lines in diagnosis, and ask the goods back.

        Lines to be replaced or refunded whose return was cancelled get a new one.

        :raises UserError: when the return policy, an earlier return or the state of
            a line stands against it
        """
        self._ensure_is_agent()
        self._ensure_return_policy()
        undecided = self.filtered(lambda line: line.state == "draft")
        undecided._start_remedy("refund")
        # Whoever decides sees no stock: what came back is a fact all the same.
        came_back = undecided.sudo()._adopt_earlier_returns()
        (self - came_back)._create_returns()
        return True

    def _get_return_policy_objection(self):
        """Why the goods may not be sent back, in words, or False. To be extended."""
        self.ensure_one()
        return False

    def _ensure_return_policy(self):
        for line in self.filtered(lambda line: not line.return_override_reason):
            objection = line._get_return_policy_objection()
            if objection:
                raise UserError(
                    self.env._(
                        "%(objection)s A manager can accept the return all the same, "
                        "with a reason.",
                        objection=objection,
                    )
                )

    def _lock_documents(self):
        """Lock the lines before documents are made for them, and read them anew."""
        self.lock_for_update()
        self.env.flush_all()
        self.invalidate_recordset()
        self._take_turn()

    def _create_returns(self):
        """Make the returns of lines that wait for none, one for each delivery."""
        self._lock_documents()
        # Agents need no stock rights: drafts are made that the warehouse validates.
        lines = self.sudo()
        lines._ensure_can_return()
        plan = defaultdict(list)
        for line in lines:
            quantity = line._get_product_quantity() - line._get_returned_quantity()
            for move, part in line._allocate_return(quantity):
                plan[move.picking_id].append((line, move, part))
        pickings = lines._make_returns(plan)
        for claim_lines in lines.grouped("claim_id").values():
            claim_lines._send_return_instructions(
                pickings & claim_lines.move_ids.picking_id
            )
        lines._start_claims()
        return pickings

    def _ensure_customer_is_active(self):
        """Raise UserError for lines whose customer is not dealt with any more."""
        archived = self.claim_id.partner_id.filtered(
            lambda p: not (p.active and p.commercial_partner_id.active)
        )
        if archived:
            raise UserError(
                self.env._(
                    "%s is archived: no document can be made.",
                    archived[0].display_name,
                )
            )

    def _ensure_can_return(self):
        self._ensure_claim_is_open()
        self._ensure_customer_is_active()
        for line in self:
            if (
                line.remedy not in FINAL_REMEDIES
                or line.state not in ("decided", "in_progress")
                or line.return_state != "none"
                or line.refund_ids.filtered(lambda m: m.state != "cancel")
            ):
                raise UserError(
                    self.env._(
                        "“%s” has a return or a refund already.", line.display_name
                    )
                )

    def _make_returns(self, plan):
        """Return pickings through the core's wizard.

        :param plan: {done picking: [(claim line, done move, quantity)]}
        :return: the new pickings
        """
        pickings = self.env["stock.picking"]
        for picking, parts in plan.items():
            wizard = (
                self.env["stock.return.picking"]
                .with_company(picking.company_id)
                .create(
                    {
                        "picking_id": picking.id,
                        "product_return_moves": [
                            Command.create(line._prepare_return_line(move, part))
                            for line, move, part in parts
                        ],
                    }
                )
            )
            back = wizard._create_return()
            for move in back.move_ids:
                line = move.aftersales_claim_line_id
                move.aftersales_request_key = line._get_request_key(move)
                move._set_aftersales_lot(line.lot_id)
            # The customer was asked to write it on the parcel.
            names = sorted(back.move_ids.aftersales_claim_id.mapped("name"))
            back.origin = ", ".join(filter(None, [back.origin, *names]))
            back.message_post_with_source(
                "mail.message_origin_link",
                render_values={
                    "self": back,
                    "origin": back.move_ids.aftersales_claim_id[:1],
                },
                subtype_xmlid="mail.mt_note",
            )
            pickings |= back
        return pickings

    def _prepare_return_line(self, move, quantity):
        return {
            "move_id": move.id,
            "product_id": move.product_id.id,
            "quantity": quantity,
            # Of what is replaced the order stays delivered.
            "to_refund": self.remedy == "refund",
            "aftersales_claim_line_id": self.id,
        }

    def _get_request_key(self, move):
        """Equal for two requests of the same goods at the same time."""
        done = self.accepted_quantity + self.refused_quantity
        return f"{self.id}-{move.origin_returned_move_id.id}-{done:g}"

    def _send_return_instructions(self, pickings):
        """Tell the customer where to send what, with the label if there is one."""
        claim = self.claim_id
        template = self.env.ref(
            "aftersales_service.mail_template_return_instructions",
            raise_if_not_found=False,
        )
        if not template or not claim.partner_id.email:
            return
        # The company writes, whoever decided.
        claim.with_user(SUPERUSER_ID).with_context(
            aftersales_return_picking_ids=pickings.ids
        ).message_post_with_source(
            template,
            **claim.company_id._get_aftersales_author(),
            partner_ids=claim.partner_id.ids,
            attachment_ids=self._get_return_labels(pickings).ids,
            email_layout_xmlid="mail.mail_notification_light",
            message_type="auto_comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_return_labels(self, pickings):
        """Labels (ir.attachment) of the carrier for `pickings`. To be extended."""
        return self.env["ir.attachment"]

    # -- following the documents

    def _is_waiting_for(self, move):
        """Whether `move`, a return made without the claim, brings this line's goods."""
        self.ensure_one()
        return (
            self.asset_id.move_id == move.origin_returned_move_id
            and (not self.lot_id or self.lot_id in move.move_line_ids.lot_id)
            and self.product_id.uom_id.compare(
                self._get_product_quantity(), self.received_quantity
            )
            > 0
        )

    def _adopt_return(self, move):
        """Take `move`, done without the claim, instead of the return waited for."""
        self.ensure_one()
        move.write(
            {
                "aftersales_claim_line_id": self.id,
                "aftersales_is_exchange": self.remedy == "replace",
            }
        )
        if self.remedy == "replace" and move.to_refund:
            # Of what is replaced the order stays delivered.
            move.to_refund = False
            move.modified(["quantity"])
        missing = move._get_aftersales_quantity()
        uom = self.product_id.uom_id
        for pending in self._get_live_moves().filtered(
            lambda m: m.state != "done" and m._is_aftersales_return()
        ):
            part = min(missing, pending.product_qty)
            if uom.compare(part, pending.product_qty) >= 0:
                pending._action_cancel()
            else:
                pending.product_uom_qty -= uom._compute_quantity(
                    part, pending.product_uom
                )
            missing -= part

    def _sync_with_documents(self):
        """Let the lines follow their returns, refunds and deliveries."""
        for line in self.filtered(lambda line: line.remedy in FINAL_REMEDIES):
            if line.state not in ("decided", "in_progress", "done"):
                continue
            state = line._get_followed_state()
            if state == "draft":
                line.write({"state": "draft", "remedy": False})
            elif state != line.state:
                line.state = state
            if state == "done" and line.return_state == "refused":
                # Nothing was given: that is what the customer and the reports see.
                line.remedy = "reject"

    def _get_followed_state(self):
        """The state that follows from the documents of the line."""
        self.ensure_one()
        pending = self._get_live_moves().filtered(
            lambda m: m.state != "done"
            and (m._is_aftersales_return() or m._is_aftersales_send_back())
        )
        return remedy_state.followed_state(
            not pending and self.return_state != "received",
            self._get_due_quantity(),
            self._get_given_quantity(),
            self.received_quantity,
            self._has_live_documents(),
        )

    def _get_due_quantity(self):
        """For how much the customer is to get something, in the product's unit."""
        self.ensure_one()
        if self._is_return_expected():
            return self.accepted_quantity
        return self._get_product_quantity()

    def _get_given_quantity(self):
        """For how much the customer has got something, in the product's unit."""
        self.ensure_one()
        return 0.0

    def _has_live_documents(self):
        self.ensure_one()
        return bool(self._get_live_moves())

    def _get_documents_objection(self):
        """Why a decision can't be taken back any more, or False."""
        objection = super()._get_documents_objection()
        moved = self.move_ids.filtered(lambda m: m.state == "done")
        if not objection and self.remedy in FINAL_REMEDIES and moved:
            objection = self.env._(
                "The goods have been moved: it can't be taken back any more."
            )
        return objection

    def _cancel_documents(self):
        result = super()._cancel_documents()
        moves = self.move_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        moves._action_cancel()
        return result
