# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

{
    "name": "After-Sales Surveys",
    "summary": "Ask customers after every service and learn from the answers",
    "version": "19.0.1.0.0",
    "author": "After-Sales Founders",
    "license": "LGPL-3",
    "category": "Sales/After-Sales",
    "depends": ["aftersales_service", "survey"],
    "data": [
        "security/ir.model.access.csv",
        "security/aftersales_survey_security.xml",
        "data/mail_template_data.xml",
        "data/survey_survey_data.xml",
        "data/aftersales_survey_rule_data.xml",
        "data/ir_cron_data.xml",
        "views/aftersales_survey_invitation_views.xml",
        "views/aftersales_survey_rule_views.xml",
        "views/aftersales_claim_views.xml",
        "views/survey_question_views.xml",
        "views/survey_templates.xml",
        "report/aftersales_survey_report_views.xml",
        "views/aftersales_survey_menus.xml",
    ],
    "demo": ["demo/aftersales_survey_demo.xml"],
    "assets": {
        "web.assets_tests": ["aftersales_survey/static/tests/tours/*.js"],
    },
}
