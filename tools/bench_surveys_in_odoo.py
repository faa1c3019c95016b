"""The part of tools/bench_surveys.py that runs inside Odoo."""

import time

from measuring import column_names, say

COUNT = 100_000
DUE = 1_000


def measure(env):
    """Time the cron on DUE surveys alone, and on DUE among COUNT solved claims."""
    rule = env.ref("aftersales_survey.aftersales_survey_rule_claim_solved")
    rule.write({"quiet_start": 0, "quiet_end": 0})
    _run(env, _make_due(env, rule, "Warm-up", 20))
    alone = _run(env, _make_due(env, rule, "First", DUE))
    _multiply(env, rule)
    claims, lines = env["aftersales.claim"], env["aftersales.survey.invitation"]
    say(f"{claims.search_count([])} claims, {lines.search_count([])} invitations")
    among = _run(env, _make_due(env, rule, "Second", DUE))
    say(f"{DUE} due alone: {alone[0]:.1f} s, {alone[1]} queries")
    say(f"{DUE} due among {COUNT}: {among[0]:.1f} s, {among[1]} queries")
    say(f"ratio: time {among[0] / alone[0]:.2f}, queries {among[1] / alone[1]:.2f}")
    idle = _time(env)
    say(f"nothing due among {COUNT}: {1000 * idle[0]:.1f} ms, {idle[1]} queries")


def _make_due(env, rule, name, count):
    """Solved claims of `count` new customers, asked about now."""
    rule.active = False
    partners = env["res.partner"].create(
        [
            {"name": f"{name} {number}", "email": f"{name}{number}@example.com"}
            for number in range(count)
        ]
    )
    claims = env["aftersales.claim"].create(
        [
            {"subject": f"{name} {number}", "partner_id": partner.id}
            for number, partner in enumerate(partners)
        ]
    )
    claims.write({"stage_id": env.ref("aftersales_service.stage_solved").id})
    rule.active = True
    return rule._schedule_records(claims)


def _run(env, invitations):
    """Send what is due; return seconds and queries."""
    result = _time(env)
    sent = invitations.filtered(lambda i: i.state == "sent")
    if len(sent) != len(invitations):
        raise RuntimeError(f"Only {len(sent)} of {len(invitations)} were sent.")
    return result


def _time(env):
    env.flush_all()
    env.cr.commit()
    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    env["aftersales.survey.invitation"]._cron_send(batch_size=DUE)
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - before


def _multiply(env, rule):
    """Old solved claims, each with an invitation that was answered or has expired."""
    env.flush_all()
    claim = env["aftersales.claim"].search([("stage_category", "=", "solved")], limit=1)
    columns = column_names(claim, ("id", "name", "portal_key", "access_token"))
    env.cr.execute(
        f"INSERT INTO aftersales_claim (name, {columns}) "
        f"SELECT 'B/' || copy, {columns} FROM aftersales_claim, "
        f"generate_series(1, %s) AS copy WHERE id = %s",
        [COUNT - 2 * DUE, claim.id],
    )
    invitation = rule.invitation_ids.filtered(lambda i: i.claim_id == claim)
    skipped = ("id", "claim_id", "res_id", "state", "sent_date", "reminder_date")
    columns = column_names(invitation, (*skipped, "user_input_id"))
    env.cr.execute(
        f"INSERT INTO aftersales_survey_invitation "
        f"(claim_id, res_id, state, sent_date, {columns}) "
        f"SELECT c.id, c.id, "
        f"CASE WHEN c.id %% 3 = 0 THEN 'answered' ELSE 'expired' END, "
        f"now() - c.id %% 700 * interval '1 day' - interval '40 days', "
        f"{', '.join(f'i.{name}' for name in columns.split(', '))} "
        f"FROM aftersales_claim c, aftersales_survey_invitation i "
        f"WHERE c.name LIKE 'B/%%' AND i.id = %s",
        [invitation.id],
    )
    env.cr.execute("ANALYZE aftersales_claim")
    env.cr.execute("ANALYZE aftersales_survey_invitation")
    env.invalidate_all()
