# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.mail.tests.common import MailCase

from ..models.aftersales_claim_status import STATUS_TEMPLATES
from .common import AftersalesCommon

LANGUAGES = {
    "en_US": "What comes next",
    "es_ES": "Qué viene ahora",
    "ca_ES": "Què ve ara",
}


@tagged("post_install", "-at_install")
class TestStatusMessages(AftersalesCommon, MailCase, CronMixinCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "care@shop.example"
        cls.asset = cls._sell(cls.bike, serials=["EB-1"])
        cls.claim = cls._create_claim(cls.asset, user_id=cls.agent.id)
        cls.claim.message_subscribe(cls.manager.partner_id.ids)
        cls.waiting = cls.env.ref("aftersales_service.stage_waiting")
        cls.working = cls.env.ref("aftersales_service.stage_in_progress")

    def _get_mails(self, step):
        """The mails that `step` sends, as {subject: mail}, all to the customer."""
        with self.mock_mail_gateway():
            step()
        sent = [mail for mail in self._new_mails if mail.model == "aftersales.claim"]
        for mail in sent:
            self.assertEqual(mail.recipient_ids, self.customer)
        return sent

    def _set_stage(self, stage):
        return self._get_mails(
            lambda: self.claim.with_user(self.agent).write({"stage_id": stage.id})
        )

    # -- the events

    def test_each_wait_for_the_customer_is_told_once(self):
        [mail] = self._set_stage(self.waiting)
        self.assertIn("your answer", mail.subject)
        self.assertIn(self.claim.sudo().tracking_token, mail.body_html)
        self.assertFalse(self._set_stage(self.waiting))
        self.assertFalse(self._set_stage(self.working))
        self.assertEqual(len(self._set_stage(self.waiting)), 1)

    def test_solved_is_told_once_for_each_round(self):
        self.claim.resolution = "New battery"
        solve = self.claim.with_user(self.agent).action_solve
        [mail] = self._get_mails(solve)
        self.assertIn("solved", mail.subject)
        self.assertIn("New battery", mail.body_html)
        self.assertFalse(self._get_mails(solve))
        self.assertFalse(self._get_mails(self.claim.action_reopen))
        self.assertEqual(len(self._get_mails(solve)), 1)

    def _make_repair(self):
        self.claim.line_ids.action_create_repair()
        return self.claim.repair_ids

    def test_end_of_a_repair_is_told(self):
        repair = self._make_repair()
        repair.user_id = self.technician
        repair.action_validate()
        repair.action_repair_start()
        [mail] = self._get_mails(repair.with_user(self.technician).action_repair_end)
        self.assertIn("repair is finished", mail.subject)
        self.assertIn("E-bike Tramuntana", mail.body_html)

    def test_quote_marked_as_sent_is_told_and_one_sent_by_mail_is_not(self):
        repair = self._make_repair()
        self.claim.line_ids.coverage = "not_covered"
        repair.action_validate()
        repair.action_create_sale_order()
        order = repair.sale_order_id
        [mail] = self._get_mails(order.action_quotation_sent)
        self.assertIn("quote", mail.subject)
        self.assertFalse(self._get_mails(lambda: order.write({"state": "sent"})))
        other = order.copy()
        repair.sale_order_id = other
        by_mail = other.with_context(mark_so_as_sent=True)
        self.assertFalse(self._get_mails(lambda: by_mail.message_post(body="Here")))
        self.assertEqual(other.state, "sent")

    def test_parcel_that_leaves_is_told(self):
        line = self.claim.line_ids
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.customer.property_stock_customer.id,
            }
        )
        self.env["stock.move"].create(
            {
                "product_id": self.helmet.id,
                "product_uom_qty": 1,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "aftersales_claim_line_id": line.id,
            }
        )
        picking.action_confirm()
        [mail] = self._get_mails(lambda: self._deliver(picking))
        self.assertIn("On its way", mail.subject)

    # -- never twice, never to others, never when switched off

    def test_ledger_lets_an_event_pass_once(self):
        self.assertEqual(
            len(self._get_mails(lambda: self.claim._notify_customer("repaired", 7))), 1
        )
        self.assertFalse(
            self._get_mails(lambda: self.claim._notify_customer("repaired", 7))
        )
        self.assertEqual(
            len(self._get_mails(lambda: self.claim._notify_customer("repaired", 8))), 1
        )

    def test_mail_that_fails_leaves_nothing_in_the_ledger(self):
        def fail(*_args, **_kwargs):
            raise ValueError("No template")

        self.patch(type(self.claim), "message_post_with_source", fail)
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self.claim._notify_customer("repaired", 7)
        self.assertFalse(
            self.env["aftersales.claim.notification"].search(
                [("claim_id", "=", self.claim.id)]
            )
        )

    def test_messages_about_many_claims_are_sent_by_the_scheduled_action(self):
        claims = self.claim.union(*(self._create_claim() for _number in range(4)))
        cron = self.env.ref("aftersales_service.ir_cron_send_notifications")
        with self.capture_triggers(cron.id) as captured:
            self.assertFalse(self._get_mails(claims._action_solve))
        self.assertTrue(captured.records)

        def run():
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()

        self.assertEqual(len(self._get_mails(run)), 5)
        self.assertFalse(self._get_mails(run))

    @mute_logger("odoo.addons.aftersales_service.models.aftersales_claim_notification")
    def test_one_that_fails_does_not_stop_the_others(self):
        claims = self.claim | self._create_claim()
        claims._action_solve()
        post = type(claims)._post_status

        def fail_once(claim, template):
            if claim == self.claim:
                raise ValueError("No template")
            return post(claim, template)

        self.patch(type(claims), "_post_status", fail_once)
        cron = self.env.ref("aftersales_service.ir_cron_send_notifications")

        def run():
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()

        self.assertEqual(len(self._get_mails(run)), 1)
        ledger = self.env["aftersales.claim.notification"]
        entries = ledger.search([("claim_id", "in", claims.ids)])
        failed = entries.filtered(lambda entry: entry.state == "failed")
        self.assertEqual((len(entries), failed.claim_id), (2, self.claim))

    def test_each_message_can_be_switched_off(self):
        for kind in STATUS_TEMPLATES:
            with self.subTest(kind=kind):
                self.company[f"aftersales_tell_{kind}"] = False
                self.assertFalse(
                    self._get_mails(lambda k=kind: self.claim._notify_customer(k))
                )
                self.company[f"aftersales_tell_{kind}"] = True
                self.assertEqual(
                    len(self._get_mails(lambda k=kind: self.claim._notify_customer(k))),
                    1,
                )
        self.company.aftersales_tell_received = False
        self.assertFalse(self._get_mails(self.claim._send_acknowledgement))
        self.company.aftersales_tell_received = True
        self.assertTrue(self._get_mails(self.claim._send_acknowledgement))

    def test_archived_template_and_customer_without_mail_send_nothing(self):
        self.env.ref(STATUS_TEMPLATES["solved"]).active = False
        self.assertFalse(self._get_mails(lambda: self.claim._notify_customer("solved")))
        self.customer.email = False
        self.assertFalse(
            self._get_mails(lambda: self.claim._notify_customer("waiting"))
        )

    def test_messages_are_no_answers_of_staff(self):
        self._set_stage(self.waiting)
        self.assertFalse(self.claim.response_count)
        self.assertFalse(self.claim.first_response_date)

    def test_confidential_claim_tells_nothing_of_what_it_is_about(self):
        self.claim.write({"is_confidential": True, "resolution": "Resolution-SECRET"})
        for kind in STATUS_TEMPLATES:
            [mail] = self._get_mails(lambda k=kind: self.claim._notify_customer(k))
            for text in (self.claim.subject, "E-bike", "SECRET"):
                self.assertNotIn(text, mail.body_html + mail.subject)
        [mail] = self._get_mails(self.claim._send_acknowledgement)
        self.assertNotIn(self.claim.subject, mail.body_html + mail.subject)

    def test_every_message_in_every_language(self):
        for language in LANGUAGES:
            self._install_language(language)
        for number, (language, words) in enumerate(LANGUAGES.items()):
            self.customer.lang = language
            for kind in STATUS_TEMPLATES:
                with self.subTest(kind=kind, language=language):
                    [mail] = self._get_mails(
                        lambda k=kind, n=number: self.claim._notify_customer(k, n)
                    )
                    if kind != "waiting":
                        self.assertIn(words, mail.body_html)
                    self.assertIn(self.claim.name, mail.subject)
                    self.assertEqual(mail.email_from, self.company.email_formatted)
                    self.assertIn(self.claim.sudo().tracking_token, mail.body_html)

    # -- urgent claims

    def _get_alerts(self, claim):
        return claim.activity_ids.filtered(lambda a: a.summary == "Urgent claim")

    def test_urgent_claim_is_told_once_to_whoever_is_in_charge(self):
        claim = self._create_claim(priority="3")
        self.assertEqual(self._get_alerts(claim).user_id, self.manager)
        claim.priority = "1"
        claim.priority = "3"
        self.assertEqual(len(self._get_alerts(claim)), 1)
        self.claim.priority = "3"
        self.assertEqual(self._get_alerts(self.claim).user_id, self.agent)
        self.company.aftersales_alert_urgent = False
        quiet = self._create_claim(priority="3")
        self.assertFalse(self._get_alerts(quiet))

    def test_solved_claim_alerts_nobody(self):
        self.claim._action_solve()
        self.claim.priority = "3"
        self.assertFalse(self._get_alerts(self.claim))
