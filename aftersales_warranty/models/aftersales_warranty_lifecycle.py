# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..rules.period import end_of_periods


class AftersalesWarranty(models.Model):
    _inherit = "aftersales.warranty"

    def action_activate(self):
        """Give drafts their dates: the warranty starts to run."""
        self._ensure_can("aftersales_service.group_user")
        # Agents register what a customer activates without a right to alter
        # certificates; only the dates that the policy gives are written.
        self.sudo()._action_activate()

    def _action_activate(self):
        for warranty in self.filtered(lambda w: w.state == "draft"):
            start = warranty.date_start or warranty._get_date_start()
            if not start:
                raise UserError(
                    self.env._(
                        "%(warranty)s can't start yet: its date is not known. Enter "
                        "the delivery date of %(asset)s, or the day it starts.",
                        warranty=warranty.name,
                        asset=warranty.asset_id.display_name,
                    )
                )
            warranty.date_start = start
            warranty.state = warranty._get_dated_state()
        self.asset_id._update_coverage()

    def _can_be_registered(self):
        """Whether the customer may still activate this certificate."""
        self.ensure_one()
        if self.state != "draft" or self.terms_id.start_event != "activation":
            return False
        last_day = self._get_registration_end()
        return not last_day or self.company_id._aftersales_today() <= last_day

    def _get_registration_end(self):
        """The last day on which the customer may activate it, or False."""
        self.ensure_one()
        terms, delivered = self.terms_id, self.asset_id.delivery_date
        days = terms.start_event == "activation" and terms.registration_days
        return bool(days and delivered) and delivered + timedelta(days=days)

    def _action_register(self):
        """Start a warranty that its customer has just asked for.

        Callers make sure that the product is the customer's.

        :raises UserError: when it runs already, or registering is over
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if not self._can_be_registered():
            raise UserError(
                self.env._("This warranty can't be registered any more: ask us.")
            )
        self._action_activate()
        self._log_reason(self.env._("Registered by the customer."))

    def action_void(self, reason):
        """Void certificates, for a reason that stays on them.

        :param reason: sentence that says why
        """
        self._ensure_can("aftersales_service.group_manager")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the certificate is void."))
        # The state is no field to edit: managers reach it by this step, logged.
        self.sudo()._action_void("manual", reason.strip())

    def action_open_void(self):
        """Ask for the reason, then void."""
        self._ensure_can("aftersales_service.group_manager")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void Certificate"),
            "res_model": "aftersales.warranty.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_warranty_ids": self.ids},
        }

    def _action_void(self, origin, reason):
        standing = self.filtered(lambda warranty: warranty.state != "void")
        values = {"state": "void", "void_origin": origin, "void_reason": reason}
        for company, warranties in standing.grouped("company_id").items():
            warranties.write({**values, "void_date": company._aftersales_today()})
        # Before another certificate of the same policy may take its place.
        standing.flush_recordset(["state"])
        standing._log_reason(reason)
        standing.asset_id._update_coverage()

    def _action_restore(self, origin, reason):
        """Put certificates that `origin` had voided in force again, dates untouched."""
        voided = self.filtered(
            lambda warranty: warranty.state == "void" and warranty.void_origin == origin
        )
        for warranty in voided:
            warranty.write(
                {
                    "state": warranty._get_dated_state(),
                    "void_origin": False,
                    "void_reason": False,
                    "void_date": False,
                }
            )
        voided._log_reason(reason)
        voided.asset_id._update_coverage()

    def _log_reason(self, reason):
        self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))

    # -- exchange

    def _carry_over_to(self, asset):
        """Let `asset` have what remains of these certificates, or start anew.

        Certificates whose policy starts anew are left to the delivery of `asset`,
        which has issued its own.
        """
        reason = self.env._("The product was replaced by %s.", asset.display_name)
        carried = self.filtered(lambda warranty: warranty._is_carried())
        own = asset.warranty_ids.filtered(lambda warranty: warranty.state != "void")
        own.filtered(
            lambda warranty: warranty.kind in carried.mapped("kind")
        )._action_void(
            "exchange", self.env._("What remained of the replaced product goes on.")
        )
        copies = {}
        # The earlier ones first: later ones start when they end.
        for warranty in carried.sorted("id"):
            values = warranty._prepare_carried_vals(asset, copies)
            # One and the same sold warranty is never in force twice.
            if not warranty.asset_id._keeps_some_beside(asset):
                warranty._action_void("exchange", reason)
            copies[warranty] = self.create(values)
        gone = self.filtered(lambda w: not w.asset_id._keeps_some_beside(asset))
        gone._action_void("exchange", reason)
        # A replaced product that came back first had been voided as returned.
        gone.filtered(lambda warranty: warranty.void_origin == "return").write(
            {"void_origin": "exchange", "void_reason": reason}
        )
        return self.union(*copies.values())

    def _is_carried(self):
        self.ensure_one()
        was_in_force = self.state in ("active", "expired", "draft") or (
            self.state == "void" and self.void_origin == "return"
        )
        return was_in_force and self.terms_id.exchange_mode != "restart"

    def _prepare_carried_vals(self, asset, copies):
        self.ensure_one()
        state = self._get_dated_state()
        return {
            "asset_id": asset.id,
            "policy_id": self.policy_id.id,
            "terms_id": self.terms_id.id,
            "follows_id": copies.get(self.follows_id, self.browse()).id,
            "origin_id": self.id,
            "sale_line_id": self.sale_line_id.id,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "state": state,
            "extension_ids": [
                (0, 0, values)
                for values in self.extension_ids.copy_data({"warranty_id": False})
            ],
        }

    # -- delivery

    def _follow_delivery_date(self, before):
        """Start with the delivery date of the asset, which has been corrected.

        What was carried over from another product, or has dates that somebody set by
        hand, stays as it is.

        :param before: {asset: its delivery date so far}
        """
        for warranty in self:
            day = end_of_periods(*warranty._get_period()) or False
            if (
                warranty.state == "void"
                or warranty.origin_id
                or warranty.terms_id.start_event != "delivery"
                or warranty.date_start != before[warranty.asset_id]
                or warranty.date_end != day
            ):
                continue
            start = warranty.asset_id.delivery_date
            if not start:
                warranty.state = "draft"
            warranty.date_start = start
            warranty.state = warranty._get_dated_state()
            warranty._log_reason(
                self.env._("The delivery date of the product was corrected.")
            )

    # -- owner

    def _follow_owner(self):
        """Void what does not go with the product to its new owner."""
        personal = self.filtered(lambda w: not w.terms_id.is_transferable)
        personal._action_void(
            "transfer",
            self.env._("The warranty is personal and the product has a new owner."),
        )

    # -- repairs

    def _prolong(self, repair, days):
        """Make these certificates longer by a covered `repair` that took `days`."""
        vals_list = []
        for warranty in self:
            terms = warranty.terms_id
            known = {(one.repair_id, one.kind) for one in warranty.extension_ids}
            kinds = {kind for _repair, kind in known}
            if terms.stops_clock and days and (repair, "stopped") not in known:
                vals_list.append(
                    {"warranty_id": warranty.id, "kind": "stopped", "days": days}
                )
            if terms.repair_extension_months and "repaired" not in kinds:
                vals_list.append(
                    {
                        "warranty_id": warranty.id,
                        "kind": "repaired",
                        "months": terms.repair_extension_months,
                    }
                )
        for vals in vals_list:
            vals["repair_id"] = repair.id
        added = self.env["aftersales.warranty.extension"].create(vals_list)
        for warranty in added.warranty_id:
            if warranty.state == "expired":
                warranty.state = warranty._get_dated_state()
            warranty._log_reason(
                self.env._(
                    "%(repair)s makes the warranty longer: until %(day)s.",
                    repair=repair.name,
                    day=format_date(self.env, warranty.date_end),
                )
            )
        added.warranty_id.asset_id._update_coverage()
        return added
