/** The last word of the story: the customer is satisfied and says so. */

import { registry } from "@web/core/registry";

const question = (title) => `.js_question-wrapper:contains("${title}")`;

registry.category("web_tour.tours").add("aftersales_story_answer", {
    steps: () => [
        {
            content: "The score clicked in the mail is chosen",
            trigger: `${question("How satisfied")} label.o_survey_selected:contains("5")`,
        },
        {
            trigger: `${question("recommend")} label:contains("9")`,
            run: "click",
        },
        {
            trigger: `${question("better")} textarea`,
            run: "edit Nothing, it was fast",
        },
        {
            trigger: "button[type='submit'][value='finish']",
            run: "click",
        },
        {
            trigger: ".o_survey_finished:contains('Thank you')",
        },
    ],
});
