# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import counter as rule


class AftersalesAsset(models.Model):
    """How much the product was used, and when it will have been used so much."""

    _inherit = "aftersales.asset"

    reading_ids = fields.One2many("aftersales.reading", "asset_id", string="Readings")
    reading_count = fields.Integer(compute="_compute_reading_count")
    questioned_reading_count = fields.Integer(compute="_compute_reading_count")
    counter_ids = fields.Many2many(
        "aftersales.counter",
        compute="_compute_counter_ids",
        compute_sudo=True,
        string="Usage Counters",
    )

    @api.depends("reading_ids.state")
    def _compute_reading_count(self):
        counts = defaultdict(int)
        groups = self.env["aftersales.reading"]._read_group(
            [("asset_id", "in", self.ids)], ["asset_id", "state"], ["__count"]
        )
        for asset, state, count in groups:
            counts[asset, state] = count
            counts[asset] += count
        for asset in self:
            asset.reading_count = counts[asset]
            asset.questioned_reading_count = counts[asset, "questioned"]

    @api.depends("product_id")
    def _compute_counter_ids(self):
        for asset in self:
            asset.counter_ids = asset._get_counters()

    def _get_counters(self):
        """The counters that these products have, by themselves or by their category."""
        counters = self.env["aftersales.counter"]
        for template in self.product_id.product_tmpl_id:
            counters |= template.aftersales_counter_ids
            category = template.categ_id
            while category:
                counters |= category.aftersales_counter_ids
                category = category.parent_id
        return counters.filtered(
            lambda c: c.active and (not c.company_id or c.company_id in self.company_id)
        ).sorted()

    def _get_delivery_moment(self):
        """The Datetime from which on it can have been used, or None."""
        self.ensure_one()
        # Compared only.
        day = self.sudo().delivery_date
        return fields.Datetime.to_datetime(day) if day else None

    def _get_counter_points(self, counter):
        """{asset: [(date in the company's time, total)] sorted}, in one query."""
        # Totals tell no more than the product, which callers may see.
        readings = (
            self.env["aftersales.reading"]
            .sudo()
            .search_fetch(
                [
                    ("asset_id", "in", self.ids),
                    ("counter_id", "=", counter.id),
                    ("state", "=", "counted"),
                ],
                ["asset_id", "company_id", "date", "total"],
                order="date, id",
            )
        )
        points = {asset: [] for asset in self}
        for reading in readings:
            day = reading.company_id._aftersales_date(reading.date)
            points[self.browse(reading.asset_id.id)].append((day, reading.total))
        return points

    def _get_counter_values(self, counter):
        """{asset: its total by the last counted reading, or None}, in one query.

        The total goes on where the display has begun anew.
        """
        points = self._get_counter_points(counter)
        return {
            asset: points[asset][-1][1] if points[asset] else None for asset in self
        }

    @api.model
    def _predict_counter_dates(self, counter, targets):
        """When these products will have been used so much.

        :param targets: {asset: total of `counter`}
        :return: {asset: Date, passed when it was reached or should have been, or None
            while the readings don't tell}, in one query
        """
        found = self._predict_counter(counter, targets)
        return {asset: day for asset, (day, _why) in found.items()}

    @api.model
    def _predict_counter(self, counter, targets):
        """{asset: (Date, None) or (None, why)}; see ``rules.counter.predict``."""
        points = self.union(*targets)._get_counter_points(counter)
        return {
            asset: rule.predict(points[asset], target)
            for asset, target in targets.items()
        }

    @api.model
    def _get_usage_reason(self, why):
        """Why usage can't be predicted, in words."""
        return {
            "few": self.env._("Two readings are needed to predict a date."),
            "close": self.env._("The readings lie less than a week apart."),
            "unused": self.env._("The counter stands still."),
            "far": self.env._("More than twenty years ahead."),
        }[why]

    def action_view_readings(self):
        """Open the readings of these products, with their graph."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.aftersales_reading_action"
        )
        return {
            **action,
            "path": False,
            "domain": [("asset_id", "in", self.ids)],
            "context": {"default_asset_id": self.id if len(self) == 1 else False},
        }

    # -- in the portal

    def _get_portal_counters(self):
        """What the owner sees of the counters.

        :return: [{"counter": aftersales.counter, "last": aftersales.reading or none}],
            as superuser, for an asset its reader may see
        """
        self.ensure_one()
        # Chosen by the rules on the product; only names and numbers are shown.
        asset = self.sudo()
        last = {}
        for reading in asset.reading_ids.filtered(lambda r: r.state != "rejected"):
            last.setdefault(reading.counter_id, reading)
        return [
            {
                "counter": counter,
                "last": last.get(counter, asset.reading_ids.browse()),
            }
            for counter in asset._get_counters()
        ]

    def _add_portal_reading(self, counter_id, text):
        """Note what the owner has read just now. The same again is noted once.

        :param counter_id: id of one of the product's counters
        :param text: the number, as people write it in the user's language
        :return: the aftersales.reading, as superuser
        :raises AccessError: for those who may not see the product
        :raises UserError: for what is no reading
        """
        self.ensure_one()
        self.check_access("read")
        # Whoever sees the product may tell what it shows, and nothing else.
        asset = self.sudo()
        counter = asset._get_counters().filtered(lambda c: c.id == counter_id)
        if not counter or asset.state != "in_service":
            raise UserError(self.env._("There is no such counter on this product."))
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        value = rule.parse_number(
            text or "", language.decimal_point, language.thousands_sep
        )
        if value is None:
            raise UserError(self.env._("Write the number that the counter shows."))
        asset._take_turn()
        read = asset.reading_ids.filtered(lambda r: r.counter_id == counter)
        last = read.sorted(lambda r: (r.date, r.id))[-1:]
        today = asset.company_id._aftersales_today()
        if (
            last.value == value
            and last.source == "customer"
            and asset.company_id._aftersales_date(last.date) == today
        ):
            return last
        moment = fields.Datetime.now()
        if last:
            # Two of one second are two readings.
            moment = max(moment, fields.Datetime.add(last.date, seconds=1))
        return asset.env["aftersales.reading"].create(
            {
                "asset_id": asset.id,
                "counter_id": counter.id,
                "date": moment,
                "value": value,
                "source": "customer",
            }
        )
