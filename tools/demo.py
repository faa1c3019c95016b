"""`make demo`: a shop in Barcelona to look at, on 127.0.0.1.

The server and a mail catcher run in the background until `make stop`; every
mail the demo sends ends up as a file in .dev/mail, none leaves the machine.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import databases
import postgres
import system
from project import (
    DEV,
    Trouble,
    addons,
    free_port,
    locked,
    main,
    port_is_free,
    process_arguments,
    say,
    wait_until,
)
from server import prepare

DATABASE = "aftersales_demo"
STATE = DEV / "demo.json"
MAIL = DEV / "mail"
LOG = databases.LOGS / "demo.log"
LOGINS = (
    ("manager", "manager", "runs the after-sales service"),
    ("agent", "agent", "takes claims and decides"),
    ("technician", "technician", "repairs"),
    ("accountant", "accountant", "sees what warranty costs"),
    ("customer", "customer", "the customer, in the portal"),
    ("jordi", "jordi", "a customer who reads Catalan"),
    ("lucia", "lucia", "a customer who reads Spanish"),
    ("admin", "admin", "the administrator"),
)


def start():
    port = _wanted_port()
    with locked("demo"):
        running = _running()
        ours = running and running["port"] == port
        if ours and not os.environ.get("FRESH"):
            if _mark(prepare()) == databases.source_hash():
                return _announce(port)
        if not ours and not port_is_free(port):
            raise Trouble(
                f"Port {port} of 127.0.0.1 is taken by another program. Choose another "
                f"one, for example: make demo DEMO_PORT={port + 1}"
            )
        if not addons():
            raise Trouble("There are no addons here: is this a complete checkout?")
        system.provide(required=False)
        odoo = prepare()
        stop_server()
        _have_database(odoo)
        _serve(odoo, port)
    return _announce(port)


def stop():
    """Stop what `make demo` and the others have started, and nothing else."""
    stopped = stop_server()
    stopped = postgres.stop() or stopped
    say("Stopped." if stopped else "Nothing of ours was running.")


def build(odoo, name, log):
    """Make a database with our addons and their demo data; return the two logs."""
    databases.copy(odoo, databases.template(odoo, "everything"), name)
    say(f"Installing {', '.join(addons())} and their demo data")
    installed = databases.install(odoo, name, addons(), f"{log}.log")
    demo = odoo.script(
        name,
        databases.LOGS / f"{log}_data.log",
        "load_demo",
        "The demo data cannot be loaded.",
    )
    return installed, demo


def stop_server():
    state = _state()
    STATE.unlink(missing_ok=True)
    stopped = False
    for pid in (state.get("pid"), state.get("mail_pid")):
        if pid and _is_ours(pid):
            os.kill(pid, signal.SIGTERM)
            if not wait_until(lambda pid=pid: not _is_ours(pid), 15):
                os.kill(pid, signal.SIGKILL)
            stopped = True
    return stopped


def _wanted_port():
    text = os.environ.get("DEMO_PORT") or "8069"
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Trouble(f"DEMO_PORT must be a number from 1024 to 65535, not {text!r}.")
    return int(text)


def _have_database(odoo):
    wanted = databases.source_hash()
    if os.environ.get("FRESH") or not databases.exists(odoo, DATABASE):
        building = f"{DATABASE}_building"
        build(odoo, building, "demo_install")
        databases.drop(odoo, DATABASE)
        databases.rename(odoo, building, DATABASE)
    elif _mark(odoo) != wanted:
        say("The addons have changed: updating the demo")
        try:
            databases.install(odoo, DATABASE, addons(), "demo_update.log", update=True)
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n`make demo FRESH=1` makes it anew.") from None
    odoo.sql(f"COMMENT ON DATABASE {DATABASE} IS '{wanted}'")


def _mark(odoo):
    """The hash of the addons that the demo database was last updated with."""
    return odoo.sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = '{DATABASE}'"
    )


def _serve(odoo, port):
    odoo.sql(
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('web.base.url', 'http://127.0.0.1:{port}') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        database=DATABASE,
    )
    mail_port = free_port()
    mail = _spawn(
        odoo,
        databases.LOGS / "mail.log",
        *("-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{mail_port}"),
        *("-c", "aiosmtpd.handlers.Mailbox", MAIL),
    )
    server = _spawn(
        odoo,
        LOG,
        *("-m", "odoo", "server", "-d", DATABASE, f"--db-filter=^{DATABASE}$"),
        *("--no-database-list", f"--http-port={port}", "--max-cron-threads=1"),
        *("--smtp=127.0.0.1", f"--smtp-port={mail_port}"),
    )
    state = {"pid": server.pid, "mail_pid": mail.pid, "port": port}
    STATE.write_text(json.dumps(state))
    say("Starting the demo")
    up = wait_until(lambda: server.poll() is not None or _answers(port), 120)
    if not up or server.poll() is not None:
        stop_server()
        tail = LOG.read_text(errors="replace").splitlines()[-8:]
        raise Trouble(
            "The demo does not start. The end of .dev/logs/demo.log:\n"
            + "\n".join("    " + line for line in tail)
        )


def _spawn(odoo, log, *arguments):
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as handle:
        return subprocess.Popen(
            [str(part) for part in (odoo.python, *arguments)],
            cwd=DEV.parent,
            env=odoo.environment,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _state():
    try:
        return json.loads(STATE.read_text())
    except (FileNotFoundError, ValueError):
        return {}


def _running():
    state = _state()
    alive = state.get("pid") and _is_ours(state["pid"])
    return state if alive and _answers(state["port"]) else None


def _is_ours(pid):
    """Whether the process is one that _spawn started in this checkout."""
    arguments = process_arguments(pid)
    started = str(DEV / "venv") in arguments and "defunct" not in arguments
    return started and (DATABASE in arguments or "aiosmtpd" in arguments)


def _announce(port):
    width = max(len(login) for login, _password, _who in LOGINS)
    print(f"\nThe demo is at http://127.0.0.1:{port}\n")
    for login, password, who in LOGINS:
        print(f"  {login:<{width}}  password {password:<{width}}  {who}")
    print(f"\nIts mails are files in {MAIL}/new. `make stop` ends it.")


def clean():
    """Remove everything that was downloaded, made or built."""
    stop_server()
    if not DEV.exists():
        return
    if not postgres.STATE.exists() and (DEV / "venv" / ".complete").exists():
        odoo = prepare()
        for name in databases.ours(odoo):
            databases.drop(odoo, name)
    postgres.remove()
    shutil.rmtree(DEV)
    say("Removed .dev: Odoo, the Python environment, all databases.")


if __name__ == "__main__":
    actions = {"start": start, "stop": stop, "clean": clean}
    main(actions[(sys.argv[1:] or ["start"])[0]])
