import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("aftersales_warranty_customer", {
    steps: () => [
        {
            trigger: ".o_portal_index_card a[href='/my/assets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The list says what is under warranty",
            trigger: ".o_aftersales_asset:contains('Warranty until')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Register what waits for it",
            trigger: ".o_aftersales_register:contains('Register and win') button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#warranty .alert-success",
        },
        {
            content: "Both certificates can be downloaded",
            trigger: ".o_aftersales_certificate_link:contains('Commercial')",
            async run() {
                for (const link of document.querySelectorAll(
                    ".o_aftersales_certificate_link"
                )) {
                    const answer = await fetch(link.href);
                    const kind = answer.headers.get("content-type");
                    if (!answer.ok || kind !== "application/pdf") {
                        throw new Error(`${link.href}: ${answer.status} ${kind}`);
                    }
                }
            },
        },
        {
            content: "Extend the warranty",
            trigger: ".o_aftersales_extend:contains('Two years more') button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The quotation waits for its customer",
            trigger: "#portal_sale_content:contains('Two years more')",
        },
    ],
});

tours.add("aftersales_warranty_check", {
    steps: () => [
        {
            trigger: "#serial",
            run: "edit WARRANTY-1",
        },
        {
            trigger: "#proof",
            run: "edit somebody@example.com",
        },
        {
            trigger: "form[action='/aftersales/warranty'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A wrong proof tells nothing",
            trigger: ".o_aftersales_unknown",
        },
        {
            content: "The serial is still there",
            trigger: "#serial[value='WARRANTY-1']",
        },
        {
            trigger: "#proof",
            run: "edit AINA@example.com",
        },
        {
            trigger: "form[action='/aftersales/warranty'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_answer:contains('Yes, it is under warranty'):contains('parts')",
        },
    ],
});
