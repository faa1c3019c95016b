import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** A second click sends nothing; the server knows it anyway. */
export class SendOnce extends Interaction {
    static selector = "form.o_aftersales_once";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
    };

    onSubmit() {
        const button = this.el.querySelector("button[type='submit']");
        // After the browser has taken what is in the form.
        this.waitForTimeout(() => {
            button.disabled = true;
        }, 0);
    }
}

registry.category("public.interactions").add("aftersales_service.send_once", SendOnce);
