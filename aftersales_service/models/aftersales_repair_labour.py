# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AftersalesRepairLabour(models.Model):
    _name = "aftersales.repair.labour"
    _description = "Repair Labour"
    _inherit = ["aftersales.repair.entry.mixin"]
    _order = "date, id"
    _check_company_auto = True

    _history_fields = frozenset(
        {"repair_id", "technician_id", "date", "hours", "product_id"}
    )
    # The discount of an order line follows from the labour it is linked with.
    _following_fields = frozenset({"cost", "price", "sale_line_id", "started_on"})

    currency_id = fields.Many2one(related="company_id.currency_id")
    technician_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._aftersales_today()
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service",
        required=True,
        check_company=True,
        domain=[("type", "=", "service")],
        default=lambda self: self._default_product_id(),
    )
    name = fields.Char(string="Description")
    hours = fields.Float(required=True, default=1.0)
    cost = fields.Monetary(compute="_compute_amounts", store=True)
    price = fields.Monetary(
        compute="_compute_amounts",
        store=True,
        help="What the work is worth before the warranty is taken off.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", readonly=True, copy=False, index="btree_not_null"
    )

    started_on = fields.Datetime(
        string="Running Since",
        readonly=True,
        copy=False,
        help="While the technician's clock runs.",
    )

    _hours_positive = models.Constraint(
        "CHECK (hours <= 24 AND (hours > 0 OR hours = 0 AND started_on IS NOT NULL))",
        "The hours of one entry lie between 0 and 24.",
    )
    # Two tabs never start two clocks.
    _one_clock = models.UniqueIndex(
        "(technician_id) WHERE started_on IS NOT NULL",
        "Your clock is running already.",
    )

    def _default_product_id(self):
        return self.env["product.product"].search(
            [("type", "=", "service"), ("aftersales_is_labour", "=", True)], limit=1
        )

    @api.depends("hours", "product_id", "company_id")
    def _compute_amounts(self):
        for labour in self:
            # Technicians may not read costs: only the product of both is kept.
            product = labour.product_id.sudo().with_company(labour.company_id)
            labour.cost = labour.hours * product.standard_price
            labour.price = labour.hours * product.list_price

    @api.constrains("date", "repair_id")
    def _check_date(self):
        for labour in self:
            if labour.date > labour.company_id._aftersales_today():
                raise ValidationError(
                    self.env._("Work can't be entered for a day that has not come yet.")
                )
            # Only compared: the product may be out of the user's reach.
            labour.sudo().repair_id._ensure_not_before_sale(labour.date)

    @api.model_create_multi
    def create(self, vals_list):
        labour = super().create(vals_list)
        labour.repair_id._sync_quote()
        return labour

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"repair_id", "hours", "product_id"}:
            self.repair_id._sync_quote()
        return result

    # -- the technician's clock

    def _start_clock(self, repair):
        """Start to count the user's time on `repair`; other clocks of theirs stop."""
        running = self._get_running(self.env.user)
        if running.repair_id == repair:
            return
        running._stop_clock()
        # Callers have checked that the user may work on the repair.
        self.sudo().create(
            {
                "repair_id": repair.id,
                "technician_id": self.env.uid,
                "date": repair.company_id._aftersales_today(),
                "hours": 0.0,
                "started_on": fields.Datetime.now(),
            }
        )

    @api.model
    def _get_running(self, user):
        # The user's own clock, on whatever repair they left it running.
        return self.sudo().search(
            [("technician_id", "=", user.id), ("started_on", "!=", False)]
        )

    def _stop_clock(self):
        """Book the time since the clocks started; a forgotten one counts a day."""
        # Stopped by whoever runs it, or by who ends the repair.
        for labour in self.sudo().filtered("started_on"):
            labour.lock_for_update()
            elapsed = fields.Datetime.now() - labour.started_on
            hours = labour.hours + max(elapsed.total_seconds(), 60) / 3600
            labour.write({"hours": min(hours, 24.0), "started_on": False})
            # Before another one starts.
            labour.flush_recordset(["hours", "started_on"])
