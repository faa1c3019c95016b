"""The system's programs that Odoo needs: the browser and the PDF tool."""

import os
import shutil

from project import Trouble, is_root, run, say

BROWSERS = (
    "google-chrome",
    "google-chrome-stable",
    "google-chrome-beta",
    "google-chrome-dev",
    "chromium",
    "chromium-browser",
)


def install(packages, what):
    """Install system packages as root, without questions."""
    say(f"Installing {what} ({', '.join(packages)})")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update"],
        ["install", "-y", "--no-install-recommends", *packages],
    ):
        run(
            ["apt-get", "-qq", *command],
            f"{what} cannot be installed: is there a network?",
            env=environment,
        )


def missing():
    """The packages of the programs that are not there."""
    packages = []
    if not any(shutil.which(name) for name in BROWSERS):
        packages.append("chromium")
    if not shutil.which("wkhtmltopdf"):
        packages.append("wkhtmltopdf")
    return packages


def provide(required):
    """Have browser and PDF tool; when they cannot be had, stop if `required`."""
    packages = missing()
    if not packages:
        return
    if is_root() and shutil.which("apt-get"):
        install(packages, "the browser and the PDF tool")
        return
    sentence = (
        f"{' and '.join(packages)} not found. An administrator installs "
        f"{'them' if len(packages) > 1 else 'it'} with: "
        f"apt-get install {' '.join(packages)}"
    )
    if required:
        raise Trouble(f"{sentence}\nThe tests drive a browser and print PDFs.")
    say(f"{sentence} (the demo works without, but prints no PDF)")
