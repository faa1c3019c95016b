import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_triage", {
    steps: () => [
        {
            content: "The customer and the product are proposed",
            trigger: ".o_aftersales_triage_facts:contains('Marta Vidal'):contains('EB-2026-001')",
        },
        {
            content: "Take all of it over",
            trigger: ".o_aftersales_triage_apply",
            run: "click",
        },
        {
            content: "The product is in the claim",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('EB-2026-001')",
        },
        {
            content: "Nothing is proposed any more",
            trigger: "body:not(:has(.o_aftersales_triage))",
        },
    ],
});
