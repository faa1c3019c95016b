"""How the portal's pages compare with those of the core's orders, in one run.

Works on a database of its own that is dropped at the end. Times depend on the machine:
only the ratios say something.
"""

import benchmark
from project import main

if __name__ == "__main__":
    main(lambda: benchmark.run("bench_portal", "aftersales_service", "everything"))
