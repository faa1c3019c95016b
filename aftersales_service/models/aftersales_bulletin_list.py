# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: States in which a notice follows what happens to its assets.
LIVING_STATES = ("listed", "sending", "open")


class AftersalesBulletin(models.Model):
    """The list of affected assets and owners, made by the database itself.

    However many there are, none of them is read into memory.
    """

    _inherit = "aftersales.bulletin"

    def action_list_affected(self):
        """List the affected assets and their owners; nothing is sent.

        After sending, those who are new to the list wait for their own approval.

        :raises UserError: for an empty scope, or when it is about nobody
        """
        self.ensure_one()
        self._ensure_manager()
        # Managers list and approve; the list itself is written by nobody.
        bulletin = self.sudo()
        bulletin._ensure_scope()
        bulletin._list_affected()
        if not bulletin.asset_count and bulletin.state in ("draft", "listed"):
            raise UserError(
                self.env._(
                    "Nobody is affected: no product in the hands of customers is like "
                    "this. Look at what you have chosen."
                )
            )
        if bulletin.state == "draft":
            bulletin.state = "listed"
        return True

    def _list_affected(self):
        """Bring the list up to date with the scope; who was told stays as they are."""
        self.ensure_one()
        self.lock_for_update()
        self.env.flush_all()
        query = self._get_assets()._search(self._get_scope_domain())
        affected = query.subselect()
        self._remove_listed(affected)
        self._insert_recipients(affected)
        self._insert_lines(affected)
        self._remove_idle_recipients()
        self.env.invalidate_all()
        self.listed_date = fields.Datetime.now()

    def _remove_listed(self, affected):
        """Take off what is affected no more and was only listed.

        Who came after an owner that was told stays: the product is the same.
        """
        self._execute(
            """
            DELETE FROM aftersales_bulletin_asset AS line
             WHERE line.bulletin_id = %(bulletin)s AND line.state = 'listed'
               AND NOT EXISTS (
                   SELECT 1 FROM aftersales_asset AS asset
                    WHERE asset.id = line.asset_id
                      AND asset.partner_id = line.partner_id
                      AND asset.id IN %(affected)s
               )
               AND NOT EXISTS (
                   SELECT 1 FROM aftersales_bulletin_asset AS former
                    WHERE former.bulletin_id = line.bulletin_id
                      AND former.asset_id = line.asset_id AND former.state = 'gone'
               )
            """,
            affected=affected,
        )

    def _insert_recipients(self, affected):
        self._execute(
            """
            INSERT INTO aftersales_bulletin_recipient (
                bulletin_id, company_id, partner_id, state, reminder_count,
                create_uid, create_date, write_uid, write_date
            )
            SELECT DISTINCT
                %(bulletin)s, %(company)s, partner_id, 'listed', 0,
                %(user)s, %(now)s::timestamp, %(user)s, %(now)s::timestamp
              FROM aftersales_asset WHERE id IN %(affected)s
                ON CONFLICT DO NOTHING
            """,
            affected=affected,
        )

    def _insert_lines(self, affected):
        """One line an asset; an owner who was told of it before gets no second one."""
        self._execute(
            """
            INSERT INTO aftersales_bulletin_asset (
                bulletin_id, company_id, asset_id, product_id, partner_id,
                recipient_id, state, create_uid, create_date, write_uid, write_date
            )
            SELECT %(bulletin)s, %(company)s, asset.id, asset.product_id,
                   asset.partner_id, recipient.id, 'listed',
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM aftersales_asset AS asset
              JOIN aftersales_bulletin_recipient AS recipient
                ON recipient.partner_id = asset.partner_id
               AND recipient.bulletin_id = %(bulletin)s
               AND recipient.merged_into_id IS NULL
             WHERE asset.id IN %(affected)s
               AND NOT EXISTS (
                   SELECT 1 FROM aftersales_bulletin_asset AS known
                    WHERE known.bulletin_id = %(bulletin)s
                      AND known.asset_id = asset.id
                      AND known.partner_id = asset.partner_id
               )
                ON CONFLICT DO NOTHING
            """,
            affected=affected,
        )

    def _remove_idle_recipients(self):
        self._execute(
            """
            DELETE FROM aftersales_bulletin_recipient AS recipient
             WHERE recipient.bulletin_id = %(bulletin)s
               AND recipient.merged_into_id IS NULL
               AND NOT EXISTS (
                   SELECT 1 FROM aftersales_bulletin_asset AS line
                    WHERE line.recipient_id = recipient.id
               )
            """
        )

    def _forget_list(self):
        """The scope has changed: what was listed says nothing any more."""
        for bulletin in self:
            bulletin.line_ids.flush_recordset()
            bulletin._execute(
                "DELETE FROM aftersales_bulletin_asset "
                "WHERE bulletin_id = %(bulletin)s AND state IN ('listed', 'gone')"
            )
            bulletin._remove_idle_recipients()
        self.env.invalidate_all()
        self.write({"state": "draft", "listed_date": False})

    def _get_fingerprint(self):
        """What is on the list and waits for approval: (assets, owners, checksum)."""
        self.ensure_one()
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(DISTINCT partner_id),
                       md5(string_agg(asset_id || ':' || partner_id, ','
                                      ORDER BY asset_id))
                  FROM aftersales_bulletin_asset
                 WHERE bulletin_id = %s AND state = 'listed'
                """,
                self.id,
            )
        )
        return row

    def _execute(self, statement, **values):
        """Run `statement` for this notice, as a part of the current transaction."""
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                statement,
                bulletin=self.id,
                company=self.company_id.id,
                user=self.env.uid,
                now=fields.Datetime.now(),
                **values,
            )
        )
