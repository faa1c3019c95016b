import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_lead", {
    steps: () => [
        {
            content: "What nobody has taken yet",
            trigger: ".o_kanban_record:contains('Customer Care') a:contains('Unassigned')",
            run: "click",
        },
        {
            content: "Open the claim",
            trigger: ".o_kanban_record:contains('Tour: nobody has it')",
            run: "click",
        },
        {
            content: "Give it to the agent",
            trigger: ".o_field_widget[name='user_id'] input",
            run: "edit test_agent",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('test_agent')",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
        {
            content: "Look at the figures",
            trigger: ".o_menu_sections button:contains('Reporting')",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains('Claims')",
            run: "click",
        },
        {
            trigger: ".o_pivot table",
        },
    ],
});
