# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

{
    "name": "After-Sales Survey Rewards",
    "summary": "Thank customers for their answer with points or a voucher",
    "version": "19.0.1.0.0",
    "author": "After-Sales Founders",
    "license": "LGPL-3",
    "category": "Sales/After-Sales",
    "depends": ["aftersales_survey", "aftersales_loyalty"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "data/mail_template_data.xml",
        "views/aftersales_survey_rule_views.xml",
        "views/survey_templates.xml",
    ],
}
