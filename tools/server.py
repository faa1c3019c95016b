"""Run Odoo: its environment, its configuration file, its commands.

`prepare()` is the set-up of everything; all other scripts start from what it returns.
"""

import os
import subprocess

import odoo_tree
import postgres
import python_env
from project import DEV, ROOT, Trouble, addons, locked

CONFIG = DEV / "odoo.conf"
DATA = DEV / "data"
TOOLS = ROOT / "tools"


class Odoo:
    def __init__(self, python, base, variables):
        self.python = python
        self.base = base
        programs = [python.parent, postgres.bin_folder(), os.environ.get("PATH", "")]
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "ODOO"))}
        self.environment = {
            **kept,
            **variables,
            "PATH": os.pathsep.join(str(part) for part in programs if part),
            "PYTHONPATH": str(base),
            "PYTHONNOUSERSITE": "1",
            "ODOO_RC": str(CONFIG),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }

    def run(self, *arguments, **options):
        """Run an odoo command in the foreground; return its exit code."""
        return self.call([self.python, "-m", "odoo", *arguments], **options).returncode

    def call(self, command, **options):
        options.setdefault("cwd", ROOT)
        options["env"] = {**self.environment, **options.pop("extra", {})}
        return subprocess.run([str(part) for part in command], **options)

    def logged(self, log, *arguments, trouble, **options):
        """Run an odoo command with its output in the file `log`; raise if it fails."""
        log.parent.mkdir(parents=True, exist_ok=True)
        if "input" not in options:
            options["stdin"] = subprocess.DEVNULL
        with open(log, "w") as handle:
            done = self.call(
                [self.python, "-m", "odoo", *arguments],
                stdout=handle,
                stderr=subprocess.STDOUT,
                **options,
            )
        text = log.read_text(errors="replace")
        if done.returncode or " CRITICAL " in text:
            tail = "\n".join("    " + line for line in text.splitlines()[-25:])
            raise Trouble(f"{trouble} The end of {log.relative_to(ROOT)}:\n{tail}")
        return text

    def script(self, database, log, function, trouble, module="in_odoo"):
        """Run a function of tools/in_odoo.py, or `module`, in Odoo on `database`."""
        code = f"import {module}; {module}.{function}(env); env.cr.commit()"
        return self.logged(
            log,
            *("shell", "-d", database, "--no-http"),
            trouble=trouble,
            input=code.encode(),
            extra={"PYTHONPATH": f"{self.base}{os.pathsep}{TOOLS}"},
        )

    def sql(self, statement, database="postgres", trouble="PostgreSQL refused."):
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
        done = self.call(
            [*command, "-c", statement],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise Trouble(f"{trouble}\n    {done.stdout.strip()}")
        return done.stdout.strip()


def prepare():
    """Set up whatever is missing and return an Odoo that works."""
    base = odoo_tree.python_path()
    python = python_env.python()
    variables = postgres.environment()
    _write_config(base)
    return Odoo(python, base, variables)


def _write_config(base):
    ours = [ROOT] if addons() else []
    paths = ",".join(str(path) for path in (*ours, *odoo_tree.addons_paths(base)))
    text = f"""# Written by tools/server.py. The database comes from the PG* variables.
[options]
addons_path = {paths}
data_dir = {DATA}
http_interface = 127.0.0.1
log_handler = :INFO
max_cron_threads = 0
proxy_mode = False
screenshots = {DEV / "screenshots"}
smtp_server = 127.0.0.1
smtp_port = 1
"""
    with locked("config"):
        DATA.mkdir(exist_ok=True)
        if not CONFIG.exists() or CONFIG.read_text() != text:
            fresh = CONFIG.with_suffix(".new")
            fresh.write_text(text)
            fresh.replace(CONFIG)
