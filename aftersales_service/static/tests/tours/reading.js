import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_service_reading_phone", {
    steps: () => [
        {
            content: "Open the repair",
            trigger: ".o_kanban_record:contains('E-bike Tramuntana')",
            run: "click",
        },
        {
            content: "Enter what the counter shows",
            trigger: ".o_field_widget[name='reading_ids'] .o-kanban-button-new",
            run: "click",
        },
        {
            content: "The only counter is chosen",
            trigger: ".modal .o_field_widget[name='counter_id'] input:value('Kilometres')",
        },
        {
            trigger: ".modal .o_field_widget[name='value'] input",
            run: "edit 1250",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It stands on the repair",
            trigger: ".o_field_widget[name='reading_ids'] .o_kanban_record:contains('1,250')",
        },
        {
            content: "Done",
            trigger: "button[name='action_start_work']",
            run: "click",
        },
        {
            trigger: ".alert-info:contains('Your clock runs since')",
        },
    ],
});

tours.add("aftersales_service_reading_customer", {
    steps: () => [
        {
            content: "What the counter shows now",
            trigger: "#aftersales_asset_counters input[name='value']",
            run: "edit 900",
        },
        {
            trigger: "#aftersales_asset_counters button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is noted and shown",
            trigger: ".o_aftersales_reading_done:contains('noted the reading')",
        },
        {
            content: "Less than before is questioned",
            trigger: "#aftersales_asset_counters:contains('900 km') input[name='value']",
            run: "edit 90",
        },
        {
            trigger: "#aftersales_asset_counters button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_reading_done:contains('we will check it')",
        },
        {
            trigger: "#aftersales_asset_counters .badge:contains('Being checked')",
        },
    ],
});

tours.add("aftersales_service_reading_agent", {
    steps: () => [
        {
            content: "What waits for a person",
            trigger: ".o_data_row:contains('Lower than the one before') td[name='asset_id']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='start_value'] input",
            run: "edit 10",
        },
        {
            trigger: "button[name='action_confirm_replaced']",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Counted')",
        },
    ],
});

tours.add("aftersales_service_part_need", {
    steps: () => [
        {
            content: "What is short",
            trigger: ".o_data_row:contains('Battery 500 Wh') button[name='action_replenish']",
            run: "click",
        },
        {
            content: "The core's wizard with what is short",
            trigger: ".modal .o_field_widget[name='quantity'] input:value('4.00')",
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "Half a year",
            trigger: "body:not(:has(.modal)) button[name='action_open_half_year']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Battery 500 Wh'):contains('20.00')",
        },
    ],
});
