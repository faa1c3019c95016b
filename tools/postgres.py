"""A PostgreSQL for Odoo: the one the PG* variables name, else a private cluster.

The private cluster lives in .dev/pg, listens on 127.0.0.1 only, on a port and
with a password of its own (kept in .dev/pg.json), and touches no other server.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path

from project import (
    DEV,
    ROOT,
    Trouble,
    free_port,
    is_root,
    locked,
    port_is_free,
    process_arguments,
    run,
    say,
    wait_until,
)

ROLE = "aftersales"
ACCOUNT = "postgres"  # the system account that runs the server when we are root
STATE = DEV / "pg.json"
LOG_NAME = "aftersales.log"
OLDEST = 13
YOURS = (
    "Or name a server you have with PGHOST, PGPORT, PGUSER and PGPASSWORD "
    "(the role needs CREATEDB, must not be called postgres)."
)
# A cluster of throw-away databases: speed matters, a power cut does not.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
shared_buffers = 256MB
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
"""


def environment():
    """The PG* variables of a running server, started if it is the private one."""
    if any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGSERVICE")):
        return _check_yours()
    with locked("pg"):
        state = _running() or _start()
    return _variables(state)


def stop():
    """Stop the private cluster if it runs; say whether it did."""
    state = _state()
    if not state or not _alive(state):
        return False
    run(
        _as_account([_tool("pg_ctl"), "-D", state["data"], "-m", "fast", "-w", "stop"]),
        "The private PostgreSQL does not stop.",
        cwd="/",
    )
    return True


def remove():
    """Stop the private cluster and delete it with all its databases."""
    stop()
    state = _state()
    if state:
        shutil.rmtree(state["data"], ignore_errors=True)
    shutil.rmtree(DEV / "pg", ignore_errors=True)
    STATE.unlink(missing_ok=True)


