"""The Python environment in .dev/venv, made from requirements.txt."""

import hashlib
import shutil
import subprocess
import sys

from project import DEV, ROOT, Trouble, locked, need_space, run, say

VENV = DEV / "venv"
REQUIREMENTS = ROOT / "requirements.txt"
OLDEST, NEWEST = (3, 10), (3, 13)


def python():
    """The path of the environment's python, made when missing or outdated."""
    with locked("venv"):
        base, version = _base_python()
        stamp = VENV / ".complete"
        wanted = [version, hashlib.sha256(_needed().encode()).hexdigest()]
        found = stamp.read_text().split() if stamp.exists() else []
        if found != wanted:
            stamp.unlink(missing_ok=True)
            _make(base, fresh=found[:1] != [version])
            stamp.write_text(" ".join(wanted))
    return VENV / "bin" / "python"


def _needed():
    """requirements.txt without its comments."""
    lines = (
        line.split("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines()
    )
    return "\n".join(line for line in lines if line)


def _base_python():
    """A Python that Odoo 19 works with: this one, else one by its name."""
    names = [sys.executable, *(f"python3.{n}" for n in (13, 12, 11, 10)), "python3"]
    question = "import sys; print(*sys.version_info[:2])"
    for name in names:
        path = shutil.which(name)
        if not path:
            continue
        answer = subprocess.run([path, "-c", question], capture_output=True, text=True)
        numbers = tuple(int(part) for part in answer.stdout.split())
        if OLDEST <= numbers <= NEWEST:
            return path, ".".join(str(number) for number in numbers)
    raise Trouble(
        f"Odoo 19 runs on Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this machine has "
        f"{sys.version_info.major}.{sys.version_info.minor}. Install one of those "
        f"(it may stand beside the present one) and run the command again."
    )


def _make(base, fresh):
    need_space()
    say("Installing the Python packages of requirements.txt (about 350 MB, once)")
    if fresh:
        run(
            [base, "-m", "venv", "--clear", VENV],
            "Python cannot make a virtual environment. On Debian and Ubuntu an "
            "administrator adds it with `apt-get install python3-venv`.",
        )
    pip = [VENV / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    try:
        run(
            [*pip, "install", "-q", "--prefer-binary", "-r", REQUIREMENTS],
            "The Python packages cannot be installed; what pip said follows.",
        )
    except Trouble as trouble:
        signs = (
            "NewConnectionError",
            "Temporary failure",
            "ConnectTimeout",
            "No route",
        )
        if any(sign in str(trouble) for sign in signs):
            raise Trouble(
                "The Python packages cannot be fetched: is there a network? "
                "Run the command again when there is."
            ) from None
        raise
