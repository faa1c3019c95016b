"""What sending surveys costs among a hundred thousand solved claims, as a ratio.

Works on a database of its own that is dropped at the end. Times depend on the machine:
compare them within one run only.
"""

from benchmark import run
from project import main


def bench():
    run("bench_surveys", "survey", "aftersales_survey", "bench_surveys_in_odoo")


if __name__ == "__main__":
    main(bench)
