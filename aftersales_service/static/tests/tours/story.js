/** The story of issue 2 from the sale to the accounts, one tour for each person. */

import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");
const PHOTO =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

function choose(field, text, inside = "") {
    return [
        {
            trigger: `${inside} .o_field_widget[name='${field}'] input`,
            run: `edit ${text}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-item a:contains('${text}')`,
            run: "click",
        },
    ];
}

function addProduct(name, quantity) {
    return [
        {
            trigger: "a:contains('Add a product')",
            run: "click",
        },
        ...choose("product_template_id", name, ".o_selected_row"),
        {
            content: "The price has come",
            trigger: ".o_selected_row td[name='price_subtotal']:contains(/[1-9]/)",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name='product_uom_qty'] input",
            run: `edit ${quantity}`,
        },
        {
            content: "Leave the line",
            trigger: "a.nav-link[name='order_lines']",
            run: "click",
        },
        {
            trigger: "table.o_section_and_note_list_view:not(:has(.o_selected_row))",
        },
    ];
}

tours.add("aftersales_story_sale", {
    steps: () => [
        ...choose("partner_id", "Marta Vidal"),
        ...addProduct("E-bike Tramuntana", 1),
        ...addProduct("Helmet", 2),
        {
            trigger: "button[name='action_confirm']",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Sales Order')",
        },
    ],
});

tours.add("aftersales_story_delivery", {
    steps: () => [
        {
            trigger: ".o_data_row td:contains('Marta Vidal')",
            run: "click",
        },
        {
            trigger: "button[name='button_validate']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Done')",
        },
    ],
});

tours.add("aftersales_story_report", {
    steps: () => [
        {
            content: "My products",
            trigger: ".o_portal_index_card a[href='/my/assets']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_asset:contains('Helmet')",
        },
        {
            trigger: ".o_aftersales_asset:contains('EB-2026-1')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_report",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_next",
            run: "click",
        },
        {
            trigger: "#symptom_id:visible",
            run: "selectByLabel Battery does not last",
        },
        {
            trigger: "#subject",
            run: "edit The battery dies after ten minutes",
        },
        {
            trigger: "#description",
            run: "edit Since Monday, whatever the charge.",
        },
        {
            trigger: ".o_aftersales_next",
            run: "click",
        },
        {
            content: "Add a photo",
            trigger: "#files:visible",
            run() {
                const bytes = Uint8Array.from(atob(PHOTO), (c) => c.charCodeAt(0));
                const files = new DataTransfer();
                files.items.add(new File([bytes], "battery.png", { type: "image/png" }));
                this.anchor.files = files.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            trigger: ".o_aftersales_next",
            run: "click",
        },
        {
            trigger: "[data-step='4']:visible",
        },
        {
            trigger: ".o_aftersales_next",
            run: "click",
        },
        {
            trigger: ".o_aftersales_send:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_aftersales_sent:contains('AS/')",
        },
    ],
});

tours.add("aftersales_story_diagnosis", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('The battery dies after ten minutes')",
            run: "click",
        },
        {
            content: "The deadline is there",
            trigger: ".o_field_widget[name='sla_deadline']:contains(/\\S/)",
        },
        {
            trigger: ".o_field_widget[name='sla_state']:contains('On Track')",
        },
        {
            trigger: "button[name='action_assign_to_me']",
            run: "click",
        },
        {
            trigger: "button[name='action_solve']",
        },
        {
            trigger: ".o_field_widget[name='line_ids'] .o_data_row td[name='asset_id']",
            run: "click",
        },
        ...choose("symptom_id", "Does not switch on", ".modal"),
        ...choose("cause_id", "Material", ".modal"),
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "The company pays, and here is why",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row td[name='asset_id']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='coverage']:contains('Covered')",
        },
        {
            trigger:
                ".modal .o_field_widget[name='coverage_note']:contains('Legal warranty until')",
        },
        {
            trigger: ".modal .o_form_button_cancel, .modal .btn-close",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: ".o_data_row button[name='action_create_repair']",
            run: "click",
        },
        {
            content: "The repair opens: it is for the technician",
            trigger: ".o_form_view a.nav-link[name='labour']",
        },
        ...choose("user_id", "test_technician"),
        ...stepUtils.saveForm(),
    ],
});

tours.add("aftersales_story_repair", {
    steps: () => [
        {
            content: "My repairs",
            trigger: ".o_data_row td:contains('E-bike Tramuntana')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='coverage']:contains('Covered')",
        },
        {
            trigger:
                ".o_field_widget[name='move_ids'] .o_field_x2many_list_row_add a:contains('Add a line')",
            run: "click",
        },
        ...choose("product_id", "Battery 500", ".o_field_widget[name='move_ids'] .o_selected_row"),
        {
            trigger: "a.nav-link[name='labour']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='labour_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name='labour_ids'] .o_selected_row .o_field_widget[name='hours'] input",
            run: "edit 1:00",
        },
        {
            trigger: "a.nav-link[name='findings']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='findings'] textarea",
            run: "edit A cell was broken, the battery is new",
        },
        {
            trigger: "button[name='action_validate']",
            run: "click",
        },
        {
            trigger: "button[name='action_repair_start']",
            run: "click",
        },
        {
            trigger: "button[name='action_repair_end']",
            run: "click",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Repaired')",
        },
        {
            content: "The customer pays nothing",
            trigger: ".o_field_widget[name='customer_amount']:contains('0.00')",
        },
    ],
});

tours.add("aftersales_story_solve", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('The battery dies after ten minutes')",
            run: "click",
        },
        {
            trigger: "a.nav-link[name='resolution']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='resolution'] textarea",
            run: "edit We have put in a new battery.",
        },
        {
            trigger: "button[name='action_solve']",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Solved')",
        },
    ],
});

tours.add("aftersales_story_accounts", {
    steps: () => [
        {
            content: "The journal items of the claim",
            trigger: ".o_searchview_input",
            run: "edit AS/",
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            trigger: ".o_searchview_facet:contains('AS/')",
        },
        {
            trigger: ".o_data_row td[name='name']:contains('AS/'):contains('Battery 500 Wh')",
        },
        {
            trigger: ".o_data_row td[name='debit']:contains('200')",
        },
    ],
});
