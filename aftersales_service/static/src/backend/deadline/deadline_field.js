import { Component } from "@odoo/owl";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const URGENT_HOURS = 24;
const CLOSED_STATES = ["met", "failed"];

/**
 * Until when a claim must be answered or solved: date and hour, and how late or how
 * near that is. Of a claim that nothing is awaited from any more, how it ended.
 */
export class DeadlineField extends Component {
    static template = "aftersales_service.DeadlineField";
    static props = {
        ...standardFieldProps,
        isShort: { type: Boolean, optional: true },
    };

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get state() {
        return this.props.record.data.sla_state;
    }

    get isLate() {
        return Boolean(this.deadline) && this.deadline < DateTime.now();
    }

    get moment() {
        return toLocaleDateTimeString(this.deadline);
    }

    get relative() {
        const hours = this.deadline.diffNow("hours").hours;
        if (this.props.isShort && hours > URGENT_HOURS) {
            return "";
        }
        return this.deadline.toRelative({ style: this.props.isShort ? "short" : "long" });
    }

    get title() {
        return this.isLate
            ? _t("Deadline missed: %s", this.moment)
            : _t("Deadline: %s", this.moment);
    }

    /** How the promises of a closed claim ended; nothing for one that waits. */
    get outcome() {
        if (!CLOSED_STATES.includes(this.state)) {
            return "";
        }
        const { selection } = this.props.record.fields.sla_state;
        return selection.find(([key]) => key === this.state)[1];
    }

    get className() {
        if (this.isLate || this.state === "failed") {
            return "text-danger";
        }
        if (this.state === "at_risk") {
            return "text-warning";
        }
        return this.deadline ? "" : "text-success";
    }
}

registry.category("fields").add("aftersales_deadline", {
    component: DeadlineField,
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "sla_state", type: "selection" }],
    extractProps: ({ viewType }) => ({ isShort: viewType !== "form" }),
});
