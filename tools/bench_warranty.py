"""`tools/bench_warranty.py`: issuing and reminding at size.

Issues 10,000 certificates, and runs the reminder cron over 1,000,000 of them, each as a
ratio to the same work without: compare numbers of one run only. Works on a database
of its own that is dropped at the end. BENCH_ISSUED and BENCH_EXISTING take other sizes.
"""

from benchmark import run
from project import main


def bench():
    run("bench_warranty", "service", "aftersales_warranty", "bench_warranty_in_odoo")


if __name__ == "__main__":
    main(bench)
