"""`make test`: lint, every addon alone, all together with a browser, uninstalling.

ONLY=<addon> runs that addon alone; ONLY=<paths> runs them on all addons together.
Every part works on a database of its own, copied from a template; two run at a time.
"""

import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import databases
import lint
import logs
import system
import uninstall_check
from project import DEV, ROOT, Trouble, addons, main
from server import prepare

RESULTS = DEV / "test"
AT_A_TIME = 2
#: Apps whose company is tested in a part of its own, and where those tests are.
OTHER_APPS = ("l10n_es_edi_facturae", "l10n_es_edi_verifactu", "payment_demo")
APPS_TESTS = "tests/other_apps"


@dataclass
class Result:
    name: str
    passed: int = 0
    failed: int = 0
    said: str = ""
    seconds: float = 0


@dataclass
class Part:
    """Addons installed in a copy of a template, and tests run there by pytest."""

    odoo: object
    name: str
    label: str
    modules: list
    paths: list
    browser: bool = False

    def run(self):
        slug = "".join(c if c.isalnum() else "_" for c in self.name.lower())
        database = f"aftersales_test_{slug}"[:60]
        databases.copy(self.odoo, databases.template(self.odoo, self.label), database)
        try:
            return self._install_and_test(database, slug)
        finally:
            databases.drop(self.odoo, database)

    def _install_and_test(self, database, slug):
        log = databases.install(
            self.odoo, database, self.modules, f"{database}.log", *self._options()
        )
        complaints = logs.complaints(log)
        done, report, count = self._pytest(database, slug)
        passed, failed, skipped = _counts(report)
        said = []
        if complaints:
            said.append("Complaints while installing:\n" + complaints)
        if done.returncode:
            said.append(done.stdout.strip())
        if done.returncode and not failed:
            said.append(f"pytest ended with code {done.returncode}.")
        if skipped:
            said.append("Skipped, which counts as failed:\n" + "\n".join(skipped))
        if self.browser and not (count.exists() and int(count.read_text())):
            said.append("No browser test ran.")
        failed += len(skipped)
        if said and not failed:
            failed = 1
        return Result(self.name, passed, failed, "\n".join(said))

    def _options(self):
        return () if self.label == "everything" else ("--skip-auto-install",)

    def _pytest(self, database, slug):
        report, count = RESULTS / f"{slug}.xml", RESULTS / f"{slug}.browser"
        for path in (report, count):
            path.unlink(missing_ok=True)
        done = self.odoo.call(
            [
                *(self.odoo.python, "-m", "pytest", "-q", "--tb=short"),
                *(f"--odoo-database={database}", "--odoo-http"),
                *(f"--junitxml={report}", *self.paths),
            ],
            extra={"AFTERSALES_BROWSER_COUNT": str(count)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        return done, report, count


def _counts(report):
    """Passed, failed and the skipped tests of a JUnit report."""
    if not report.exists():
        return 0, 0, []
    passed, failed, skipped = 0, 0, []
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag: child.get("message", "") for child in case}
        if {"failure", "error"} & kinds.keys():
            failed += 1
        elif "skipped" in kinds:
            name = f"{case.get('classname')}.{case.get('name')}"
            skipped.append(f"    {name}: {kinds['skipped']}")
        else:
            passed += 1
    return passed, failed, skipped


def _lint():
    return Result("lint", *lint.run())


def _alone(odoo, addon):
    label = "survey" if addon.startswith("aftersales_survey") else "service"
    return Part(odoo, f"{addon} alone", label, [addon], [addon]).run


def _together(odoo, paths, browser):
    return Part(odoo, "all together", "everything", addons(), paths, browser).run


def _with_other_apps(odoo):
    """With apps of the core that nothing of ours needs, but must get on with."""
    modules = [*addons(), *OTHER_APPS]
    return Part(odoo, "with other apps", "everything", modules, [APPS_TESTS]).run


def _uninstall(odoo):
    return Result("demo data, translations, uninstalling", *uninstall_check.run(odoo))


def parts(odoo, only):
    """The functions to run, the longest first."""
    if only and set(only) <= set(addons()):
        return [_alone(odoo, addon) for addon in only]
    if only and all(path.startswith(APPS_TESTS) for path in only):
        return [_with_other_apps(odoo)]
    if only:
        return [_together(odoo, only, browser=False)]
    tests = [*addons(), *(["tests"] if (ROOT / "tests").is_dir() else [])]
    return [
        _together(odoo, [*tests, f"--ignore={APPS_TESTS}"], browser=True),
        _with_other_apps(odoo),
        lambda: _uninstall(odoo),
        *(_alone(odoo, addon) for addon in addons()),
        _lint,
    ]


def _timed(part):
    started = time.monotonic()
    try:
        result = part()
    except Trouble as trouble:
        result = Result("stopped", failed=1, said=str(trouble))
    result.seconds = time.monotonic() - started
    return result


def _show(result):
    if result.said:
        print(f"\n{result.said}\n")
    mark = "✗" if result.failed else "✓"
    counts = f"{result.passed} passed, {result.failed} failed"
    print(f"{mark} {result.name}: {counts} ({result.seconds:.0f} s)", flush=True)


def run():
    only = os.environ.get("ONLY", "").split()
    for path in only:
        if not (ROOT / path.split("::")[0]).exists():
            raise Trouble(f"ONLY={path}: there is no such addon or path.")
    system.provide(required=True)
    odoo = prepare()
    RESULTS.mkdir(exist_ok=True)
    results = []
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        for future in as_completed(
            [pool.submit(_timed, part) for part in parts(odoo, only)]
        ):
            results.append(future.result())
            _show(results[-1])
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    print(f"\n{passed} passed, {failed} failed")
    return bool(failed or not passed)


if __name__ == "__main__":
    main(run)
