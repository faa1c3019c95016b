"""The part of tools/bench.py that runs inside Odoo."""

import time

from measuring import say

COUNT = 100_000
SEEDS = 1_000
PRODUCTS = 100
LISTED = ("name", "date", "subject", "product_names", "sla_deadline", "sla_state")
LISTED_RECORDS = ("partner_id", "user_id", "stage_id")


def measure(env):
    """Make COUNT claims, one in twenty open, and time what a desk does all day."""
    agent = _make_agent(env)
    customer = _make_claims(env, agent)
    claims = env["aftersales.claim"].with_user(agent)
    still_open = claims._get_open_domain()
    mine = still_open & type(still_open)("user_id", "=", agent.id)
    teams = env["aftersales.team"].with_user(agent).search([])
    reports = env["aftersales.claim.report"].with_user(agent)
    rates = env["aftersales.claim.rate"].with_user(agent)
    works = {
        "my open claims, what breaches next": lambda: claims.search(
            mine, order="sla_deadline", limit=80
        ),
        "open claims of my teams": lambda: claims.search(still_open, limit=80),
        "the board, by stage": lambda: claims._read_group(
            still_open, ["stage_id"], ["__count"]
        ),
        "search a reference": lambda: claims.search([("name", "ilike", "B/500/7")]),
        "search words of the subject": lambda: claims.search(
            [("subject", "ilike", "number 777")], limit=80
        ),
        "claims of a customer": lambda: claims.search(
            [("partner_id", "=", customer.id)], limit=80
        ),
        "search a product by its name": lambda: claims.search(
            [("product_names", "ilike", "Product 77")], limit=80
        ),
        "search a product or serial": lambda: claims.search(
            [
                "|",
                ("line_ids.product_id", "ilike", "Product 77"),
                ("line_ids.lot_id", "ilike", "Product 77"),
            ],
            limit=80,
        ),
        "a list of 80 with all it shows": lambda: claims.web_search_read(
            still_open,
            {name: {} for name in LISTED}
            | {name: {"fields": {"display_name": {}}} for name in LISTED_RECORDS},
            limit=80,
        ),
        "the open claims, by customer": lambda: claims.formatted_read_group(
            still_open, ["partner_id"], ["__count"], limit=80
        ),
        "the overview of the teams": lambda: teams.invalidate_recordset()
        or teams.mapped("failed_claim_count"),
        "the analysis, by type": lambda: reports._read_group(
            [], ["type_id"], ["claim_count:sum", "hours_to_close:avg"]
        ),
        "the analysis, by product": lambda: reports._read_group(
            [], ["product_id"], ["claim_count:sum"]
        ),
        "claims per 100 units": lambda: rates.search_fetch([], ["rate"], limit=80),
    }
    say(f"{claims.search_count([])} claims")
    for name, work in works.items():
        _time(env, name, work)


def _make_agent(env):
    group = env.ref("aftersales_service.group_user")
    agent = env["res.users"].create(
        {"name": "Agent", "login": "bench", "group_ids": [(6, 0, group.ids)]}
    )
    env.ref("aftersales_service.team_customer_care").member_ids = agent
    return agent


def _make_claims(env, agent):
    """Register SEEDS claims and multiply their rows; return one of the customers."""
    partners = env["res.partner"].create(
        [{"name": f"Customer {number}"} for number in range(SEEDS // 2)]
    )
    products = env["product.product"].create(
        [{"name": f"Product {number}"} for number in range(PRODUCTS)]
    )
    claims = env["aftersales.claim"].create(
        [
            {
                "subject": f"Problem number {number}",
                "partner_id": partners[number % len(partners)].id,
                "line_ids": [(0, 0, {"product_id": products[number % PRODUCTS].id})],
            }
            for number in range(SEEDS)
        ]
    )
    env.flush_all()
    columns = ", ".join(
        f'"{name}"'
        for name, field in claims._fields.items()
        if field.store
        and field.column_type
        and name not in ("id", "name", "portal_key")
    )
    env.cr.execute(
        f"INSERT INTO aftersales_claim (name, {columns}) "
        f"SELECT 'B/' || id || '/' || copy, {columns} "
        f"FROM aftersales_claim, generate_series(2, {COUNT // SEEDS}) AS copy"
    )
    # The copies of a claim have its subject, and now its line.
    columns = ", ".join(
        f'"{name}"'
        for name, field in env["aftersales.claim.line"]._fields.items()
        if field.store and field.column_type and name not in ("id", "claim_id")
    )
    env.cr.execute(
        f"INSERT INTO aftersales_claim_line (claim_id, {columns}) "
        f"SELECT copy_id, {columns} FROM aftersales_claim_line line "
        "JOIN (SELECT copy.id AS copy_id, seed.id AS seed_id "
        "FROM aftersales_claim copy JOIN aftersales_claim seed "
        "ON seed.subject = copy.subject AND copy.name LIKE 'B/%%' "
        "AND seed.name NOT LIKE 'B/%%') pair ON pair.seed_id = line.claim_id"
    )
    solved = env.ref("aftersales_service.stage_solved")
    env.cr.execute(
        "UPDATE aftersales_claim SET stage_id = %s, stage_category = 'solved', "
        "sla_deadline = NULL WHERE id %% 20 != 0",
        [solved.id],
    )
    env.cr.execute(
        "UPDATE aftersales_claim SET user_id = %s WHERE id %% 40 = 0", [agent.id]
    )
    env.cr.execute("ANALYZE aftersales_claim")
    env.cr.execute("ANALYZE aftersales_claim_line")
    env.invalidate_all()
    return partners[7]


def _time(env, name, work):
    """Print how long `work` takes warm, its number of queries, and its first plan."""
    work()
    env.invalidate_all()
    before = env.cr.sql_log_count
    start = time.perf_counter()
    work()
    milliseconds = 1000 * (time.perf_counter() - start)
    say(f"{name}: {milliseconds:.1f} ms, {env.cr.sql_log_count - before} queries")
    env.invalidate_all()
    for line in _explain(env, work):
        say(f"    {line}")


def _explain(env, work):
    cursor, seen = type(env.cr), []
    execute = cursor.execute

    def remember(self, query, params=None, log_exceptions=True):
        seen.append((query, params))
        return execute(self, query, params, log_exceptions)

    cursor.execute = remember
    try:
        work()
    finally:
        cursor.execute = execute
    query, params = seen[0]
    code = getattr(query, "code", query)
    values = getattr(query, "params", params)
    env.cr.execute(f"EXPLAIN {code}", values)
    return [line for (line,) in env.cr.fetchall()][:6]
