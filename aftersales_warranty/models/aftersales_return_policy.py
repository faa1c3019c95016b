# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.aftersales_service.rules.allocation import allocate

from ..rules.returns import last_return_day
from .aftersales_policy_mixin import Buyer

CONDITIONS = [
    ("unopened", "Unopened"),
    ("unused", "Unused, in its packaging"),
    ("any", "As it is"),
]


class AftersalesReturnPolicy(models.Model):
    """What a shop takes back because it does not please: no matter of warranty."""

    _name = "aftersales.return.policy"
    _description = "Return Policy"
    _inherit = ["aftersales.policy.mixin"]
    _order = "sequence, id"

    sequence = fields.Integer(help="The first one that fits a sale applies to it.")
    days = fields.Integer(
        default=30,
        help="Days after the delivery on which goods may be given back. Zero: the "
        "shop takes nothing back of its own accord.",
    )
    condition = fields.Selection(CONDITIONS, required=True, default="unused")
    transport_payer = fields.Selection(
        [("company", "We do"), ("customer", "The customer")],
        string="Who Pays the Transport",
        required=True,
        default="customer",
    )
    refund_days = fields.Integer(
        string="Refund Within (Days)", default=14, help="From when the goods are back."
    )
    refund_method = fields.Selection(
        [
            ("original", "The way it was paid"),
            ("voucher", "A voucher"),
            ("exchange", "Another product"),
        ],
        string="Refunded As",
        required=True,
        default="original",
    )
    withdrawal_days = fields.Integer(
        string="Withdrawal (Days)",
        help="For sales at a distance: the days that the law gives consumers to "
        "withdraw without giving a reason. Zero: nothing is said about it.",
    )
    exception_ids = fields.One2many(
        "aftersales.return.policy.exception", "policy_id", copy=True
    )

    _days_positive = models.Constraint(
        "CHECK (days >= 0 AND refund_days >= 0 AND withdrawal_days >= 0 "
        "AND GREATEST(days, refund_days, withdrawal_days) <= 3660)",
        "The days of a return policy lie between 0 and 3660.",
    )

    @api.model
    def _get_for(self, company, buyer):
        """The policy that applies to a sale of `company` to `buyer`, or none."""
        policies = self.search([("company_id", "in", [False, *company.parent_ids.ids])])
        return policies.filtered(lambda one: one._is_for(buyer))[:1]

    def _get_exception(self, category):
        """The exception of the nearest category that has one, or none."""
        self.ensure_one()
        by_category = {one.category_id: one for one in self.exception_ids}
        for one in category._get_aftersales_lineage().get(category, []):
            if one in by_category:
                return by_category[one]
        return self.exception_ids.browse()

    def _get_last_day(self, product, delivered, is_distance):
        """The last day on which `product` may be given back, or None for never."""
        self.ensure_one()
        exception = self._get_exception(product.categ_id)
        withdrawal = self.withdrawal_days if is_distance else 0
        if exception.excludes_withdrawal:
            withdrawal = 0
        days = exception.days if exception else self.days
        return last_return_day(delivered, days, withdrawal)

    def _get_sentences(self, is_distance=True):
        """What the policy says, in sentences of the reader's language."""
        self.ensure_one()
        sentences = [self._get_days_sentence()]
        if self.days:
            if self.transport_payer == "company":
                sentences.append(self.env._("We pay the transport back."))
            else:
                sentences.append(self.env._("You pay the transport back."))
            sentences.append(self._get_refund_sentence())
        if self.withdrawal_days and is_distance:
            sentences.append(
                self.env._(
                    "Bought at a distance, you may also withdraw within %s days of "
                    "the delivery without giving a reason.",
                    self.withdrawal_days,
                )
            )
        return sentences + [one._get_sentence() for one in self.exception_ids]

    def _get_days_sentence(self):
        if not self.days:
            return self.env._("What works as it should is not taken back.")
        if self.condition == "any":
            return self.env._(
                "You may give back what does not please you within %s days of the "
                "delivery.",
                self.days,
            )
        conditions = dict(self._fields["condition"]._description_selection(self.env))
        return self.env._(
            "You may give back what does not please you within %(days)s days of the "
            "delivery. State: %(condition)s.",
            days=self.days,
            condition=conditions[self.condition].lower(),
        )

    def _get_refund_sentence(self):
        methods = dict(self._fields["refund_method"]._description_selection(self.env))
        return self.env._(
            "Refund: %(method)s, within %(days)s days from when the goods are back.",
            method=methods[self.refund_method].lower(),
            days=self.refund_days,
        )


