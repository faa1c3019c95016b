# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common_bulletin import BulletinCommon


@tagged("post_install", "-at_install")
class TestBulletinScope(BulletinCommon, MailCase):
    """Whom a notice is about, listed before anything is sent."""

    def _list(self, **scope):
        bulletin = self._create_bulletin(**scope)
        bulletin.action_list_affected()
        self.assertEqual(bulletin.state, "listed")
        return bulletin.line_ids.asset_id

    def test_products_and_lots(self):
        self.assertEqual(self._list(product_ids=self.bike.ids), self.bikes)
        self.assertEqual(self._list(product_ids=self.helmet.ids), self.own_helmet)
        lots = self.marta_bikes[:2].lot_id
        self.assertEqual(self._list(lot_ids=lots.ids), self.marta_bikes[:2])

    def test_ranges_of_serials(self):
        for scope, found in (
            ({"serial_first": "EB-0101", "serial_last": "EB-0200"}, slice(1, 3)),
            ({"serial_first": "EB-200"}, slice(2, 4)),
            ({"serial_last": " EB-0100 "}, slice(0, 1)),
        ):
            with self.subTest(scope=scope):
                bikes = self.bikes.sorted("id")[found]
                self.assertEqual(self._list(**scope), bikes)
                scope = {**scope, "product_ids": self.bike.ids}
                self.assertEqual(self._list(**scope), bikes)

    def test_what_is_no_range_is_said_at_once(self):
        for first, last, message in (
            ("ABC", False, "over numbers"),
            ("A-1", "B-2", "different series"),
            ("A-2", "A-1", "comes after"),
        ):
            with self.subTest(first=first):
                with self.assertRaisesRegex(ValidationError, message):
                    self._create_bulletin(serial_first=first, serial_last=last)
        with self.assertRaisesRegex(ValidationError, "comes after version"):
            self._create_bulletin(version_first="2.10", version_last="2.9")

    def test_versions(self):
        old, new, unknown = self.marta_bikes
        old.version, new.version, self.jordi_bike.version = "2.9", "2.10", "2.10"
        scope = {"product_ids": self.bike.ids, "version_last": "2.9"}
        self.assertEqual(self._list(**scope), old | unknown)
        scope["is_unknown_version"] = False
        self.assertEqual(self._list(**scope), old)
        scope = {"version_first": "2.10", "is_unknown_version": False}
        self.assertEqual(self._list(**scope), new | self.jordi_bike)

    def test_delivery_dates(self):
        self.marta_bikes.delivery_date = "2026-01-31"
        self.jordi_bike.delivery_date = "2026-02-01"
        scope = {"product_ids": self.bike.ids}
        self.assertEqual(
            self._list(**scope, delivery_to="2026-01-31"), self.marta_bikes
        )
        self.assertEqual(
            self._list(**scope, delivery_from="2026-02-01"), self.jordi_bike
        )
        with self._refused_by_the_database():
            self._create_bulletin(delivery_from="2026-02-01", delivery_to="2026-01-01")

    def test_country_of_the_owner_or_of_their_company(self):
        spain, france = self.env.ref("base.es"), self.env.ref("base.fr")
        self.stranger.country_id = france
        firm = self.env["res.partner"].create(
            {"name": "Firm", "is_company": True, "country_id": spain.id}
        )
        self.customer.write({"parent_id": firm.id, "country_id": False})
        scope = {"product_ids": self.bike.ids}
        self.assertEqual(self._list(**scope, country_ids=spain.ids), self.marta_bikes)
        self.assertEqual(self._list(**scope, country_ids=france.ids), self.jordi_bike)

    def test_what_customers_have_not_got_is_left_out(self):
        returned, replaced, archived = self.marta_bikes
        returned.write({"state": "returned", "quantity": 0})
        replaced.state = "replaced"
        archived.active = False
        self.assertEqual(self._list(product_ids=self.bike.ids), self.jordi_bike)

    def test_another_company_s_assets_are_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids |= other
        elsewhere = self.env["aftersales.asset"].create(
            {
                "partner_id": self.customer.id,
                "product_id": self.bike.id,
                "company_id": other.id,
            }
        )
        self.assertNotIn(elsewhere, self._list(product_ids=self.bike.ids))
        lead = self.manager.with_context(allowed_company_ids=other.ids)
        bulletin = self._create_bulletin(product_ids=self.bike.ids, company_id=other.id)
        bulletin.action_list_affected()
        self.assertEqual(bulletin.line_ids.asset_id, elsewhere)
        self.manager.company_ids -= other
        bulletin.invalidate_recordset()
        with self.assertRaises(AccessError):
            bulletin.with_user(lead).read(["name"])
        with self.assertRaises(AccessError):
            bulletin.line_ids.with_user(lead).read(["state"])

    # -- empty, and everything

    def test_an_empty_scope_is_refused(self):
        with self.assertRaisesRegex(UserError, "Say which products"):
            self._create_bulletin().action_list_affected()

    def test_a_scope_without_anybody_is_refused(self):
        bulletin = self._create_bulletin(serial_first="ZZ-1")
        with self.assertRaisesRegex(UserError, "Nobody is affected"):
            bulletin.action_list_affected()
        self.assertEqual(bulletin.state, "draft")

    def test_everything_is_asked_for_expressly_and_confirmed(self):
        bulletin = self._create_bulletin(
            is_whole_company=True, product_ids=self.bike.ids
        )
        with self.assertRaisesRegex(UserError, "exclude each other"):
            bulletin.action_list_affected()
        bulletin.product_ids = False
        with self.assertRaisesRegex(UserError, "every customer"):
            self._approve(bulletin)
        self.assertEqual(bulletin.state, "listed")
        self.assertEqual(set(bulletin.line_ids.mapped("state")), {"listed"})
        action = bulletin.action_approve()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.manager)
        self.assertTrue(wizard.is_everything)
        wizard.is_everything_meant = True
        wizard.action_confirm()
        self.assertEqual(bulletin.state, "sending")

    def test_a_scope_that_comes_to_everything_is_confirmed_as_well(self):
        everything = self.env["aftersales.asset"].search([("active", "=", True)])
        (everything - self.bikes).state = "retired"
        with self.assertRaisesRegex(UserError, "every customer"):
            self._approve(self.bulletin)

    # -- the list

    def test_one_line_a_product_however_often_it_is_listed(self):
        self.bulletin.action_list_affected()
        first = self.bulletin.line_ids
        self.bulletin.action_list_affected()
        self.assertEqual(self.bulletin.line_ids.asset_id, first.asset_id)
        self.assertEqual(len(self.bulletin.line_ids), 4)
        self.assertEqual(len(self.bulletin.recipient_ids), 2)
        self.assertEqual((self.bulletin.asset_count, self.bulletin.owner_count), (4, 2))
        with self._refused_by_the_database():
            first[0].sudo().copy()

    def test_another_scope_needs_another_list(self):
        self.bulletin.action_list_affected()
        self.bulletin.serial_last = "EB-0101"
        self.assertEqual(self.bulletin.state, "draft")
        self.assertFalse(self.bulletin.line_ids)
        self.assertFalse(self.bulletin.recipient_ids)
        self.bulletin.action_list_affected()
        self.assertEqual(self.bulletin.line_ids.asset_id, self.marta_bikes[:2])

    def test_the_scope_of_what_was_sent_stays(self):
        self._send(self.bulletin)
        with self.assertRaisesRegex(UserError, "settled once it is sent"):
            self.bulletin.product_ids |= self.helmet
        with self.assertRaisesRegex(UserError, "is kept"):
            self.bulletin.unlink()

    def test_the_list_costs_the_same_for_more_assets(self):
        def count_queries():
            bulletin = self._create_bulletin(product_ids=self.bike.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            bulletin.action_list_affected()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count_queries()
        few = count_queries()
        self.env["aftersales.asset"].create(
            [
                {"partner_id": self.customer.id, "product_id": self.bike.id}
                for _index in range(50)
            ]
        )
        self.assertLessEqual(count_queries(), few)

    # -- rights

    def test_agents_look_and_managers_decide(self):
        self.bulletin.action_list_affected()
        as_agent = self.bulletin.with_user(self.agent)
        self.assertEqual(as_agent.read(["asset_count"])[0]["asset_count"], 4)
        for step in (
            "action_list_affected",
            "action_approve",
            "action_stop",
            "action_retry",
            "action_close",
            "action_reopen",
        ):
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(as_agent, step)()
        with self.assertRaises(AccessError):
            as_agent.name = "Mine"
        with self.assertRaises(AccessError):
            self.env["aftersales.bulletin.approve"].with_user(self.agent).create(
                {"bulletin_id": self.bulletin.id}
            )

    def test_nobody_writes_the_list_or_the_state(self):
        self.bulletin.action_list_affected()
        with self.assertRaises(AccessError):
            self.bulletin.state = "open"
        with self.assertRaises(AccessError):
            self.bulletin.line_ids[0].state = "done"
        with self.assertRaises(AccessError):
            self.bulletin.recipient_ids[0].read(["token"])
        for model in ("aftersales.bulletin", "aftersales.bulletin.asset"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.portal_user).search([])
