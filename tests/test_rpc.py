# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Every public method of the addons, called over RPC by those it is not for."""

import inspect
import json

from strangers import ADDONS, StrangersCase

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

REFUSED = ("odoo.exceptions.AccessError", "odoo.exceptions.MissingError")
#: What strangers may do all the same: (who, method), each with its reason.
ALLOWED = {
    # Their own reading of what they may read.
    ("technician", "aftersales.article.action_mark_as_read"),
    # A search of their own; what it does with the claim asks for rights on the claim.
    ("technician", "aftersales.claim.article.create"),
    ("technician", "aftersales.claim.article.line.create"),
    # As above: it searches by the rights of whoever asks.
    ("technician", "aftersales.warranty.check.create"),
}
#: The core's gateway, on every model with messages: test_mail_gateway calls it.
GATEWAY = {"message_process", "message_route"}
#: Reading methods of every model, and how they are called.
READERS = {
    "search_read": {"domain": []},
    "web_search_read": {
        "domain": [],
        "specification": {"display_name": {}},
    },
    "name_search": {"name": "", "domain": []},
    "formatted_read_group": {
        "domain": [],
        "groupby": ["create_uid"],
        "aggregates": ["id:array_agg"],
    },
}


@tagged("post_install", "-at_install", "security")
class TestRpc(StrangersCase):
    def _call(self, model, method, args=(), kwargs=None):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": list(args),
                    "kwargs": kwargs or {},
                }
            },
        )
        self.assertEqual(response.status_code, 200)
        return response.json()

    def _public_methods(self):
        """(model, method) of all that the addons add and RPC lets through."""
        for name in sorted(self.registry):
            model = self.env[name]
            if model._abstract:
                continue
            ours = {
                attribute
                for base in type(model).mro()
                if base.__module__.startswith(ADDONS)
                for attribute, value in vars(base).items()
                if inspect.isfunction(value) and not attribute.startswith("_")
            } - GATEWAY
            for method in sorted(ours):
                try:
                    get_public_method(model, method)
                except AccessError:
                    continue
                yield model, method

    def _get_arguments(self, model, method):
        """Arguments that the method takes, for the customer's record."""
        function = getattr(type(model), method)
        record = self._get_record(model._name)
        values = self._get_change(model)
        known = {
            "vals": values,
            "vals_list": [{**self._fill_in(model), **values}],
            "msg_dict": {"subject": "By a stranger", "body": "", "email_from": "x@y.z"},
        }
        arguments = [] if getattr(function, "_api_model", False) else [record.ids]
        for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if parameter.default is parameter.empty:
                arguments.append(known.get(name, "By a stranger"))
        return arguments

    def _get_change(self, model):
        """A change that any record of `model` could undergo."""
        texts = [
            name
            for name, field in model._fields.items()
            if field.type in ("char", "text", "boolean")
            and field.store
            and not field.compute
            and not field.related
            and name not in ("access_token", "portal_key")
        ]
        return {texts[0]: "By a stranger"} if texts else {"create_uid": self.env.uid}

    def _check_refused_or_harmless(self, who, answer, before):
        error = answer.get("error")
        if error:
            self.assertIn(error["data"]["name"], REFUSED, error["data"]["message"])
            return
        text = json.dumps(answer["result"])
        self.assertFalse(self._find_secrets(text, who), text)
        self.assertEqual(self._count_changes(), before, "it wrote")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_every_public_method(self):
        methods = [
            (model, method, self._get_arguments(model, method))
            for model, method in self._public_methods()
        ]
        self.assertGreater(len(methods), 50)
        for who, user in self.strangers.items():
            self.authenticate(user.login, user.login)
            self._call("res.users", "context_get")
            for model, method, arguments in methods:
                if (who, f"{model._name}.{method}") in ALLOWED:
                    continue
                with self.subTest(who=who, method=f"{model._name}.{method}"):
                    before = self._count_changes()
                    answer = self._call(model._name, method, arguments)
                    self._check_refused_or_harmless(who, answer, before)

    def test_the_net_is_tight(self):
        """For whom they are meant the same calls show secrets and write."""
        self.authenticate("test_lead", "test_lead")
        self._call("res.users", "context_get")
        answer = self._call("aftersales.claim", "read", [self.claim.ids])
        self.assertTrue(self._find_secrets(json.dumps(answer["result"]), "technician"))
        before = self._count_changes()
        self.claim.user_id = False
        answer = self._call("aftersales.claim", "action_assign_to_me", [self.claim.ids])
        self.assertTrue(answer["result"])
        self.assertNotEqual(self._count_changes(), before)

    def _our_models(self):
        names = [
            name
            for name in sorted(self.registry)
            if name.startswith("aftersales.") and not self.env[name]._abstract
        ]
        self.assertGreater(len(names), 15)
        return [self.env[name] for name in names]

    def _check_calls(self, model, calls):
        """Make `calls` {method: (args, kwargs)} as each of the strangers."""
        for who, user in self.strangers.items():
            self.authenticate(user.login, user.login)
            for method, (args, kwargs) in calls.items():
                if (who, f"{model._name}.{method}") in ALLOWED:
                    continue
                with self.subTest(who=who, method=f"{model._name}.{method}"):
                    before = self._count_changes()
                    answer = self._call(model._name, method, args, kwargs)
                    self._check_refused_or_harmless(who, answer, before)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_reading_shows_nothing_of_others(self):
        for model in self._our_models():
            calls = {name: ((), kwargs) for name, kwargs in READERS.items()}
            calls["read"] = ([self._get_record(model._name).ids], {})
            self._check_calls(model, calls)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_writing_is_refused(self):
        for model in self._our_models():
            ids = self._get_record(model._name).ids
            calls = {
                "create": ([[self._fill_in(model)]], {}),
                "write": ([ids, self._get_change(model)], {}),
                "copy": ([ids], {}),
                "unlink": ([ids], {}),
            }
            self._check_calls(model, calls)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_a_search_of_one_s_own_opens_no_claim(self):
        self.authenticate("test_technician", "test_technician")
        values = {"claim_id": self.claim.id}
        answer = self._call("aftersales.claim.article", "create", [[values]])
        finder = answer["result"]
        values = {"finder_id": finder[0], "article_id": self.article.id}
        answer = self._call("aftersales.claim.article.line", "create", [[values]])
        line = answer["result"]
        for model, method, ids in (
            ("aftersales.claim.article", "action_search", finder),
            ("aftersales.claim.article.line", "action_apply", line),
            ("aftersales.claim.article.line", "action_insert", line),
        ):
            with self.subTest(method=method):
                answer = self._call(model, method, [ids])
                self.assertIn("error", answer)
                self.assertIn(answer["error"]["data"]["name"], REFUSED)
        self.assertFalse(self.claim.article_id)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_technician_reaches_no_repair_of_others(self):
        """Neither by its parts nor by its labour, which would open its claim."""
        part = self.env["stock.move"].create(
            {
                "repair_id": self.repair.id,
                "repair_line_type": "add",
                "product_id": self.battery.id,
                "product_uom_qty": 1,
            }
        )
        labour = self.repair.labour_ids
        own = self.env["repair.order"].create(
            {
                "product_id": self.bike.id,
                "user_id": self.technician.id,
                "labour_ids": [Command.create({"technician_id": self.technician.id})],
            }
        )
        new_part = {
            "repair_id": self.repair.id,
            "repair_line_type": "add",
            "product_id": self.battery.id,
            "product_uom_qty": 1,
        }
        self.authenticate("test_technician", "test_technician")
        for model, method, arguments in (
            ("aftersales.repair.labour", "create", [[{"repair_id": self.repair.id}]]),
            (
                "aftersales.repair.labour",
                "write",
                [own.labour_ids.ids, {"repair_id": self.repair.id}],
            ),
            ("aftersales.repair.labour", "write", [labour.ids, {"hours": 2}]),
            ("aftersales.repair.labour", "unlink", [labour.ids]),
            ("stock.move", "create", [[new_part]]),
            ("stock.move", "write", [part.ids, {"product_uom_qty": 2}]),
            ("stock.move", "unlink", [part.ids]),
            ("repair.order", "read", [self.repair.ids]),
            ("repair.order", "write", [self.repair.ids, {"findings": "Mine"}]),
        ):
            with self.subTest(model=model, method=method, arguments=arguments):
                answer = self._call(model, method, arguments)
                self.assertIn("error", answer)
                self.assertIn(answer["error"]["data"]["name"], REFUSED)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_documents_of_others_are_closed_to_chatter(self):
        """What hangs on a claim: its messages, followers, activities and files."""
        self.claim.message_post(body="Message-SECRET")
        self.env["ir.attachment"].create(
            {
                "name": "Photo-SECRET",
                "raw": b"x",
                "res_model": self.claim._name,
                "res_id": self.claim.id,
            }
        )
        domain = [("res_id", "=", self.claim.id)]
        for who, user in self.strangers.items():
            self.authenticate(user.login, user.login)
            for model, link in (
                ("mail.message", "model"),
                ("ir.attachment", "res_model"),
            ):
                with self.subTest(who=who, model=model):
                    answer = self._call(
                        model,
                        "search_read",
                        [domain + [(link, "=", self.claim._name)]],
                    )
                    if "error" in answer:
                        self.assertIn(answer["error"]["data"]["name"], REFUSED)
                    else:
                        self.assertEqual(answer["result"], [])
            with self.subTest(who=who, post=True):
                answer = self._call(
                    self.claim._name,
                    "message_post",
                    [self.claim.ids],
                    {"body": "By a stranger"},
                )
                self.assertIn(answer["error"]["data"]["name"], REFUSED)
