"""How the portal's pages compare with those of the core's orders, in one run.

Works on a database of its own that is dropped at the end. Times depend on the machine:
only the ratios say something.
"""

import databases
from bench_portal_in_odoo import MARK
from project import main, say
from server import prepare

DATABASE = "aftersales_bench_portal"


def bench():
    odoo = prepare()
    databases.copy(odoo, databases.template(odoo, "everything"), DATABASE)
    try:
        say("Installing the service")
        databases.install(
            odoo, DATABASE, ["aftersales_service"], "bench_portal_install.log"
        )
        say("Making orders and claims, and opening their pages")
        printed = odoo.script(
            DATABASE,
            databases.LOGS / "bench_portal.log",
            "measure",
            "The benchmark broke off.",
            module="bench_portal_in_odoo",
        )
    finally:
        databases.drop(odoo, DATABASE)
    for line in printed.splitlines():
        if line.startswith(MARK):
            print(line.removeprefix(MARK))


if __name__ == "__main__":
    main(bench)
