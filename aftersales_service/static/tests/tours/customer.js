import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const PHOTO =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function addPhoto(name) {
    return {
        content: "Add a photo",
        trigger: "#files",
        run() {
            const bytes = Uint8Array.from(atob(PHOTO), (c) => c.charCodeAt(0));
            const files = new DataTransfer();
            files.items.add(new File([bytes], name, { type: "image/png" }));
            this.anchor.files = files.files;
            this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

function next(step) {
    return [
        { trigger: ".o_aftersales_next:visible", run: "click" },
        { trigger: `.o_aftersales_step_number:contains(${step})` },
    ];
}

tours.add("aftersales_service_customer", {
    steps: () => [
        {
            trigger: ".o_portal_index_card a[href='/my/assets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_asset:contains('EB-1')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_report",
            run: "click",
            expectUnloadPage: true,
        },
        ...next(2),
        {
            content: "Nothing is told yet: the form says so and stays",
            trigger: ".o_aftersales_next",
            run: "click",
        },
        { trigger: ".o_aftersales_error:visible:contains('few words')" },
        {
            trigger: "#symptom_id",
            run: "selectByLabel Stops while working",
        },
        {
            trigger: "#subject",
            run: "edit It stops",
        },
        {
            trigger: "#description",
            run: "edit After ten minutes it stops.",
        },
        ...next(3),
        addPhoto("first.png"),
        { trigger: ".o_aftersales_files li:contains('first.png')" },
        addPhoto("second.png"),
        { trigger: ".o_aftersales_files:has(li:contains('first')):has(li:contains('second'))" },
        {
            trigger: ".o_aftersales_files li:contains('second.png') button",
            run: "click",
        },
        { trigger: ".o_aftersales_files:not(:has(li:contains('second')))" },
        ...next(4),
        {
            trigger: "label[for='contact_call']",
            run: "click",
        },
        {
            trigger: "#contact_phone",
            run: "edit +34 600 111 222",
        },
        ...next(5),
        { trigger: ".o_aftersales_review:contains('It stops'):contains('first.png')" },
        { trigger: ".o_aftersales_review:contains('EB-1'):contains('+34 600 111 222')" },
        {
            trigger: ".o_aftersales_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_sent:contains('AS/')",
        },
        {
            trigger: ".o_aftersales_timeline .o_aftersales_step_current:contains('Received')",
        },
    ],
});

tours.add("aftersales_service_customer_helped", {
    steps: () => [
        {
            trigger: ".o_aftersales_choice:contains('EB-1')",
            run: "click",
        },
        ...next(2),
        {
            trigger: "#subject",
            run: "edit How do I pair the bike with the phone?",
        },
        {
            trigger: "#description",
            run: "click",
        },
        {
            trigger: ".o_aftersales_suggestion:contains('Pair the bike') summary",
            run: "click",
        },
        {
            trigger: ".o_aftersales_suggestion[open] button:contains('This helped')",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_aftersales_helped" },
    ],
});

tours.add("aftersales_service_customer_answer", {
    steps: () => [
        {
            trigger: ".o_aftersales_answer summary:contains('No')",
            run: "click",
        },
        {
            trigger: "#reason",
            run: "edit It stops again",
        },
        {
            trigger: ".o_aftersales_answer button:contains('Open it again')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_timeline .o_aftersales_step_current:contains('looking into it')",
        },
    ],
});
