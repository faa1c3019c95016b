"""What the benchmarks share: a database of their own, dropped at the end."""

import databases
from project import say
from server import prepare

#: How the scripts inside Odoo mark what is to be shown.
MARK = "BENCH "


def run(name, addon, template="service"):
    """Install `addon` in a new database and show what `<name>_in_odoo` measures.

    :param template: what the database is a copy of
    """
    odoo = prepare()
    database = f"aftersales_{name}"
    databases.copy(odoo, databases.template(odoo, template), database)
    try:
        say(f"Installing {addon}")
        databases.install(odoo, database, [addon], f"{name}_install.log")
        say("Measuring")
        printed = odoo.script(
            database,
            databases.LOGS / f"{name}.log",
            "measure",
            "The benchmark broke off.",
            module=f"{name}_in_odoo",
        )
    finally:
        databases.drop(odoo, database)
    for line in printed.splitlines():
        if line.startswith(MARK):
            print(line.removeprefix(MARK))
