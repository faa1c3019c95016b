# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..rules import failure as rule

#: A reading so many days before or after a failure tells the usage it came at.
MAX_DAYS_TO_READING = 90


class AftersalesFailureShare(models.Model):
    """Which share of a product's units fails in a band of age or usage.

    Made anew every night from the whole history, however long that is.
    """

    _name = "aftersales.failure.share"
    _description = "What Fails Next"
    _order = "product_id, basis, counter_id, band"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", readonly=True, index=True)
    product_id = fields.Many2one(
        "product.product", readonly=True, index=True, ondelete="cascade"
    )
    basis = fields.Selection([("age", "Age"), ("usage", "Usage")], readonly=True)
    counter_id = fields.Many2one(
        "aftersales.counter",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    band = fields.Integer(readonly=True, aggregator=None)
    age_band = fields.Selection(
        [
            ("0", "Up to 3 months"),
            ("1", "3 to 6 months"),
            ("2", "6 to 12 months"),
            ("3", "Second year"),
            ("4", "Third year"),
            ("5", "Fourth year"),
            ("6", "Fifth year"),
            ("7", "Sixth and seventh year"),
            ("8", "Eighth to tenth year"),
        ],
        string="Age",
        readonly=True,
    )
    band_from = fields.Float(readonly=True, aggregator=None)
    band_to = fields.Float(readonly=True, aggregator=None)
    band_name = fields.Char(string="Age or Usage", compute="_compute_band_name")
    at_risk = fields.Float(
        string="Units That Lived It",
        readonly=True,
        aggregator=None,
        help="Delivered units that are old enough, or were used enough, to have lived "
        "through it.",
    )
    failed = fields.Float(string="Units Failed", readonly=True)
    cases = fields.Integer(
        readonly=True, help="Failures it rests on; a unit may fail more than once."
    )
    share = fields.Float(
        string="Share Failed",
        readonly=True,
        aggregator="avg",
        help="Of those units; of several bands together it is the average of a band.",
    )
    part_ids = fields.One2many("aftersales.failure.part", "share_id", readonly=True)
    parts_summary = fields.Char(
        string="Parts Replaced", compute="_compute_parts_summary"
    )

    _once = models.UniqueIndex(
        "(company_id, product_id, basis, COALESCE(counter_id, 0), band)",
        "This band of the product has been counted already.",
    )

    @api.depends("basis", "age_band", "band_from", "band_to", "counter_id.unit")
    @api.depends_context("lang")
    def _compute_band_name(self):
        ages = dict(self._fields["age_band"]._description_selection(self.env))
        for share in self:
            if share.basis == "age":
                share.band_name = ages.get(share.age_band)
            else:
                first = share.counter_id._format_total(share.band_from)
                last = share.counter_id._format_total(share.band_to)
                share.band_name = f"{first}–{last} {share.counter_id.unit}"

    @api.depends("part_ids.cases")
    @api.depends_context("lang")
    def _compute_parts_summary(self):
        for share in self:
            share.parts_summary = ", ".join(
                f"{part.part_id.with_context(display_default_code=False).display_name}"
                f" ({part.cases})"
                for part in share.part_ids
            )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The share of several products is that of all their units together."""
        if aggregate_spec != "share:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "failed", query),
            self._field_to_sql(self._table, "at_risk", query),
        )

    def action_view_cases(self):
        """Open the failures of these products."""
        self.check_access("read")
        domain = Domain("product_id", "in", self.product_id.ids)
        domain &= Domain("company_id", "in", self.company_id.ids)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Failures"),
            "res_model": "aftersales.failure.case",
            "view_mode": "list,pivot",
            "domain": list(domain),
        }

    def action_refresh(self):
        """Count anew, without waiting for the night.

        :raises AccessError: for who is no after-sales manager
        """
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(self.env._("Only after-sales managers count anew."))
        # The shares follow from the history alone; rules say who reads which.
        self.sudo()._refresh()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # -- counting

    @api.model
    def _cron_refresh(self):
        """Count anew what there is to know of every product."""
        self._refresh()

    @api.model
    def _refresh(self):
        """Replace all rows by what the history tells now, in a fixed number of queries
        for each kind of counter, whatever the number of units."""
        self.env.flush_all()
        rows = self._get_rows(None, rule.age_ends())
        for counter, highest in self._get_counters():
            rows += self._get_rows(counter, rule.usage_ends(highest))
        self.search(Domain.TRUE).unlink()
        self.create(rows)

    def _get_counters(self):
        """[(counter, the highest total that was read)]"""
        return self.env["aftersales.reading"]._read_group(
            [("state", "=", "counted")], ["counter_id"], ["total:max"]
        )

    def _get_rows(self, counter, ends):
        """Values of the rows by age, or by the usage that `counter` measures."""
        if not ends:
            return []
        units = self._get_usage_units(counter) if counter else self._get_age_units()
        cases = self._get_usage_cases(counter) if counter else self._get_age_cases()
        lived = self._get_lived(units, cases, ends)
        reached, failed, found = self._count_units(units, cases, lived, ends)
        parts = self._count_parts(cases, lived, ends)
        starts = [0, *ends]
        if not counter:
            starts = [0, *rule.AGE_ENDS]
        return [
            {
                "company_id": key[0],
                "product_id": key[1],
                "basis": "usage" if counter else "age",
                "counter_id": counter.id if counter else False,
                "band": band,
                "age_band": False if counter else str(band),
                "band_from": starts[band],
                "band_to": starts[band + 1],
                "at_risk": at_risk,
                "failed": broken,
                "cases": number,
                "share": share,
                "part_ids": [
                    fields.Command.create({"part_id": part, "cases": count})
                    for part, count in parts[(*key, band)]
                ],
            }
            for key, bands in reached.items()
            for band, at_risk, broken, number, share in rule.shares(
                len(ends), bands, failed[key], found[key]
            )
        ]

    def _get_age_units(self):
        """Each unit with how old it is, in days."""
        return SQL(
            """
            SELECT id AS asset_id, company_id, product_id,
                   GREATEST(delivered_quantity, quantity) AS units,
                   state = 'in_service' AND active AS in_service,
                   (%s - delivery_date)::float AS reach
              FROM aftersales_asset WHERE delivery_date IS NOT NULL
            """,
            fields.Date.today(),
        )

    def _get_age_cases(self):
        """Each failure with the age it came at, in days."""
        return SQL(
            """
            SELECT id, asset_id, claim_line_id, repair_id, quantity,
                   age_days::float AS measure
              FROM aftersales_failure_case WHERE age_days >= 0
            """
        )

    def _get_usage_units(self, counter):
        """Each unit that was read, with how much it was used."""
        return SQL(
            """
            SELECT asset.id AS asset_id, asset.company_id, asset.product_id,
                   GREATEST(asset.delivered_quantity, asset.quantity) AS units,
                   asset.state = 'in_service' AND asset.active AS in_service,
                   last.total AS reach
              FROM (SELECT asset_id, COALESCE(MAX(total), 0) AS total
                      FROM aftersales_reading
                     WHERE counter_id = %s AND state = 'counted'
                  GROUP BY asset_id) last
              JOIN aftersales_asset asset ON asset.id = last.asset_id
            """,
            counter.id,
        )

    def _get_usage_cases(self, counter):
        """Each failure near a reading, with the usage it came at."""
        return SQL(
            """
            SELECT failure.id, failure.asset_id, failure.claim_line_id,
                   failure.repair_id, failure.quantity, nearest.total AS measure
              FROM aftersales_failure_case failure
              JOIN LATERAL (
                   SELECT COALESCE(reading.total, 0) AS total
                     FROM aftersales_reading reading
                    WHERE reading.asset_id = failure.asset_id
                      AND reading.counter_id = %(counter)s
                      AND reading.state = 'counted'
                      AND abs(reading.date::date - failure.date) <= %(days)s
                 ORDER BY abs(reading.date::date - failure.date), reading.id LIMIT 1
                   ) nearest ON TRUE
            """,
            counter=counter.id,
            days=MAX_DAYS_TO_READING,
        )

    def _get_lived(self, units, cases, ends):
        """Each unit with how many bands it has lived through.

        One that left the service is known until its last failure, and no longer.
        """
        return SQL(
            """
            SELECT unit.asset_id, unit.company_id, unit.product_id, unit.units,
                   CASE WHEN unit.in_service
                        THEN width_bucket(unit.reach, %(ends)s::float[])
                        WHEN last.measure IS NULL THEN 0
                        ELSE LEAST(width_bucket(last.measure, %(ends)s::float[]) + 1,
                                   %(count)s) END AS lived
              FROM (%(units)s) unit
         LEFT JOIN (SELECT asset_id, MAX(measure) AS measure FROM (%(cases)s) failure
                     GROUP BY asset_id) last ON last.asset_id = unit.asset_id
            """,
            units=units,
            cases=cases,
            ends=ends,
            count=len(ends),
        )

    def _count_units(self, units, cases, lived, ends):
        """How many units reached which band, failed in which, and in how many cases.

        :return: three dicts, {(company id, product id): {band: number}}
        """
        reached, failed, found = (defaultdict(dict) for _ in range(3))
        for company, product, bands, number in self.env.execute_query(
            SQL(
                """
                SELECT company_id, product_id, lived, SUM(units) FROM (%s) unit
                 GROUP BY company_id, product_id, lived
                """,
                lived,
            )
        ):
            reached[company, product][bands] = number
        for company, product, band, number, count in self.env.execute_query(
            SQL(
                """
                SELECT company_id, product_id, band, SUM(LEAST(quantity, units)),
                       SUM(cases)::integer
                  FROM (SELECT unit.company_id, unit.product_id, unit.units,
                               width_bucket(failure.measure, %(ends)s::float[]) AS band,
                               SUM(failure.quantity) AS quantity, COUNT(*) AS cases,
                               unit.lived
                          FROM (%(cases)s) failure
                          JOIN (%(lived)s) unit ON unit.asset_id = failure.asset_id
                         GROUP BY failure.asset_id, 1, 2, 3, 4, 7) broken
                 WHERE band < lived
                 GROUP BY company_id, product_id, band
                """,
                ends=ends,
                cases=cases,
                lived=lived,
            )
        ):
            failed[company, product][band] = number
            found[company, product][band] = count
        return reached, failed, found

    def _count_parts(self, cases, lived, ends):
        """{(company id, product id, band): [(part id, cases)], the most frequent first}

        Of each case a part counts once, however many were put in.
        """
        parts = defaultdict(list)
        for company, product, band, part, count in self.env.execute_query(
            SQL(
                """
                SELECT company_id, product_id, band, part_id, COUNT(*)::integer
                  FROM (SELECT DISTINCT failure.id, unit.company_id, unit.product_id,
                               width_bucket(failure.measure, %(ends)s::float[]) AS band,
                               move.product_id AS part_id, unit.lived
                          FROM (%(cases)s) failure
                          JOIN (%(lived)s) unit ON unit.asset_id = failure.asset_id
                          JOIN repair_order repair
                            ON repair.id = failure.repair_id
                            OR repair.claim_line_id = failure.claim_line_id
                          JOIN stock_move move ON move.repair_id = repair.id
                         WHERE move.state = 'done'
                           AND move.repair_line_type = 'add') used
                 WHERE band < lived
                 GROUP BY company_id, product_id, band, part_id
                 ORDER BY 5 DESC, part_id
                """,
                ends=ends,
                cases=cases,
                lived=lived,
            )
        ):
            parts[company, product, band].append((part, count))
        return parts


class AftersalesFailurePart(models.Model):
    _name = "aftersales.failure.part"
    _description = "Part Replaced after Failures"
    _order = "cases desc, id"
    _rec_name = "part_id"

    share_id = fields.Many2one(
        "aftersales.failure.share",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="share_id.company_id", store=True, precompute=True
    )
    part_id = fields.Many2one(
        "product.product", readonly=True, index=True, ondelete="cascade"
    )
    cases = fields.Integer(readonly=True, help="Failures that took this part.")
