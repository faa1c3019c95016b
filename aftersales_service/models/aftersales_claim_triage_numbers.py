# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import models
from odoo.fields import Domain

from ..rules import recognise

#: Where else a number may come from; who quotes one of these is not told it's wrong.
OTHER_NUMBERS = (
    ("aftersales.claim", "name"),
    ("repair.order", "name"),
    ("account.move", "name"),
    ("stock.picking", "name"),
    ("product.product", "default_code"),
    ("product.product", "barcode"),
)
MAX_NOTICES = 5


class AftersalesClaim(models.Model):
    """What is wrong with the serial and order numbers that a claim's text mentions.

    Of what belongs to another company or customer nothing is told but that: numbers
    are compared with everybody's, and only the sentence reaches the user.
    """

    _inherit = "aftersales.claim"

    def _get_triage_notices(self, proposal):
        """Sentences about the numbers in the text that lead to nothing.

        :param proposal: see `_get_triage_proposal`
        """
        self.ensure_one()
        numbers = recognise.numbers(self._get_triage_text())
        family = proposal["partner_id"].commercial_partner_id
        notices = self._get_serial_notices(numbers, family)
        left = [code for code in numbers if code not in notices]
        notices.update(self._get_order_notices(left, family))
        left = [code for code in numbers if code not in notices]
        notices.update(self._get_unknown_notices(left, numbers))
        return [notices[code] for code in numbers if notices[code]][:MAX_NOTICES]

    def _get_serial_notices(self, codes, family):
        """{code: what is wrong with it, or an empty text} of those that are serials."""
        if not codes:
            return {}
        spellings = recognise.spellings(codes)
        # See the class.
        assets = self.env["aftersales.asset"].sudo()
        assets = assets.search(
            [
                ("lot_id.name", "in", spellings),
                ("company_id", "=", self.company_id.id),
            ]
        ).grouped(lambda asset: asset.lot_id.name.upper())
        notices = {
            code: self._get_serial_notice(code, assets[code.upper()], family)
            for code in codes
            if code.upper() in assets
        }
        left = [code for code in codes if code not in notices]
        if left:
            stored = self._find_names("stock.lot", "name", left)
            for code in left:
                if code.upper() in stored:
                    notices[code] = self.env._(
                        "Serial number %s was not delivered to any customer.", code
                    )
        return notices

    def _get_serial_notice(self, code, assets, family):
        own = assets.filtered(lambda a: a.partner_id.commercial_partner_id == family)
        if not own:
            return self.env._("Serial number %s belongs to another customer.", code)
        if "in_service" in own.mapped("state"):
            return ""
        state = own._fields["state"]
        return self.env._(
            "The product with serial number %(serial)s is not in service: %(state)s.",
            serial=code,
            state=dict(state._description_selection(self.env))[own[-1].state],
        )

    def _get_order_notices(self, codes, family):
        if not codes:
            return {}
        spellings = recognise.spellings(codes)
        # See the class.
        orders = self.env["sale.order"].sudo()
        orders = orders.search(
            [
                "|",
                ("name", "in", spellings),
                ("client_order_ref", "in", spellings),
                ("company_id", "=", self.company_id.id),
            ]
        )
        notices = {}
        for code in codes:
            found = orders.filtered(
                lambda o, c=code: c.upper()
                in (o.name.upper(), (o.client_order_ref or "").upper())
            )
            if family in found.partner_id.commercial_partner_id:
                notices[code] = ""
            elif found:
                notices[code] = self.env._("Order %s is another customer's.", code)
        return notices

    def _get_unknown_notices(self, codes, numbers):
        labels = {
            "serial": self.env._("Serial number %s is not known."),
            "order": self.env._("Order %s is not known."),
            "": self.env._("%s is no serial or order number that we know."),
        }
        unlabelled = [code for code in codes if not numbers[code]]
        known = set()
        for model, name in OTHER_NUMBERS if unlabelled else ():
            known |= self._find_names(model, name, unlabelled)
        return {
            code: "" if code.upper() in known else labels[numbers[code]] % code
            for code in codes
        }

    def _find_names(self, model, name, codes):
        """Which of `codes`, in upper case, records of the claim's company have."""
        # See the class.
        records = self.env[model].sudo().with_context(active_test=False)
        domain = Domain(name, "in", recognise.spellings(codes)) & Domain(
            "company_id", "in", [False, self.company_id.id]
        )
        return {
            record[name].upper()
            for record in records.search_fetch(domain, [name], order="id")
        }
