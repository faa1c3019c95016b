import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_technician", {
    steps: () => [
        {
            content: "Add a part",
            trigger: ".o_field_widget[name='move_ids'] .o_field_x2many_list_row_add a:contains('Add a line')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='move_ids'] .o_selected_row .o_field_widget[name='product_id'] input",
            run: "edit Battery 500",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Battery 500')",
            run: "click",
        },
        {
            content: "Add labour",
            trigger: "a.nav-link[name='labour']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='labour_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='labour_ids'] .o_selected_row .o_field_widget[name='hours'] input",
            run: "edit 1:30",
        },
        {
            trigger: "a.nav-link[name='findings']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='findings'] textarea",
            run: "edit Battery replaced",
        },
        {
            trigger: "button[name='action_validate']",
            run: "click",
        },
        {
            trigger: "button[name='action_repair_start']",
            run: "click",
        },
        {
            trigger: "button[name='action_repair_end']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Repaired')",
        },
    ],
});
