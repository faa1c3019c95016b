import { registry } from "@web/core/registry";

const question = (title) => `.js_question-wrapper:contains("${title}")`;

registry.category("web_tour.tours").add("aftersales_survey_answer", {
    steps: () => [
        {
            content: "The score clicked in the mail is chosen",
            trigger: `${question("How satisfied")} label.o_survey_selected:contains("4")`,
        },
        {
            content: "A true zero",
            trigger: `${question("recommend")} label:contains("0"):first`,
            run: "click",
        },
        {
            content: "An open answer",
            trigger: `${question("better")} textarea`,
            run: "edit The parcel came late",
        },
        {
            content: "Send it",
            trigger: "button[type='submit'][value='finish']",
            run: "click",
        },
        {
            content: "It arrived",
            trigger: ".o_survey_finished:contains('Thank you')",
        },
    ],
});
