import { registry } from "@web/core/registry";

const SEARCH = ".o_aftersales_intake_search";
const SUBJECT = ".o_aftersales_intake_subject";

registry.category("web_tour.tours").add("aftersales_service_intake_call", {
    steps: () => [
        {
            content: "The cursor waits in the search; type the number that is calling",
            trigger: `${SEARCH}:focus`,
            run: "edit 0034600112233",
        },
        {
            trigger: ".o_aftersales_intake_match.active:contains('Marta Vidal')",
        },
        {
            content: "Enter takes the customer",
            trigger: SEARCH,
            run: "press Enter",
        },
        {
            content: "The cursor is on the first product; the next one is meant",
            trigger: ".o_aftersales_intake_asset:contains('EB-2026-002') input:focus",
            run: "press ArrowDown",
        },
        {
            trigger: ".o_aftersales_intake_asset:contains('EB-2026-001') input:focus",
            run: "press Enter",
        },
        {
            content: "The cursor is where the problem is written",
            trigger: `${SUBJECT}:focus`,
            run: "edit The saddle squeaks",
        },
        {
            trigger: SUBJECT,
            run: "press Control+Enter",
        },
        {
            content: "The claim is there and open",
            trigger: ".o_form_view .o_field_widget[name='line_ids'] .o_data_row:contains('EB-2026-001')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_intake_scan", {
    steps: () => [
        {
            content: "A scanner types the serial and Enter at once",
            trigger: `${SEARCH}:focus`,
            async run({ edit, press }) {
                await edit("EB-2026-002", SEARCH);
                await press("Enter", SEARCH);
            },
        },
        {
            content: "The product is chosen: only the problem is missing",
            trigger: `.o_aftersales_intake_asset:contains('EB-2026-002') input:checked`,
        },
        {
            trigger: `${SUBJECT}:focus`,
            run: "edit It stops",
        },
        {
            trigger: SUBJECT,
            run: "press Control+Shift+Enter",
        },
        {
            content: "Registered, and ready for somebody nobody knows",
            trigger: ".o_aftersales_intake_created",
        },
        {
            trigger: `${SEARCH}:focus`,
            run: "edit 699 88 77 66",
        },
        {
            trigger: ".o_aftersales_intake_new.active",
        },
        {
            trigger: SEARCH,
            run: "press Enter",
        },
        {
            trigger: "#aftersales_intake_name:focus",
            run: "edit Nora Font",
        },
        {
            trigger: SUBJECT,
            run: "edit Where is your workshop?",
        },
        {
            trigger: SUBJECT,
            run: "press Control+Shift+Enter",
        },
        {
            trigger: `${SEARCH}:focus`,
        },
        {
            trigger: ".o_aftersales_intake_created",
        },
    ],
});
