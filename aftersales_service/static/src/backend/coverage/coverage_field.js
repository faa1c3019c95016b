import { registry } from "@web/core/registry";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

/** Who pays, with the reasons on pointing at it. */
export class CoverageField extends BadgeField {
    static template = "aftersales_service.CoverageField";

    get reasons() {
        return this.props.record.data.coverage_note || "";
    }
}

registry.category("fields").add("aftersales_coverage", {
    ...badgeField,
    component: CoverageField,
    fieldDependencies: [{ name: "coverage_note", type: "text" }],
});
