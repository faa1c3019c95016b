# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A customer's documents, and the people who have no business with them."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import HttpCase

from odoo.addons.aftersales_service.tests.common import AftersalesCommon

ADDONS = "odoo.addons.aftersales_"
#: Tables in which the mere visit of a signed-in user leaves its mark.
VISIT_TABLES = (
    "auth_totp_rate_limit_log",
    "bus_bus",
    "bus_presence",
    "mail_presence",
    "res_device_log",
    "res_users_log",
    "res_users_settings",
)


class StrangersCase(AftersalesCommon, HttpCase):
    """Marta's bike with all that came after its sale, and three strangers to it:

    another customer, an employee without after-sales rights, and a technician who
    works on none of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = cls._create_user("outsider", "base.group_user")
        cls.strangers = {
            "portal": cls.stranger_user,
            "employee": cls.outsider,
            "technician": cls.technician,
        }
        colleague = cls._create_user("busy", "aftersales_service.group_technician")
        cls.bike.aftersales_warranty_policy_ids = cls.env.ref(
            "aftersales_warranty.policy_es_legal"
        )
        cls.asset = cls._sell(cls.bike, serials=["EB-SECRET"])
        cls.claim = cls._create_claim(
            cls.asset,
            subject="Subject-SECRET",
            description="Description-SECRET",
            user_id=cls.agent.id,
        )
        cls.claim._portal_ensure_token()
        cls.line = cls.claim.line_ids
        cls.line.diagnosis = "Diagnosis-SECRET"
        cls.line.action_create_repair()
        cls.repair = cls.claim.repair_ids
        cls.repair.write(
            {
                "user_id": colleague.id,
                "findings": "Findings-SECRET",
                "charge_ids": [
                    Command.create(
                        {
                            "product_id": cls.env.ref(
                                "aftersales_service.product_travel"
                            ).id
                        }
                    )
                ],
                "labour_ids": [
                    Command.create({"technician_id": colleague.id, "hours": 1})
                ],
            }
        )
        cls.compensation = cls.line._action_compensate(
            {"kind": "discount", "amount": 20.0, "note": "Goodwill-SECRET"}
        )
        cls.voucher = cls._give_voucher()
        cls.second_claim = cls._create_claim(
            cls._sell(cls.helmet), subject="Other-SECRET", user_id=cls.agent.id
        )
        cls.warranty = cls.asset.warranty_ids
        cls.warranty._portal_ensure_token()
        cls.invitation = cls._invite()
        # Not published: for those who work with it.
        cls.article = cls.env["aftersales.article"].create(
            {"name": "Article-SECRET", "kind": "procedure"}
        )
        cls.spare_part = cls.env["aftersales.spare.part"].create(
            {
                "product_tmpl_id": cls.bike.product_tmpl_id.id,
                "product_id": cls.battery.id,
            }
        )
        cls.counter = cls.env.ref("aftersales_service.aftersales_counter_hours")
        cls.bike.aftersales_counter_ids = cls.counter
        cls.reading = cls.env["aftersales.reading"].create(
            {"asset_id": cls.asset.id, "counter_id": cls.counter.id, "value": 5}
        )
        cls.carrier_claim = cls.env["aftersales.carrier.claim"].create(
            {"note": "Carrier-SECRET", "partner_ref": "Reference-SECRET"}
        )
        cls.line.carrier_claim_id = cls.carrier_claim
        cls.notice = cls._notify()
        cls.greeting = cls.env["aftersales.greeting"].create(
            {
                "asset_id": cls.asset.id,
                "company_id": cls.company.id,
                "partner_id": cls.customer.id,
                "kind": "anniversary",
                "years": 1,
                "date": "2999-01-01",
                "state": "sent",
                "token": "greeting-token-that-nobody-knows",
            }
        )
        cls.contract = cls._contract()
        cls.reversal = cls._open_reversal()
        cls.plan = cls.env["aftersales.plan"].create(
            {
                "name": "Plan-SECRET",
                "asset_id": cls.asset.id,
                "interval_number": 1,
                "lead_days": 31,
                "part_ids": [Command.create({"product_id": cls.battery.id})],
            }
        )
        cls.plan.action_start()
        cls.plan.action_generate()
        cls.visit = cls.plan.visit_ids
        cls.records = {
            record._name: record
            for record in (
                cls.article,
                cls.carrier_claim,
                cls.asset,
                cls.asset.sale_order_id,
                cls.bike,
                cls.bike.product_tmpl_id,
                cls.claim,
                cls.company,
                cls.compensation,
                cls.contract,
                cls.contract.asset_line_ids,
                cls.contract.period_ids[0],
                cls.contract.terms_id,
                cls.counter,
                cls.customer,
                cls.customer.category_id,
                cls.greeting,
                cls.invitation,
                cls.invitation.rule_id,
                cls.line,
                cls.notice,
                cls.notice.bulletin_id,
                cls.notice.recipient_id,
                cls.plan,
                cls.plan.part_ids,
                cls.visit,
                cls.reading,
                cls.repair,
                cls.repair.charge_ids,
                cls.repair.labour_ids,
                cls.reversal,
                cls.asset.lot_id,
                cls.spare_part,
                cls.team,
                cls.voucher,
                cls.warranty,
                cls.warranty.policy_id,
            )
        }
        cls.secrets = {
            "SECRET",
            cls.claim.name,
            cls.claim.access_token,
            cls.contract.access_token,
            cls.contract.name,
            cls.repair.name,
            cls.customer.email,
            cls.customer.name,
            cls.greeting.token,
            cls.notice.recipient_id.token,
            cls.visit.token,
            cls.warranty.access_token,
            cls.warranty.name,
        }
        # Whoever serves goods sees all assets with their certificates and owners.
        known = {
            "SECRET",
            cls.contract.access_token,
            cls.contract.name,
            cls.customer.email,
            cls.customer.name,
            cls.warranty.access_token,
            cls.warranty.name,
        }
        cls.secrets_of_work = (cls.secrets - known) | {
            "Subject-SECRET",
            "Description-SECRET",
            "Diagnosis-SECRET",
            "Findings-SECRET",
        }

    def setUp(self):
        super().setUp()
        # What a test makes is gone with it.
        self.records = dict(self.records)

    @classmethod
    def _contract(cls):
        """A maintenance contract of the customer's bike."""
        terms = cls.env["aftersales.contract.terms"].create(
            {"name": "Care", "invoice_period": "month"}
        )
        service = cls.env["product.product"].create(
            {
                "name": "Care, per month",
                "type": "service",
                "aftersales_contract_terms_id": terms.id,
            }
        )
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": service.id,
                            "aftersales_contract_asset_ids": [
                                Command.set(cls.asset.ids)
                            ],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        contract = order.order_line.aftersales_contract_ids
        contract._portal_ensure_token()
        contract.note = "Contract-SECRET"
        return contract

    @classmethod
    def _open_reversal(cls):
        """An accountant is about to credit what the contract billed."""
        invoice = cls.contract._bill()
        invoice.action_post()
        return (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )

    @classmethod
    def _invite(cls):
        """What the survey's ledger holds when the claim is solved."""
        rule = cls.env.ref("aftersales_survey.aftersales_survey_rule_claim_solved")
        invitation = rule._schedule_records(cls.claim)
        invitation.date_planned += timedelta(days=1)
        return invitation

    @classmethod
    def _give_voucher(cls):
        programs = cls.env["loyalty.program"]
        program = programs.create(
            {
                **programs._program_type_default_values()["gift_card"],
                "name": "Vouchers",
                "program_type": "gift_card",
            }
        )
        return program._create_aftersales_voucher(cls.customer, 20.0, "Note-SECRET")

    @classmethod
    def _notify(cls):
        """The customer's line in a notice about the bike, already sent."""
        bulletin = cls.env["aftersales.bulletin"].create(
            {
                "name": "Notice-SECRET",
                "description": "<p>Notice-SECRET</p>",
                "product_ids": cls.bike.ids,
            }
        )
        bulletin.action_list_affected()
        bulletin._approve()
        bulletin.recipient_ids._tell()
        bulletin.state = "open"
        return bulletin.line_ids

    def _get_secrets(self, who):
        return self.secrets_of_work if who == "technician" else self.secrets

    def _find_secrets(self, text, who):
        return sorted(secret for secret in self._get_secrets(who) if secret in text)

    def _count_changes(self):
        """How many rows this transaction has written, table by table."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
              FROM pg_stat_xact_user_tables
             WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname != ALL(%s)
            """,
            [list(VISIT_TABLES)],
        )
        return dict(self.env.cr.fetchall())

    def _get_record(self, model):
        """The record of `model` that belongs to the customer's story, or a new one."""
        if model not in self.records:
            self.records[model] = self._make_record(model)
        return self.records[model]

    def _make_record(self, model):
        """A record of a model that no story knows, e.g. a wizard's, filled in."""
        records = self.env[model]
        found = records if records._transient else records.search([], limit=1)
        if found:
            return found
        if not records._auto:
            return records.browse(1)
        if "claim_ids" in records._fields:
            records = records.with_context(active_ids=self.claim.ids)
        records = records.with_context(
            active_model="aftersales.claim", active_id=self.claim.id
        )
        return records.create(self._fill_in(records))

    def _fill_in(self, records):
        """Values for the required fields of `records`."""
        values = {}
        for name, field in records._fields.items():
            if not field.store or field.related or not field.base_field.required:
                continue
            if field.type == "many2one":
                values[name] = self._get_record(field.comodel_name).id
            elif name == "url":
                values[name] = "https://example.com/filled-in"
            elif field.type in ("char", "text", "html"):
                values[name] = "Filled in"
            elif field.type in ("integer", "float"):
                values[name] = 1
            elif field.type == "date":
                values[name] = "2999-01-01"
        return values
