"""The decisions that the set-up scripts in tools/ take."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from unittest import TestCase, mock

import polib

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))

import databases  # noqa: E402  (tools/ is no package: its path comes first)
import logs  # noqa: E402
import odoo_tree  # noqa: E402
import po  # noqa: E402
import postgres  # noqa: E402
import project  # noqa: E402
import python_env  # noqa: E402


class TestSetUp(TestCase):
    def _odoo(self, version):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for part in ("odoo", "addons/sale_stock"):
            (folder / part).mkdir(parents=True)
        text = f"version_info = ({version!r}, 0, 0, 'final', 0, '')\n"
        (folder / "odoo/release.py").write_text(text)
        return folder

    def enterContext(self, manager):  # Python 3.11 has it, 3.10 has not
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        return stack.enter_context(manager)

    def test_odoo_home_is_taken_when_it_is_odoo_19(self):
        home = self._odoo(19)
        with mock.patch.dict(os.environ, {"ODOO_HOME": str(home)}):
            self.assertEqual(odoo_tree.python_path(), home.resolve())
        self.assertEqual(odoo_tree.addons_paths(home), [home / "addons"])

    def test_another_odoo_is_refused_by_its_version(self):
        for version in (18, "saas~19"):
            home = self._odoo(version)
            with mock.patch.dict(os.environ, {"ODOO_HOME": str(home)}):
                with self.assertRaisesRegex(project.Trouble, f"version {version}"):
                    odoo_tree.python_path()

    def test_an_odoo_without_addons_is_refused(self):
        home = self._odoo(19)
        (home / "addons/sale_stock").rmdir()
        with mock.patch.dict(os.environ, {"ODOO_HOME": str(home)}):
            with self.assertRaisesRegex(project.Trouble, "no standard addons"):
                odoo_tree.python_path()

    def test_an_unsupported_python_is_named(self):
        with mock.patch.multiple(python_env, OLDEST=(3, 90), NEWEST=(3, 91)):
            with self.assertRaisesRegex(project.Trouble, r"3\.90 to 3\.91"):
                python_env._base_python()

    def test_comments_in_requirements_do_not_matter(self):
        self.assertNotIn("#", python_env._needed())
        self.assertIn("pytest-odoo==", python_env._needed())

    def test_no_postgresql_is_said_with_what_to_do(self):
        with (
            mock.patch.object(postgres, "bin_folder", return_value=None),
            mock.patch.object(postgres, "is_root", return_value=False),
            self.assertRaisesRegex(project.Trouble, "apt-get install postgresql"),
        ):
            postgres._need_programs()

    def test_a_full_disk_is_said_before_anything_is_fetched(self):
        with self.assertRaisesRegex(project.Trouble, "disk is almost full"):
            project.need_space(mebibytes=10**9)

    def test_a_command_that_fills_the_disk_is_said_so(self):
        failing = ["sh", "-c", "echo 'x: No space left on device'; exit 1"]
        with self.assertRaisesRegex(project.Trouble, "disk is full"):
            project.run(failing, "It broke.")

    def test_only_living_processes_have_arguments(self):
        self.assertIn("python", project.process_arguments(os.getpid()))
        self.assertEqual(project.process_arguments(2**22 + 1), "")

    def test_a_taken_port_is_seen(self):
        port = project.free_port()
        self.assertTrue(project.port_is_free(port))
        with project.socket.create_server(("127.0.0.1", port)):
            self.assertFalse(project.port_is_free(port))

    def test_database_names_cannot_carry_sql(self):
        databases.check_name("dev_service")
        for name in ('a"; DROP TABLE x', "A", "../a", ""):
            with self.assertRaises(project.Trouble):
                databases.check_name(name)


class TestLogs(TestCase):
    def test_a_warning_is_found_with_its_traceback(self):
        log = (
            "2026-01-01 10:00:00,000 1 INFO db odoo: fine\n"
            "2026-01-01 10:00:00,000 1 ERROR db odoo: broken\n"
            "Traceback\n"
            "2026-01-01 10:00:00,000 1 INFO db odoo: WARNING is only a word here\n"
        )
        found = logs.complaints(log).splitlines()
        self.assertEqual(len(found), 2)
        self.assertIn("broken", found[0])


class TestTranslations(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addon = Path(folder.name, "addon")
        self.addon.mkdir()
        self.exported = Path(folder.name, "exported.po")
        self._export("Claim", "Asset")

    def _export(self, *texts):
        catalogue = polib.POFile()
        catalogue.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "POT-Creation-Date": f"now with {len(texts)}",
        }
        catalogue.extend(polib.POEntry(msgid=text) for text in texts)
        catalogue.save(str(self.exported))

    def _merge(self):
        with contextlib.redirect_stdout(None):
            self._call(po.merge, self.exported)

    def _call(self, function, *arguments):
        """Call as po.py is called: with an addon's name, from the folder above."""
        here = os.getcwd()
        os.chdir(self.addon.parent)
        try:
            return function("addon", *arguments)
        finally:
            os.chdir(here)

    def _translate(self):
        for language in po.LANGUAGES:
            path = self.addon / "i18n" / f"{language}.po"
            catalogue = polib.pofile(str(path))
            for entry in catalogue:
                entry.msgstr = f"{entry.msgid} {language}"
            catalogue.save(str(path))

    def test_new_strings_wait_for_translation_and_old_ones_keep_theirs(self):
        self._merge()
        self.assertEqual(len(self._call(po.incomplete)), 4)
        self._translate()
        self.assertEqual(self._call(po.incomplete), [])
        self._export("Claim", "Team")
        self.assertTrue(self._call(po.differences, self.exported))
        self._merge()
        left = self._call(po.incomplete)
        self.assertEqual(len(left), 2)
        self.assertIn("Team", left[0])
        self.assertEqual(self._call(po.differences, self.exported), [])

    def test_the_same_strings_give_the_same_files(self):
        self._merge()
        before = {p: p.read_bytes() for p in (self.addon / "i18n").iterdir()}
        self.exported.write_text(self.exported.read_text().replace("now", "later"))
        self._merge()
        after = {p: p.read_bytes() for p in (self.addon / "i18n").iterdir()}
        self.assertEqual(before, after)
