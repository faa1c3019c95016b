# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.fields import Domain

from ..rules.period import last_covered_day


class AftersalesWarranty(models.Model):
    _inherit = "aftersales.warranty"

    @api.model
    def _issue(self, assets):
        """Issue the certificates that `assets` are due, in one batch; each only once.

        :return: the new certificates
        """
        applied = self._get_applied_policies(assets)
        if not any(applied.values()):
            return self.browse()
        existing = {
            (warranty.asset_id.id, warranty.policy_id.id)
            for warranty in self.search_fetch(
                [("asset_id", "in", assets.ids), ("state", "!=", "void")],
                ["asset_id", "policy_id"],
            )
        }
        terms = self.policy_id.union(*applied.values())._get_current_terms()
        today = {c: c._aftersales_today() for c in assets.company_id}
        return self.with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
        ).create(
            [
                self._prepare_from_asset(
                    asset, policy, terms[policy], today[asset.company_id]
                )
                for asset, policies in applied.items()
                for policy in policies
                if (asset.id, policy.id) not in existing
            ]
        )

    @api.model
    def _issue_sold(self, assets, policy, sale_line):
        """Issue what `sale_line` has sold: it starts when the earlier warranty ends."""
        if not assets:
            return self.browse()
        terms = policy._get_current_terms()[policy]
        vals_list = []
        for asset in assets:
            earlier = asset._get_last_warranty()
            values = self._prepare_from_asset(
                asset, policy, terms, asset.company_id._aftersales_today()
            )
            if earlier:
                values.update(follows_id=earlier.id, state="active")
                del values["date_start"], values["date_end"]
            vals_list.append({**values, "sale_line_id": sale_line.id})
        warranties = self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        ).create(vals_list)
        for warranty in warranties:
            state = warranty._get_dated_state()
            if warranty.state != state:
                warranty.state = state
        return warranties

    @api.model
    def _get_applied_policies(self, assets):
        """Return {asset: policies}: what each is due by its product and its buyer."""
        applied = {}
        for (company, buyer), sold in assets.grouped(
            lambda asset: (asset.company_id, asset._get_buyer())
        ).items():
            templates = sold.product_id.product_tmpl_id
            policies = templates._get_aftersales_warranty_policies(company, buyer)
            for asset in sold:
                applied[asset] = policies[asset.product_id.product_tmpl_id]
        return applied

    @api.model
    def _prepare_from_asset(self, asset, policy, terms, today):
        """Vals of the certificate that `asset` gets under `policy`."""
        start = asset._get_warranty_start(terms.start_event)
        end = last_covered_day(start, terms.duration, terms.duration_unit)
        state = "draft"
        if start:
            state = "expired" if end < today else "active"
        return {
            "asset_id": asset.id,
            "policy_id": policy.id,
            "terms_id": terms.id,
            "date_start": start,
            "date_end": end,
            "state": state,
        }

    def _get_date_start(self):
        """The day this warranty starts by what is known now, or False."""
        self.ensure_one()
        event = self.terms_id.start_event
        if event == "activation":
            return self.company_id._aftersales_today()
        return self.asset_id._get_warranty_start(event)

    def _get_dated_state(self):
        self.ensure_one()
        if not self.date_start or not self.date_end:
            return "draft"
        past = self.date_end < self.company_id._aftersales_today()
        return "expired" if past else "active"

    @api.model
    def _start_invoiced(self, sale_lines):
        """Start what waited for the invoice of `sale_lines`."""
        waiting = self.search(
            [
                ("state", "=", "draft"),
                ("terms_id.start_event", "=", "invoice"),
                ("asset_id.sale_line_id", "in", sale_lines.ids),
            ]
        )
        waiting._action_activate()

    @api.model
    def _cron_expire(self, batch_size=1000):
        """Bring the state of certificates that ended up to date."""
        domain = Domain("state", "=", "active") & self._get_dates_domain(
            lambda today: [("date_end", "<", today)]
        )
        self._work_off(domain, lambda due: due._expire(), batch_size)

    def _expire(self):
        self.with_context(tracking_disable=True).write({"state": "expired"})
        self.flush_recordset(["state"])
