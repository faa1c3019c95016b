import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function sign() {
    return [
        {
            content: "What it costs is on the page of the request",
            trigger: ".o_aftersales_quote tfoot:contains('You pay')",
        },
        {
            trigger: ".o_aftersales_accept",
            run: "click",
        },
        {
            content: "Without a name there is no signature",
            trigger: ".modal.show .o_web_sign_name_and_signature input",
            run: "clear",
        },
        { trigger: ".modal.show .o_portal_sign_submit:disabled" },
        {
            trigger: ".modal.show .o_web_sign_name_and_signature input",
            run: "fill Marta Vidal",
        },
        {
            trigger: ".modal.show canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            trigger: ".modal.show .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

tours.add("aftersales_service_guest_signs", {
    steps: () => [...sign(), { trigger: "#quote_content:contains('Thank You')" }],
});

tours.add("aftersales_service_customer_signs", {
    steps: () => [
        ...sign(),
        {
            content: "Back on the page of the request, where nothing is asked any more",
            trigger: "body:not(:has(.o_aftersales_quote)) .o_aftersales_timeline",
        },
        { trigger: ".o_aftersales_document:contains('Order')" },
    ],
});

tours.add("aftersales_service_customer_refuses", {
    steps: () => [
        {
            trigger: ".o_aftersales_refuse",
            run: "click",
        },
        {
            trigger: ".modal.show textarea[name='decline_message']",
            run: "edit Too expensive, send it back",
        },
        {
            trigger: ".modal.show button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "body:not(:has(.o_aftersales_quote)) .o_aftersales_timeline",
        },
    ],
});
