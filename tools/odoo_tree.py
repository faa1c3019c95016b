"""Obtain Odoo 19: yours by ODOO_HOME, else Debian's package unpacked aside."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from project import DEV, Trouble, is_root, locked, need_space, run, say

TREE = DEV / "odoo"
PACKAGE = "odoo-19"
# The package's web libraries are links into other Debian packages. Font Awesome
# must be the 4.7 of Debian 12: later suites carry 6, which has other names.
LIBRARIES = (
    "fonts-font-awesome/bookworm",
    "fonts-glyphicons-halflings/bookworm",
    "fonts-inconsolata/bookworm",
    "fonts-ocr-b/bookworm",
    "fonts-roboto-unhinted/bookworm",
    "libjs-jquery/bookworm",
    "libjs-jquery-form/bookworm",
    "libjs-underscore/bookworm",
    "fonts-montserrat/sid",
)
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
USE_YOURS = (
    "Or point ODOO_HOME at an Odoo 19 you have (a source checkout or the folder "
    "that holds the `odoo` package) and run the command again."
)


def python_path():
    """The folders to put on PYTHONPATH so that `import odoo` and its addons work."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return _check(Path(home).expanduser().resolve())
    with locked("odoo"):
        if not (TREE / ".complete").exists():
            _unpack()
    return _check(TREE / "usr/lib/python3/dist-packages")


def addons_paths(base):
    """Folders with Odoo's standard addons below the python path `base`."""
    candidates = (base / "addons", base / "odoo" / "addons")
    return [path for path in candidates if (path / "sale_stock").is_dir()]


def _check(base):
    release = base / "odoo" / "release.py"
    if not release.exists():
        raise Trouble(
            f"There is no Odoo in {base} (odoo/release.py is missing). "
            "Set ODOO_HOME to the folder that holds the `odoo` package."
        )
    found = re.search(r"version_info\s*=\s*\(([^,]+),", release.read_text())
    major = found.group(1).strip(" '\"") if found else "unknown"
    if not re.fullmatch(r"(saas~)?19", major) or major != "19":
        raise Trouble(
            f"The Odoo in {base} is version {major}; this suite needs Odoo 19.0. "
            "Set ODOO_HOME to an Odoo 19.0."
        )
    if not addons_paths(base):
        raise Trouble(
            f"The Odoo in {base} has no standard addons (sale_stock is missing). "
            "Set ODOO_HOME to a complete Odoo 19.0."
        )
    return base


def _mirror():
    """The Debian mirror this machine already uses."""
    wanted = "$(REPO_URI) $(COMPONENT) $(RELEASE) $(ORIGIN)"
    shown = subprocess.run(
        ["apt-get", "indextargets", "--format", wanted], capture_output=True, text=True
    ).stdout
    for line in shown.splitlines():
        uri, component, release, *origin = line.split()
        if origin and origin[0] not in ("Debian", "$(ORIGIN)"):
            continue
        if component == "main" and re.fullmatch(r"[a-z]+", release):
            return uri
    raise Trouble(f"No Debian mirror is set up in this machine's apt. {USE_YOURS}")


def _apt(*arguments):
    folder = DEV / "apt"
    options = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root" if is_root() else "",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    flags = [
        part for key, value in options.items() for part in ("-o", f"{key}={value}")
    ]
    return ["apt-get", "-qq", *flags, *arguments]


def _unpack():
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise Trouble(
            f"This machine has no apt, so Odoo cannot be fetched. {USE_YOURS}"
        )
    need_space()
    folder = DEV / "apt"
    for name in ("lists/partial", "cache/archives/partial", "downloads"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    mirror = _mirror()
    (folder / "sources.list").write_text(
        "".join(f"deb {signed}{mirror} {suite} main\n" for suite in ("sid", "bookworm"))
    )
    say("Fetching Odoo 19 from Debian (about 150 MB, once)")
    run(
        _apt("-o", "APT::Update::Error-Mode=any", "update"),
        "The Debian package lists cannot be fetched: is there a network? " + USE_YOURS,
    )
    known = run(
        ["apt-cache", *_apt("policy", PACKAGE)[2:]], "apt-cache does not answer."
    )
    if "Candidate: (none)" in known.stdout or PACKAGE not in known.stdout:
        raise Trouble(
            f"Debian's unstable suite no longer has the package {PACKAGE}. {USE_YOURS}"
        )
    downloads = folder / "downloads"
    packages = (f"{PACKAGE}/sid", *LIBRARIES)
    broke_off = "The download broke off. Run the command again: what is here is kept."
    listed = run(_apt("download", "--print-uris", *packages), broke_off).stdout
    names = [line.split()[1] for line in listed.splitlines() if line.startswith("'")]
    # apt compares what it has with the archive's checksums and goes on from there.
    run(_apt("download", *packages), broke_off, cwd=downloads)
    _install([downloads / name for name in names])
    shutil.rmtree(downloads)


def _install(packages):
    """Unpack beside and rename at the end: a half tree is never taken for a whole."""
    fresh = DEV / "odoo.unpacking"
    shutil.rmtree(fresh, ignore_errors=True)
    for package in packages:
        run(["dpkg", "-x", package, fresh], f"{package.name} cannot be unpacked.")
    addons = fresh / "usr/lib/python3/dist-packages/odoo/addons"
    # Left out by Debian; its absence is a console error that fails every browser test.
    blur = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not blur.exists():
        blur.parent.mkdir(parents=True, exist_ok=True)
        blur.write_text("// Video blur is not part of Debian's package.\n")
    _relink(fresh)
    (fresh / ".complete").touch()
    shutil.rmtree(TREE, ignore_errors=True)
    fresh.rename(TREE)


def _relink(fresh):
    """Point the package's absolute links at the copies unpacked beside it."""
    broken = []
    for folder, _names, files in os.walk(fresh):
        for name in files + _names:
            link = Path(folder, name)
            if (
                not link.is_symlink()
                or link.exists()
                and link.resolve().is_relative_to(fresh)
            ):
                continue
            target = os.readlink(link)
            inside = fresh / target.lstrip("/")
            if target.startswith("/") and inside.exists():
                link.unlink()
                link.symlink_to(os.path.relpath(inside, folder))
            elif not link.exists():
                broken.append(f"{link.relative_to(fresh)} -> {target}")
    if broken:
        say("Links without a target in the package: " + ", ".join(broken[:5]))
