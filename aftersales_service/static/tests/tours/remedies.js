import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_return", {
    steps: () => [
        {
            content: "Ask the goods back and refund them",
            trigger: ".o_data_row button[name='action_create_return']",
            run: "click",
        },
        {
            content: "The return is awaited",
            trigger: ".o_data_row td[name='return_state']:contains('Awaited')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_inspect", {
    steps: () => [
        {
            content: "What came back is to be inspected",
            trigger: "button[name='action_inspect']:contains('Inspect the Return')",
            run: "click",
        },
        {
            content: "Everything is proposed to be accepted",
            trigger: ".modal .o_data_row td[name='accepted_quantity']:contains('1')",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is accepted, and with accounting",
            trigger: ".o_data_row td[name='return_state']:contains('Accepted')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_refund_only", {
    steps: () => [
        {
            content: "Open the line",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row td[name='asset_id']",
            run: "click",
        },
        {
            content: "Let the customer keep the goods",
            trigger: ".modal button[name='action_create_refund']:contains('Refund Only')",
            run: "click",
        },
        {
            content: "Yes, the whole price",
            trigger: ".modal:not(:has(.o_form_view)) .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The credit note is with accounting",
            trigger: ".o_field_widget[name='refund_state']:contains('With Accounting')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_replace", {
    steps: () => [
        {
            content: "Replace the goods",
            trigger: ".o_data_row button[name='action_create_replacement']",
            run: "click",
        },
        {
            content: "The old ones are awaited",
            trigger: ".o_data_row td[name='return_state']:contains('Awaited')",
        },
        {
            trigger: ".o_data_row td[name='remedy']:contains('Replace')",
        },
    ],
});
