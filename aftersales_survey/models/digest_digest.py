# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_aftersales_nps = fields.Boolean("Net Promoter Score")
    kpi_aftersales_nps_value = fields.Float(
        compute="_compute_aftersales_values", export_string_translation=False
    )
    kpi_aftersales_csat = fields.Boolean("Satisfied Customers (%)")
    kpi_aftersales_csat_value = fields.Float(
        compute="_compute_aftersales_values", export_string_translation=False
    )

    def _compute_aftersales_values(self):
        if not self.env.user.has_group("aftersales_service.group_manager"):
            raise AccessError(
                self.env._("Do not have access, skip this data for user's digest email")
            )
        start, end, companies = self._get_kpi_compute_parameters()
        figures = {
            company.id: (nps, csat)
            for company, nps, csat in self.env["aftersales.survey.report"]._read_group(
                [
                    ("company_id", "in", companies.ids),
                    ("answer_date", ">=", start),
                    ("answer_date", "<", end),
                ],
                ["company_id"],
                ["nps:avg", "csat_percent:avg"],
            )
        }
        for digest in self:
            company = digest.company_id or self.env.company
            nps, csat = figures.get(company.id, (0, 0))
            digest.kpi_aftersales_nps_value = nps or 0
            digest.kpi_aftersales_csat_value = csat or 0

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("aftersales_service.menu_root").id
        action = f"aftersales_survey.aftersales_survey_dashboard_action?menu_id={menu}"
        actions["kpi_aftersales_nps"] = actions["kpi_aftersales_csat"] = action
        return actions
