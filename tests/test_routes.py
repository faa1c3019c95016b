# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Every route of the addons, opened by those it is not for."""

import re

from strangers import ADDONS, StrangersCase

from odoo.tests import tagged
from odoo.tools import mute_logger

#: Routes of the core that could show our documents.
CORE_ROUTES = (
    "/mail/view?model=aftersales.claim&res_id={claim}",
    "/report/html/aftersales_service.report_asset_history/{asset}",
    "/report/html/aftersales_service.report_asset_history_costs/{asset}",
    "/report/html/aftersales_service.report_label/{repair}",
    "/report/html/aftersales_service.report_reception/{repair}",
    "/report/html/aftersales_service.report_repair/{repair}",
    "/report/pdf/aftersales_service.report_repair/{repair}",
    "/my/orders/{order}/returns?access_token={wrong_token}",
    "/report/html/aftersales_warranty.report_contract/{contract}",
    "/report/html/aftersales_warranty.report_policy_terms/{policy}",
    "/report/html/aftersales_warranty.report_return_policy/{order}",
    "/report/html/aftersales_warranty.report_warranty/{warranty}",
    "/report/pdf/aftersales_warranty.report_warranty/{warranty}",
    "/web/content/{photo}",
    "/web/content/{photo}?access_token={wrong_token}",
    "/web/image/aftersales.claim/{claim}/description",
    "/web/image/repair.order/{repair}/signature",
)


