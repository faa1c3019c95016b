# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..rules.schedule import split_missed

#: How many plans get their visits in one transaction.
BATCH_SIZE = 50
#: Due dates of one plan that are looked at in one run; the others follow in the next.
MAX_DATES = 400


class AftersalesPlan(models.Model):
    """The scheduled action: what is due gets its visit and its repair order, once.

    The plan is locked and written together with its visits; two unique indexes stand
    behind that.
    """

    _inherit = "aftersales.plan"

    @api.model
    def _get_due_domain(self):
        return Domain("state", "=", "running") & self._get_dates_domain(
            lambda today: [("generate_date", "<=", today)]
        )

    @api.model
    def _cron_generate(self, batch_size=BATCH_SIZE):
        """Plan the visits that are due, tell their customers, and end what is over."""
        self._work_off(self._get_due_domain(), lambda due: due._generate(), batch_size)
        self.env["aftersales.plan.visit"]._tell_waiting()

    def _generate(self):
        """Make the visits of these plans that are due by now."""
        vals_list = []
        for plan in self:
            vals_list += plan._prepare_due_visits()
        visits = self.env["aftersales.plan.visit"].create(vals_list)
        visits.filtered(lambda visit: visit.state == "planned")._schedule()
        self.filtered("error").error = False
        self._plan_next()
        self.flush_recordset()

    def _prepare_due_visits(self):
        """Vals of the visits due by now; the plan counts them."""
        self.ensure_one()
        today = self.company_id._aftersales_today()
        missed, served = split_missed(self._get_due_dates(today), today)
        vals_list = []
        for due in missed + served:
            self.visit_number += 1
            vals_list.append(
                {
                    "plan_id": self.id,
                    "number": self.visit_number,
                    "due_date": due,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "state": "skipped" if due in missed else "planned",
                    "skip_reason": due in missed and "missed",
                    **self._get_visit_place(),
                }
            )
        return vals_list

    def _get_due_dates(self, today):
        """The dates from the next one on that have to be planned by `today`."""
        self.ensure_one()
        until = today + timedelta(days=self.lead_days)
        if self.date_end:
            until = min(until, self.date_end)
        dates = []
        due = self.next_date
        while due and due <= until and len(dates) < MAX_DATES:
            dates.append(due)
            # What is counted from the last visit waits for it.
            due = self._is_foreseeable() and self._get_due_after(due)
        return dates

    def _is_foreseeable(self):
        """Whether the dates stand, whenever the visits are done."""
        self.ensure_one()
        return self.trigger == "season" or (
            self.trigger == "interval" and self.basis == "fixed"
        )

    def _get_visit_place(self):
        """Where the visit is, as far as trips ask."""
        self.ensure_one()
        # Who goes there needs the address, no other right.
        partner = self.partner_id.sudo()
        place = partner.browse(partner.address_get(["delivery"])["delivery"])
        return {
            "zip": place.zip,
            "city": place.city,
            "country_id": place.country_id.id,
        }

    def _note_failure(self, error):
        """One that fails stops no other: it shows why and is tried again tomorrow."""
        tomorrow = self.company_id._aftersales_today() + timedelta(days=1)
        self.write({"error": str(error) or repr(error), "generate_date": tomorrow})

    def action_generate(self):
        """Plan what is due now, without waiting for the night."""
        self.check_access("write")
        # The right to write the plan was checked; its visits follow from it.
        plans = self.sudo()
        plans._take_turn()
        due = plans.filtered("is_due")
        due._generate()
        due.visit_ids.filtered(
            lambda visit: visit.tell_state == "to_tell" and visit.state == "planned"
        )._tell()
        return True
