# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from odoo import SUPERUSER_ID, api, models

from .aftersales_claim import CLOSED_CATEGORIES

URGENT = "3"
#: Which message tells the customer of which event; each has a switch in the settings.
STATUS_TEMPLATES = {
    "waiting": "aftersales_service.mail_template_claim_waiting",
    "quote": "aftersales_service.mail_template_claim_quote",
    "repaired": "aftersales_service.mail_template_claim_repaired",
    "shipped": "aftersales_service.mail_template_claim_shipped",
    "solved": "aftersales_service.mail_template_claim_solved",
}


class AftersalesClaim(models.Model):
    """Telling the customer how it goes, and staff what is urgent."""

    _inherit = "aftersales.claim"

    def _notify_customer(self, kind, level=None, later=False):
        """Tell the customers of `self` what has happened, each event only once.

        Goes to the customer alone, in their language, and is no answer of staff. For
        several claims at once it is sent a moment later, so that nobody waits for it.

        :param kind: waiting, quote, repaired, shipped or solved
        :param level: integer that tells events of one kind apart, e.g. the id of the
            repair, or {claim: integer}; by default the round, so that a reopened claim
            is told again
        :param later: whether it is one of several events
        """
        # Whoever takes the step need not be allowed to write mails or see settings.
        claims = self.sudo().filtered(lambda claim: claim._is_told(kind))
        if not claims:
            return
        if not isinstance(level, dict):
            rounds = {claim: claim.reopen_count for claim in claims}
            level = rounds if level is None else dict.fromkeys(claims, level)
        levels = {claim: level[claim] for claim in claims}
        later = later or len(claims) > 1
        # As above.
        ledger = self.env["aftersales.claim.notification"].sudo()
        new = ledger._note_once(kind, levels, later=later)
        if later and new:
            cron = self.env.ref("aftersales_service.ir_cron_send_notifications")
            cron.sudo()._trigger()
        else:
            new._send_status(kind)

    def _send_status(self, kind):
        template = self.env.ref(STATUS_TEMPLATES[kind], raise_if_not_found=False)
        if template and template.active:
            self._post_status(template)

    def _is_told(self, kind):
        self.ensure_one()
        return bool(
            self.partner_id.email
            and self.active
            and self.company_id[f"aftersales_tell_{kind}"]
        )

    def _post_status(self, template):
        for claim in self:
            claim.with_user(SUPERUSER_ID).message_post_with_source(
                template,
                **claim.company_id._get_aftersales_author(),
                partner_ids=claim.partner_id.ids,
                notify_skip_followers=True,
                email_layout_xmlid="aftersales_service.mail_layout_customer",
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _get_mail_title(self):
        """What the claim is about, for a mail: of a confidential one, nothing."""
        self.ensure_one()
        return "" if self.is_confidential else self.subject

    def _get_mail_products(self):
        """The claimed products, for a mail: of a confidential claim, none."""
        self.ensure_one()
        if self.is_confidential:
            return ""
        products = self.line_ids.product_id
        return ", ".join(
            products.with_context(display_default_code=False).mapped("name")
        )

    def _after_stage_change(self, before):
        changed = self.filtered(lambda c: before.get(c) not in (None, c.stage_category))
        result = super()._after_stage_change(before)
        by_category = changed.grouped("stage_category")
        # Each wait for the customer is an event of its own. The clock is staff's.
        waiting = by_category.get("waiting", self.browse()).sudo()
        for number, claims in waiting.grouped(lambda c: len(c.pause_log or ())).items():
            claims._notify_customer("waiting", number)
        by_category.get("solved", self.browse())._notify_customer("solved")
        return result

    # -- urgent claims

    @api.model_create_multi
    def create(self, vals_list):
        claims = super().create(vals_list)
        claims._alert_urgent()
        return claims

    def write(self, vals):
        result = super().write(vals)
        if vals.get("priority") == URGENT:
            self._alert_urgent()
        return result

    def _alert_urgent(self):
        """Give whoever is in charge of an urgent claim a task, once for each round."""
        # As in `_notify_customer`.
        urgent = self.sudo().filtered(
            lambda claim: claim.priority == URGENT
            and claim.stage_category not in CLOSED_CATEGORIES
            and claim.company_id.aftersales_alert_urgent
            and claim._get_person_in_charge()
        )
        ledger = self.env["aftersales.claim.notification"].sudo()
        new = ledger._note_once("urgent", {c: c.reopen_count for c in urgent})
        for claim in new.sudo():
            user = claim._get_person_in_charge()
            # The task is the system's: so the person is told by mail, too.
            claim.with_user(SUPERUSER_ID).with_context(
                lang=user.lang
            ).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=claim.with_context(lang=user.lang).env._("Urgent claim"),
                user_id=user.id,
            )

    def _get_person_in_charge(self):
        """Who looks after the claim (res.users): the assignee, else the team's lead."""
        self.ensure_one()
        return self.user_id or self.team_id.user_id
