# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

{
    "name": "After-Sales Delivery",
    "summary": "Carriers, return labels and shipping costs of claims",
    "version": "19.0.1.0.0",
    "author": "After-Sales Founders",
    "license": "LGPL-3",
    "category": "Sales/After-Sales",
    "depends": ["aftersales_service", "stock_delivery"],
    "auto_install": True,
    "data": ["views/delivery_carrier_views.xml", "views/stock_picking_views.xml"],
}
