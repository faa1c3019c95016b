import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_repair_agent", {
    steps: () => [
        {
            content: "The line says what is better and what it would cost",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row td[name='asset_id']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='recommendation']:contains('less than a new one')",
        },
        {
            content: "Repair it",
            trigger: ".modal button[name='action_create_repair']",
            run: "click",
        },
        {
            content: "At the customer's",
            trigger: ".o_field_widget[name='service_mode'] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('On Site'), .dropdown-item:contains('On Site')",
            run: "click",
        },
        {
            content: "The parts that usually solve it",
            trigger: "button[name='action_add_usual_parts']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='move_ids'] .o_data_row:contains('Battery 500')",
        },
        {
            content: "What it costs the customer",
            trigger: "button[name='action_create_sale_order']",
            run: "click",
        },
        {
            content: "Send it for approval",
            trigger: "button[name='action_send_quote']",
            run: "click",
        },
        {
            trigger: ".modal-footer button.btn-primary",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='quote_state']:contains('Sent')",
        },
        {
            content: "Confirm: the parts are reserved",
            trigger: "button[name='action_validate']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Confirmed')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_repair_planner", {
    steps: () => [
        {
            content: "The week",
            trigger: ".o_calendar_view .fc-event:contains('E-bike Tramuntana')",
        },
        {
            content: "As a list",
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            content: "What does not fit is said",
            trigger: ".o_data_row td[name='planning_warning']:contains('same time')",
        },
        {
            content: "Who has time for it?",
            trigger: ".o_data_row:contains('Helmet') button[name='action_find_technician']",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Free Technician') button[name='action_assign']",
            run: "click",
        },
        {
            content: "It fits now",
            trigger: "body:not(:has(.modal)) .o_list_view:not(:has(td[name='planning_warning']:contains('same time')))",
        },
    ],
});
