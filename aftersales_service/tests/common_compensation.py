# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Command
from odoo.tests import Form

from .common_money import AftersalesMoneyCommon

LIMITS = {"agent": 50.0, "lead": 200.0, "manager": 1000.0}


class CompensationCommon(AftersalesMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_user("first", "aftersales_service.group_user")
        cls.team.member_ids |= cls.lead
        cls.team.user_id = cls.lead
        cls.salesman = cls._create_user(
            "seller", "sales_team.group_sale_salesman_all_leads"
        )
        cls.order = cls._sell_many((cls.helmet, 4))
        cls.asset = cls._get_assets(cls.order)
        cls.company.write(
            {f"aftersales_{role}_limit": limit for role, limit in LIMITS.items()}
        )

    def _claim_line(self, **values):
        return self._create_claim(self.asset, **values).line_ids.with_user(self.agent)

    def _compensate(self, line, kind="discount", amount=20.0, user=None, **values):
        line = line.with_user(user or self.agent)
        action = line.action_create_compensation()
        form = Form(line.env[action["res_model"]].with_context(**action["context"]))
        form.kind = kind
        form.amount = amount
        for name, value in values.items():
            form[name] = value
        form.save().action_confirm()
        return line.compensation_id

    def _mails(self, claim):
        template = self.env.ref("aftersales_service.mail_template_compensation")
        subject = template.with_context(lang=claim.partner_id.lang).subject
        start = subject.split(" {{")[0]
        return claim.sudo().message_ids.filtered(
            lambda m: m.subject and m.subject.startswith(start)
        )

    def _quote(self, price=100.0, partner=None):
        product = self.helmet
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ],
            }
        )