class AftersalesReturnPolicyException(models.Model):
    _name = "aftersales.return.policy.exception"
    _description = "Exception of a Return Policy"
    _order = "id"

    policy_id = fields.Many2one(
        "aftersales.return.policy", required=True, index=True, ondelete="cascade"
    )
    category_id = fields.Many2one("product.category", required=True)
    days = fields.Integer(help="Zero: these goods are not taken back.")
    excludes_withdrawal = fields.Boolean(
        string="No Withdrawal",
        help="The law excepts them, e.g. what was made to measure, or unsealed and "
        "for reasons of hygiene can't be given back.",
    )
    reason = fields.Char(required=True, translate=True)

    _category_uniq = models.Constraint(
        "unique(policy_id, category_id)", "A category has one exception in a policy."
    )
    _days_positive = models.Constraint(
        "CHECK (days >= 0 AND days <= 3660)", "The days lie between 0 and 3660."
    )

    def _get_sentence(self):
        self.ensure_one()
        # Its name is on the order, whoever may read product categories.
        category = self.sudo().category_id.name
        if not self.days:
            return self.env._(
                "%(category)s: not taken back. %(reason)s",
                category=category,
                reason=self.reason,
            )
        return self.env._(
            "%(category)s: within %(days)s days. %(reason)s",
            category=category,
            days=self.days,
            reason=self.reason,
        )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    aftersales_return_policy_id = fields.Many2one(
        "aftersales.return.policy",
        string="Return Policy",
        copy=False,
        index="btree_not_null",
        help="Chosen when the order is confirmed; what the customer was told then "
        "applies.",
    )
    aftersales_is_distance_sale = fields.Boolean(
        string="Sold at a Distance",
        compute="_compute_aftersales_is_distance_sale",
        store=True,
        readonly=False,
        help="Ordered on the website, by telephone or by mail: the law gives consumers "
        "the right to withdraw.",
    )

    @api.depends("signed_on", "transaction_ids")
    def _compute_aftersales_is_distance_sale(self):
        for order in self:
            order.aftersales_is_distance_sale = bool(
                order.aftersales_is_distance_sale
                or order.signed_on
                or order.transaction_ids
            )

    def _action_confirm(self):
        # Before the confirmation is mailed. Which policy applies is the company's
        # decision, whoever sells.
        policies = self.env["aftersales.return.policy"].sudo()
        for order in self.filtered(lambda o: not o.aftersales_return_policy_id):
            policy = policies._get_for(order.company_id, order._get_aftersales_buyer())
            order.aftersales_return_policy_id = policy
        return super()._action_confirm()

    def _get_aftersales_buyer(self):
        self.ensure_one()
        owner = self.partner_id.commercial_partner_id
        country = self.partner_id.country_id or owner.country_id
        return Buyer(country or self.company_id.country_id, owner.is_company, False)

    def _get_aftersales_return_last_day(self, product, delivered):
        """The last day on which `product` may be given back; None: never.

        :return: False where no policy was agreed or the delivery is not known
        """
        policy = self.aftersales_return_policy_id
        if not policy or not delivered:
            return False
        return policy._get_last_day(
            product, delivered, self.aftersales_is_distance_sale
        )

    def _get_aftersales_return_sentences(self):
        """What the customer is told about returns, or nothing."""
        self.ensure_one()
        # The policy is part of the order: whoever reads one reads the other.
        policy = self.sudo().aftersales_return_policy_id
        if not policy or self.state != "sale":
            return []
        return policy.with_context(lang=self.env.lang)._get_sentences(
            self.aftersales_is_distance_sale
        )

    def _send_order_notification_mail(self, mail_template, **kwargs):
        confirms = mail_template == self._get_confirmation_template()
        order = self.with_context(aftersales_tell_returns=confirms)
        return super(SaleOrder, order)._send_order_notification_mail(
            mail_template, **kwargs
        )

    def _notify_by_email_prepare_rendering_context(self, *args, **kwargs):
        context = super()._notify_by_email_prepare_rendering_context(*args, **kwargs)
        if self.env.context.get("aftersales_tell_returns"):
            order = self.with_context(lang=context.get("lang") or self.env.lang)
            context["aftersales_returns"] = order._get_aftersales_return_sentences()
            context["aftersales_returns_url"] = self._get_aftersales_returns_url()
        return context

    def _get_aftersales_returns_url(self):
        """Where the policy of this order can be downloaded, with its link's token."""
        self.ensure_one()
        token = self._portal_ensure_token()
        return f"{self.get_base_url()}/my/orders/{self.id}/returns?access_token={token}"


