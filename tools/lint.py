"""`make lint`: every check that needs no database."""

import os
import subprocess
import sys

import odoo_tree
import python_env
from project import ROOT, addons, main


def checks():
    """Name and command of every check."""
    python = python_env.python()
    programs = python.parent
    ours = addons()
    po_files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/i18n/*.po*"))
    yield "ruff", [programs / "ruff", "check", "--no-fix", "-q", "."]
    yield "ruff format", [programs / "ruff", "format", "--check", "-q", "."]
    if not ours:
        return
    # consider-merging-classes-inherited: a large model is cut by concern, a file each.
    merging = "--disable=consider-merging-classes-inherited"
    pylint = [programs / "pylint", "--rcfile=.pylintrc", merging]
    yield "pylint-odoo", [*pylint, *ours]
    yield "OCA checks of modules", [programs / "oca-checks-odoo-module", *ours]
    if po_files:
        # po-pretty-format: empties a translation that equals its source ("ID",
        # "CSAT"), which could then not be told from a missing one.
        oca_po = [programs / "oca-checks-po", "--disable=po-pretty-format"]
        yield "OCA checks of .po files", [*oca_po, *po_files]
    yield "translations complete", [python, "tools/po.py", "check", *ours]
    # Finds idioms that older Odoo versions used and that 19 dropped.
    upgrade = [python, "-m", "odoo", "upgrade_code", f"--addons-path={ROOT}"]
    globs = ["--from", "17.0", "--glob", "aftersales_*/**/*", "--dry-run"]
    yield "odoo upgrade_code", [*upgrade, *globs]


def run():
    """Run all checks; return how many passed, how many failed and what they said."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "ODOO_RC": os.devnull}
    environment["PYTHONPATH"] = str(odoo_tree.python_path())
    passed, said = 0, []
    for name, command in checks():
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            said.append(f"✗ {name}\n{done.stdout.strip()}")
        else:
            passed += 1
    return passed, len(said), "\n".join(said)


def show():
    passed, failed, said = run()
    if said:
        print(said, file=sys.stderr)
    print(f"{passed} checks passed, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    main(show)