@tagged("post_install", "-at_install", "security")
class TestRoutes(StrangersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_claim = cls.env["aftersales.claim"].create(
            {"subject": "My own", "partner_id": cls.stranger.id}
        )
        cls.own_token = cls.own_claim._portal_ensure_token()
        cls.claim.message_post(body="Message-SECRET")
        cls.photo = cls.env["ir.attachment"].create(
            {
                "name": "photo.txt",
                "raw": b"Photo-SECRET",
                "res_model": cls.claim._name,
                "res_id": cls.claim.id,
            }
        )
        cls.manual = cls.env["product.document"].create(
            {
                "name": "Manual-SECRET",
                "raw": b"SECRET",
                "res_model": "product.template",
                "res_id": cls.bike.product_tmpl_id.id,
                "is_for_owners": True,
            }
        )
        cls.second_claim._action_solve()
        asked = cls.invitation.rule_id._find_invitations(cls.second_claim)
        asked._action_send(by_hand=True)
        tracking_token = cls.claim._get_tracking_url().rpartition("/")[2]
        cls.secrets |= {asked.user_input_id.access_token, tracking_token}
        cls.ids = {
            "article_id": cls.article.id,
            "asset_id": cls.asset.id,
            "document_id": cls.manual.id,
            "order_id": cls.asset.sale_order_id.id,
            "claim_id": cls.claim.id,
            "repair_id": cls.repair.id,
            "visit_id": cls.visit.id,
            "warranty_id": cls.warranty.id,
            "contract_id": cls.contract.id,
            "attachment_id": cls.photo.id,
            "code": cls.asset.id,
            "line_id": cls.notice.id,
            "step": "message",
            "page": 1,
            "survey_token": cls.invitation.survey_id.access_token,
            "answer_token": "wrong",
            "token": "wrong",
            "access_token": "wrong",
        }
        # A technician may see the goods, wherever they are shown.
        cls.visitors = {
            "public": None,
            "portal": cls.stranger_user,
            "employee": cls.outsider,
        }

    def _our_routes(self):
        """(path, routing) of what runs code of one of our addons."""
        ir_http = self.env["ir.http"]
        for path, endpoint in ir_http._generate_routing_rules(
            sorted(self.registry._init_modules), ir_http._get_converters()
        ):
            method = endpoint.func
            if any(
                base.__module__.startswith(ADDONS) and method.__name__ in vars(base)
                for base in type(method.__self__).mro()
            ):
                yield path, endpoint.routing

    def _get_url(self, path):
        def fill(match):
            name = match.group(1).rpartition(":")[2]
            self.assertIn(name, self.ids, f"Add a value for <{name}> of {path}")
            return str(self.ids[name])

        return re.sub("<([^>]+)>", fill, path)

    def _visit(self, who):
        user = self.visitors[who]
        self.authenticate(user and user.login, user and user.login)
        # The first visit of a session leaves marks of its own.
        self.url_open("/my", allow_redirects=False)

    def _check(self, who, url, **options):
        """Not found, forbidden, sent to the login, or a page with nothing in it."""
        before = self._count_changes()
        response = self.url_open(url, allow_redirects=False, **options)
        status = response.status_code
        self.assertIn(status, (200, 301, 302, 303, 307, 400, 403, 404, 405))
        self.assertFalse(self._find_secrets(response.text, who), url)
        location = response.headers.get("location", "")
        self.assertFalse(self._find_secrets(location, who), location)
        self.assertEqual(self._count_changes(), before, "it wrote")
        return response

    @mute_logger("odoo.http")
    def test_every_route(self):
        routes = list(self._our_routes())
        self.assertGreaterEqual(len(routes), 8)
        for who in self.visitors:
            self._visit(who)
            for path, routing in routes:
                for query in self._get_queries():
                    with self.subTest(who=who, path=path, query=query):
                        self._try_route(who, path, routing, query)

    def _try_route(self, who, path, routing, query):
        url = f"{self._get_url(path)}?{query}"
        if routing["type"] == "jsonrpc":
            params = {"name": "By a stranger", "signature": "eA=="}
            self._check(who, url, json={"params": params})
        elif "GET" in (routing["methods"] or ["GET"]):
            response = self._check(who, url)
            if "_id>" in path:
                self.assertNotEqual(response.status_code, 200)
        else:
            data = {"csrf_token": "wrong", **self._get_form()}
            response = self._check(who, url, data=data)
            self.assertIn(response.status_code, (303, 400, 403, 404))

    @mute_logger("odoo.http")
    def test_no_form_is_taken_without_its_token(self):
        """As another site would send it, with the visitor's own cookies."""
        tried = 0
        for who in self.visitors:
            self._visit(who)
            for path, routing in self._our_routes():
                if routing["type"] != "http":
                    continue
                self.assertIsNot(routing.get("csrf"), False, path)
                if "POST" not in (routing["methods"] or ()):
                    continue
                if who == "public" and routing["auth"] == "user":
                    # Sent to the login before anything is looked at.
                    continue
                url = self._get_url(path)
                for token in ({}, {"csrf_token": ""}, {"csrf_token": "f" * 40 + "o1"}):
                    with self.subTest(who=who, path=path, token=token):
                        form = {**self._get_form(), **token}
                        response = self._check(who, url, data=form)
                        self.assertEqual(response.status_code, 400)
                        tried += 1
        self.assertGreater(tried, 50)

    @mute_logger("odoo.http")
    def test_no_route_takes_another_method(self):
        """What shows a page writes nothing, and what writes is no link to click."""
        for who in ("public", "portal"):
            self._visit(who)
            for path, routing in self._our_routes():
                if routing["type"] != "http" or (
                    who == "public" and routing["auth"] == "user"
                ):
                    continue
                allowed = set(routing["methods"] or ["GET", "POST"])
                # One path may show the form and take it: by routes of their own.
                same = [r for p, r in self._our_routes() if p == path]
                allowed = allowed.union(*(set(r["methods"] or allowed) for r in same))
                url = self._get_url(path)
                for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                    if method in allowed:
                        continue
                    with self.subTest(who=who, path=path, method=method):
                        response = self._check(who, url, method=method)
                        self.assertIn(response.status_code, (400, 404, 405))

    def _get_queries(self):
        """None, and what somebody tries who has seen a link of another document."""
        yield ""
        yield "access_token=wrong"
        yield f"access_token={self.own_token}"
        yield "access_token="
        yield f"report_type=pdf&download=1&asset_id={self.asset.id}"

    def _get_form(self):
        return {
            "subject": "By a stranger",
            "form_key": "by-a-stranger",
            "asset_ids": str(self.asset.id),
            "partner_id": str(self.customer.id),
            "answer": "solved",
            "decline_message": "By a stranger",
        }

    @mute_logger("odoo.http")
    def test_a_form_is_not_sent_in_the_name_of_others(self):
        """With a valid session and token, but for the product of somebody else."""
        for who in ("portal", "employee"):
            self._visit(who)
            for asset in (self.asset.id, 0, -1, 10**12, "x"):
                with self.subTest(who=who, asset=asset):
                    data = {
                        **self._get_form(),
                        "csrf_token": self._get_csrf_token(),
                        "asset_ids": str(asset),
                    }
                    response = self._check(who, "/my/claims/new", data=data)
                    self.assertIn(response.status_code, (403, 404))
        self.assertFalse(
            self.env["aftersales.claim"].search([("subject", "=", "By a stranger")])
        )

    def _get_csrf_token(self):
        page = self.url_open("/my/security").text
        return re.search(r'csrf_token: "([^"]+)"', page).group(1)

    @mute_logger("odoo.http")
    def test_lists_hold_only_what_is_ones_own(self):
        self._visit("portal")
        self.assertIn("My own", self._check("portal", "/my/claims").text)
        for query in ("sortby=x&filterby=x", "sortby=partner_id", "search=EB"):
            for path in ("/my/claims", "/my/assets", "/my/claims/page/99"):
                with self.subTest(path=path, query=query):
                    page = self._check("portal", f"{path}?{query}")
                    self.assertEqual(page.status_code, 200)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_core_routes(self):
        order = self.asset.sale_order_id
        order.aftersales_return_policy_id = self.env["aftersales.return.policy"].create(
            {"name": "Returns", "terms": "<p>Returns-SECRET</p>"}
        )
        values = {
            "asset": self.asset.id,
            "claim": self.claim.id,
            "contract": self.contract.id,
            "order": order.id,
            "photo": self.photo.id,
            "policy": self.warranty.policy_id.id,
            "repair": self.repair.id,
            "warranty": self.warranty.id,
            "wrong_token": self.own_token,
        }
        for who in self.visitors:
            self._visit(who)
            for route in CORE_ROUTES:
                with self.subTest(who=who, route=route):
                    url = route.format(**values)
                    response = self.url_open(url, allow_redirects=False)
                    location = response.headers.get("location", "")
                    found = self._find_secrets(response.text + location, who)
                    self.assertFalse(found)

    @mute_logger("odoo.http")
    def test_token_opens_its_own_document_only(self):
        self._visit("public")
        token = self.own_token
        page = self.url_open(f"/my/claims/{self.own_claim.id}?access_token={token}")
        self.assertIn("My own", page.text)
        for path in (
            f"/my/claims/{self.claim.id}",
            f"/my/warranties/{self.warranty.id}/pdf",
            f"/my/assets/{self.asset.id}",
        ):
            with self.subTest(path=path):
                response = self._check("public", f"{path}?access_token={token}")
                self.assertIn(response.status_code, (303, 404))
