import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_technician_phone", {
    steps: () => [
        {
            content: "Open the next repair",
            trigger: ".o_kanban_record:contains('E-bike Tramuntana')",
            run: "click",
        },
        {
            content: "Start",
            trigger: "button[name='action_start_work']",
            run: "click",
        },
        {
            content: "The clock runs",
            trigger: ".alert-info:contains('Your clock runs since')",
        },
        {
            content: "Write what was found",
            trigger: ".o_field_widget[name='findings'] textarea",
            run: "edit Brake cable replaced",
        },
        {
            content: "Who signs",
            trigger: ".o_field_widget[name='signed_by'] input",
            run: "edit Marta Vidal",
        },
        {
            content: "Done",
            trigger: "button[name='action_finish_work']",
            run: "click",
        },
        {
            trigger: ".modal-footer button.btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status:contains('Repaired')",
        },
    ],
});
