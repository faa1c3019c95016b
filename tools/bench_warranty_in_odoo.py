"""The part of tools/bench_warranty.py that runs inside Odoo."""

import os
import time
from datetime import date, timedelta

ISSUED = int(os.environ.get("BENCH_ISSUED", 10_000))
EXISTING = int(os.environ.get("BENCH_EXISTING", 1_000_000))
SEEDS = 1_000
DUE = 50
MARK = "BENCH "


def measure(env):
    """Time the issuing of ISSUED certificates and the reminders among EXISTING."""
    _issue(env)
    _remind(env)


def _issue(env):
    """Register as many assets with and without a warranty, by turns."""
    policy = _make_policy(env)
    covered, bare = _make_product(env, policy), _make_product(env)
    customer = env["res.partner"].create({"name": "Bench", "email": "b@example.com"})
    _register(env, covered, customer, 100)
    _register(env, bare, customer, 100)
    without = _register(env, bare, customer, ISSUED)
    with_warranty = _register(env, covered, customer, ISSUED)
    count = env["aftersales.warranty"].search_count([("product_id", "=", covered.id)])
    _say(f"{count - 100} certificates issued with {ISSUED} assets")
    _say(f"    assets alone: {without:.2f} s")
    _say(f"    with certificates: {with_warranty:.2f} s")
    _say(f"    ratio: {with_warranty / without:.2f}")


def _make_policy(env):
    return env["aftersales.warranty.policy"].create(
        {
            "name": "Bench",
            "kind": "legal",
            "duration": 3,
            "duration_unit": "year",
            "reminder_days": 30,
            "coverage_ids": [(0, 0, {"component": "parts"})],
        }
    )


def _make_product(env, policy=None):
    return env["product.product"].create(
        {
            "name": "Bench",
            "is_storable": True,
            "aftersales_warranty_policy_ids": [(6, 0, policy.ids if policy else [])],
        }
    )


def _register(env, product, customer, number):
    env.flush_all()
    env.invalidate_all()
    start = time.perf_counter()
    env["aftersales.asset"].with_context(
        tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
    ).create(
        [
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "delivery_date": date.today(),
            }
            for _index in range(number)
        ]
    )
    env.flush_all()
    return time.perf_counter() - start


def _remind(env):
    """Remind of DUE certificates among SEEDS, then among EXISTING."""
    few = _time_reminders(env)
    _multiply(env)
    many = _time_reminders(env)
    _say(f"reminders of {DUE} certificates, mails included")
    _say(f"    among a few thousand: {few:.2f} s")
    total = env["aftersales.warranty"].search_count([])
    _say(f"    among {total}: {many:.2f} s")
    _say(f"    ratio: {many / few:.2f}")
    domain = env["aftersales.warranty"]._get_reminder_domain()
    for line in _explain(env, env["aftersales.warranty"]._search(domain, limit=200)):
        _say(f"    {line}")


def _time_reminders(env):
    warranties = env["aftersales.warranty"]
    soon = date.today() + timedelta(days=20)
    picked = warranties.search(
        [("is_reminded", "!=", True), ("state", "=", "active")], limit=DUE
    )
    start = soon.replace(year=soon.year - 3)
    picked.write({"date_start": start})
    env.flush_all()
    env.invalidate_all()
    began = time.perf_counter()
    due = warranties.search(warranties._get_reminder_domain(), order="id", limit=200)
    assert due == picked.sorted("id"), f"{len(due)} are due"
    due._remind()
    env.flush_all()
    return time.perf_counter() - began


def _multiply(env):
    """Copy the rows of certificates until there are EXISTING of them."""
    env.flush_all()
    fields = env["aftersales.warranty"]._fields
    kept = [
        f'"{name}"'
        for name, field in fields.items()
        if field.store
        and field.column_type
        and name not in ("id", "name", "policy_id", "terms_id", "is_reminded")
    ]
    columns = ", ".join(kept)
    count = env["aftersales.warranty"].search_count([])
    copies = max(EXISTING // count, 1)
    # The copies are of the same asset and policy, which real ones never are.
    env.cr.execute("DROP INDEX IF EXISTS aftersales_warranty__asset_policy_uniq")
    env.cr.execute(
        f"INSERT INTO aftersales_warranty (name, policy_id, terms_id, {columns}) "
        f"SELECT 'B/' || id || '/' || copy, policy_id, terms_id, {columns} "
        f"FROM aftersales_warranty, generate_series(2, {copies}) AS copy "
        f"WHERE is_reminded IS NOT TRUE"
    )
    env.cr.execute("ANALYZE aftersales_warranty")
    env.invalidate_all()


def _explain(env, query):
    sql = query.select()
    env.cr.execute(f"EXPLAIN {sql.code}", sql.params)
    return [line for (line,) in env.cr.fetchall()][:6]


def _say(line):
    print(f"{MARK}{line}")
