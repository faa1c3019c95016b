"""What all benchmarks share: a database of their own, and what they say.

The work itself is the function `measure` of a module that runs inside Odoo; of what it
prints, the lines that begin with MARK are shown.
"""

import databases
from project import say
from server import prepare

MARK = "BENCH "


def run(name, label, addon, module):
    """Install `addon` on a copy of the template `label`, measure, drop it again."""
    odoo = prepare()
    database = f"aftersales_{name}"
    databases.copy(odoo, databases.template(odoo, label), database)
    try:
        say(f"Installing {addon}")
        databases.install(odoo, database, [addon], f"{name}_install.log")
        say("Making the records and measuring")
        printed = odoo.script(
            database,
            databases.LOGS / f"{name}.log",
            "measure",
            "The benchmark broke off.",
            module=module,
        )
    finally:
        databases.drop(odoo, database)
    for line in printed.splitlines():
        if line.startswith(MARK):
            print(line.removeprefix(MARK))
