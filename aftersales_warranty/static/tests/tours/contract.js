import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_warranty_contract_staff", {
    steps: () => [
        {
            content: "The contract waits for the product that it is for",
            trigger: ".o_data_row:contains('Tour Customer'):contains('Draft') td[name='date_end']",
            run: "click",
        },
        {
            trigger: "button[name='action_activate']",
            run: "click",
        },
        {
            content: "Not without a product",
            trigger: ".modal:contains('covers no product yet') .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_x2many_list_row_add button, body:not(:has(.modal)) .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='asset_line_ids'] .o_field_widget[name='asset_id'] input",
            run: "edit Old bike",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Old bike')",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_form_dirty)) button[name='action_activate']",
            run: "click",
        },
        {
            content: "It runs",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Running')",
        },
        {
            content: "What is left is told",
            trigger: ".o_field_widget[name='left_summary']:contains('2 of 2 visits')",
        },
        {
            content: "The plan of its bills",
            trigger: ".nav-link:contains('Billing')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='period_ids'] .o_data_row",
        },
        {
            trigger: "button[name='action_bill']",
            run: "click",
        },
        {
            content: "A draft invoice",
            trigger: ".o_breadcrumb:contains('Draft Invoice'), .o_last_breadcrumb_item:contains('Draft')",
        },
    ],
});

tours.add("aftersales_warranty_contract_customer", {
    steps: () => [
        {
            trigger: ".o_portal_index_card a[href='/my/contracts']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The list says what is left",
            trigger: ".o_aftersales_contract:contains('2 of 2 visits')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_left:contains('2 of 2 visits')",
        },
        {
            content: "The contract can be downloaded",
            trigger: "#aftersales_contract_documents a[href*='/pdf']",
            async run() {
                const link = document.querySelector(
                    "#aftersales_contract_documents a[href*='/pdf']"
                );
                const answer = await fetch(link.href);
                const kind = answer.headers.get("content-type");
                if (!answer.ok || kind !== "application/pdf") {
                    throw new Error(`${link.href}: ${answer.status} ${kind}`);
                }
            },
        },
        {
            content: "On to the offer for the next term",
            trigger: ".o_aftersales_renewal a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#portal_sale_content:contains('Maintenance, per month')",
        },
    ],
});
