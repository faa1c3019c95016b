"""The part of tools/bench_care.py that runs inside Odoo."""

import os
from datetime import date, timedelta

from measuring import column_names, say, timed

ASSETS = int(os.environ.get("BENCH_ASSETS", 1_000_000))
PLANS = int(os.environ.get("BENCH_PLANS", 100_000))
PRODUCTS = 200
READ = 200_000
REPAIRS = 50_000
DUE = 100


def measure(env):
    """Count failures, list wear parts and plan visits among ASSETS."""
    env = env(context={**env.context, "tracking_disable": True})
    counter = env.ref("aftersales_service.aftersales_counter_hours")
    products = _make_products(env, counter)
    assets = _make_assets(env, products)
    _make_readings(env, counter)
    _make_repairs(env, assets[:1])
    for name in ("asset", "reading", "failure.case"):
        model = env[f"aftersales.{name}"]
        say(f"{model._description}: {model.search_count([])}")
    shares = env["aftersales.failure.share"]
    timed(env, "what fails next, counted", shares._cron_refresh)
    timed(env, "counted again", shares._cron_refresh)
    say(f"    {shares.search_count([])} rows")
    wear = env["aftersales.wear"]
    timed(env, "wear parts of one product, listed", wear._cron_refresh)
    timed(env, "listed again", wear._cron_refresh)
    say(f"    {wear.search_count([])} rows")
    _plan(env, assets)


def _make_products(env, counter):
    products = env["product.product"].create(
        [
            {
                "name": f"Bench {number}",
                "is_storable": True,
                "aftersales_counter_ids": [(6, 0, counter.ids)],
            }
            for number in range(PRODUCTS)
        ]
    )
    env["aftersales.spare.part"].create(
        {
            "product_tmpl_id": products[0].product_tmpl_id.id,
            "product_id": products[1].id,
            "is_wear": True,
            "life_months": 24,
            "counter_id": counter.id,
            "life_usage": 2_000,
        }
    )
    return products


def _make_assets(env, products):
    """ASSETS of the products, by turns, delivered within six years."""
    partner = env["res.partner"].create({"name": "Bench", "email": "b@example.com"})
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO aftersales_asset (
            partner_id, company_id, product_id, quantity, delivered_quantity, state,
            active, delivery_date
        )
        SELECT %(partner)s, %(company)s, %(first)s + n %% %(products)s, 1, 1,
               'in_service', true, current_date - (n / %(products)s) %% 2200
          FROM generate_series(0, %(assets)s - 1) AS n
        """,
        {
            "partner": partner.id,
            "company": env.company.id,
            "first": products[0].id,
            "products": PRODUCTS,
            "assets": ASSETS,
        },
    )
    env.cr.execute("ANALYZE aftersales_asset")
    env.invalidate_all()
    return env["aftersales.asset"].search(
        [("partner_id", "=", partner.id)], order="id", limit=PLANS
    )


def _make_readings(env, counter):
    """READ of the products were read twice, the last time a month ago."""
    env.cr.execute(
        """
        INSERT INTO aftersales_reading (
            asset_id, company_id, counter_id, source, state, kind, date, value, total
        )
        SELECT asset.id, asset.company_id, %s, 'office', 'counted', 'normal',
               now() - days * interval '1 day',
               (current_date - asset.delivery_date - days) * 2.5 + 250,
               (current_date - asset.delivery_date - days) * 2.5 + 250
          FROM (SELECT * FROM aftersales_asset
                 WHERE delivery_date < current_date - 100
                 ORDER BY id DESC LIMIT %s) AS asset
    CROSS JOIN (VALUES (90), (30)) AS moments (days)
        """,
        [counter.id, READ],
    )
    env.cr.execute("ANALYZE aftersales_reading")


def _make_repairs(env, asset):
    """REPAIRS of every so many products, done with a part, as one that was done."""
    part = env["product.product"].create({"name": "Bench part", "is_storable": True})
    repair = env["repair.order"].create(
        {
            "asset_id": asset.id,
            "product_id": asset.product_id.id,
            "partner_id": asset.partner_id.id,
            "move_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": part.id,
                        "product_uom_qty": 1,
                        "repair_line_type": "add",
                    },
                )
            ],
        }
    )
    repair.action_validate()
    repair.action_repair_start()
    repair.action_repair_done()
    env.flush_all()
    mine = column_names(repair, ("id", "asset_id", "product_id", "create_date"))
    env.cr.execute(
        f"INSERT INTO repair_order (asset_id, product_id, create_date, {mine}) "
        f"SELECT broken.asset, broken.product, broken.moment, {mine} "
        f"FROM repair_order, (SELECT id AS asset, product_id AS product, delivery_date "
        f"+ (id * 37 %% (current_date - delivery_date + 1)) AS moment "
        f"FROM aftersales_asset WHERE id > %s AND id %% 20 = 0 ORDER BY id LIMIT %s) "
        f"AS broken WHERE repair_order.id = %s",
        [asset.id, REPAIRS, repair.id],
    )
    move = repair.move_ids
    columns = column_names(move, ("id", "repair_id"))
    env.cr.execute(
        f"INSERT INTO stock_move (repair_id, {columns}) SELECT repair, {columns} "
        f"FROM stock_move, (SELECT id AS repair FROM repair_order WHERE id > %s) "
        f"AS one WHERE stock_move.id = %s",
        [repair.id, move.id],
    )
    for table in ("repair_order", "stock_move"):
        env.cr.execute(f"ANALYZE {table}")
    env.invalidate_all()


def _plan(env, assets):
    """Plan DUE visits, alone and among PLANS."""
    plans = env["aftersales.plan"]
    _make_due(env, assets[:3])
    timed(env, "warm-up", plans._cron_generate)
    _make_due(env, assets[:DUE])
    alone = timed(env, f"{DUE} plans due, alone", plans._cron_generate)
    plan = plans.create(
        {
            "name": "Later",
            "asset_id": assets[:1].id,
            "date_start": date.today(),
            "interval_number": 6,
        }
    )
    plan.action_start()
    env.flush_all()
    columns = column_names(plan, ("id", "asset_id"))
    env.cr.execute(
        f"INSERT INTO aftersales_plan (asset_id, {columns}) SELECT asset, {columns} "
        f"FROM aftersales_plan, (SELECT id AS asset FROM aftersales_asset ORDER BY id "
        f"LIMIT %s) AS one WHERE aftersales_plan.id = %s",
        [PLANS, plan.id],
    )
    env.cr.execute("ANALYZE aftersales_plan")
    env.invalidate_all()
    _make_due(env, assets[DUE : 2 * DUE])
    among = timed(env, f"{DUE} plans due, among {PLANS}", plans._cron_generate)
    say(f"    ratio: {among / alone:.2f}")
    today = date.today()
    timed(
        env,
        f"parts of the next three months of {PLANS} plans",
        lambda: env.company._get_planned_parts(today, today + timedelta(days=90)),
    )


def _make_due(env, assets):
    env["aftersales.plan"].create(
        [
            {
                "name": "Due",
                "asset_id": asset.id,
                "date_start": date.today() - timedelta(days=355),
                "interval_number": 365,
                "interval_unit": "day",
                "lead_days": 30,
            }
            for asset in assets
        ]
    ).action_start()
