# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..rules.serial_range import serial_range
from ..rules.version_number import is_between


class AftersalesBulletin(models.Model):
    """Whom a notice is about, as a search over the assets."""

    _inherit = "aftersales.bulletin"

    @api.constrains("serial_first", "serial_last")
    def _check_serial_range(self):
        for bulletin in self:
            if bulletin.serial_first or bulletin.serial_last:
                bulletin._get_serial_range()

    @api.constrains("version_first", "version_last")
    def _check_versions(self):
        for bulletin in self.filtered("version_first").filtered("version_last"):
            if not is_between(bulletin.version_first, "", bulletin.version_last):
                raise ValidationError(
                    self.env._(
                        "Version %(first)s comes after version %(last)s.",
                        first=bulletin.version_first,
                        last=bulletin.version_last,
                    )
                )

    def _get_serial_range(self):
        """The range of serials.

        :raises ValidationError: that says what is wrong with it
        """
        self.ensure_one()
        first, last = (
            (serial or "").strip() for serial in (self.serial_first, self.serial_last)
        )
        try:
            return serial_range(first, last)
        except ValueError as error:
            names = {"first": first, "last": last}
            reason = str(error)
        if reason == "number":
            message = self.env._("A range of serials runs over numbers, e.g. EB-0100.")
        elif reason == "series":
            message = self.env._(
                "%(first)s and %(last)s are of different series: make a notice for "
                "each.",
                **names,
            )
        else:
            message = self.env._("Serial %(first)s comes after %(last)s.", **names)
        raise ValidationError(message)

    def _has_scope(self):
        self.ensure_one()
        return bool(
            self.product_ids
            or self.lot_ids
            or self.serial_first
            or self.serial_last
            or self.version_first
            or self.version_last
            or self.delivery_from
            or self.delivery_to
            or self.country_ids
        )

    def _ensure_scope(self):
        """:raises UserError: when nothing, or two different things, are said"""
        self.ensure_one()
        if not self._has_scope() and not self.is_whole_company:
            raise UserError(
                self.env._(
                    "Say which products are affected: choose products, serials, "
                    "versions, delivery dates or countries. A notice to all customers "
                    "about all products needs “All Products”."
                )
            )
        if self._has_scope() and self.is_whole_company:
            raise UserError(
                self.env._(
                    "“All Products” and a choice of products exclude each other."
                )
            )

    def _get_in_use_domain(self):
        """Assets of the company that customers have, whatever they are."""
        self.ensure_one()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("active", "=", True)
            & Domain("state", "=", "in_service")
            & Domain("quantity", ">", 0)
        )

    def _get_scope_domain(self):
        """The assets this notice is about, as a domain for the superuser."""
        self.ensure_one()
        domain = self._get_in_use_domain()
        if self.product_ids:
            domain &= Domain("product_id", "in", self.product_ids.ids)
        if self.lot_ids:
            domain &= Domain("lot_id", "in", self.lot_ids.ids)
        if self.serial_first or self.serial_last:
            domain &= Domain("lot_id", "in", self._get_serials_query())
        if self.delivery_from:
            domain &= Domain("delivery_date", ">=", self.delivery_from)
        if self.delivery_to:
            domain &= Domain("delivery_date", "<=", self.delivery_to)
        if self.country_ids:
            domain &= self._get_country_domain()
        if self.version_first or self.version_last:
            domain &= self._get_version_domain(domain)
        return domain

    def _get_country_domain(self):
        """A contact without a country lives in that of its company."""
        countries = self.country_ids.ids
        return Domain("partner_id.country_id", "in", countries) | (
            Domain("partner_id.country_id", "=", False)
            & Domain("partner_id.commercial_partner_id.country_id", "in", countries)
        )

    def _get_serials_query(self):
        """The lots whose number is in the range: compared by the database."""
        serials = self._get_serial_range()
        # Managers need no rights in stock to name serials.
        lots = self.env["stock.lot"].sudo()
        query = lots._search(
            Domain("product_id", "in", self.product_ids.ids)
            if self.product_ids
            else Domain.TRUE
        )
        number = SQL(
            "substring(%s from %s)::numeric",
            lots._field_to_sql(query.table, "name", query),
            serials.pattern,
        )
        if serials.low is not None:
            query.add_where(SQL("%s >= %s", number, serials.low))
        if serials.high is not None:
            query.add_where(SQL("%s <= %s", number, serials.high))
        return query

    def _get_version_domain(self, domain):
        """Versions are few, however many assets there are: they are compared here."""
        assets = self._get_assets()
        found = assets._read_group(domain, ["version"])
        versions = [
            version
            for (version,) in found
            if version and is_between(version, self.version_first, self.version_last)
        ]
        known = Domain("version", "in", versions)
        if not self.is_unknown_version:
            return known
        return known | Domain("version", "in", [False, ""])

    def _get_assets(self):
        """All assets, for the search of those affected."""
        # The manager approves the list: it must hold all who are concerned.
        return self.env["aftersales.asset"].sudo().with_context(active_test=False)

    def _count_in_use(self):
        """How many assets customers have of the company."""
        return self._get_assets().search_count(self._get_in_use_domain())

    def _get_everything_error(self):
        return UserError(
            self.env._(
                "This notice goes to every customer about every product they have. If "
                "that is meant, tick “Yes, all of them”."
            )
        )
