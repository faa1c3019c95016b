"""Care before the failure at size: 1,000,000 products, 100,000 preventive plans.

How long it takes, and how much memory, to count what fails next from 50,000 repairs and
400,000 readings, to list the wear parts that are due, and to plan 100 visits that are
due, alone and among all plans. Works on a database of its own that is dropped at the
end. Times depend on the machine: compare them within one run only. BENCH_ASSETS and
BENCH_PLANS take other sizes.
"""

import benchmark
from project import main

if __name__ == "__main__":
    main(lambda: benchmark.run("bench_care", "aftersales_warranty", "everything"))
