# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.tools import SQL

DEPARTMENTS = [
    ("aftersales", "After-Sales"),
    ("sales", "Sales"),
    ("accounting", "Accounting"),
]


class AftersalesType(models.Model):
    _name = "aftersales.type"
    _inherit = "aftersales.text.mixin"
    _description = "Claim Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    team_id = fields.Many2one(
        "aftersales.team",
        string="Default Team",
        check_company=True,
        help="Claims of this type go to this team.",
    )
    is_portal = fields.Boolean(
        string="Offered to Customers",
        default=True,
        help="Customers can choose this type in the portal.",
    )
    department = fields.Selection(
        DEPARTMENTS,
        required=True,
        default="aftersales",
        help="Who deals with requests of this type. Others are handed over.",
    )
    keywords = fields.Char(
        translate=True,
        help="Words, separated by commas, by which a request of this type is "
        "recognised in the customer's text.",
    )
    require_photo = fields.Boolean(string="Needs Photos")
    require_serial = fields.Boolean(string="Needs a Serial Number")
    require_proof = fields.Boolean(
        string="Needs a Proof of Purchase", help="Our own delivery is a proof."
    )
    procedure = fields.Html(
        translate=True,
        sanitize_style=True,
        help="What to do with a claim of this type, step by step.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Warranty Analytic Account",
        company_dependent=True,
        groups="account.group_account_readonly,aftersales_service.group_manager",
        help="Parts used under warranty for claims of this type are booked here. "
        "Empty means the company's after-sales analytic account.",
    )
    is_refund_automatic = fields.Boolean(
        string="Refund After the Inspection",
        default=True,
        help="What the inspection accepts is refunded at once, by a draft credit note.",
    )
    restocking_percent = fields.Float(
        string="Restocking Fee",
        help="Share of the price kept back from the refund of returned goods.",
    )
    is_shipping_refunded = fields.Boolean(
        string="Refund Shipping",
        help="What the customer paid for the delivery is refunded as well.",
    )

    _check_company_auto = True
    _restocking_percent_range = models.Constraint(
        "CHECK (restocking_percent >= 0 AND restocking_percent <= 100)",
        "The restocking fee is between 0 and 100 percent.",
    )

    def _get_all_keywords(self):
        """{type.id: its words in every language}: customers write in their own."""
        self.flush_recordset(["keywords"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, keywords FROM %s WHERE id = ANY(%s) "
                "AND keywords IS NOT NULL",
                SQL.identifier(self._table),
                list(self.ids),
            )
        )
        return {type_id: ",".join(words.values()) for type_id, words in rows}
