# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .aftersales_bulletin_list import LIVING_STATES

ANSWERS = [
    ("done", "Done by Myself"),
    ("visit", "Book a Visit"),
    ("not_mine", "No Longer Mine"),
]
#: What the owner has been told, or should have been, and has still to be done.
OPEN_STATES = ("queued", "told", "unreachable", "failed", "answered")
#: The owner may answer.
ANSWERABLE_STATES = ("queued", "told", "unreachable", "failed")


class AftersalesBulletinAsset(models.Model):
    """One asset that a notice is about: whether its owner knows, and what is done."""

    _name = "aftersales.bulletin.asset"
    _description = "Product Affected by a Notice"
    _order = "bulletin_id desc, id"
    _rec_name = "asset_id"
    _check_company_auto = True

    bulletin_id = fields.Many2one(
        "aftersales.bulletin",
        string="Notice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(related="bulletin_id.kind")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    asset_id = fields.Many2one(
        "aftersales.asset",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null"
    )
    lot_id = fields.Many2one(related="asset_id.lot_id")
    partner_id = fields.Many2one(
        "res.partner", string="Owner", required=True, readonly=True, index=True
    )
    recipient_id = fields.Many2one(
        "aftersales.bulletin.recipient",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        [
            ("listed", "Not Yet Told"),
            ("queued", "To Send"),
            ("told", "Told"),
            ("unreachable", "No Address"),
            ("failed", "Not Sent: Error"),
            ("answered", "Answered"),
            ("done", "Done"),
            ("gone", "No Longer There"),
        ],
        required=True,
        readonly=True,
        default="listed",
        index=True,
        help="No Longer There: the product came back, was exchanged or has another "
        "owner.",
    )
    error = fields.Text(
        related="recipient_id.error", groups="aftersales_service.group_manager"
    )
    told_date = fields.Date(string="Told On", readonly=True)
    answer = fields.Selection(ANSWERS, readonly=True)
    answer_date = fields.Datetime(string="Answered On", readonly=True)
    answered_by_id = fields.Many2one(
        "res.users", string="Noted By", readonly=True, help="Empty: the owner, by link."
    )
    wanted_date = fields.Date(string="Wanted On", readonly=True)
    note = fields.Text(string="Owner's Words", readonly=True)
    done_date = fields.Date(string="Done On", readonly=True)
    days_to_done = fields.Integer(
        string="Days until Done", readonly=True, aggregator="avg"
    )
    repair_ids = fields.One2many("repair.order", "bulletin_asset_id", readonly=True)
    repair_id = fields.Many2one(
        "repair.order", string="Visit", compute="_compute_repair_id"
    )

    # What has another owner by now stays as it was told; one line is the living one.
    _once = models.UniqueIndex(
        "(bulletin_id, asset_id) WHERE state != 'gone'",
        "This product is on the list of this notice already.",
    )

    @api.depends("repair_ids.state")
    def _compute_repair_id(self):
        for line in self:
            # The line shows that there is a visit; to open it asks for its rights.
            repairs = line.sudo().repair_ids.filtered(lambda r: r.state != "cancel")
            line.repair_id = repairs[:1]

    @api.depends("bulletin_id.name", "asset_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            names = (line.bulletin_id.name, line.asset_id.name)
            line.display_name = ": ".join(name for name in names if name)

    # -- what an agent notes, e.g. on the phone

    def action_answer_done(self):
        """Note that the owner has done it.

        :raises AccessError: for technicians and others who are no agents
        """
        self._as_agent()._answer("done", user=self.env.user)
        return True

    def action_answer_visit(self):
        """Note that the owner wants a visit; its repair order is made."""
        self._as_agent()._answer("visit", user=self.env.user)
        return True

    def action_answer_not_mine(self):
        """Note that the owner has the product no longer."""
        self._as_agent()._answer("not_mine", user=self.env.user)
        return True

    def action_open_repair(self):
        """Open the visit of this product."""
        self.ensure_one()
        self.check_access("read")
        return self.repair_id._get_records_action()

    def action_open_asset(self):
        """Open the product."""
        self.ensure_one()
        self.check_access("read")
        return self.asset_id._get_records_action()

    def _as_agent(self):
        """The lines with the right to note answers, which agents have."""
        self.check_access("read")
        if not self.env.user.has_group("aftersales_service.group_user"):
            raise AccessError(self.env._("Only agents note what customers answer."))
        return self.sudo()

    # -- what happens to the assets

    @api.model
    def _follow_assets(self, assets):
        """Follow changes of owner and state of `assets`, in notices that go on.

        The new owner comes on the list, not yet told. Who has the product no longer
        is not told any more; a product that is done needs nobody.
        """
        # The list follows the assets, whoever may change those.
        lines = self.sudo().search(
            [
                ("asset_id", "in", assets.ids),
                ("bulletin_id.state", "in", LIVING_STATES),
            ],
            order="id",
        )
        leaving, back, wanted = lines.browse(), lines.browse(), []
        for (bulletin, asset), of_asset in lines.grouped(
            lambda line: (line.bulletin_id, line.asset_id)
        ).items():
            living = of_asset.filtered(lambda line: line.state != "gone")
            is_there = asset.active and asset.state == "in_service"
            own = of_asset.filtered(lambda o, a=asset: o.partner_id == a.partner_id)
            # A product that is done stays so, whoever has it.
            if living.state == "done" or (is_there and living and living in own):
                continue
            leaving |= living
            if is_there and own:
                back |= own[-1:]
            elif is_there:
                wanted.append((bulletin, asset))
        leaving._leave()
        back._come_back()
        self.sudo()._create_for(wanted)

    def _leave(self):
        """The products are not with these owners any more."""
        recipients = self.recipient_id
        # Who was told, or has answered all the same, stays in the notice's history.
        known = self.filtered(lambda line: line.told_date or line.answer_date)
        self.repair_ids.filtered(lambda r: r.state == "draft").action_repair_cancel()
        (self - known).unlink()
        known.state = "gone"
        # The next owner's line is made only now that this one is no living one.
        known.flush_recordset(["state"])
        recipients._end_idle_reminders()

    @api.model
    def _create_for(self, wanted):
        """List new owners of affected products, who have not been told yet.

        :param wanted: list of (bulletin, asset)
        """
        recipients = self.env["aftersales.bulletin.recipient"]._get_or_create(
            {(bulletin, asset.partner_id) for bulletin, asset in wanted}
        )
        self.create(
            [
                {
                    "bulletin_id": bulletin.id,
                    "company_id": bulletin.company_id.id,
                    "asset_id": asset.id,
                    "product_id": asset.product_id.id,
                    "partner_id": asset.partner_id.id,
                    "recipient_id": recipients[bulletin, asset.partner_id].id,
                    "state": "listed",
                }
                for bulletin, asset in wanted
            ]
        )
