"""`make i18n`: export the .pot files and carry new strings into es.po and ca.po."""

import subprocess
import tempfile
from pathlib import Path

import databases
import demo
from project import addons, main
from server import TOOLS, prepare

DATABASE = "aftersales_i18n"


def write():
    odoo = prepare()
    demo.build(odoo, DATABASE, "i18n")
    try:
        for addon, exported in export(odoo, DATABASE):
            odoo.call([odoo.python, TOOLS / "po.py", "merge", addon, exported])
    finally:
        databases.drop(odoo, DATABASE)


def outdated(odoo, name):
    """What differs between the .pot files and the strings of the database `name`."""
    said = []
    for addon, exported in export(odoo, name):
        done = odoo.call(
            [odoo.python, TOOLS / "po.py", "differences", addon, exported],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said += [done.stdout.strip()] if done.returncode else []
    return "\n".join(said)


def export(odoo, name):
    """Yield every addon with the path of its fresh export."""
    with tempfile.TemporaryDirectory() as folder:
        for addon in addons():
            path = Path(folder, f"{addon}.po")
            odoo.logged(
                databases.LOGS / f"i18n_{addon}.log",
                *("i18n", "export", "-d", name, "-l", "pot", "-o", path, addon),
                trouble=f"The strings of {addon} cannot be exported.",
            )
            yield addon, path


if __name__ == "__main__":
    main(write)
