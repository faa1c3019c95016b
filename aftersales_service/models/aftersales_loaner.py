# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

_logger = logging.getLogger(__name__)

#: What only lending and taking back change.
FIXED_FIELDS = {"date_back", "date_out", "is_reminded", "move_ids", "state"}
OVERDUE_ACTIVITY = "mail.mail_activity_data_todo"


class AftersalesLoaner(models.Model):
    _name = "aftersales.loaner"
    _description = "Unit Lent for the Time of a Repair"
    _inherit = ["aftersales.text.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "due_date, id"
    _check_company_auto = True

    repair_id = fields.Many2one(
        "repair.order", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        related="repair_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(related="repair_id.partner_id", store=True)
    user_id = fields.Many2one(related="repair_id.user_id")
    product_id = fields.Many2one(
        "product.product",
        string="Unit",
        required=True,
        check_company=True,
        domain=[("is_storable", "=", True)],
        tracking=True,
    )
    tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Serial/Lot",
        check_company=True,
        index="btree_not_null",
        domain="[('product_id', '=', product_id)]",
        tracking=True,
    )
    due_date = fields.Date(string="Back By", required=True, tracking=True)
    date_out = fields.Date(string="Lent On", readonly=True, copy=False)
    date_back = fields.Date(string="Came Back On", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "To Lend"), ("lent", "Lent"), ("returned", "Back")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    is_reminded = fields.Boolean(readonly=True, copy=False)
    move_ids = fields.One2many("stock.move", "aftersales_loaner_id", readonly=True)
    note = fields.Char(help="Its condition, what goes with it.")

    # A serial is with one customer at a time.
    _lent_once = models.UniqueIndex(
        "(lot_id) WHERE state = 'lent' AND lot_id IS NOT NULL",
        "This serial is lent already.",
    )

    @api.depends("product_id", "lot_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for loaner in self:
            product = loaner.product_id.with_context(display_default_code=False)
            parts = (product.display_name, loaner.lot_id.name)
            loaner.display_name = " · ".join(part for part in parts if part)

    @api.depends("state", "due_date")
    def _compute_is_late(self):
        for loaner in self:
            today = (loaner.company_id or self.env.company)._aftersales_today()
            due = loaner.due_date
            loaner.is_late = bool(loaner.state == "lent" and due and due < today)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._aftersales_today()
        late = Domain("state", "=", "lent") & Domain("due_date", "<", today)
        return late if True in value else ~late

    @api.constrains("due_date")
    def _check_due_date(self):
        for loaner in self:
            start = loaner.date_out or loaner.company_id._aftersales_today()
            if loaner.state != "returned" and loaner.due_date < start:
                raise ValidationError(
                    self.env._("The unit can't be due back before it is lent.")
                )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in FIXED_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        if {"product_id", "lot_id", "repair_id"} & vals.keys():
            self._unlink_except_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if self.filtered(lambda loaner: loaner.state != "draft"):
            raise UserError(self.env._("What was lent is part of the history."))

    # -- lend and take back

    def action_lend(self):
        """Hand the unit out: it moves from stock to the lent goods.

        :raises UserError: when it is lent already or not in stock
        """
        for loaner in self._start_step("draft"):
            loaner._check_in_stock()
            loaner._move("out")
            loaner.write(
                {"state": "lent", "date_out": loaner.company_id._aftersales_today()}
            )
        return True

    def action_take_back(self):
        """The unit is back: it moves from the lent goods to stock."""
        for loaner in self._start_step("lent"):
            loaner._move("back")
            loaner.write(
                {
                    "state": "returned",
                    "date_back": loaner.company_id._aftersales_today(),
                }
            )
            loaner.activity_unlink([OVERDUE_ACTIVITY])
        return True

    def _start_step(self, state):
        """The loaners in `state`, locked, with the rights that stock asks for.

        Lending is decided by the rights on the loaner; nobody needs stock rights.
        """
        self.check_access("write")
        loaners = self.sudo()
        loaners.lock_for_update()
        loaners.invalidate_recordset(["state"])
        if loaners.filtered(lambda loaner: loaner.state != state):
            raise UserError(self.env._("This unit was lent or came back meanwhile."))
        return loaners

    def _check_in_stock(self):
        self.ensure_one()
        if self.product_id.tracking != "none" and not self.lot_id:
            raise UserError(self.env._("Choose which serial is lent."))
        available = self.env["stock.quant"]._get_available_quantity(
            self.product_id, self._get_stock_location(), lot_id=self.lot_id or None
        )
        if self.product_id.uom_id.compare(available, 1.0) < 0:
            raise UserError(
                self.env._(
                    "“%(unit)s” is not in stock at %(place)s.",
                    unit=self.display_name,
                    place=self._get_stock_location().display_name,
                )
            )

    def _get_stock_location(self):
        return self.repair_id.picking_type_id.warehouse_id.lot_stock_id

    def _move(self, direction):
        warehouse = self.repair_id.picking_type_id.warehouse_id
        places = [warehouse.lot_stock_id, warehouse._get_aftersales_loan_location()]
        source, destination = places if direction == "out" else reversed(places)
        move = self.env["stock.move"].create(
            {
                "product_id": self.product_id.id,
                "product_uom_qty": 1.0,
                "product_uom": self.product_id.uom_id.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "origin": self.repair_id.name,
                "aftersales_loaner_id": self.id,
                "picked": True,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product_id.id,
                            "lot_id": self.lot_id.id,
                            "quantity": 1.0,
                            "product_uom_id": self.product_id.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                            "company_id": self.company_id.id,
                        }
                    )
                ],
            }
        )
        move._action_done()

    # -- reminders

    @api.model
    def _get_remind_domain(self):
        tomorrow = fields.Date.add(fields.Date.context_today(self), days=1)
        return (
            Domain("state", "=", "lent")
            & Domain("is_reminded", "=", False)
            & Domain("due_date", "<=", tomorrow)
        )

    @api.model
    def _cron_remind(self):
        """Remind once, the day before a lent unit is due, and ask to follow it up.

        Each loaner is locked, reminded and committed by itself: one that fails is
        logged and the others go on.
        """
        domain = self._get_remind_domain()
        due = self.search(domain)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for loaner in due:
            loaner = loaner.try_lock_for_update().filtered_domain(domain)
            try:
                with self.env.cr.savepoint():
                    loaner._remind()
            except Exception:
                _logger.exception("No reminder of loaner %s", loaner.id)
            if not cron._commit_progress(1):
                break

    def _remind(self):
        template = self.env.ref("aftersales_service.mail_template_loaner_due")
        for loaner in self:
            template.send_mail(loaner.id)
            colleague = loaner.user_id or loaner.create_uid
            translated = loaner.with_context(lang=colleague.lang)
            loaner.activity_schedule(
                OVERDUE_ACTIVITY,
                loaner.due_date,
                summary=translated.env._("Get back “%s”", translated.display_name),
                user_id=colleague.id,
            )
            loaner.is_reminded = True


class StockMove(models.Model):
    _inherit = "stock.move"

    aftersales_loaner_id = fields.Many2one(
        "aftersales.loaner", index="btree_not_null", readonly=True, copy=False
    )


class RepairOrder(models.Model):
    _inherit = "repair.order"

    loaner_ids = fields.One2many("aftersales.loaner", "repair_id", copy=False)
    loaner_count = fields.Integer(compute="_compute_loaner_count")

    @api.depends("loaner_ids.state")
    def _compute_loaner_count(self):
        for repair in self:
            repair.loaner_count = len(
                repair.loaner_ids.filtered(lambda loaner: loaner.state == "lent")
            )

    def action_lend_unit(self):
        """Open the units lent for this repair, to lend one or take it back."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lent Units"),
            "res_model": "aftersales.loaner",
            "view_mode": "list,form" if self.loaner_ids else "form,list",
            "domain": [("repair_id", "=", self.id)],
            "context": {"default_repair_id": self.id},
        }
