import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_customer", {
    steps: () => [
        {
            trigger: ".o_portal_index_card a[href='/my/assets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_asset:contains('EB-1')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_report",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#symptom_id",
            run: "selectByLabel Stops while working",
        },
        {
            trigger: "#subject",
            run: "edit It stops",
        },
        {
            trigger: "#description",
            run: "edit After ten minutes it stops.",
        },
        {
            trigger: ".o_aftersales_form button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_sent:contains('AS/')",
        },
        {
            trigger: ".o_aftersales_steps .o_aftersales_step_current",
        },
    ],
});
