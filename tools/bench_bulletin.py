"""A product notice at size: 10,000 affected among 1,000,000 assets.

How long listing, approving and sending take, how much memory listing takes, and the
plan of its query. Works on a database of its own that is dropped at the end. Times
depend on the machine: compare them within one run only. BENCH_ASSETS and BENCH_AFFECTED
take other sizes.
"""

import benchmark
from project import main

if __name__ == "__main__":
    main(lambda: benchmark.run("bench_bulletin", "aftersales_service"))
