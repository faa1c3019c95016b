"""`tools/bench_warranty.py`: issuing and reminding at size.

Issues 10,000 certificates, and runs the reminder cron over 1,000,000 of them, each as a
ratio to the same work without: compare numbers of one run only. Works on a database
of its own that is dropped at the end. BENCH_ISSUED and BENCH_EXISTING take other sizes.
"""

import databases
from bench_in_odoo import MARK
from project import main, say
from server import prepare

DATABASE = "aftersales_bench_warranty"


def bench():
    odoo = prepare()
    databases.copy(odoo, databases.template(odoo, "service"), DATABASE)
    try:
        say("Installing the warranty")
        databases.install(
            odoo, DATABASE, ["aftersales_warranty"], "bench_warranty_install.log"
        )
        say("Issuing and reminding")
        printed = odoo.script(
            DATABASE,
            databases.LOGS / "bench_warranty.log",
            "measure",
            "The benchmark broke off.",
            module="bench_warranty_in_odoo",
        )
    finally:
        databases.drop(odoo, DATABASE)
    for line in printed.splitlines():
        if line.startswith(MARK):
            print(line.removeprefix(MARK))


if __name__ == "__main__":
    main(bench)
