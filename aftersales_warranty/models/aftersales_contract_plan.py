# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_plan_visit import OPEN_STATES


class AftersalesContractTerms(models.Model):
    _inherit = "aftersales.contract.terms"

    plan_template_ids = fields.Many2many(
        "aftersales.plan.template",
        "aftersales_contract_terms_plan_template_rel",
        string="Preventive Plans",
        help="Each product that the contract covers gets these plans for its term.",
    )


class AftersalesContract(models.Model):
    """The care that a contract includes: planned for each product while it runs."""

    _inherit = "aftersales.contract"

    plan_ids = fields.One2many("aftersales.plan", "contract_id", readonly=True)
    plan_count = fields.Integer(compute="_compute_plan_count")

    def _compute_plan_count(self):
        # A number that whoever sees the contract may know.
        groups = (
            self.env["aftersales.plan"]
            .sudo()
            ._read_group(
                [("contract_id", "in", self.ids)], ["contract_id"], ["__count"]
            )
        )
        counts = {contract.id: count for contract, count in groups}
        for contract in self:
            contract.plan_count = counts.get(contract.id, 0)

    def _get_next_visit_dates(self):
        dates = super()._get_next_visit_dates()
        # Whoever sees a contract may know when somebody comes by it.
        plans = self.sudo().plan_ids
        visits = plans.asset_id._get_next_visit_dates()
        for contract, group in plans.grouped("contract_id").items():
            days = [visits[asset] for asset in group.asset_id if asset in visits]
            if days:
                dates[contract] = min([*days, *filter(None, [dates.get(contract)])])
        return dates

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date_start", "date_end"}:
            self._follow_term()
        return result

    def _follow_sale(self):
        result = super()._follow_sale()
        self._follow_term()
        return result

    def _follow_term(self):
        """Plan for as long as the contract runs; of products that left, no more."""
        for contract in self.filtered(lambda one: one.state == "active"):
            ended = contract.asset_line_ids.filtered("date_to")
            # What came back has a line of each.
            left = ended.asset_id - (contract.asset_line_ids - ended).asset_id
            # As above.
            plans = contract.sudo().plan_ids.filtered(
                lambda plan, gone=left, end=contract.date_end: plan.origin == "contract"
                and plan.asset_id not in gone
                and plan.date_end != end
            )
            plans.write({"date_end": contract.date_end})
            plans.filtered(
                lambda plan: plan.state == "ended" and plan.stop_reason == "term"
            )._start_or_wait()

    def _post_activate_hook(self):
        result = super()._post_activate_hook()
        self.filtered(lambda contract: contract.state == "active")._issue_plans()
        return result

    def _post_cancel_hook(self):
        result = super()._post_cancel_hook()
        # Care follows from the contract, whoever may plan.
        for contract in self.sudo():
            contract._hand_plans_back()
            contract.plan_ids._leave_contract()
        return result

    def _hand_plans_back(self):
        """A renewal that is cancelled leaves the care to the contract that runs still.

        Only what that one includes too: the rest came with the renewal.
        """
        self.ensure_one()
        running = self.previous_id.filtered(lambda one: one.is_valid)
        if not running or not self.plan_ids:
            return
        covered = running._get_assets()[running]
        back = self.plan_ids.filtered(
            lambda plan: plan.asset_id in covered
            and plan.origin == "contract"
            and plan.template_id in running.terms_id.plan_template_ids
        )
        back.write({"contract_id": running.id, "date_end": running.date_end})

    def _issue_plans(self, assets=None):
        """Give the products covered (or those of `assets`) the plans of the terms."""
        # As above.
        for contract, covered in self.sudo()._get_assets().items():
            if assets is not None:
                covered &= assets
            templates = contract.terms_id.plan_template_ids
            if templates and covered:
                self.env["aftersales.plan"].sudo()._issue_contract(
                    contract, covered, templates
                )

    @api.model
    def _issue_park_plans(self, assets):
        """New products of customers whose whole park is under contract."""
        parks = self.search(
            [
                ("state", "=", "active"),
                ("scope", "=", "park"),
                ("terms_id.plan_template_ids", "!=", False),
                ("company_id", "in", assets.company_id.ids),
                (
                    "commercial_partner_id",
                    "in",
                    assets.partner_id.commercial_partner_id.ids,
                ),
            ]
        )
        if parks:
            parks._issue_plans(assets)

    def action_view_plans(self):
        """Open the preventive plans of these contracts."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_warranty.aftersales_plan_action"
        )
        action.update(domain=[("contract_id", "in", self.ids)], context={})
        return action


class AftersalesContractAsset(models.Model):
    _inherit = "aftersales.contract.asset"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for contract, group in lines.grouped("contract_id").items():
            if contract.state == "active":
                contract._issue_plans(group.asset_id)
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.get("date_to"):
            for line in self:
                # As in AftersalesContract.
                plans = line.sudo().contract_id.plan_ids
                plans.filtered(lambda p, one=line: p.asset_id == one.asset_id)._end_by(
                    line.date_to
                )
        elif "date_to" in vals:
            for contract, group in self.grouped("contract_id").items():
                if contract.state == "active":
                    contract._issue_plans(group.asset_id)
        return result


class AftersalesPlan(models.Model):
    _inherit = "aftersales.plan"

    contract_id = fields.Many2one(
        "aftersales.contract",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="The contract that includes these visits.",
    )
    origin = fields.Selection(
        selection_add=[("contract", "Contract")], ondelete={"contract": "set default"}
    )
    stop_reason = fields.Selection(
        selection_add=[("contract", "Its contract has ended")],
        ondelete={"contract": "set null"},
    )

    @api.constrains("contract_id", "asset_id")
    def _check_contract(self):
        for plan in self.filtered("contract_id"):
            # Compared, not shown.
            contract = plan.sudo().contract_id
            owner = plan.sudo().asset_id.partner_id.commercial_partner_id
            if contract.commercial_partner_id != owner:
                raise ValidationError(
                    self.env._(
                        "%(contract)s is another customer's: it includes no care of "
                        "%(product)s.",
                        contract=contract.name,
                        product=plan.asset_id.name,
                    )
                )

    @api.model
    def _issue_contract(self, contract, assets, templates):
        """Plans of `templates` for `assets`, for the term of `contract`.

        A plan that the product has from one of them already, e.g. by an earlier
        contract, goes on with its visits and dates.
        """
        known = {
            (plan.asset_id, plan.template_id): plan
            for plan in self.search(
                [
                    ("asset_id", "in", assets.ids),
                    ("template_id", "in", templates.ids),
                ]
            )
        }
        term = {"contract_id": contract.id, "date_end": contract.date_end}
        plans = self.browse().union(*known.values())
        plans.filtered(lambda p: p.origin == "contract").write(term)
        plans.filtered(lambda p: p.origin != "contract").contract_id = contract
        plans |= self.with_context(mail_create_nosubscribe=True).create(
            [
                {
                    **template._prepare_plan_vals(asset),
                    **term,
                    "date_start": contract.date_start,
                    "origin": "contract",
                }
                for asset in assets
                for template in templates
                if (asset, template) not in known
            ]
        )
        plans.filtered(lambda p: p._waits_for_contract())._start_or_wait()
        return plans

    def _follow_asset(self, has_new_owner=False):
        if has_new_owner:
            # A contract is its customer's: whoever has the product now has none.
            left = self.filtered(
                lambda plan: plan.contract_id
                and plan.contract_id.commercial_partner_id
                != plan.asset_id.partner_id.commercial_partner_id
            )
            left.visit_ids.filtered(
                lambda visit: visit.state in OPEN_STATES
            )._forget_appointments()
            left._leave_contract()
        return super()._follow_asset(has_new_owner)

    def _waits_for_contract(self):
        """Whether it runs because there is a contract (again)."""
        self.ensure_one()
        has_ended = self.state == "ended" and self.stop_reason in ("term", "contract")
        return self.state == "draft" or has_ended and self.origin == "contract"

    def _leave_contract(self):
        """Their contract is over: what came from it ends, the others go on alone."""
        bound = self.filtered(lambda plan: plan.origin == "contract")
        bound.filtered(lambda plan: plan.state != "ended")._action_stop(
            "ended", "contract"
        )
        (self - bound).contract_id = False

    def _end_by(self, day):
        """The product leaves its contract on `day` (Date)."""
        today = {c: c._aftersales_today() for c in self.company_id}
        over = self.filtered(lambda plan: day <= today[plan.company_id])
        over._leave_contract()
        for plan in (self - over).filtered(lambda plan: plan.origin == "contract"):
            plan.date_end = max(day, plan.date_start)
