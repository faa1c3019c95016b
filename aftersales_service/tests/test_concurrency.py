# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from psycopg2 import OperationalError
from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.exceptions import LockError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_concurrency import ConcurrencyCase


@tagged("post_install", "-at_install")
class TestConcurrency(ConcurrencyCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            partner = env["res.partner"].create({"name": "Twice at Once"})
            product = env["product.product"].create(
                {"name": "Claimed Once", "is_storable": True}
            )
            asset = env["aftersales.asset"].create(
                {"partner_id": partner.id, "product_id": product.id}
            )
            self.partner_id, self.asset_id = partner.id, asset.id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            asset = env["aftersales.asset"].browse(self.asset_id)
            product = asset.product_id
            asset.claim_line_ids.claim_id.unlink()
            asset.unlink()
            product.product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def _claim(self, env):
        env["aftersales.claim"].create(
            {
                "subject": "Broken",
                "partner_id": self.partner_id,
                "line_ids": [Command.create({"asset_id": self.asset_id})],
            }
        )

    def test_one_unit_is_not_claimed_twice_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            late = self._get_env(second)
            second.execute("SELECT COUNT(*) FROM aftersales_claim_line")
            self._claim(self._get_env(first))
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._claim(late)
            second.rollback()

    def _register(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            self._claim(env)
            return env["aftersales.asset"].browse(self.asset_id).claim_line_ids.claim_id

    def test_two_agents_edit_a_claim_at_once(self):
        """The second starts over and both changes stay: Odoo runs a request again."""
        claim_id = self._register().id
        with self.registry.cursor() as first, self.registry.cursor() as second:
            mine, theirs = (
                self._get_env(cr)["aftersales.claim"].browse(claim_id)
                for cr in (first, second)
            )
            self.assertEqual(theirs.stage_category, "new")
            mine.action_solve()
            mine.env.flush_all()
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                theirs.write({"resolution": "A new battery"})
                theirs.env.flush_all()
            second.rollback()
            theirs.env.invalidate_all()
            theirs.write({"resolution": "A new battery"})
            theirs.env.flush_all()
            second.commit()
            mine.env.invalidate_all()
            self.assertEqual(mine.resolution, "A new battery")
            self.assertEqual(mine.stage_category, "solved")
        self._forget(claim_id)

    def test_two_agents_take_a_step_at_once(self):
        """Whoever comes second is told to start over and finds it done."""
        claim_id = self._register().id
        for step, before in (("action_solve", "new"), ("action_reopen", "solved")):
            with self.registry.cursor() as first, self.registry.cursor() as second:
                mine, theirs = (
                    self._get_env(cr)["aftersales.claim"].browse(claim_id)
                    for cr in (first, second)
                )
                self.assertEqual(theirs.stage_category, before)
                getattr(mine, step)()
                mine.env.flush_all()
                second.execute("SET lock_timeout = '200ms'")
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises((LockError, OperationalError)),
                ):
                    getattr(theirs, step)()
                second.rollback()
                first.commit()
                theirs.env.invalidate_all()
                getattr(theirs, step)()
                second.commit()
        with self.registry.cursor() as cr:
            claim = self._get_env(cr)["aftersales.claim"].browse(claim_id)
            self.assertEqual(claim.reopen_count, 1)
            tracked = claim.message_ids.tracking_value_ids.filtered(
                lambda value: value.field_id.name == "stage_id"
            )
            self.assertEqual(len(tracked), 2)
        self._forget(claim_id)

    def _forget(self, claim_id):
        """Claims with a history stay: here they make room for the clean-up."""
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM aftersales_claim WHERE id = %s", [claim_id])
            cr.execute(
                "DELETE FROM mail_message WHERE model = 'aftersales.claim' "
                "AND res_id = %s",
                [claim_id],
            )


@tagged("post_install", "-at_install")
class TestConcurrentAssignment(ConcurrencyCase):
    """Two claims that arrive at the same moment go to two members."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            users = env["res.users"].create(
                [
                    {
                        "name": f"At Once {index}",
                        "login": f"at_once_{index}",
                        "group_ids": [
                            Command.link(env.ref("aftersales_service.group_user").id)
                        ],
                    }
                    for index in range(2)
                ]
            )
            team = env["aftersales.team"].create(
                {
                    "name": "At Once",
                    "assignment": "round_robin",
                    "member_ids": [Command.set(users.ids)],
                }
            )
            self.user_ids, self.team_id = users.ids, team.id

    def _get_env(self, cr, **context):
        return super()._get_env(cr, tracking_disable=True, **context)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = self._get_env(cr)
            team = env["aftersales.team"].browse(self.team_id)
            env["aftersales.claim"].search([("team_id", "=", team.id)]).unlink()
            alias = team.alias_id
            team.unlink()
            alias.exists().unlink()
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def _register(self, env):
        claim = env["aftersales.claim"].create(
            {"subject": "Broken", "team_id": self.team_id}
        )
        env.flush_all()
        return claim.user_id.id

    def test_members_take_turns_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            late = self._get_env(second)
            # The snapshot of the second is taken before the first commits.
            second.execute("SELECT last_assigned_id FROM aftersales_team")
            chosen = self._register(self._get_env(first))
            first.commit()
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self._register(late)
            second.rollback()
            # Odoo runs a request that failed so again, as here.
            again = self._register(self._get_env(second))
            second.commit()
        self.assertEqual({chosen, again}, set(self.user_ids))

    def test_a_second_one_waits_for_the_first(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._register(self._get_env(first))
            env = self._get_env(second)
            second.execute("SET lock_timeout = '200ms'")
            with mute_logger("odoo.sql_db"), self.assertRaises(LockNotAvailable):
                self._register(env)
            second.rollback()
            first.rollback()
