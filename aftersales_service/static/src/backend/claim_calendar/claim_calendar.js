import { registry } from "@web/core/registry";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { calendarView } from "@web/views/calendar/calendar_view";

/** A claim is recognised by what it is about, which its reference doesn't tell. */
export class ClaimCalendarModel extends CalendarModel {
    normalizeRecord(rawRecord) {
        const record = super.normalizeRecord(rawRecord);
        return { ...record, title: rawRecord.subject || record.title };
    }
}

registry.category("views").add("aftersales_claim_calendar", {
    ...calendarView,
    Model: ClaimCalendarModel,
});
