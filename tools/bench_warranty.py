"""Issuing and reminding at size.

Issues 10,000 certificates, delivers a thousand serials at once, and runs the reminders
among 1,000,000 certificates, each as a ratio to the same work without: compare numbers
of one run only. Works on a database of its own that is dropped at the end. BENCH_ISSUED
and BENCH_EXISTING take other sizes.
"""

import benchmark
from project import main

if __name__ == "__main__":
    main(lambda: benchmark.run("bench_warranty", "aftersales_warranty", "everything"))
