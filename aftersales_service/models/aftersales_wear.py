# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..rules import failure as rule

_logger = logging.getLogger(__name__)

#: What is due later than that is not listed yet.
HORIZON_DAYS = 183
BATCH_SIZE = 1000
#: A part that fails so often in one batch is left out of the rest of it.
MAX_FAILED = 5


class AftersalesWear(models.Model):
    """A wear part of a customer's product that is due soon. Listed anew every night."""

    _name = "aftersales.wear"
    _description = "Wear Part Due"
    _order = "due_date, id"
    _rec_name = "part_id"

    asset_id = fields.Many2one(
        "aftersales.asset", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="asset_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="asset_id.partner_id", string="Customer", store=True, precompute=True
    )
    product_id = fields.Many2one(
        related="asset_id.product_id", store=True, index=True, precompute=True
    )
    spare_part_id = fields.Many2one(
        "aftersales.spare.part",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    part_id = fields.Many2one(
        related="spare_part_id.product_id", store=True, index=True, precompute=True
    )
    quantity = fields.Float(readonly=True, digits="Product Unit")
    fitted_date = fields.Date(string="Fitted On", readonly=True)
    due_date = fields.Date(string="Due", required=True, readonly=True, index=True)
    reason = fields.Selection([("age", "Age"), ("usage", "Usage")], readonly=True)
    next_visit_date = fields.Date(compute="_compute_next_visit_date")
    is_after_due = fields.Boolean(compute="_compute_next_visit_date")

    _once = models.UniqueIndex(
        "(asset_id, spare_part_id)", "This part of the product is listed already."
    )

    @api.depends("asset_id", "due_date")
    def _compute_next_visit_date(self):
        dates = self.asset_id._get_next_visit_dates()
        for wear in self:
            visit = dates.get(wear.asset_id, False)
            wear.next_visit_date = visit
            wear.is_after_due = not visit or visit > wear.due_date

    # -- listing

    @api.model
    def _cron_refresh(self, batch_size=BATCH_SIZE):
        """List what wears out soon, a batch of products in a transaction.

        One round over all parts: a run that is broken off is followed by one that goes
        on where it stopped.
        """
        progress = self.env["ir.cron"]
        spares = self.env["aftersales.spare.part"].search(
            self._get_spares_domain() & Domain("is_wear_listed", "=", False), order="id"
        )
        progress._commit_progress(remaining=len(spares))
        self._drop_gone()
        for spare in spares:
            if not self._list_spare(spare, batch_size):
                break
        # Also when there was just time for the last one.
        if all(spares.mapped("is_wear_listed")):
            self.env["aftersales.spare.part"].search(
                [("is_wear_listed", "=", True)]
            ).is_wear_listed = False

    @api.model
    def _list_spare(self, spare, batch_size):
        """List one part in all products; False when there is no time for more."""
        progress = self.env["ir.cron"]
        domain = self._get_assets_domain(spare)
        assets = self.env["aftersales.asset"]
        while batch := assets.search(
            domain & Domain("id", ">", spare.wear_position),
            order="id",
            limit=batch_size,
        ):
            self._try_list(spare, batch)
            spare.wear_position = batch[-1:].id
            if not progress._commit_progress():
                return False
        spare.write({"wear_position": 0, "is_wear_listed": True})
        return bool(progress._commit_progress(1))

    @api.model
    def _get_spares_domain(self):
        return Domain("is_wear", "=", True) & (
            Domain("life_months", ">", 0)
            | Domain("life_usage", ">", 0) & Domain("counter_id", "!=", False)
        )

    @api.model
    def _get_assets_domain(self, spare):
        """The products in service whose part may be due, or is listed."""
        domain = (
            Domain("product_id.product_tmpl_id", "=", spare.product_tmpl_id.id)
            & Domain("state", "=", "in_service")
            & Domain("delivery_date", "!=", False)
        )
        if spare.company_id:
            domain &= Domain("company_id", "=", spare.company_id.id)
        due = Domain("wear_ids.spare_part_id", "=", spare.id)
        if spare.life_months:
            due |= self._get_aged_domain(spare)
        if spare.life_usage and spare.counter_id:
            due |= Domain(
                "reading_ids",
                "any",
                [("counter_id", "=", spare.counter_id.id), ("state", "=", "counted")],
            )
        return domain & due

    @api.model
    def _get_aged_domain(self, spare):
        """What was delivered so long ago that it is due, and had no new part since."""
        until = fields.Date.today() + timedelta(days=HORIZON_DAYS + 1)
        start = fields.Date.subtract(until, months=spare.life_months)
        changed = Domain("state", "=", "done") & Domain("done_date", ">", start)
        changed &= Domain(
            "move_ids",
            "any",
            [
                ("state", "=", "done"),
                ("repair_line_type", "=", "add"),
                ("product_id", "in", (spare.product_id | spare.substitute_id).ids),
            ],
        )
        return Domain("delivery_date", "<=", start) & Domain(
            "repair_ids", "not any", changed
        )

    @api.model
    def _drop_gone(self):
        """Forget products that are no longer in service, and parts that do not wear."""
        gone = (
            Domain("asset_id.state", "!=", "in_service")
            | Domain("asset_id.active", "=", False)
            | Domain("spare_part_id", "not any", self._get_spares_domain())
        )
        self.search(gone).unlink()

    @api.model
    def _try_list(self, spare, assets):
        """List a batch; what can't be is found by halves, and stops no other."""
        waiting, failed = [assets], 0
        while waiting:
            batch = waiting.pop()
            try:
                with self.env.cr.savepoint():
                    self._list(spare, batch)
            except OperationalError:
                raise
            except Exception:
                half = len(batch) // 2
                if half:
                    waiting += [batch[half:], batch[:half]]
                    continue
                _logger.exception("Wear part %s of asset %s", spare.id, batch.id)
                failed += 1
                if failed == MAX_FAILED:
                    # It is the part, not one of its products.
                    return

    @api.model
    def _list(self, spare, assets):
        """Bring the rows of this part and these products up to date."""
        known = self.search(
            [("spare_part_id", "=", spare.id), ("asset_id", "in", assets.ids)]
        ).grouped("asset_id")
        gone, new = self.browse(), []
        rows = {row["asset_id"]: row for row in self._prepare_rows(spare, assets)}
        for asset in assets:
            row, wear = rows.get(asset.id), known.get(asset, self.browse())
            if wear and not row:
                gone |= wear
            elif wear and wear._differs_from(row):
                wear.write(row)
            elif row and not wear:
                new.append(row)
        gone.unlink()
        self.create(new)

    def _differs_from(self, row):
        self.ensure_one()
        shown = self._convert_to_write({name: self[name] for name in row})
        return shown != row

    @api.model
    def _prepare_rows(self, spare, assets):
        fitted = self._get_fitted_dates(spare, assets)
        points = {}
        if spare.life_usage and spare.counter_id:
            points = assets._get_counter_points(spare.counter_id)
        rows = []
        for asset in assets:
            day = fitted.get(asset.id)
            read = points.get(asset, [])
            # A part that came with the product has been used since the beginning.
            before = [total for when, total in read if day and when <= day]
            due, reason = rule.wear_due(
                day or asset.delivery_date,
                spare.life_months,
                (before[-1] if before else None) if day else 0.0,
                spare.life_usage,
                read,
            )
            limit = asset.company_id._aftersales_today() + timedelta(days=HORIZON_DAYS)
            if due and due <= limit:
                rows.append(
                    {
                        "asset_id": asset.id,
                        "spare_part_id": spare.id,
                        "quantity": spare.quantity * asset.quantity,
                        "fitted_date": day or asset.delivery_date,
                        "due_date": due,
                        "reason": reason,
                    }
                )
        return rows

    @api.model
    def _get_fitted_dates(self, spare, assets):
        """{asset id: Date on which the part, or its substitute, was last put in}"""
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT repair.asset_id, MAX(repair.done_date)::date
                      FROM repair_order repair
                      JOIN stock_move move ON move.repair_id = repair.id
                     WHERE repair.asset_id IN %(assets)s AND repair.state = 'done'
                       AND move.state = 'done' AND move.repair_line_type = 'add'
                       AND move.product_id IN %(parts)s
                     GROUP BY repair.asset_id
                    """,
                    assets=tuple(assets.ids),
                    parts=tuple((spare.product_id | spare.substitute_id).ids),
                )
            )
        )

    @api.model
    def _refresh_assets(self, assets):
        """List anew what was due of these products: it may just have been changed."""
        for spare, rows in (
            self.search([("asset_id", "in", assets.ids)])
            .grouped("spare_part_id")
            .items()
        ):
            self._list(spare, rows.asset_id)

    def action_view_asset(self):
        """Open the product whose part is due."""
        self.ensure_one()
        self.check_access("read")
        return self.asset_id._get_records_action()


class AftersalesSparePart(models.Model):
    """How far the parts have been listed in the round of this night."""

    _inherit = "aftersales.spare.part"

    is_wear_listed = fields.Boolean(copy=False, groups=fields.NO_ACCESS)
    wear_position = fields.Integer(copy=False, groups=fields.NO_ACCESS)


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    wear_ids = fields.One2many("aftersales.wear", "asset_id", string="Parts Due")

    def _get_next_visit_dates(self):
        """{asset: Date of its next preventive service}, in one query.

        Those without one to come are not in it. Extended by plans.
        """
        # Whoever sees a product may know when somebody comes for it.
        groups = (
            self.env["repair.order"]
            .sudo()
            ._read_group(
                [
                    ("asset_id", "in", self._origin.ids),
                    ("service_kind", "=", "preventive"),
                    ("state", "in", ("draft", "confirmed", "under_repair")),
                    ("schedule_date", "!=", False),
                ],
                ["asset_id"],
                ["schedule_date:min"],
            )
        )
        return {
            self.browse(asset.id): asset.company_id._aftersales_date(moment)
            for asset, moment in groups
        }


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        # What is due follows from the parts that were put in, whoever did the repair.
        self.env["aftersales.wear"].sudo()._refresh_assets(self.asset_id)
        return result
