# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

{
    "name": "After-Sales Kits",
    "summary": "Return, refund and replace what was sold as a kit",
    "version": "19.0.1.0.0",
    "author": "After-Sales Founders",
    "license": "LGPL-3",
    "category": "Sales/After-Sales",
    "depends": ["aftersales_service", "sale_mrp", "mrp_repair"],
    "auto_install": True,
}
