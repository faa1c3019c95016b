"""The part of tools/bench_warranty.py that runs inside Odoo."""

import os
import time
from datetime import date, timedelta

from measuring import column_names, say

ISSUED = int(os.environ.get("BENCH_ISSUED", 10_000))
EXISTING = int(os.environ.get("BENCH_EXISTING", 1_000_000))
SERIALS = 1_000
DUE = 50
ROUNDS = 3
#: As deliveries make assets: without a line in the chatter of each.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notify_force_send": False,
}


def measure(env):
    """Time issuing, a delivery of serials, and reminders among EXISTING."""
    env = env(context={**env.context, **QUIET})
    customer = env["res.partner"].create({"name": "Bench", "email": "b@example.com"})
    policy = _make_policy(env)
    _issue(env, policy, customer)
    _deliver(env, policy, customer)
    _remind(env)


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


def _make_product(env, policy=None, **values):
    return env["product.product"].create(
        {
            "name": "Bench",
            "is_storable": True,
            "aftersales_warranty_policy_ids": [(6, 0, policy.ids if policy else [])],
            **values,
        }
    )


def _timed(env, work, fresh=True):
    """Return (seconds, queries) of `work`, all of it written."""
    env.flush_all()
    if fresh:
        env.invalidate_all()
    start, queries = time.perf_counter(), env.cr.sql_log_count
    work()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries


# -- certificates


def _issue(env, policy, customer):
    """Register as many assets with and without a warranty, by turns."""
    covered, bare = _make_product(env, policy), _make_product(env)
    for number in (100, ISSUED):  # the first round warms up
        without = _register(env, bare, customer, number)
        issued = _register(env, covered, customer, number)
    say(f"{number} assets, and {number} with their certificates")
    _compare(without, issued)


def _register(env, product, customer, number):
    values = {
        "partner_id": customer.id,
        "product_id": product.id,
        "delivery_date": date.today(),
    }
    assets = env["aftersales.asset"]
    return _timed(env, lambda: assets.create([values] * number))


# -- a delivery


def _deliver(env, policy, customer):
    """Deliver SERIALS at once, and see what share of it is ours.

    Measured within each delivery: two deliveries, one with and one without, differ by
    more than that from what else the machine does.
    """
    covered = _make_product(env, policy, tracking="serial")
    _timed(env, _make_delivery(env, covered, customer, 10))  # warms up
    moves, ours = type(env["stock.move"]), []
    register = moves._update_aftersales_assets

    def timed(self):
        ours.append(_timed(self.env, lambda: register(self), fresh=False))

    moves._update_aftersales_assets = timed
    for _round in range(ROUNDS):
        whole = _timed(env, _make_delivery(env, covered, customer, SERIALS))
        without = tuple(all_ - part for all_, part in zip(whole, ours[-1], strict=True))
        say(f"a delivery of {SERIALS} serials, then with assets and certificates")
        _compare(without, whole)
    moves._update_aftersales_assets = register


def _make_delivery(env, product, customer, number):
    """Prepare a delivery; return what does it."""
    mark = env["stock.lot"].search_count([])
    warehouse = env["stock.warehouse"].search([], limit=1)
    lots = env["stock.lot"].create(
        [
            {"product_id": product.id, "name": f"{mark}-{index}"}
            for index in range(number)
        ]
    )
    quants = env["stock.quant"]
    for lot in lots:
        quants._update_available_quantity(
            product, warehouse.lot_stock_id, 1, lot_id=lot
        )
    order = env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": number})
            ],
        }
    )
    order.action_confirm()
    picking = order.picking_ids
    picking.action_assign()
    picking.move_ids.picked = True
    return picking.button_validate


# -- reminders


def _remind(env):
    """Remind of DUE certificates: the mails alone, among few, among EXISTING."""
    warranties = env["aftersales.warranty"]
    waiting = warranties.search([("state", "=", "active")], limit=3 * DUE)
    groups = [waiting[start : start + DUE] for start in (0, DUE, 2 * DUE)]
    _time_reminders(env, groups[0])  # warms up
    mails = _time_mails(env)
    few = warranties.search_count([]), _time_reminders(env, groups[1])
    _multiply(env, waiting)
    many = warranties.search_count([]), _time_reminders(env, groups[2])
    for count, reminded in (few, many):
        say(f"{DUE} such mails alone, then the reminders among {count} certificates")
        _compare(mails, reminded)
    query = warranties._search(warranties._get_reminder_domain(), order="id", limit=200)
    for line in _explain(env, query):
        say(f"    {line}")


def _time_mails(env):
    """What DUE mails cost without looking for what is due and without the ledger."""
    warranties = env["aftersales.warranty"].search([], limit=DUE)
    template = env.ref("aftersales_warranty.mail_template_reminder")
    layout = "mail.mail_notification_light"
    return _timed(
        env,
        lambda: template.send_mail_batch(warranties.ids, email_layout_xmlid=layout),
    )


def _time_reminders(env, warranties):
    """Time the cron when just these certificates are due."""
    soon = date.today() + timedelta(days=20)
    warranties.write({"date_start": soon.replace(year=soon.year - 3)})
    spent = _timed(env, warranties._cron_remind)
    states = env["aftersales.warranty.reminder"].search(
        [("warranty_id", "in", warranties.ids)]
    )
    assert states.mapped("state") == ["sent"] * DUE, states.mapped("state")
    return spent


def _multiply(env, kept_apart):
    """Copy the rows of the other certificates until there are EXISTING of them."""
    env.flush_all()
    kept = column_names(env["aftersales.warranty"], ("id", "name"))
    others = [("id", "not in", kept_apart.ids)]
    count = env["aftersales.warranty"].search_count(others)
    # The copies are of the same asset and policy, which real ones never are.
    env.cr.execute("DROP INDEX IF EXISTS aftersales_warranty_asset_policy_uniq")
    env.cr.execute(
        f"INSERT INTO aftersales_warranty (name, {kept}) "
        f"SELECT 'B/' || id || '/' || copy, {kept} "
        f"FROM aftersales_warranty, generate_series(1, %s) AS copy "
        f"WHERE id NOT IN %s",
        [max(EXISTING // count - 1, 1), tuple(kept_apart.ids)],
    )
    env.cr.execute("ANALYZE aftersales_warranty")
    env.invalidate_all()


def _explain(env, query):
    sql = query.select()
    env.cr.execute(f"EXPLAIN {sql.code}", sql.params)
    return [line for (line,) in env.cr.fetchall()][:6]


# -- what is shown


def _compare(without, done):
    for label, (seconds, queries) in (("first", without), ("then", done)):
        say(f"    {label}: {seconds:.2f} s, {queries} queries")
    say(f"    ratio: {done[0] / without[0]:.2f}")
