# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """The products that come with an addon got names in other languages."""
        result = super()._load_module_terms(modules, langs, overwrite)
        self.env["aftersales.asset"]._follow_translations(modules)
        return result
