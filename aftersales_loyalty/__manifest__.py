# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

{
    "name": "After-Sales Vouchers",
    "summary": "Compensate customers with a voucher of a loyalty program",
    "version": "19.0.1.0.0",
    "author": "After-Sales Founders",
    "license": "LGPL-3",
    "category": "Sales/After-Sales",
    "depends": ["aftersales_service", "sale_loyalty"],
    "auto_install": True,
    "data": [
        "views/loyalty_card_views.xml",
        "views/aftersales_compensation_views.xml",
        "views/res_config_settings_views.xml",
    ],
}
