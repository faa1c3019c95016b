"""How the portal's pages compare with those of the core's orders, in one run.

Works on a database of its own that is dropped at the end. Times depend on the machine:
only the ratios say something.
"""

from benchmark import run
from project import main


def bench():
    run("bench_portal", "everything", "aftersales_service", "bench_portal_in_odoo")


if __name__ == "__main__":
    main(bench)
