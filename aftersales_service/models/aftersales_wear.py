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
        """List what wears out soon, a batch of products in a transaction."""
        self._drop_gone()
        progress = self.env["ir.cron"]
        spares = self.env["aftersales.spare.part"].search(
            self._get_spares_domain(), order="id"
        )
        progress._commit_progress(remaining=len(spares))
        for spare in spares:
            last_id = 0
            domain = self._get_assets_domain(spare)
            assets = self.env["aftersales.asset"]
            while batch := assets.search(
                domain & Domain("id", ">", last_id), order="id", limit=batch_size
            ):
                last_id = batch[-1:].id
                self._try_list(spare, batch)
                if not progress._commit_progress():
                    return
            progress._commit_progress(1)

    @api.model
    def _get_spares_domain(self):
        return Domain("is_wear", "=", True) & (
            Domain("life_months", ">", 0)
            | Domain("life_usage", ">", 0) & Domain("counter_id", "!=", False)
        )

    @api.model
    def _get_assets_domain(self, spare):
        """The products in service that have this part, as far as it can be due."""
        domain = (
            Domain("product_id.product_tmpl_id", "=", spare.product_tmpl_id.id)
            & Domain("state", "=", "in_service")
            & Domain("delivery_date", "!=", False)
        )
        if spare.company_id:
            domain &= Domain("company_id", "=", spare.company_id.id)
        if not spare.life_usage or not spare.counter_id:
            until = fields.Date.today() + timedelta(days=HORIZON_DAYS + 1)
            start = fields.Date.subtract(until, months=spare.life_months)
            domain &= Domain("delivery_date", "<=", start)
        return domain

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
        """List a batch; one that can't be does not stop the others."""
        try:
            with self.env.cr.savepoint():
                self._list(spare, assets)
        except OperationalError:
            raise
        except Exception:
            _logger.exception("Wear part %s of assets from %s", spare.id, assets[:1].id)

    @api.model
    def _list(self, spare, assets):
        """Replace the rows of this part and these products, in a few queries."""
        known = self.search(
            [("spare_part_id", "=", spare.id), ("asset_id", "in", assets.ids)]
        )
        known.unlink()
        self.create(self._prepare_rows(spare, assets))

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
