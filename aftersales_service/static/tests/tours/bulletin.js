import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_bulletin_manager", {
    steps: () => [
        {
            content: "A new notice",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "What customers read first",
            trigger: ".o_field_widget[name='name'] input, .o_field_widget[name='name'] textarea",
            run: "edit Tour: the battery may overheat",
        },
        {
            content: "Which product",
            trigger: ".o_field_widget[name='product_ids'] input",
            run: "edit E-bike Tramuntana",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('E-bike Tramuntana')",
            run: "click",
        },
        {
            content: "Write the text",
            trigger: ".nav-link:contains('What Customers Read')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='description'] .odoo-editor-editable",
            run: "editor Do not charge it any more.",
        },
        {
            content: "List who is affected",
            trigger: "button[name='action_list_affected']",
            run: "click",
        },
        {
            content: "The count is there, nothing is sent",
            trigger: ".alert-info:contains('4'):contains('products of'):contains('2')",
        },
        {
            content: "Look at them",
            trigger: "button[name='action_view_assets']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('EB-0300'):contains('Jordi Puig')",
        },
        {
            content: "Back to the notice",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains('Tour:')",
            run: "click",
        },
        {
            content: "Approve",
            trigger: ".o_form_view button[name='action_approve']",
            run: "click",
        },
        {
            content: "With the count in sight",
            trigger: ".modal .o_field_widget[name='asset_count']:contains('4')",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger: ".o_arrow_button_current:contains('Being Sent')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_bulletin_customer", {
    steps: () => [
        {
            content: "Read what it is",
            trigger: ".badge:contains('Recall')",
        },
        {
            content: "Book a visit",
            trigger: "input[type='radio'][value='visit']",
            run: "click",
        },
        {
            content: "Say when",
            trigger: "#note",
            run: "edit After six, please",
        },
        {
            content: "Send it",
            trigger: ".o_aftersales_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It was noted",
            trigger: ".o_aftersales_done",
        },
        {
            trigger: ".card:contains('You have booked a visit')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_bulletin_portal", {
    steps: () => [
        {
            content: "To the product that has a notice",
            trigger: "a:has(.o_aftersales_notice_badge:contains('Recall')), .card:has(.o_aftersales_notice_badge:contains('Recall')) a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is the first thing to be seen",
            trigger: ".o_aftersales_notice_alert a:contains('Read it and answer')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is sold",
            trigger: "input[type='radio'][value='not_mine']",
            run: "click",
        },
        {
            content: "Send it",
            trigger: ".o_aftersales_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_done",
        },
        {
            trigger: ".card:contains('You have told us that you have it no longer')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_bulletin_follow", {
    steps: () => [
        {
            content: "How far it is",
            trigger: ".o_data_row:contains('The battery may overheat')",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains('The battery may overheat') td[name='name']",
            run: "click",
        },
        {
            content: "One was not reached",
            trigger: "button[name='action_view_untold']:contains('1')",
            run: "click",
        },
        {
            content: "Send it again to that one",
            trigger: ".o_data_row:contains('EB-0300') button[name='action_send_again']",
            run: "click",
        },
        {
            content: "It waits; nobody is left",
            trigger: ".o_view_nocontent, .o_list_view:not(:has(.o_data_row:contains('EB-0300')))",
        },
        {
            content: "Back to the notice",
            trigger: ".breadcrumb-item a:contains('The battery'), .o_back_button",
            run: "click",
        },
        {
            content: "It is being sent again",
            trigger: ".o_arrow_button_current:contains('Being Sent')",
        },
        {
            content: "Somebody rings up",
            trigger: "button[name='action_view_assets']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('EB-0100') button[name='action_answer_visit']",
            run: "click",
        },
        {
            content: "The visit is booked",
            trigger: ".o_data_row:contains('EB-0100') button[name='action_open_repair']",
        },
    ],
});
