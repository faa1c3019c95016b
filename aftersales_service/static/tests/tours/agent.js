import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_agent", {
    steps: () => [
        {
            content: "Open the claim from the board",
            trigger: ".o_kanban_record:contains('Tour: no power')",
            run: "click",
        },
        {
            content: "Take it",
            trigger: "button[name='action_assign_to_me']",
            run: "click",
        },
        {
            content: "It is mine now, open its line",
            trigger: "button[name='action_solve']",
        },
        {
            trigger: ".o_field_widget[name='line_ids'] .o_data_row td[name='asset_id']",
            run: "click",
        },
        {
            content: "Choose the cause",
            trigger: ".modal .o_field_widget[name='cause_id'] input",
            run: "edit Material",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Material')",
            run: "click",
        },
        {
            content: "Keep it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Decide repair",
            trigger: ".o_data_row button[name='action_create_repair']",
            run: "click",
        },
        {
            content: "The repair opens",
            trigger: ".o_form_view .o_field_widget[name='labour_ids'], .o_form_view a[name='labour']",
        },
    ],
});
