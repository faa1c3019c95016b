"""What every script here shares: folders, messages, locks, running commands."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / ".dev"
LANGUAGES = ("es_ES", "ca_ES")
SPACE_NEEDED_MIB = 4096


class Trouble(Exception):
    """Something a person can put right; the message says how."""


def addons():
    """Our addons: the folders of the repository that hold a manifest."""
    return sorted(path.parent.name for path in ROOT.glob("*/__manifest__.py"))


def say(message):
    print(f"· {message}", flush=True)


def run(command, trouble=None, **options):
    """Run `command` (list) and return its CompletedProcess.

    With `trouble`, output is captured and a failure raises Trouble with that
    sentence and the last lines the command printed.
    """
    command = [str(part) for part in command]
    if trouble is None:
        return subprocess.run(command, check=True, **options)
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    if done.returncode:
        tail = "\n".join("    " + line for line in done.stdout.splitlines()[-8:])
        if "No space left on device" in done.stdout:
            trouble = "The disk is full. Free some space and run the command again."
        raise Trouble(f"{trouble}\n{tail}")
    return done


@contextmanager
def locked(name):
    """Let one process at a time do the work called `name`."""
    DEV.mkdir(exist_ok=True)
    with open(DEV / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another run that is busy with this ({name})")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def need_space(mebibytes=SPACE_NEEDED_MIB):
    """Raise Trouble when the disk cannot hold Odoo, its libraries and databases."""
    DEV.mkdir(exist_ok=True)
    free = shutil.disk_usage(DEV).free // 2**20
    if free < mebibytes:
        raise Trouble(
            f"The disk is almost full: {free} MiB are free and {mebibytes} MiB "
            f"are needed for Odoo, its libraries and the databases. "
            f"Free some space and run the command again."
        )


def is_root():
    return os.geteuid() == 0


def free_port():
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def process_arguments(pid):
    """The command line of a running process, or "" when there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return ""
        return b" ".join(words).decode(errors="replace").strip()
    shown = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True
    )
    return shown.stdout.strip()


def wait_until(condition, seconds):
    """Whether `condition()` came true within `seconds`."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.2)
    return False


def main(function):
    """Run `function`; print Trouble as a sentence instead of a traceback."""
    try:
        sys.exit(function() or 0)
    except Trouble as trouble:
        sys.stdout.flush()
        print(f"\nStopped: {trouble}", file=sys.stderr)
        sys.exit(1)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    except OSError as error:
        if error.errno != 28:  # ENOSPC
            raise
        print(
            "\nStopped: The disk is full. Free some space and run the command again.",
            file=sys.stderr,
        )
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped by you. Run the command again to go on.", file=sys.stderr)
        sys.exit(130)
