# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the files and the registry must say about rights, whatever is added."""

import ast
import csv
import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(path.parent for path in ROOT.glob("aftersales_*/__manifest__.py"))
LANGUAGES = ("ca", "es")
#: A sudo() is explained above it, or its method's docstring says why.
REASON = re.compile(
    r"\b(sudo|rights?|rules?|superuser|access|whoever)\b",
    re.IGNORECASE,
)


def _files(pattern):
    for addon in ADDONS:
        for path in sorted(addon.glob(pattern)):
            if "tests" not in path.relative_to(addon).parts:
                yield path


@tagged("post_install", "-at_install", "security")
class TestRights(TransactionCase):
    def _our_models(self):
        models = [
            self.env[name]
            for name in sorted(self.registry)
            if name.startswith("aftersales.") and not self.env[name]._abstract
        ]
        self.assertGreater(len(models), 15)
        return models

    def test_every_model_says_who_may_use_it(self):
        for model in self._our_models():
            with self.subTest(model=model._name):
                rows = self.env["ir.model.access"].search(
                    [("model_id.model", "=", model._name)]
                )
                self.assertTrue(rows)
                self.assertTrue(all(row.group_id for row in rows))

    def test_every_company_s_records_are_its_own(self):
        for model in self._our_models():
            if "company_id" not in model._fields or model._transient:
                continue
            with self.subTest(model=model._name):
                rules = self.env["ir.rule"].search(
                    [
                        ("model_id.model", "=", model._name),
                        ("global", "=", True),
                        ("domain_force", "like", "company_ids"),
                    ]
                )
                self.assertTrue(rules)
                for rule in rules:
                    modes = (
                        rule.perm_read,
                        rule.perm_write,
                        rule.perm_create,
                        rule.perm_unlink,
                    )
                    self.assertTrue(all(modes), rule.name)

    def test_no_right_without_a_group(self):
        for path in _files("security/ir.model.access.csv"):
            with path.open() as handle:
                for row in csv.DictReader(handle):
                    with self.subTest(path=path.parent.parent.name, row=row["id"]):
                        self.assertTrue(row["group_id:id"])

    def test_strangers_are_given_no_writing(self):
        """Customers and visitors write through the controllers' methods alone."""
        groups = self.env.ref("base.group_portal") | self.env.ref("base.group_public")
        rows = self.env["ir.model.access"].search(
            [("group_id", "in", groups.ids), ("model_id.model", "like", "aftersales.")]
        )
        self.assertTrue(rows)
        for row in rows:
            with self.subTest(row=row.name):
                self.assertFalse(row.perm_write or row.perm_create or row.perm_unlink)


@tagged("post_install", "-at_install")
class TestFiles(TransactionCase):
    def test_warranty_and_survey_do_not_know_each_other(self):
        for addon, sibling in (
            ("aftersales_warranty", "aftersales_survey"),
            ("aftersales_survey", "aftersales_warranty"),
        ):
            fields = self._get_fields_of(sibling)
            self.assertTrue(fields)
            for path in sorted((ROOT / addon).rglob("*")):
                if path.suffix not in (".py", ".xml", ".csv", ".js", ".pot", ".po"):
                    continue
                with self.subTest(path=str(path.relative_to(ROOT))):
                    text = path.read_text()
                    self.assertNotIn(sibling, text)
                    self.assertNotIn(sibling.replace("_", ".") + ".", text)
                    if path.suffix in (".py", ".xml"):
                        words = set(re.findall(r"\w+", text))
                        self.assertFalse(words & fields)

    def _get_fields_of(self, addon):
        """Names of fields that `addon` alone adds to models of others."""
        models = self.env["ir.model"].search([("id", ">", 0)])
        # Its own models, and what its glue adds to them, are no models of others.
        others = models.filtered(
            lambda model: not all(
                name.startswith(addon) for name in model.modules.split(", ")
            )
        )
        modules = {
            field.id: set(field.modules.split(", "))
            for field in self.env["ir.model.fields"].search(
                [("model_id", "in", others.ids)]
            )
        }
        fields = self.env["ir.model.fields"].browse(modules)
        added = {f.name for f in fields if modules[f.id] == {addon}}
        return added - {f.name for f in fields if modules[f.id] != {addon}}

    def test_service_works_without_the_others(self):
        for path in _files("**/*"):
            if path.suffix not in (".py", ".xml", ".csv"):
                continue
            if not path.is_relative_to(ROOT / "aftersales_service"):
                continue
            with self.subTest(path=str(path.relative_to(ROOT))):
                text = path.read_text()
                for word in ("aftersales_warranty.", "aftersales_survey."):
                    self.assertNotIn(word, text)

    def test_every_sudo_says_why(self):
        checked = 0
        for path in _files("**/*.py"):
            source = path.read_text()
            lines = source.splitlines()
            for function in ast.walk(ast.parse(source)):
                if not isinstance(function, ast.FunctionDef):
                    continue
                docstring = ast.get_docstring(function) or ""
                for number, call in self._get_sudo_lines(function):
                    checked += 1
                    with self.subTest(place=f"{path.relative_to(ROOT)}:{number}"):
                        self.assertTrue(
                            REASON.search(docstring)
                            or self._has_comment(lines, function, number)
                            or self._has_comment(lines, function, call),
                            lines[number - 1].strip(),
                        )
        self.assertGreater(checked, 20)

    def _get_sudo_lines(self, function):
        """(line of the statement, line of the call) of each sudo() in `function`."""
        for statement in ast.walk(function):
            if not isinstance(statement, ast.stmt) or statement is function:
                continue
            for call in self._own_calls(statement):
                gives_rights = not call.args or not (
                    isinstance(call.args[0], ast.Constant) and not call.args[0].value
                )
                if call.func.attr == "sudo" and gives_rights:
                    yield statement.lineno, call.func.end_lineno
                    break

    def _own_calls(self, statement):
        """Method calls in the expressions of a statement, not in its body."""
        waiting = list(ast.iter_child_nodes(statement))
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.stmt):
                continue
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node
            waiting += ast.iter_child_nodes(node)

    def _has_comment(self, lines, function, number):
        """Whether a comment stands above the line, or above its block in the method."""
        for index in range(number - 2, function.lineno - 1, -1):
            line = lines[index].strip()
            if line.startswith("#"):
                return True
            if not line:
                return False
        return False

    def test_every_addon_speaks_spanish_and_catalan(self):
        self.assertEqual(len(ADDONS), len(list(ROOT.glob("*/__manifest__.py"))))
        for addon in ADDONS:
            with self.subTest(addon=addon.name):
                found = {path.stem for path in (addon / "i18n").glob("*.po")}
                self.assertLessEqual(set(LANGUAGES), found)
                self.assertTrue((addon / "i18n" / f"{addon.name}.pot").exists())
