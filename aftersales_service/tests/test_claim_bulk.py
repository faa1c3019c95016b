# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.tests import tagged

from .common import AftersalesCommon


@tagged("post_install", "-at_install")
class TestClaimBulk(AftersalesCommon):
    """Many claims at once cost as many queries as a few, their notes included."""

    def _create_claims(self, count):
        assets = self._sell(self.helmet, quantity=count)
        tracked = self.env["aftersales.claim"].with_context(
            tracking_disable=False, mail_notrack=False
        )
        claims = tracked.with_user(self.agent).create(
            [
                {
                    "subject": f"Claim {index}",
                    "partner_id": self.customer.id,
                    "user_id": self.agent.id,
                    "line_ids": [(0, 0, {"asset_id": assets.id})],
                }
                for index in range(count)
            ]
        )
        self._commit()
        return claims

    def _commit(self):
        """What happens at the end of a request."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.flush_all()

    def _count_queries(self, claims, step):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step(claims)
        self._commit()
        return self.env.cr.sql_log_count - before

    def _check_constant(self, step, limit, prepare=None):
        few, many = self._create_claims(2), self._create_claims(20)
        for claims in (few, many):
            if prepare:
                prepare(claims)
                self._commit()
        # What a process reads once is read.
        warm = self._create_claims(2)
        if prepare:
            prepare(warm)
            self._commit()
        self._count_queries(warm, step)
        count = self._count_queries(few, step)
        self.assertLessEqual(count, limit)
        self.assertLessEqual(self._count_queries(many, step), count + 2)
        return many

    def test_solving(self):
        claims = self._check_constant(lambda claims: claims.action_solve(), 60)
        self.assertEqual(set(claims.mapped("stage_category")), {"solved"})
        self.assertEqual(set(claims.line_ids.mapped("state")), {"done"})
        for records, name in ((claims, "stage_id"), (claims.line_ids, "state")):
            for record in records:
                changed = record.message_ids.sudo().tracking_value_ids.field_id
                self.assertIn(name, changed.mapped("name"))

    def test_cancelling(self):
        claims = self._check_constant(
            lambda claims: claims._action_cancel("Recalled"), 60
        )
        self.assertEqual(set(claims.mapped("cancel_reason")), {"Recalled"})

    def test_reopening(self):
        claims = self._check_constant(
            lambda claims: claims.action_reopen(),
            90,
            prepare=lambda claims: claims.action_solve(),
        )
        self.assertEqual(claims.mapped("reopen_count"), [1] * 20)

    def test_taking(self):
        claims = self._check_constant(lambda claims: claims.action_assign_to_me(), 60)
        self.assertEqual(set(claims.mapped("stage_category")), {"in_progress"})

    def test_whoever_follows_solutions_gets_a_message_of_each(self):
        claims = self._create_claims(3)
        solved = self.env.ref("aftersales_service.mt_claim_solved")
        claims[0].sudo().message_subscribe(
            self.manager.partner_id.ids, subtype_ids=solved.ids
        )
        claims.action_solve()
        self._commit()
        self.assertIn(solved, claims[0].message_ids.subtype_id)
        self.assertNotIn(solved, claims[1].message_ids.subtype_id)
