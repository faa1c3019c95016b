"""What the parts of the benchmarks that run inside Odoo share."""

import resource
import time

from benchmark import MARK


def say(line):
    """Show a line of the result."""
    print(f"{MARK}{line}")


def timed(env, name, work):
    """Do `work` with cold caches, show what it took and return the seconds."""
    env.flush_all()
    env.cr.commit()
    env.invalidate_all()
    memory, queries, start = peak(), env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    seconds = time.perf_counter() - start
    say(
        f"{name}: {seconds:.2f} s, {env.cr.sql_log_count - queries} queries, "
        f"{peak() - memory} MB more memory at the peak"
    )
    return seconds


def peak():
    """The most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def column_names(record, skipped):
    """The stored columns of the record's own table but `skipped`, quoted."""
    return ", ".join(
        f'"{name}"'
        for name, field in record._fields.items()
        if field.store and field.column_type and name not in skipped
    )