def bin_folder():
    """The folder of PostgreSQL's programs, the newest that is installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[4]),
    )
    if not found and shutil.which("initdb"):
        found = [Path(shutil.which("initdb")).resolve()]
    return found[-1].parent if found else None


# ---------------------------------------------------------------- your own server


def _check_yours():
    if not shutil.which("psql") or not shutil.which("createdb"):
        raise Trouble(
            "PGHOST or PGPORT names a PostgreSQL server, but its client programs "
            "(psql, createdb) are not here. Install the package postgresql-client."
        )
    variables = {k: v for k, v in os.environ.items() if k.startswith("PG")}
    variables.pop("PGDATABASE", None)
    facts = run(
        ["psql", "-XAtw", "-d", "postgres", "-c", _FACTS],
        "The PostgreSQL server that the PG* variables name does not answer. Check "
        "PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset them to get a private one.",
        env={**os.environ, **variables},
    ).stdout.split("|")
    version, role, may_create = facts[0].strip(), facts[1], facts[2].strip()
    if int(version) < OLDEST * 10000:
        raise Trouble(
            f"Odoo 19 needs PostgreSQL {OLDEST} or newer; yours is {version}."
        )
    if role == "postgres" or may_create != "t":
        raise Trouble(
            f"Odoo cannot work as the PostgreSQL role {role}: it must have CREATEDB "
            f"and must not be called postgres. Set PGUSER to another role."
        )
    variables.setdefault("PGUSER", role)
    return variables


_FACTS = (
    "SELECT current_setting('server_version_num'), rolname, rolcreatedb OR rolsuper "
    "FROM pg_roles WHERE rolname = current_user"
)


# ------------------------------------------------------------- the private cluster


def _start():
    _need_programs()
    state = _state()
    if not state or not Path(state["data"], "PG_VERSION").exists():
        state = _create()
    _need_same_version(state)
    data = Path(state["data"])
    (data / "postmaster.pid").unlink(missing_ok=True)  # not ours: _running() looked
    if not port_is_free(state["port"]):
        state["port"] = free_port()
        _write_state(state)
    log = data / LOG_NAME
    say(f"Starting the private PostgreSQL on 127.0.0.1:{state['port']}")
    command = [_tool("pg_ctl"), "-D", data, "-l", log, "-w", "-t", "60", "-s"]
    try:
        # Its output must not be a pipe: the server would inherit and hold it.
        run(
            _as_account([*command, "-o", f"-p {state['port']}", "start"]),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except subprocess.CalledProcessError:
        tail = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        raise Trouble(
            "The private PostgreSQL does not start. Its last words:\n"
            + "\n".join("    " + line for line in tail)
        ) from None
    return state


def _create():
    """Make the cluster beside, and keep it only when it is whole."""
    folder = _cluster_folder()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    if is_root():
        shutil.chown(folder, ACCOUNT, ACCOUNT)
    say(f"Making a private PostgreSQL cluster in {folder}")
    initdb = [_tool("initdb"), "-D", folder, "-U", "postgres", "-E", "UTF8"]
    run(
        _as_account([*initdb, "--locale=C.UTF-8", "--no-sync", "-A", "trust"]),
        "PostgreSQL's initdb failed.",
        cwd="/",
        stdin=subprocess.DEVNULL,
    )
    # Before any server runs on it: one role may come in, with its password.
    with open(folder / "postgresql.conf", "a") as conf:
        conf.write(SETTINGS)
    (folder / "pg_hba.conf").write_text(f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n")
    password = secrets.token_urlsafe(24)
    # Single-user mode: no one has to be let in to make the first role.
    run(
        _as_account([_tool("postgres"), "--single", "-D", folder, "postgres"]),
        "The PostgreSQL role for Odoo cannot be made.",
        cwd="/",
        input=f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'\n",
    )
    state = {"data": str(folder), "port": free_port(), "password": password}
    _write_state(state)
    return state


def _cluster_folder():
    """.dev/pg, or a folder under /var/tmp when `postgres` cannot get there."""
    here = DEV / "pg"
    if not is_root():
        return here
    reach = subprocess.run(_as_account(["test", "-x", DEV]), cwd="/")
    if reach.returncode == 0:
        return here
    mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    return Path(f"/var/tmp/aftersales-pg-{mark}")


def _variables(state):
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(state["port"]),
        "PGUSER": ROLE,
        "PGPASSWORD": state["password"],
    }


def _state():
    try:
        return json.loads(STATE.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _write_state(state):
    fresh = STATE.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w") as handle:
        json.dump(state, handle)
    fresh.replace(STATE)


def _running():
    state = _state()
    return state if state and _alive(state) else None


def _alive(state):
    """Whether the pid in postmaster.pid is the server of this very folder."""
    try:
        pid = Path(state["data"], "postmaster.pid").read_text().split()[0]
    except (FileNotFoundError, IndexError):
        return False
    arguments = process_arguments(pid)
    if state["data"] not in arguments:
        return False
    return wait_until(lambda: not port_is_free(state["port"]), 30)


def _as_account(command):
    command = [str(part) for part in command]
    return ["runuser", "-u", ACCOUNT, "--", *command] if is_root() else command


def _tool(name):
    _need_programs()
    return bin_folder() / name


def _need_programs():
    if bin_folder():
        return
    if not is_root() or not shutil.which("apt-get"):
        raise Trouble(
            "No PostgreSQL was found. Ask the administrator for "
            f"`apt-get install postgresql`, then run the command again. {YOURS}"
        )
    from system import install

    # Debian would start a cluster of its own on port 5432: not while we install.
    keep_out = Path("/etc/postgresql-common/createcluster.d/no-main-cluster.conf")
    keep_out.parent.mkdir(parents=True, exist_ok=True)
    keep_out.write_text("create_main_cluster = false\n")
    try:
        install(["postgresql"], "PostgreSQL")
    finally:
        keep_out.unlink()
    if not bin_folder():
        raise Trouble(f"No PostgreSQL was found after installing it. {YOURS}")


def _need_same_version(state):
    made_by = Path(state["data"], "PG_VERSION").read_text().strip()
    version = run([_tool("postgres"), "--version"], "PostgreSQL does not run.").stdout
    found = version.split()[2].split(".")[0]
    if int(found) < OLDEST:
        raise Trouble(
            f"Odoo 19 needs PostgreSQL {OLDEST} or newer; this machine has {found}. "
            f"Install a newer one. {YOURS}"
        )
    if found != made_by:
        raise Trouble(
            f"The private databases were made by PostgreSQL {made_by}, this machine "
            f"now has {found}. `make clean` removes them; then run the command again."
        )
