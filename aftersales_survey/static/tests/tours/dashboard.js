import { registry } from "@web/core/registry";

/** The manager reads the figures and makes an improvement of a product's answers. */
registry.category("web_tour.tours").add("aftersales_survey_dashboard", {
    steps: () => [
        {
            content: "Choose the team",
            trigger: ".o_aftersales_team",
            run: "selectByLabel Survey Team",
        },
        {
            content: "The NPS on its gauge: six promoters, two detractors",
            trigger: ".o_aftersales_gauge_value:contains('+50')",
        },
        {
            trigger: ".o_aftersales_nps canvas",
        },
        {
            content: "What they wrote",
            trigger: ".o_aftersales_comment:contains('Slow repair')",
        },
        {
            trigger: ".o_aftersales_dashboard span:contains('repair')",
        },
        {
            content: "By product",
            trigger: ".o_aftersales_dashboard .nav-link:contains('Product')",
            run: "click",
        },
        {
            content: "Make an improvement of them",
            trigger: "tr:contains('Washer') button:contains('Improve')",
            run: "click",
        },
        {
            trigger: ".o_form_view div[name='name'] input, .o_form_view div[name='name'] textarea",
            run: "edit The pump is loud",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

/** An agent reads the figures of the team, and opens the ledger instead of answers. */
registry.category("web_tour.tours").add("aftersales_survey_dashboard_agent", {
    steps: () => [
        {
            trigger: ".o_aftersales_gauge_value:contains('+100')",
        },
        {
            trigger: ".o_aftersales_dashboard td:contains('Survey Team'):not(:has(a))",
        },
        {
            trigger: ".o_aftersales_dashboard a:contains('All surveys sent')",
            run: "click",
        },
        {
            trigger: ".o_list_view td:contains('Anna Vila')",
        },
    ],
});
