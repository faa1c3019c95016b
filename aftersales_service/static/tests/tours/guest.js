import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("aftersales_service_guest", {
    steps: () => [
        {
            content: "Say what is still wrong",
            trigger: ".o_aftersales_unsolved",
            run: "click",
        },
        {
            content: "In one's own words",
            trigger: "#reason",
            run: "edit It stops again",
        },
        {
            content: "Send it",
            trigger: "details button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Add a message",
            trigger: ".o_aftersales_done ~ form #text, .o_aftersales_guest #text",
            run: "edit After ten minutes",
        },
        {
            content: "Send the message",
            trigger: ".o_aftersales_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It was received",
            trigger: ".o_aftersales_message:contains('After ten minutes')",
        },
    ],
});

registry.category("web_tour.tours").add("aftersales_service_intake", {
    steps: () => [
        {
            content: "What happens",
            trigger: "#subject",
            run: "edit The bell is broken",
        },
        {
            content: "The serial of the label is there",
            trigger: "#reference:value('EB-1')",
        },
        {
            content: "Who I am",
            trigger: "#name",
            run: "edit Núria Ferrer",
        },
        {
            content: "Where I am reached",
            trigger: "#email",
            run: "edit nuria@example.com",
        },
        {
            content: "Send it",
            trigger: ".o_aftersales_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A mail is on its way",
            trigger: ".o_aftersales_sent",
        },
    ],
});
