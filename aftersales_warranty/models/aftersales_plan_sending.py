# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from markupsafe import Markup

from odoo import SUPERUSER_ID, fields, models

from .aftersales_plan_visit import OPEN_STATES

#: The task of a planner whose customer was not reached.
UNTOLD = "mail.mail_activity_data_warning"


class AftersalesPlanVisit(models.Model):
    """What became of the mail about a visit: who plans sees why it did not go."""

    _inherit = "aftersales.plan.visit"

    tell_error = fields.Text(string="Why Not Told", readonly=True)
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )

    def _note_sending(self, failure_type, failure_reason):
        """The mail about these visits was sent, or was not.

        :param failure_type: of mail.mail, or none
        :param failure_reason: text of the mail server, or none
        """
        if failure_type:
            self._note_untold(self._get_failure(failure_type, failure_reason))
        else:
            failed = self.filtered(lambda visit: visit.tell_state == "failed")
            failed._note_told()

    def _note_untold(self, reason):
        self.write({"tell_state": "failed", "tell_error": reason})
        self._ask_planners()

    def _note_told(self):
        self.write({"tell_state": "told", "tell_error": False})
        self.plan_id.activity_unlink([UNTOLD])

    def _get_failure(self, failure_type, failure_reason):
        field = self.env["mail.mail"]._fields["failure_type"]
        label = dict(field._description_selection(self.env)).get(failure_type)
        return "\n".join(filter(None, [label, failure_reason]))

    def _note_failure(self, error):
        """One that could not be told stops no other; why is on the visit."""
        self._note_untold(str(error) or repr(error))

    def _ask_planners(self):
        waiting = self.filtered(lambda visit: visit.state in OPEN_STATES)
        for plan, visits in waiting.grouped("plan_id").items():
            visit = visits[:1]
            plan._ask_planner(
                UNTOLD,
                lambda env, visit=visit: env._(
                    "%(customer)s does not know of the visit: the e-mail failed",
                    customer=visit.partner_id.name,
                ),
                visit.tell_error,
            )

    def _withdraw_mails(self):
        """What still waits, or has failed, is not sent beside the new mail."""
        self.mail_id.filtered(
            lambda mail: mail.state in ("outgoing", "exception")
        ).cancel()


class AftersalesPlan(models.Model):
    _inherit = "aftersales.plan"

    def _ask_planner(self, activity_type, get_summary, text=""):
        """Leave the planner one task of a type; a new one takes its place, unmailed.

        :param get_summary: gives the text in the language of an environment
        :param text: what somebody else wrote: never markup
        """
        self.ensure_one()
        planner = self.user_id
        if not planner.active:
            return
        # It is the company's task, not that of who answers a link.
        plan = self.with_user(SUPERUSER_ID).with_context(lang=planner.lang)
        values = {
            "summary": get_summary(plan.env),
            # Not plaintext2html(): it makes links of what looks like one.
            "note": Markup("<br/>").join((text or "").splitlines()),
        }
        known = plan.activity_search([activity_type], user_id=planner.id)
        if known:
            known.write(values)
        else:
            plan.activity_schedule(activity_type, user_id=planner.id, **values)
