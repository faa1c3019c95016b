"""The part of tools/bench_bulletin.py that runs inside Odoo."""

import os

from measuring import column_names, say, timed

ASSETS = int(os.environ.get("BENCH_ASSETS", 1_000_000))
AFFECTED = int(os.environ.get("BENCH_AFFECTED", 10_000))
#: Owners have two of the affected products each; so many of them are told.
TOLD = 1_000


def measure(env):
    """List AFFECTED alone and among ASSETS, approve them and tell TOLD owners."""
    product, other = _make_products(env)
    _make_owners(env, AFFECTED // 2)
    _make_assets(env, product, AFFECTED)
    _list(env, product, "Warm-up")
    alone = _list(env, product, f"{AFFECTED} affected alone")
    _make_assets(env, other, ASSETS - AFFECTED)
    say(f"{env['aftersales.asset'].search_count([])} assets")
    bulletin = _make_bulletin(env, product)
    among = _list(env, product, f"{AFFECTED} affected among all", bulletin)
    say(f"    ratio: {among / alone:.2f}")
    _list(env, product, "listed again", bulletin)
    serials = {"serial_first": "B-1", "serial_last": f"B-{AFFECTED // 2}"}
    _list(
        env, product, "by a range of serials", _make_bulletin(env, product, **serials)
    )
    _approve(env, bulletin)
    _tell(env, bulletin)
    _explain(env, bulletin)


def _make_products(env):
    return env["product.product"].create(
        [
            {"name": name, "is_storable": True, "tracking": "serial"}
            for name in ("Affected", "Other")
        ]
    )


def _make_owners(env, count):
    env["res.partner"].create({"name": "Owner 0", "email": "owner0@example.com"})
    env.flush_all()
    partner = env["res.partner"].search([("name", "=", "Owner 0")])
    skipped = ("id", "name", "complete_name", "email", "email_normalized")
    columns = column_names(partner, (*skipped, "commercial_partner_id"))
    env.cr.execute(
        f"INSERT INTO res_partner (name, complete_name, email, email_normalized, "
        f"{columns}) SELECT 'Owner ' || n, 'Owner ' || n, 'owner' || n || "
        f"'@example.com', 'owner' || n || '@example.com', {columns} "
        f"FROM res_partner, generate_series(1, %s) AS n WHERE id = %s",
        [count, partner.id],
    )
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Owner %'"
    )


def _make_assets(env, product, count):
    """Serials of `product`, by turns of the owners."""
    env.cr.execute("SELECT max(id) FROM stock_lot")
    after = env.cr.fetchone()[0] or 0
    env.cr.execute(
        "INSERT INTO stock_lot (name, product_id, company_id) "
        "SELECT 'B-' || n, %s, %s FROM generate_series(1, %s) AS n",
        [product.id, env.company.id, count],
    )
    env.cr.execute(
        """
        WITH owners AS (
            SELECT id, row_number() OVER (ORDER BY id) - 1 AS number
              FROM res_partner WHERE name LIKE 'Owner %%'
        )
        INSERT INTO aftersales_asset (
            partner_id, company_id, product_id, lot_id, quantity, state, active,
            delivery_date
        )
        SELECT owners.id, %(company)s, %(product)s, lot.id, 1, 'in_service', true,
               current_date - (lot.id %% 2000)::int
          FROM stock_lot AS lot
          JOIN owners ON owners.number = lot.id %% (SELECT count(*) FROM owners)
         WHERE lot.id > %(after)s
        """,
        {"company": env.company.id, "product": product.id, "after": after},
    )
    for table in ("stock_lot", "aftersales_asset", "res_partner"):
        env.cr.execute(f"ANALYZE {table}")
    env.invalidate_all()


def _make_bulletin(env, product, **scope):
    values = {"name": "Bench", "description": "<p>Bench</p>", **scope}
    return env["aftersales.bulletin"].create(
        {**values, "product_ids": [(6, 0, product.ids)]}
    )


def _list(env, product, name, bulletin=None):
    bulletin = bulletin or _make_bulletin(env, product)
    seconds = timed(env, name, bulletin.action_list_affected)
    say(f"    {bulletin.asset_count} products of {bulletin.owner_count} owners")
    return seconds


def _approve(env, bulletin):
    timed(env, "approved", bulletin._approve)


def _tell(env, bulletin):
    """Tell TOLD owners as the scheduled action does, in its batches."""
    recipients = bulletin.recipient_ids[:TOLD]

    def work():
        for start in range(0, len(recipients), 100):
            recipients[start : start + 100]._tell()
            env.flush_all()
            env.cr.commit()
            env.invalidate_all()

    timed(env, f"{len(recipients)} owners told", work)


def _explain(env, bulletin):
    query = bulletin._get_assets()._search(bulletin._get_scope_domain())
    rows = env.execute_query(type(query.select())("EXPLAIN %s", query.select()))
    for (line,) in rows:
        say(f"    {line}")
