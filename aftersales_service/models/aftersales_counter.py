# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ..rules.counter import TOO_MUCH


class AftersalesCounter(models.Model):
    """What measures how much a product was used: hours, kilometres, cycles."""

    _name = "aftersales.counter"
    _inherit = "aftersales.text.mixin"
    _description = "Usage Counter"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    unit = fields.Char(required=True, translate=True, help="As it is written: h, km.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all of them.")
    highest_value = fields.Float(
        string="Highest Value Shown",
        help="After it the display begins at zero again, e.g. 99999. Zero: no limit.",
    )
    highest_a_day = fields.Float(
        string="Most in a Day",
        help="A reading that would mean more than this is questioned. Zero: none is.",
    )
    is_required_at_service = fields.Boolean(
        string="Read at Each Service",
        help="A repair that is no remote help can't end without its reading.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "highest_value" in vals:
            self._count_rolled_over()
        return result

    def _count_rolled_over(self):
        """Where a display began anew, the total depends on its highest value."""
        # Totals follow from it, whoever keeps the counters.
        readings = self.env["aftersales.reading"].sudo()
        rolled = readings.search(
            [("counter_id", "in", self.ids), ("kind", "=", "rolled_over")]
        )
        readings._count(rolled._get_series())

    @api.constrains("highest_value")
    def _check_highest_value(self):
        # Compared only: what it has shown is in its readings.
        readings = self.env["aftersales.reading"].sudo()
        for counter in self:
            counted = [("counter_id", "=", counter.id), ("state", "=", "counted")]
            if not counter.highest_value:
                if readings.search_count(
                    [*counted, ("kind", "=", "rolled_over")], limit=1
                ):
                    raise ValidationError(
                        self.env._(
                            "“%s” has rolled over: it has a highest value.",
                            counter.name,
                        )
                    )
                continue
            last = readings.search(counted, order="value desc", limit=1)
            if last.value > counter.highest_value:
                raise ValidationError(
                    self.env._(
                        "The highest value of “%(counter)s” can't be %(value)s: it has "
                        "shown %(shown)s.",
                        counter=counter.name,
                        value=counter._format_total(counter.highest_value),
                        shown=counter._format_total(last.value),
                    )
                )

    @api.constrains("highest_value", "highest_a_day")
    def _check_limits(self):
        for counter in self:
            for limit in (counter.highest_value, counter.highest_a_day):
                # Not a number fails here too: it compares with nothing.
                if not 0 <= limit < TOO_MUCH:
                    raise ValidationError(
                        self.env._(
                            "The limits of a counter are zero or more, and less than a "
                            "billion."
                        )
                    )

    @api.model
    def _format_total(self, total):
        """`total` as the reader writes it, without needless decimals: 12.345,5"""
        digits = 0 if total == round(total) else 2
        return formatLang(self.env, total, digits=digits)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_counter_ids = fields.Many2many(
        "aftersales.counter",
        "aftersales_counter_product_template_rel",
        string="Usage Counters",
        help="In addition to those of the product's category.",
    )


class ProductCategory(models.Model):
    _inherit = "product.category"

    aftersales_counter_ids = fields.Many2many(
        "aftersales.counter",
        "aftersales_counter_product_category_rel",
        string="Usage Counters",
        help="Products of this category, and of those below it, have them.",
    )
