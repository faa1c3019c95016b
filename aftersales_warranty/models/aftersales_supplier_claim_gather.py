# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..rules.period import last_covered_day

#: How far back the daily search looks for what no step has gathered.
SEARCHED_DAYS = 60


class AftersalesSupplierClaim(models.Model):
    """How failures find their supplier claim by themselves."""

    _inherit = "aftersales.supplier.claim"

    @api.model
    def _cron_gather(self):
        """Gather what no step has, e.g. since a vendor's terms were entered later."""
        since = fields.Datetime.now() - timedelta(days=SEARCHED_DAYS)
        lines = self.env["aftersales.claim.line"].search(
            [("liability", "=", "supplier"), ("write_date", ">=", since)]
        )
        repairs = self.env["repair.order"].search(
            [
                ("claim_line_id", "=", False),
                ("cause_id.liability", "=", "supplier"),
                ("state", "=", "done"),
                ("write_date", ">=", since),
            ]
        )
        self._gather(lines, repairs)

    @api.model
    def _gather(self, lines, repairs=None):
        """Put into the open claims what the vendors owe for these claim lines.

        Parts used in repairs whose supplier is liable, and goods that were replaced or
        refunded; each only once, and only within the vendor's warranty.

        :param repairs: repairs, of which those without a claim count by their cause
        :return: the new lines
        """
        liable = lines.filtered(lambda line: line.liability == "supplier")
        repairs = (repairs or self.env["repair.order"]).filtered(
            lambda r: not r.claim_line_id and r.cause_id.liability == "supplier"
        )
        wanted = self._get_failures(liable)
        for repair in repairs:
            wanted += self._get_failed_parts(repair, repair)
        Line = self.env["aftersales.supplier.claim.line"]
        if not wanted:
            return Line
        known = Line.search(
            Domain("claim_line_id", "in", liable.ids)
            | Domain("move_id", "in", repairs.move_ids.ids)
        )
        gathered = {(line.claim_line_id, line.move_id) for line in known}
        vals_list = []
        for failure in wanted:
            if (failure["line"], failure["move"]) in gathered:
                continue
            seller = self._get_seller(failure)
            if seller:
                vals_list.append(self._prepare_line_vals(failure, seller))
        return Line.create(vals_list)

    @api.model
    def _get_failures(self, lines):
        """List what failed of claim lines, see _get_failed_parts."""
        failures = []
        for line in lines:
            failures += self._get_failed_parts(line.repair_ids, line)
            if line.state == "done" and line.remedy in ("replace", "refund"):
                product = line.product_id.with_company(line.company_id)
                failures.append(
                    {
                        "source": line,
                        "line": line,
                        "move": self.env["stock.move"],
                        "product": line.product_id,
                        "lot": line.lot_id,
                        "quantity": line.quantity,
                        "cost": product.standard_price,
                    }
                )
        return [one for one in failures if one["quantity"] > 0]

    @api.model
    def _get_failed_parts(self, repairs, source):
        """List the parts that done repairs put in for those that failed.

        :param source: claim line, or repair without one, that says when and of what
        :return: dicts (source, line, move, product, lot, quantity, cost)
        """
        lines = self.env["aftersales.claim.line"]
        parts = repairs.move_ids.filtered(
            lambda m: m.repair_line_type == "add"
            and m.state == "done"
            and m.product_uom.compare(m.quantity, 0) > 0
        )
        failures = []
        for part in parts:
            quantity = part.product_uom._compute_quantity(
                part.quantity, part.product_id.uom_id
            )
            failures.append(
                {
                    "source": source,
                    "line": source if source._name == lines._name else lines,
                    "move": part,
                    "product": part.product_id,
                    # The serial of the part that failed is not known.
                    "lot": self.env["stock.lot"],
                    "quantity": quantity,
                    "cost": part.value / quantity,
                }
            )
        return failures

    @api.model
    def _get_seller(self, failure):
        """The vendor's terms that still cover `failure`, or none."""
        source, product = failure["source"], failure["product"]
        day = source._get_coverage_date()
        for seller in product.seller_ids.sorted("sequence"):
            if seller.product_id and seller.product_id != product:
                continue
            if seller.company_id and seller.company_id != source.company_id:
                continue
            if not seller.aftersales_warranty_months:
                continue
            start = self._get_vendor_start(failure, seller)
            # Without a date nobody can refuse yet: the manager looks at it.
            end = last_covered_day(start, seller.aftersales_warranty_months, "month")
            if not end or day <= end:
                return seller
        return product.seller_ids.browse()

    @api.model
    def _get_vendor_start(self, failure, seller):
        source = failure["source"]
        if seller.aftersales_warranty_start == "delivery":
            return source.asset_id.delivery_date
        receipts = self.env["stock.move.line"].search(
            [
                ("lot_id", "in", failure["lot"].ids),
                ("state", "=", "done"),
                ("location_id.usage", "=", "supplier"),
            ],
            order="date",
            limit=1,
        )
        return receipts and source.company_id._aftersales_date(receipts.date)

    @api.model
    def _prepare_line_vals(self, failure, seller):
        source = failure["source"]
        day = source._get_coverage_date()
        days = seller.aftersales_claim_days
        return {
            "claim_id": self._get_gathering(seller.partner_id, source.company_id).id,
            "claim_line_id": failure["line"].id,
            "move_id": failure["move"].id,
            "product_id": failure["product"].id,
            "lot_id": failure["lot"].id,
            "quantity": failure["quantity"],
            "unit_cost": failure["cost"],
            "seller_id": seller.id,
            "date": day,
            "deadline": bool(days) and day + timedelta(days=days),
        }

    @api.model
    def _get_gathering(self, vendor, company):
        """The claim in which what `vendor` owes to `company` gathers."""
        found = self.search(
            [
                ("partner_id", "=", vendor.id),
                ("company_id", "=", company.id),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        return found or self.create({"partner_id": vendor.id, "company_id": company.id})


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    def write(self, vals):
        result = super().write(vals)
        if {"liability", "cause_id", "state"} & vals.keys():
            # Failures gather by themselves, whoever diagnoses them.
            self.env["aftersales.supplier.claim"].sudo()._gather(self.sudo())
        return result


class RepairOrder(models.Model):
    _inherit = "repair.order"

    def _post_repair_done_hook(self):
        result = super()._post_repair_done_hook()
        self._gather_failures()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "cause_id" in vals:
            self.filtered(lambda repair: repair.state == "done")._gather_failures()
        return result

    def _gather_failures(self):
        # As above: parts gather by themselves, whoever ended the repair.
        repairs = self.sudo()
        self.env["aftersales.supplier.claim"].sudo()._gather(
            repairs.claim_line_id, repairs
        )
