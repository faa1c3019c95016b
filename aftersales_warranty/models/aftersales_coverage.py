# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.i18n import format_list

from ..rules.coverage import (
    COMPONENTS,
    Certificate,
    Claimed,
    Verdict,
    decide,
    percent_of_part,
)


class AftersalesCoverage(models.AbstractModel):
    """Gathers the facts, asks the rule, and says the decision in sentences.

    Whoever must know what is covered comes here, claim lines and repairs; the rule
    itself is in rules/coverage.py.
    """

    _name = "aftersales.coverage"
    _description = "Coverage Decision"

    @api.model
    def _decide(self, requests, asking=None):
        """Decide many questions at once, with a constant number of queries.

        :param requests: list of (asset, day, cause), each record possibly empty
        :param asking: the claim lines or repairs it is decided for: what their jobs
            take of a contract is theirs still
        :return: list of dicts (coverage, percents, note, date, rules), same order
        """
        assets = self.env["aftersales.asset"].union(*(asset for asset, *_ in requests))
        # The decision is made of all warranties of a product, whoever asks.
        certificates = self.sudo()._get_certificates(assets.sudo(), asking)
        claimed = self.sudo()._get_claimed(assets.sudo(), certificates)
        return [
            self._decide_one(
                asset.sudo().with_prefetch(assets.ids),
                day,
                cause.sudo(),
                certificates.get(asset.id, []),
                claimed.get(asset.id, Claimed(is_known=False)),
            )
            for asset, day, cause in requests
        ]

    @api.model
    def _get_claimed(self, assets, certificates):
        """Return {asset id: Claimed}, with what is rarely asked only where it is."""
        facts = {asset: certificates.get(asset.id, []) for asset in assets}

        def asked(condition):
            return assets.filtered(lambda asset: any(map(condition, facts[asset])))

        excluding = asked(lambda one: one.excluded_products or one.excluded_categories)
        categories = excluding.product_id._get_aftersales_categories()
        located = asked(lambda one: one.countries)
        maintained = self._get_maintenance_dates(
            asked(lambda one: one.maintenance_months)
        )
        return {
            asset.id: Claimed(
                product=asset.product_id.id,
                categories=categories.get(asset.product_id.id, frozenset()),
                country=asset in located and asset._get_country().id or None,
                maintained=tuple(maintained.get(asset, ())),
                has_delivery_date=bool(asset.delivery_date),
                has_proof=asset.is_purchase_proven,
            )
            for asset in assets
        }

    @api.model
    def _get_maintenance_dates(self, assets):
        """Return {asset: Dates on which it was maintained}. To be extended."""
        dates = {
            asset: [asset.maintenance_date] if asset.maintenance_date else []
            for asset in assets
        }
        if assets:
            done = self.env["repair.order"].search_fetch(
                [
                    ("asset_id", "in", assets.ids),
                    ("service_kind", "=", "preventive"),
                    ("state", "=", "done"),
                ],
                ["asset_id", "company_id", "done_date"],
            )
            for repair in done.filtered("done_date"):
                day = repair.company_id._aftersales_date(repair.done_date)
                dates[repair.asset_id].append(day)
        return dates

    @api.model
    def _get_certificates(self, assets, asking=None):
        """Return {asset id: [certificate facts]}, see `_decide`. To be extended."""
        warranties = self.env["aftersales.warranty"].search_fetch(
            [("asset_id", "in", assets.ids)],
            [
                "asset_id",
                "terms_id",
                "kind",
                "state",
                "date_start",
                "date_end",
                "name",
                "void_origin",
                "void_date",
                "void_reason",
            ],
            order="date_start, id",
        )
        return {
            asset.id: [warranty._get_facts() for warranty in group]
            for asset, group in warranties.grouped("asset_id").items()
        }

    @api.model
    def _decide_one(self, asset, day, cause, certificates, claimed):
        decision = decide(day, certificates, cause=cause.id or None, claimed=claimed)
        return {
            "coverage": decision.coverage,
            "percents": decision.percents,
            "note": "\n".join(self._explain(decision, asset, cause)),
            "date": day.isoformat(),
            "rules": {
                component: self._get_rule_name(key)
                for component, key in decision.rules.items()
            },
            "parts": self._get_parts_snapshot(decision),
            **self._prepare_payers(decision),
        }

    @api.model
    def _prepare_payers(self, decision):
        """Ids of what bears the cost, as claim lines keep them. To be extended."""
        return {"warranty": self._get_paying_warranty(decision)}

    @api.model
    def _get_paying_warranty(self, decision):
        """Id of the warranty whose policy bears the cost, or False.

        To be extended by contracts, whose keys are no ids of certificates.
        """
        keys = [decision.rules[name] for name in COMPONENTS if name in decision.rules]
        return next((key for key in keys if isinstance(key, int)), False)

    @api.model
    def _get_parts_snapshot(self, decision):
        """What is paid of the single part: a warranty's share and what it excludes."""
        return [
            {
                "percent": verdict.percents["parts"],
                "excluded_products": sorted(verdict.certificate.excluded_products),
                "excluded_categories": sorted(verdict.certificate.excluded_categories),
            }
            for verdict in decision.verdicts
            if verdict.status == "covers" and verdict.percents.get("parts")
        ]

    @api.model
    def _get_part_percent(self, warranties, product):
        """Share (0 to 100) of the part `product` that is paid, by a snapshot's parts.

        :param warranties: as _get_parts_snapshot gave it
        """
        verdicts = [
            Verdict(
                Certificate(
                    0,
                    "legal",
                    excluded_products=frozenset(warranty["excluded_products"]),
                    excluded_categories=frozenset(warranty["excluded_categories"]),
                ),
                "covers",
                {"parts": warranty["percent"]},
            )
            for warranty in warranties
        ]
        # What a part is does not depend on who asks.
        path = product.sudo().categ_id.parent_path or ""
        categories = frozenset(int(key) for key in path.split("/") if key)
        return percent_of_part(verdicts, product.id, categories)

    @api.model
    def _get_rule_name(self, key):
        return self._get_warranty(key).name

    @api.model
    def _get_warranty(self, key):
        # The decision is the same whoever asks, also for what they can't see.
        return self.env["aftersales.warranty"].sudo().browse(key)

    @api.model
    def _explain(self, decision, asset, cause):
        """The reasons of `decision`, one sentence each, in the user's language."""
        sentences = []
        for verdict in decision.verdicts:
            sentences += self._explain_verdict(verdict)
            if verdict.status == "excluded" and decision.coverage != "not_covered":
                sentences.append(
                    self.env._(
                        "Cause '%(cause)s' is excluded from this warranty: %(kind)s.",
                        cause=cause.name,
                        kind=self._get_kind(verdict),
                    )
                )
        excluded = any(verdict.status == "excluded" for verdict in decision.verdicts)
        if excluded and decision.coverage == "not_covered":
            sentences.append(
                self.env._(
                    "Cause '%(cause)s' is excluded: not covered.", cause=cause.name
                )
            )
        if decision.coverage == "partial":
            sentences += self._explain_rest(decision)
        return sentences + [
            self._explain_missing(fact, asset) for fact in decision.missing
        ]

    @api.model
    def _explain_limits(self, verdict):
        """What a warranty that covers does not pay, and what keeps one from it."""
        certificate = verdict.certificate
        kind = self._get_kind(verdict)
        if verdict.status == "wear":
            return [self.env._("%(kind)s excludes this product.", kind=kind)]
        if verdict.status in ("abroad", "unplaced"):
            where = self._get_territory(certificate.key)
            return [
                self.env._("%(kind)s is valid in: %(where)s.", kind=kind, where=where)
            ]
        if verdict.status == "unproven":
            return [self.env._("%(kind)s asks for the proof of purchase.", kind=kind)]
        if verdict.status == "unmaintained":
            day = self._format(verdict.due)
            return [
                self.env._(
                    "%(kind)s asks for maintenance by %(day)s.", kind=kind, day=day
                )
            ]
        if verdict.status == "unregistered":
            day = self._format(certificate.register_until)
            return [
                self.env._(
                    "%(kind)s was not registered by %(day)s.", kind=kind, day=day
                )
            ]
        excludes = certificate.excluded_products or certificate.excluded_categories
        if (
            verdict.status != "covers"
            or not excludes
            or not verdict.percents.get("parts")
        ):
            return []
        return [
            self.env._(
                "%(kind)s does not pay: %(parts)s.",
                kind=kind,
                parts=self._get_excluded_names(certificate.key),
            )
        ]

    @api.model
    def _get_excluded_names(self, key):
        return self._get_warranty(key).terms_id.excluded_names

    @api.model
    def _get_territory(self, key):
        return self._get_warranty(key).terms_id.territory

    @api.model
    def _explain_verdict(self, verdict):
        certificate = verdict.certificate
        facts = {
            "kind": self._get_kind(verdict),
            "start": self._format(certificate.date_start),
            "end": self._format(certificate.date_end),
        }
        sentences = []
        if verdict.status in ("covers", "excluded") and verdict.percents:
            facts["components"] = self._format_components(verdict.percents)
            sentences.append(
                self.env._("%(kind)s until %(end)s covers %(components)s.", **facts)
            )
        sentences += self._explain_limits(verdict)
        for component, last_day in verdict.lapsed.items():
            sentences.append(
                self.env._(
                    "%(kind)s covered %(component)s until %(day)s.",
                    kind=facts["kind"],
                    component=self._get_component(component),
                    day=self._format(last_day),
                )
            )
        if verdict.status == "expired":
            sentences.append(self.env._("%(kind)s ended on %(end)s.", **facts))
        elif verdict.status == "future":
            sentences.append(self.env._("%(kind)s starts on %(start)s.", **facts))
        elif verdict.status == "void":
            reason = self._get_void_reason(certificate.key)
            sentences.append(
                self.env._("%(kind)s is void: %(reason)s", reason=reason, **facts)
            )
        return sentences

    @api.model
    def _get_void_reason(self, key):
        return self._get_warranty(key).void_reason or ""

    @api.model
    def _explain_rest(self, decision):
        rest = [name for name in COMPONENTS if not decision.percents[name]]
        if not rest:
            return []
        names = format_list(self.env, [self._get_component(name) for name in rest])
        return [self.env._("Not covered: %(components)s.", components=names)]

    @api.model
    def _explain_missing(self, fact, asset):
        product = asset.display_name
        if fact == "product":
            return self.env._(
                "Which unit it is about is not known: choose the customer's product."
            )
        if fact == "delivery_date":
            return self.env._(
                "The delivery date of %(product)s is not known: enter it to decide.",
                product=product,
            )
        if fact == "activation":
            return self.env._(
                "A warranty of %(product)s has not been activated yet.",
                product=product,
            )
        if fact == "country":
            return self.env._(
                "It is not known where %(product)s is: enter the country of its owner.",
                product=product,
            )
        if fact == "proof":
            return self.env._(
                "Nobody has seen the proof of purchase of %(product)s: tick it on the "
                "product once you have.",
                product=product,
            )
        if fact == "maintenance":
            return self.env._(
                "Nobody has seen a proof that %(product)s was maintained in time: "
                "enter the day on the product once you have.",
                product=product,
            )
        return self.env._(
            "No warranty is registered for %(product)s: ask for the proof of purchase "
            "and decide by hand.",
            product=product,
        )

    @api.model
    def _get_kind(self, verdict):
        return self._get_label("aftersales.warranty.policy", "kind")[
            verdict.certificate.kind
        ]

    @api.model
    def _get_component(self, component):
        labels = self._get_label("aftersales.warranty.policy.coverage", "component")
        return labels[component].lower()

    @api.model
    def _get_label(self, model, name):
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    @api.model
    def _format_components(self, percents):
        names = []
        for component in COMPONENTS:
            percent = percents.get(component)
            if percent:
                share = "" if percent >= 100 else f" ({percent:g} %)"
                names.append(f"{self._get_component(component)}{share}")
        return format_list(self.env, names)

    @api.model
    def _format(self, day):
        return format_date(self.env, day, date_format="long") if day else ""
