"""`make bench`: how a hundred thousand claims list, group and search, with the plans.

Works on a database of its own that is dropped at the end. Times depend on the machine:
compare them within one run only.
"""

from benchmark import run
from project import main


def bench():
    run("bench", "service", "aftersales_service", "bench_in_odoo")


if __name__ == "__main__":
    main(bench)
