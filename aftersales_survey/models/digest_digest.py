# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import AccessError

SCORES = ("kpi_aftersales_nps", "kpi_aftersales_csat")


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
        figures = self._get_aftersales_figures()
        for digest in self:
            company = digest.company_id or self.env.company
            nps, csat = figures.get(company.id, (0, 0))
            digest.kpi_aftersales_nps_value = nps or 0
            digest.kpi_aftersales_csat_value = csat or 0

    def _get_aftersales_figures(self):
        """{company id: (NPS, percent satisfied)}, False for too few answers."""
        start, end, companies = self._get_kpi_compute_parameters()
        return {
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

    def _compute_kpis(self, company, user):
        """Show a dash for too few answers, where the core would show a zero."""
        kpis = super()._compute_kpis(company, user)
        shown = {kpi["kpi_name"]: kpi for kpi in kpis}
        nps, csat = (shown.get(name) for name in SCORES)
        if nps or csat:
            digest = self.with_user(user).with_company(company)
            for column, (_name, periods) in enumerate(
                self._compute_timeframes(company), start=1
            ):
                start, end = periods[0]
                figures = digest.with_context(
                    start_datetime=start, end_datetime=end
                )._get_aftersales_figures()
                scores = figures.get(company.id, (False, False))
                self._show_aftersales_score(nps, column, scores[0], "{:+d}")
                self._show_aftersales_score(csat, column, scores[1], "{}%")
        return kpis

    def _show_aftersales_score(self, kpi, column, score, pattern):
        if kpi:
            value = "–" if score is False else pattern.format(round(score))
            # The core's margin is a ratio: of a score from -100 to 100 it is nonsense.
            kpi[f"kpi_col{column}"].update(value=value, margin=0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("aftersales_service.menu_root").id
        action = f"aftersales_survey.aftersales_survey_dashboard_action?menu_id={menu}"
        actions["kpi_aftersales_nps"] = actions["kpi_aftersales_csat"] = action
        return actions
