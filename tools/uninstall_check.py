"""Install our addons with demo data, compare translations, uninstall one by one.

Nothing of ours may stay behind, and no log may complain. It cannot be an ordinary
test: uninstalling commits.
"""

from graphlib import TopologicalSorter

import databases
import demo
import i18n
import logs
from project import Trouble, addons, main
from server import prepare

DATABASE = "aftersales_test_uninstall"
LEFT_BEHIND = {
    "tables": "SELECT tablename FROM pg_tables WHERE tablename LIKE 'aftersales%'",
    "models": "SELECT model FROM ir_model WHERE model LIKE 'aftersales.%'",
    "fields": "SELECT model || '.' || name FROM ir_model_fields "
    "WHERE relation LIKE 'aftersales.%'",
    "external ids": "SELECT module || '.' || name FROM ir_model_data "
    "WHERE module LIKE 'aftersales_%'",
    "scheduled actions": "SELECT cron_name FROM ir_cron "
    "WHERE cron_name ILIKE '%after-sales%'",
}


def run(odoo):
    """Return how many checks passed, how many failed, and what they said."""
    checks = []

    def check(what, said):
        checks.append((what, said))

    try:
        installed, loaded = demo.build(odoo, DATABASE, DATABASE)
        check("installing", logs.complaints(installed))
        check("loading the demo data", logs.complaints(loaded))
        check("the demo has a claim", _no_claim(odoo))
        check("the .pot files are up to date", i18n.outdated(odoo, DATABASE))
        for addon in _dependents_first(odoo):
            check(f"uninstalling {addon}", _uninstall(odoo, addon))
        for what, query in LEFT_BEHIND.items():
            check(f"no {what} left behind", odoo.sql(query, DATABASE))
        check("Odoo still loads", _reload(odoo))
    except Trouble as trouble:
        check("uninstall check", str(trouble))
    finally:
        databases.drop(odoo, DATABASE)
    bad = [f"✗ {what}\n{said}" for what, said in checks if said]
    return len(checks) - len(bad), len(bad), "\n".join(bad)


def _no_claim(odoo):
    if odoo.sql("SELECT count(*) FROM aftersales_claim", DATABASE) == "0":
        return "There is no claim in the demo data, so uninstalling proves little."
    return ""


def _dependents_first(odoo):
    """Our installed addons, every one before those it depends on."""
    rows = odoo.sql(
        "SELECT m.name || ' ' || string_agg(d.name, ' ') FROM ir_module_module m "
        "JOIN ir_module_module_dependency d ON d.module_id = m.id "
        "WHERE m.state = 'installed' AND m.name LIKE 'aftersales_%' "
        "GROUP BY m.name ORDER BY m.name",
        DATABASE,
    )
    needs = {name: found for name, *found in map(str.split, rows.splitlines())}
    if set(needs) != set(addons()):
        raise Trouble(f"Installed are {sorted(needs)}, not all of {addons()}.")
    order = list(TopologicalSorter(needs).static_order())
    return [name for name in reversed(order) if name in needs]


def _uninstall(odoo, addon):
    log = odoo.logged(
        databases.LOGS / f"uninstall_{addon}.log",
        *("module", "uninstall", "-d", DATABASE, addon),
        trouble=f"{addon} cannot be uninstalled.",
    )
    state = odoo.sql(
        f"SELECT state FROM ir_module_module WHERE name = '{addon}'", DATABASE
    )
    found = logs.complaints(log)
    return found if state == "uninstalled" else f"{addon} is {state}.\n{found}"


def _reload(odoo):
    log = odoo.logged(
        databases.LOGS / "uninstall_reload.log",
        *("-d", DATABASE, "-u", "base", "--stop-after-init", "--no-http"),
        trouble="Odoo does not load any more.",
    )
    return logs.complaints(log)


def show():
    passed, failed, said = run(prepare())
    print(f"{said}\n{passed} passed, {failed} failed".strip())
    return bool(failed)


if __name__ == "__main__":
    main(show)
