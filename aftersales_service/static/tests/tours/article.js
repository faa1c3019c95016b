import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_article", {
    steps: () => [
        {
            content: "Ask what is known about the claim",
            trigger: "button[name='action_find_articles']",
            run: "click",
        },
        {
            content: "Look for other words",
            trigger: ".modal .o_field_widget[name='text'] input",
            run: "edit baterias frio",
        },
        {
            trigger: ".modal button[name='action_search']",
            run: "click",
        },
        {
            content: "Put the article into the answer",
            trigger:
                ".modal .o_data_row:contains('Batería') button[name='action_insert']",
            run: "click",
        },
        {
            content: "The answer starts with its text: send it",
            trigger:
                ".modal .o_mail_composer_form_view .odoo-editor-editable:contains('Cárguela')",
        },
        {
            trigger: ".modal button.o_mail_send",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Take the article as the solution",
            trigger: "button[name='action_find_articles']",
            run: "click",
        },
        {
            content: "Read it first",
            trigger: ".modal .o_data_row:contains('Ruido') td[name='article_id']",
            run: "click",
        },
        {
            trigger: ".modal:contains('Con alcohol') .o_form_button_cancel",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal:contains('Con alcohol')))",
        },
        {
            trigger: ".modal .o_data_row:contains('Ruido') button[name='action_apply']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: ".o_form_view a[name='resolution']",
            run: "click",
        },
        {
            content: "The claim says what solved it",
            trigger: ".o_field_widget[name='article_id'] input:value('Ruido de frenos')",
        },
        {
            trigger: ".o_field_widget[name='resolution'] textarea:value('Con alcohol.')",
        },
    ],
});
