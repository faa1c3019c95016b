"""`make bench`: how a hundred thousand claims list, group and search, with the plans.

Works on a database of its own that is dropped at the end. Times depend on the machine:
compare them within one run only.
"""

import databases
from bench_in_odoo import MARK
from project import main, say
from server import prepare

DATABASE = "aftersales_bench"


def bench():
    odoo = prepare()
    databases.copy(odoo, databases.template(odoo, "service"), DATABASE)
    try:
        say("Installing the service")
        databases.install(odoo, DATABASE, ["aftersales_service"], "bench_install.log")
        say("Making the claims and measuring")
        log = databases.LOGS / "bench.log"
        printed = odoo.script(
            DATABASE,
            log,
            "measure",
            "The benchmark broke off.",
            module="bench_in_odoo",
        )
    finally:
        databases.drop(odoo, DATABASE)
    for line in printed.splitlines():
        if line.startswith(MARK):
            print(line.removeprefix(MARK))


if __name__ == "__main__":
    main(bench)
