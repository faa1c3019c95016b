import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_service_compensate", {
    steps: () => [
        {
            content: "Give the customer something",
            trigger: ".o_data_row button[name='action_create_compensation']",
            run: "click",
        },
        {
            content: "More than an agent gives alone",
            trigger: ".modal .o_field_widget[name='amount'] input",
            run: "edit 60 && press Tab",
        },
        {
            trigger: ".modal .o_field_widget[name='limit_note']:contains('lead of the team')",
        },
        {
            content: "Less will do",
            trigger: ".modal .o_field_widget[name='amount'] input",
            run: "edit 20 && press Tab",
        },
        {
            trigger: ".modal:not(:has(.o_field_widget[name='limit_note']))",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            trigger: ".o_data_row td[name='remedy']:contains('Compensate')",
        },
        {
            trigger: ".o_data_row td[name='state']:contains('Done')",
        },
        {
            content: "The claim leads to it",
            trigger: "button[name='action_view_compensations']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Granted')",
        },
    ],
});

tours.add("aftersales_service_compensation_approve", {
    steps: () => [
        {
            trigger: "button[name='action_view_compensations']",
            run: "click",
        },
        {
            trigger: "button[name='action_approve']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Granted')",
        },
    ],
});

tours.add("aftersales_service_compensation_order", {
    steps: () => [
        {
            trigger: ".alert .o_field_widget[name='aftersales_discount']:contains('20.00')",
        },
        {
            trigger: "button[name='action_apply_aftersales_discount']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Compensation for')",
        },
        {
            trigger: ".o_form_view:not(:has(button[name='action_apply_aftersales_discount']))",
        },
    ],
});

tours.add("aftersales_service_compensation_portal", {
    steps: () => [
        {
            trigger: ".o_aftersales_compensation:contains('20.00 off your next order')",
        },
        {
            trigger: ".o_aftersales_compensation:contains('Name your request')",
        },
    ],
});
