import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FetchRecordError } from "@web/model/relational_model/errors";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** A claim given to others, whom alone it concerns from then on, is saved and closed. */
export class ClaimFormController extends FormController {
    setup() {
        super.setup();
        this.notification = useService("notification");
    }

    async save(params) {
        try {
            return await super.save(params);
        } catch (error) {
            if (!(error instanceof FetchRecordError)) {
                throw error;
            }
            this.notification.add(
                _t("The claim was saved. It is with others now, and out of your sight."),
                { type: "success" }
            );
            await this.model.root.discard();
            this.env.config.historyBack();
            return true;
        }
    }
}

registry.category("views").add("aftersales_claim_form", {
    ...formView,
    Controller: ClaimFormController,
});
