"""`make bench`: how a hundred thousand claims list, group and search, with the plans.

Works on a database of its own that is dropped at the end. Times depend on the machine:
compare them within one run only.
"""

import benchmark
from project import main

if __name__ == "__main__":
    main(lambda: benchmark.run("bench", "aftersales_service"))
