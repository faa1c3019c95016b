# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..rules.contract import overlaps


class AftersalesContractAsset(models.Model):
    """A product in a contract, and from when to when: the history of what it covered.

    What leaves the contract keeps its line, with its last day.
    """

    _name = "aftersales.contract.asset"
    _description = "Product Covered by a Contract"
    _inherit = ["aftersales.text.mixin", "aftersales.company.mixin"]
    _order = "date_from, id"
    _rec_name = "asset_id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "aftersales.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(related="contract_id.commercial_partner_id")
    asset_id = fields.Many2one(
        "aftersales.asset",
        string="Product",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('partner_id', 'child_of', partner_id), ('state', '=', 'in_service')]",
    )
    date_from = fields.Date(
        string="Covered From", help="Empty: from the first day of the contract."
    )
    date_to = fields.Date(
        string="Last Covered Day", help="Empty: to the last day of the contract."
    )
    end_reason = fields.Char(string="Why It Left", readonly=True)
    end_origin = fields.Selection(
        [
            ("manual", "Taken out by a person"),
            ("gone", "No longer in service"),
            ("owner", "Has another owner"),
        ],
        readonly=True,
    )

    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A product can't leave before it came."
    )
    _asset_uniq = models.UniqueIndex(
        "(contract_id, asset_id) WHERE date_to IS NULL",
        "The product is in this contract already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for line in lines.filtered(
            lambda line: line.contract_id.state == "active" and not line.date_from
        ):
            today = line.company_id._aftersales_today()
            line.date_from = max(today, line.contract_id.date_start)
        lines._log_change(lambda env, name: env._("%s: covered from now on.", name))
        lines.asset_id._update_coverage()
        return lines

    def write(self, vals):
        if vals.keys() & {"contract_id", "asset_id"}:
            if any(line.contract_id.state != "draft" for line in self):
                raise UserError(
                    self.env._(
                        "What a contract covered stays in its history: give the "
                        "product its last day and add the other one."
                    )
                )
        result = super().write(vals)
        self.asset_id._update_coverage()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(line.contract_id.state != "draft" for line in self):
            raise UserError(
                self.env._(
                    "What a contract covered stays in its history: give the product "
                    "its last day instead."
                )
            )

    @api.constrains("asset_id", "contract_id", "date_from", "date_to")
    def _check_asset(self):
        for line in self.filtered(lambda line: not line.date_to):
            # Compared, not shown.
            asset = line.sudo().asset_id
            owner = asset.partner_id.commercial_partner_id
            if owner != line.contract_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not %(customer)s's: the contract can't cover "
                        "it.",
                        product=asset.display_name,
                        customer=line.contract_id.partner_id.display_name,
                    )
                )
            if asset.state != "in_service":
                raise ValidationError(
                    self.env._(
                        "%(product)s is not in service: the contract can't cover it.",
                        product=asset.display_name,
                    )
                )
        self._ensure_no_overlap()

    def _get_span(self):
        """(first, last) day on which the contract covers the product, or None."""
        self.ensure_one()
        contract = self.contract_id
        if not contract.date_start or not contract.date_end:
            return None
        first = max(filter(None, (self.date_from, contract.date_start)))
        last = min(filter(None, (self.date_to, contract.date_end)))
        return (first, last) if first <= last else None

    def _ensure_no_overlap(self):
        """One contract at a time for a product.

        :raises ValidationError: naming the product and the other contract
        """
        running = self.filtered(lambda line: line.contract_id.state == "active")
        # Two contracts that are made at once: the second sees the first.
        running.asset_id.sudo()._take_turn()
        # Compared, whoever may see the other contract.
        rivals = (
            self.sudo()
            .search(
                [
                    ("asset_id", "in", running.asset_id.ids),
                    ("contract_id.state", "=", "active"),
                ]
            )
            .grouped("asset_id")
        )
        for line in running:
            span = line._get_span()
            for other in rivals.get(line.asset_id, ()):
                taken = other._get_span()
                if other == line or not span or not taken or not overlaps(span, taken):
                    continue
                raise ValidationError(
                    self.env._(
                        "%(product)s is covered by contract %(contract)s from "
                        "%(first)s to %(last)s already.",
                        product=line.asset_id.display_name,
                        contract=other.contract_id.name,
                        first=format_date(self.env, taken[0]),
                        last=format_date(self.env, taken[1]),
                    )
                )

    def action_end(self):
        """The product leaves its contract: today is its last covered day."""
        self.check_access("write")
        self._action_end(self.env._("Taken out."))
        self.contract_id._ask_where_empty()

    def _action_end(self, reason, origin="manual"):
        for line in self.filtered(lambda line: not line.date_to):
            today = line.company_id._aftersales_today()
            values = {"date_to": today, "end_reason": reason, "end_origin": origin}
            if line.date_from and line.date_from > today:
                # It never was covered.
                values["date_from"] = today
            line.write(values)
        # Before the product comes back, or another takes its place.
        self.flush_recordset(["date_to"])
        self._log_change(lambda env, name: env._("%s: no longer covered.", name))

    def _waits_for_return(self):
        """Whether it left only because its product was gone for a while."""
        self.ensure_one()
        owner = self.asset_id.partner_id.commercial_partner_id
        return (
            self.end_origin == "gone"
            and self.contract_id.state == "active"
            and self.contract_id.commercial_partner_id == owner
        )

    def _follow_with(self, asset):
        """`asset` takes the place of this line's product, from today on."""
        self.ensure_one()
        today = self.company_id._aftersales_today()
        if self.date_to == today and self.asset_id == asset:
            # It was gone for no whole day.
            self.write({"date_to": False, "end_reason": False, "end_origin": False})
            self._log_change(lambda env, name: env._("%s: covered from now on.", name))
            return
        self.create(
            {
                "contract_id": self.contract_id.id,
                "asset_id": asset.id,
                "date_from": today,
            }
        )

    def _log_change(self, get_text):
        for contract, lines in self.grouped("contract_id").items():
            if contract.state == "draft":
                continue
            texts = [get_text(self.env, line.asset_id.display_name) for line in lines]
            contract._message_log(body=" ".join(texts))
