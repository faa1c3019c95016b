import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** A list is shown anew as soon as another filter or order is chosen. */
export class ListToolbar extends Interaction {
    static selector = ".o_aftersales_toolbar";
    dynamicContent = {
        select: { "t-on-change": () => this.el.requestSubmit() },
    };
}

registry.category("public.interactions").add("aftersales_service.list_toolbar", ListToolbar);
