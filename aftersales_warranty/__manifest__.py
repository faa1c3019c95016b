# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

{
    "name": "After-Sales Warranty",
    "summary": "Warranty terms, certificates and coverage with its reasons",
    "version": "19.0.1.0.0",
    "category": "Sales/After-Sales",
    "author": "After-Sales Founders",
    "license": "LGPL-3",
    "depends": ["aftersales_service"],
    "data": [
        "security/ir.model.access.csv",
        "security/aftersales_warranty_security.xml",
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "data/aftersales_warranty_policy_data.xml",
        "wizard/aftersales_warranty_void_views.xml",
        "views/aftersales_warranty_policy_views.xml",
        "views/aftersales_warranty_views.xml",
        "views/aftersales_asset_views.xml",
        "views/product_views.xml",
        "views/aftersales_warranty_templates.xml",
        "views/aftersales_warranty_menus.xml",
        "report/aftersales_warranty_report.xml",
        "report/aftersales_warranty_templates.xml",
    ],
    "demo": [
        "demo/aftersales_warranty_policy_demo.xml",
        "demo/aftersales_warranty_demo.xml",
        "demo/aftersales_claim_demo.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
