"""What sending surveys costs among a hundred thousand solved claims, as a ratio.

Works on a database of its own that is dropped at the end. Times depend on the machine:
compare them within one run only.
"""

import benchmark
from project import main

if __name__ == "__main__":
    main(lambda: benchmark.run("bench_surveys", "aftersales_survey", "survey"))
