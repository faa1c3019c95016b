"""Databases of the private cluster: made once as a template, then copied.

A template is named after what it is made of, so a new Odoo or another list of
modules makes a new one. It is built under another name and renamed when whole.
"""

import hashlib
import inspect
import os
import re
import shutil
import time

import in_odoo
from project import LANGUAGES, ROOT, Trouble, addons, locked, need_space, say
from server import DATA

ALONE = ("sale_stock", "repair", "portal")
SURVEY = (*ALONE, "survey")
EVERYTHING = (
    "sale_management",
    "stock",
    "account",
    "contacts",
    "loyalty",
    "l10n_es",
    *SURVEY,
)
LOGS = DATA.parent / "logs"


def template(odoo, label):
    """The name of the template `label`: "service", "survey" or "everything"."""
    modules = {"service": ALONE, "survey": SURVEY, "everything": EVERYTHING}[label]
    name = f"aftersales_template_{label}_{_mark(odoo, modules)}"
    with locked(f"template_{label}"):
        if not exists(odoo, name):
            need_space(2048)
            say(f"Making the template database with {', '.join(modules)} (once)")
            _build(odoo, name, modules, spanish=label == "everything")
    return name


def copy(odoo, source, name):
    """Replace the database `name` by a copy of `source`."""
    check_name(name)
    drop(odoo, name)
    odoo.sql(
        f'CREATE DATABASE "{name}" TEMPLATE "{source}"',
        trouble=f"The database {source} cannot be copied to {name}.",
    )
    files = filestore(source)
    if files.exists():
        # The files are named by their content and never changed: links are enough.
        shutil.copytree(files, filestore(name), copy_function=os.link)


def drop(odoo, name, tries=5):
    check_name(name)
    try:
        odoo.sql(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            trouble=f"The database {name} cannot be dropped.",
        )
    except Trouble:
        # An ordinary user can't end the server's own vacuum, which ends by itself.
        if tries == 1:
            raise
        time.sleep(2)
        drop(odoo, name, tries - 1)
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(odoo, name, new):
    odoo.sql(f'ALTER DATABASE "{name}" RENAME TO "{new}"')
    shutil.rmtree(filestore(new), ignore_errors=True)
    if filestore(name).exists():
        filestore(name).rename(filestore(new))


def ours(odoo):
    """The names of all databases that these scripts made."""
    names = odoo.sql("SELECT datname FROM pg_database").split()
    return [name for name in names if name.startswith("aftersales_")]


def exists(odoo, name):
    found = odoo.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
    return bool(found)


def install(odoo, name, modules, log, *options, update=False):
    """Install (or update) modules in a database; return the log."""
    return odoo.logged(
        LOGS / log,
        *("-d", name, "-u" if update else "-i", ",".join(modules)),
        *("--stop-after-init", "--no-http", *options),
        trouble=f"{', '.join(modules)} cannot be installed in {name}.",
    )


def filestore(name):
    return DATA / "filestore" / name


def check_name(name):
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", name):
        raise Trouble(
            f"{name!r} is no good name for a database: use small letters, digits, _."
        )


def source_hash():
    """A mark of our addons' files: it changes whenever one of them does."""
    digest = hashlib.sha256()
    for addon in addons():
        for path in sorted((ROOT / addon).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.is_file() and "__pycache__" not in parts and "tests" not in parts:
                digest.update(f"{path.relative_to(ROOT)}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _mark(odoo, modules):
    release = (odoo.base / "odoo" / "release.py").read_bytes()
    recipe = inspect.getsource(in_odoo.set_company), in_odoo.SPANISH_COMPANY
    text = repr((str(odoo.base), sorted(modules), LANGUAGES, recipe))
    return hashlib.sha256(release + text.encode()).hexdigest()[:10]


def _build(odoo, name, modules, spanish):
    building = f"{name}_building"
    drop(odoo, building)
    if spanish:
        # The first one becomes the language of users and partners.
        languages = f"--load-language={','.join(('en_US', *LANGUAGES))}"
        install(odoo, building, ["base"], f"{name}_base.log", languages)
        odoo.script(
            building,
            LOGS / f"{name}_company.log",
            "set_company",
            "The company cannot be set up.",
        )
        install(odoo, building, modules, f"{name}.log")
        odoo.script(
            building,
            LOGS / f"{name}_check.log",
            "check_company",
            "The Spanish company did not turn out as it should.",
        )
    else:
        # Nothing but what the addon names: it must get by with that.
        install(odoo, building, modules, f"{name}.log", "--skip-auto-install")
    rename(odoo, building, name)
