# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..rules.sla_policy import Policy

#: What decides neither whether a policy counts nor until when.
UNIMPORTANT_FIELDS = {"name", "sequence"}


class AftersalesSla(models.Model):
    _name = "aftersales.sla"
    _inherit = "aftersales.text.mixin"
    _description = "Service Level Agreement"
    _order = "sequence, hours, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    target = fields.Selection(
        [("first_response", "First Response"), ("solved", "Solved")],
        required=True,
        default="first_response",
    )
    hours = fields.Float(
        required=True,
        default=8.0,
        help="Working hours, counted in the team's calendar from the moment the "
        "claim is registered.",
    )
    warning_percent = fields.Integer(
        string="Warn at % Left",
        required=True,
        default=25,
        help="The claim is at risk, and whoever it is assigned to is warned, when "
        "this share of the time is left.",
    )
    # A criterion that vanished would make the policy apply to everything: restrict.
    team_ids = fields.Many2many(
        "aftersales.team",
        ondelete="restrict",
        check_company=True,
        help="Empty means every team.",
    )
    type_ids = fields.Many2many(
        "aftersales.type",
        ondelete="restrict",
        check_company=True,
        help="Empty means every type.",
    )
    channel_ids = fields.Many2many(
        "aftersales.channel", ondelete="restrict", help="Empty means every channel."
    )
    partner_category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        ondelete="restrict",
        help="Applies to customers who, or whose company, have one of these tags or a "
        "tag below it. Empty means every customer.",
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        ondelete="restrict",
        help="Applies when a product of the claim is in one of these categories or a "
        "category below it. Empty means every product.",
    )
    minimum_priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")],
        required=True,
        default="0",
        help="Applies to claims of this priority and above.",
    )

    _hours_positive = models.Constraint(
        "CHECK (hours > 0)", "The time allowed must be more than zero hours."
    )
    _warning_percent_share = models.Constraint(
        "CHECK (warning_percent >= 0 AND warning_percent < 100)",
        "The warning comes when between 0 and 99 % of the time are left.",
    )

    @api.model
    @ormcache()
    def _get_policies(self):
        """Every policy as plain facts: they are asked for with each claim."""
        # Policies are set by managers and applied for everyone.
        return tuple(
            Policy(
                id=sla.id,
                target=sla.target,
                hours=sla.hours,
                company_id=sla.company_id.id,
                team_ids=frozenset(sla.team_ids.ids),
                type_ids=frozenset(sla.type_ids.ids),
                minimum_priority=sla.minimum_priority,
                warning_percent=sla.warning_percent,
                channel_ids=frozenset(sla.channel_ids.ids),
                partner_category_ids=frozenset(sla.partner_category_ids.ids),
                product_category_ids=frozenset(sla.product_category_ids.ids),
                is_restricted=sla._is_restricted(),
            )
            for sla in self.sudo()
            .with_context(active_test=False)
            .search([("active", "=", True)])
        )

    def _is_restricted(self):
        """Whether it counts only for claims entitled to it. To be extended."""
        self.ensure_one()
        return False

    @api.constrains("target")
    def _check_target(self):
        """A promise that was kept or missed stays the promise it was."""
        # Whether it counts for any claim, whoever may see that.
        used = (
            self.sudo()
            .env["aftersales.sla.status"]
            .search_count([("sla_id", "in", self.ids)], limit=1)
        )
        if used:
            raise ValidationError(
                self.env._(
                    "This policy counts for claims already: archive it and add another "
                    "one for the other target."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        policies = super().create(vals_list)
        policies._refresh_claims(policies.company_id)
        return policies

    def write(self, vals):
        self.env.registry.clear_cache()
        companies, for_all = self.company_id, self._is_for_all_companies()
        result = super().write(vals)
        if vals.keys() - UNIMPORTANT_FIELDS:
            self._refresh_claims(companies | self.company_id, for_all)
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _is_for_all_companies(self):
        return any(not policy.company_id for policy in self)

    def _refresh_claims(self, companies, for_all=False):
        """Have the open claims follow these policies; what was missed stays missed.

        :param companies: those that the policies were or are for
        :param for_all: whether one of them was for every company
        """
        for_all = for_all or self._is_for_all_companies()
        domain = [] if for_all else [("company_id", "in", companies.ids)]
        if self:
            self.env["aftersales.sla.refresh"]._ask(domain)
