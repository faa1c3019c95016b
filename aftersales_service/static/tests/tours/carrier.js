import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_transport", {
    steps: () => [
        {
            content: "Nobody knows yet who brings it",
            trigger: ".o_aftersales_transport td:contains('To us')",
        },
        {
            content: "Enter the carrier",
            trigger: "button[name='action_edit_transport']",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name='carrier_partner_id']",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row td[name='carrier_partner_id'] input",
            run: "edit Ràpid",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Ràpid Transport')",
            run: "click",
        },
        {
            content: "And the parcel's number",
            trigger: ".modal .o_data_row td[name='tracking_ref'] input",
            run: "edit RT-99",
        },
        {
            trigger: ".modal button[name='action_apply']",
            run: "click",
        },
        {
            content: "It can be followed",
            trigger: ".o_aftersales_transport a[href*='RT-99']:contains('RT-99')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_carrier_claim", {
    steps: () => [
        {
            content: "Open the line",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row td[name='asset_id']",
            run: "click",
        },
        {
            content: "It was damaged on the way",
            trigger: ".modal .o_field_widget[name='cause_id'] input",
            run: "edit seen after unpacking",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('seen after unpacking')",
            run: "click",
        },
        {
            content: "The carrier answers for it",
            trigger: ".modal .o_field_widget[name='cause_id'] input:value('Damaged')",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            content: "It waits to be claimed",
            trigger: "button[name='action_view_carrier_claims']",
            run: "click",
        },
        {
            content: "With its last day",
            trigger: ".o_field_widget[name='deadline_source']:contains('art. 60.1')",
        },
        {
            trigger: ".o_field_widget[name='note'] textarea",
            run: "edit The box was open on one side.",
        },
        {
            content: "Tell the carrier",
            trigger: "button[name='action_send']",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It is claimed, and the carrier has a mail",
            trigger: ".o_arrow_button_current:contains('Claimed')",
        },
        {
            trigger: ".o-mail-Message:contains('The box was open on one side.')",
        },
        {
            content: "The carrier pays",
            trigger: "button[name='action_accept']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Accepted')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_parcel", {
    steps: () => [
        {
            content: "The customer sees who brings the parcel, and when",
            trigger: ".o_aftersales_parcels li:contains('Ràpid Transport')",
        },
        {
            trigger: ".o_aftersales_parcels li:contains('Expected on')",
        },
        {
            content: "And follows it",
            trigger: ".o_aftersales_parcels a[href*='RT-99'][rel~='noopener']",
        },
    ],
});
