# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class AftersalesCommon(BaseCommon):
    """A shop that sells e-bikes and helmets, and the people of its service desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.partner_id.tz = "Europe/Madrid"
        cls.team = cls.env.ref("aftersales_service.team_customer_care")
        cls.manager = cls._create_user("lead", "aftersales_service.group_manager")
        cls.agent = cls._create_user("agent", "aftersales_service.group_user")
        cls.technician = cls._create_user(
            "technician", "aftersales_service.group_technician"
        )
        cls.team.member_ids = cls.agent | cls.manager
        cls.team.user_id = cls.manager
        cls.customer = cls.env["res.partner"].create(
            {"name": "Marta Vidal", "email": "marta@example.com", "lang": "en_US"}
        )
        cls.portal_user = cls._create_portal_user("marta", cls.customer)
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Jordi Puig", "email": "jordi@example.com"}
        )
        cls.stranger_user = cls._create_portal_user("jordi", cls.stranger)
        cls.bike = cls._create_product("E-bike Tramuntana", "serial", 1000.0, 1800.0)
        cls.helmet = cls._create_product("Helmet", "none", 20.0, 45.0)
        cls.battery = cls._create_product("Battery 500 Wh", "none", 200.0, 420.0)
        cls.labour = cls.env.ref("aftersales_service.product_labour")
        cls.labour.standard_price = 20.0
        cls.symptom = cls.env.ref("aftersales_service.aftersales_symptom_battery")
        cls.cause = cls.env.ref("aftersales_service.aftersales_cause_material")
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls._stock(cls.battery, 10)
        cls._stock(cls.helmet, 100)

    @classmethod
    def _create_user(cls, login, groups, **values):
        return new_test_user(
            cls.env, login=f"test_{login}", groups=groups, tz="Europe/Madrid", **values
        )

    @classmethod
    def _create_portal_user(cls, login, partner):
        return cls.env["res.users"].create(
            {
                "login": f"test_{login}",
                "password": f"test_{login}",
                "partner_id": partner.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    @classmethod
    def _install_language(cls, code):
        """Activate a language with the words our addons have for it."""
        cls.env["res.lang"]._activate_lang(code)
        ours = [("name", "=like", "aftersales_%"), ("state", "=", "installed")]
        cls.env["ir.module.module"].search(ours)._update_translations(code)

    @classmethod
    def _create_product(cls, name, tracking, cost, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "tracking": tracking,
                "standard_price": cost,
                "list_price": price,
                **values,
            }
        )

    @classmethod
    def _create_lot(cls, product, name):
        return cls.env["stock.lot"].create({"product_id": product.id, "name": name})

    @classmethod
    def _stock(cls, product, quantity, lot=None):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity, lot_id=lot
        )

    @classmethod
    def _sell(cls, product, quantity=1, serials=(), partner=None):
        """Sell and deliver; return the assets the delivery registered."""
        lots = [cls._create_lot(product, serial) for serial in serials]
        for lot in lots:
            cls._stock(product, 1, lot)
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": len(lots) or quantity,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        cls._deliver(order.picking_ids, lots)
        return cls.env["aftersales.asset"].search(
            [("sale_line_id", "in", order.order_line.ids)], order="id"
        )

    @classmethod
    def _deliver(cls, picking, lots=()):
        picking.action_assign()
        if lots:
            picking.move_ids.move_line_ids.unlink()
            picking.move_ids.move_line_ids = [
                Command.create(
                    {
                        "lot_id": lot.id,
                        "quantity": 1,
                        "product_id": lot.product_id.id,
                        "picking_id": picking.id,
                    }
                )
                for lot in lots
            ]
        picking.move_ids.picked = True
        picking.button_validate()

    @classmethod
    def _return(cls, picking, quantity):
        wizard = (
            cls.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = quantity
        action = wizard.action_create_returns()
        back = cls.env["stock.picking"].browse(action["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        return back

    @classmethod
    def _create_claim(cls, assets=None, **values):
        return cls.env["aftersales.claim"].create(
            {
                "subject": "The battery does not last",
                "partner_id": cls.customer.id,
                "team_id": cls.team.id,
                "line_ids": [
                    Command.create({"asset_id": asset.id, "symptom_id": cls.symptom.id})
                    for asset in assets or ()
                ],
                **values,
            }
        )
