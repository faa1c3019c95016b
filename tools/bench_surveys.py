"""What sending surveys costs among a hundred thousand solved claims, as a ratio.

Works on a database of its own that is dropped at the end. Times depend on the machine:
compare them within one run only.
"""

import databases
from bench_surveys_in_odoo import MARK
from project import main, say
from server import prepare

DATABASE = "aftersales_bench_surveys"


def bench():
    odoo = prepare()
    databases.copy(odoo, databases.template(odoo, "survey"), DATABASE)
    try:
        say("Installing the surveys")
        databases.install(odoo, DATABASE, ["aftersales_survey"], "bench_surveys_i.log")
        say("Making the claims and measuring")
        printed = odoo.script(
            DATABASE,
            databases.LOGS / "bench_surveys.log",
            "measure",
            "The benchmark broke off.",
            module="bench_surveys_in_odoo",
        )
    finally:
        databases.drop(odoo, DATABASE)
    for line in printed.splitlines():
        if line.startswith(MARK):
            print(line.removeprefix(MARK))


if __name__ == "__main__":
    main(bench)
