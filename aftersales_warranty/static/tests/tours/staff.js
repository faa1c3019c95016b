import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const openLine = [
    {
        content: "Open the product of the claim",
        trigger: ".o_field_widget[name='line_ids'] .o_data_row td[name='asset_id']",
        run: "click",
    },
];

tours.add("aftersales_warranty_agent", {
    steps: () => [
        {
            content: "Open the claim from the board",
            trigger: ".o_kanban_record:contains('Tour: who pays')",
            run: "click",
        },
        {
            content: "The list says who pays, and until when",
            trigger:
                ".o_data_row .badge[title*='Legal warranty until']:contains('Covered')",
        },
        ...openLine,
        {
            content: "Diagnose misuse",
            trigger: ".modal .o_field_widget[name='cause_id'] input",
            run: "edit Dropped",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Dropped')",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            content: "The decision follows the diagnosis, with its reason",
            trigger:
                ".o_data_row .badge[title*='is excluded: not covered']:contains('Not Covered')",
        },
        ...openLine,
        {
            content: "An agent can't decide otherwise",
            trigger: ".modal .o_form_view:not(:has(button[name='action_override_coverage']))",
        },
    ],
});

tours.add("aftersales_warranty_lead", {
    steps: () => [
        {
            content: "Open the claim from the board",
            trigger: ".o_kanban_record:contains('Tour: goodwill')",
            run: "click",
        },
        ...openLine,
        {
            content: "Decide otherwise",
            trigger: ".modal button[name='action_override_coverage']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='parts_percent'] input",
            run: "edit 50",
        },
        {
            content: "Not without a reason",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'].o_field_invalid textarea, .modal .o_field_widget[name='reason'].o_field_invalid input",
            run: "edit Goodwill for a loyal customer",
        },
        {
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "The reason stands beside the decision",
            trigger: ".o_field_widget[name='coverage_note']:contains('Goodwill'), .o_data_row:contains('Goodwill')",
        },
    ],
});

tours.add("aftersales_warranty_search", {
    steps: () => [
        {
            trigger: ".o_menu_sections button:contains('Assets')",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .dropdown-item:contains('Is It under Warranty?')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='query'] input",
            run: "edit nothing like it && press Tab",
        },
        {
            trigger: ".modal p:contains('Nothing found')",
        },
        {
            trigger: ".modal .o_field_widget[name='query'] input",
            run: "edit WARRANTY-1 && press Tab",
        },
        {
            content: "Yes, until when, and what is covered",
            trigger: ".modal .o_data_row:contains('WARRANTY-1'):contains('parts')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
