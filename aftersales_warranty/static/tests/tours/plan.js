import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_plan_planner", {
    steps: () => [
        {
            content: "A new plan, by hand",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Tour: monthly check",
        },
        {
            trigger: ".o_field_widget[name='asset_id'] input",
            run: "edit TOUR-1",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('TOUR-1')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='interval_number'] input",
            run: "edit 1",
        },
        {
            content: "A week ahead is not enough: plan it a month before",
            trigger: ".o_field_widget[name='lead_days'] input",
            run: "edit 40",
        },
        {
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Running')",
        },
        {
            trigger: "button[name='action_generate']",
            run: "click",
        },
        {
            content: "The visit is there",
            trigger: ".oe_stat_button[name='action_view_visits']:contains('Visits')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('TOUR-1') td[name='asset_id']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='tell_state']:contains('Told')",
        },
        {
            content: "With its repair order",
            trigger: "button[name='action_view_repair']",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='service_kind']",
        },
        {
            content: "Back to the visit",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "The customer has said yes on the telephone",
            trigger: "button[name='action_confirm'].btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Accepted')",
        },
    ],
});

tours.add("aftersales_plan_wanted", {
    steps: () => [
        {
            content: "Who wants another day stands in the list",
            trigger: ".o_data_row:contains('Another Date Wanted') td[name='asset_id']",
            run: "click",
        },
        {
            trigger: ".alert-info:contains('The customer would like')",
        },
        {
            trigger: "button[name='action_accept_wanted']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Accepted')",
        },
    ],
});

tours.add("aftersales_plan_customer", {
    steps: () => [
        {
            trigger: ".o_portal_index_card a[href='/my/assets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_asset:contains('TOUR-1')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The next visit, to be answered",
            trigger: ".o_aftersales_next_visit a:contains('Accept it or choose another day')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_other",
            run: "click",
        },
        {
            trigger: "#wanted_date",
            run() {
                const day = new Date(Date.now() + 20 * 86400000);
                this.anchor.value = day.toISOString().slice(0, 10);
            },
        },
        {
            trigger: "#note",
            run: "edit After ten",
        },
        {
            trigger: ".o_aftersales_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_done",
        },
        {
            trigger: ".card:contains('You asked for')",
        },
    ],
});

tours.add("aftersales_plan_link", {
    steps: () => [
        {
            content: "No password is asked for",
            trigger: ".o_aftersales_accept",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_done",
        },
        {
            trigger: ".badge:contains('Settled')",
        },
        {
            content: "The calendar file is there",
            trigger: "a[href$='/calendar']",
            async run() {
                const answer = await fetch(this.anchor.href);
                const kind = answer.headers.get("content-type");
                if (!answer.ok || !kind.startsWith("text/calendar")) {
                    throw new Error(`${answer.status} ${kind}`);
                }
            },
        },
    ],
});