class AftersalesAsset(models.Model):
    _inherit = "aftersales.asset"

    def _get_return_last_day(self):
        """The last day on which this may be given back though it works; None: never.

        :return: False where no policy was agreed or the delivery is not known
        """
        self.ensure_one()
        # Part of the customer's own sale, whoever may read orders.
        order = self.sudo().sale_line_id.order_id
        return order._get_aftersales_return_last_day(
            self.product_id, self.delivery_date
        )


class AftersalesClaimLine(models.Model):
    _inherit = "aftersales.claim.line"

    def _get_return_policy_objection(self):
        """The return policy of the sale, where the goods have no defect."""
        objection = super()._get_return_policy_objection()
        if objection or self._is_defect():
            return objection
        today = self._get_coverage_date()
        # Agents need not read orders and deliveries to say why.
        for order, delivered in self.sudo()._get_return_sales():
            last_day = order._get_aftersales_return_last_day(self.product_id, delivered)
            if last_day is None or (last_day and today > last_day):
                policy = order.aftersales_return_policy_id
                return self._explain_return(policy, last_day)
        return False

    def _get_return_sales(self):
        """List (sale.order, Date of the delivery): how the goods were bought.

        Without an asset: the latest deliveries of the product to the customer, as
        many as it takes.
        """
        self.ensure_one()
        asset = self.asset_id
        if asset:
            return [(asset.sale_line_id.order_id, asset.delivery_date)]
        taken, _missing = allocate(
            self._get_product_quantity(),
            self._get_return_sources(),
            self.product_id.uom_id.rounding,
        )
        return [
            (move.sale_line_id.order_id, self.company_id._aftersales_date(move.date))
            for move, _quantity in taken
        ]

    def _explain_return(self, policy, last_day):
        """Why `policy` stands against the return, in sentences."""
        exception = policy._get_exception(self.product_id.categ_id)
        sentences = [exception._get_sentence()] if exception else []
        if last_day:
            sentences.append(
                self.env._(
                    "“%(product)s” could be given back until %(day)s.",
                    product=self.product_id.display_name,
                    day=format_date(self.env, last_day, date_format="long"),
                )
            )
        elif not exception:
            sentences.append(policy._get_days_sentence())
        return " ".join(sentences)

    def _is_defect(self):
        """Whether it is sent back for a fault that the customer does not answer for."""
        self.ensure_one()
        if self.liability in ("company", "supplier", "carrier"):
            return True
        return bool(self.symptom_id) and self.coverage in ("covered", "partial")
