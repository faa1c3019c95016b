"""The part of tools/bench_portal.py that runs inside Odoo."""

import statistics
import time

from benchmark import MARK

COUNT = 200
ROUNDS = 15


def measure(env):
    """Open each page ROUNDS times, in turns, and compare it with its order's page."""
    from werkzeug.test import Client

    import odoo.sql_db
    from odoo.http import root

    user, order, asset, claim = _make_records(env)
    env.cr.commit()
    client = Client(root)
    client.set_cookie("session_id", _make_session(env, user), domain="localhost")
    pages = {
        "list of orders": "/my/orders",
        "list of claims": "/my/claims",
        "list of products": "/my/assets",
        "order": f"/my/orders/{order.id}",
        "claim": f"/my/claims/{claim.id}",
        "product": f"/my/assets/{asset.id}",
    }
    times = {name: [] for name in pages}
    queries = {}
    for number in range(ROUNDS + 1):
        for name, path in pages.items():
            before, start = odoo.sql_db.sql_counter, time.perf_counter()
            answer = client.get(path)
            answer.get_data()
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            if number:  # the first round only warms up
                times[name].append(time.perf_counter() - start)
                queries[name] = odoo.sql_db.sql_counter - before
    for name in pages:
        core = "list of orders" if name.startswith("list") else "order"
        ratio = statistics.median(times[name]) / statistics.median(times[core])
        print(f"{MARK}{name}: {ratio:.2f} of {core}, {queries[name]} queries")


def _make_session(env, user):
    from odoo.http import get_default_session, root
    from odoo.service.security import compute_session_token

    session = root.session_store.new()
    session.update(get_default_session(), db=env.cr.dbname, _trace_disable=True)
    session.uid, session.login = user.id, user.login
    session.session_token = compute_session_token(session, user.with_user(user).env)
    session.context = dict(user.with_user(user).context_get())
    root.session_store.save(session)
    return session.sid


def _make_records(env):
    """COUNT confirmed orders and COUNT claims of one customer, each with messages."""
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench_portal",
            "email": "bench@example.com",
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    product = env["product.product"].create({"name": "Bench", "is_storable": True})
    partner = {"partner_id": user.partner_id.id}
    assets = env["aftersales.asset"].create(
        [{**partner, "product_id": product.id} for _number in range(COUNT)]
    )
    claims = env["aftersales.claim"].create(
        [
            {
                **partner,
                "subject": f"Problem {asset.id}",
                "line_ids": [(0, 0, {"asset_id": asset.id})],
            }
            for asset in assets
        ]
    )
    line = (0, 0, {"product_id": product.id, "product_uom_qty": 1})
    orders = env["sale.order"].create(
        [{**partner, "order_line": [line]} for _number in range(COUNT)]
    )
    orders.action_confirm()
    for record in (orders[:1], claims[:1]):
        for number in range(5):
            record.message_post(
                body=f"Message {number}", subtype_xmlid="mail.mt_comment"
            )
    return user, orders[:1], assets[:1], claims[:1]
