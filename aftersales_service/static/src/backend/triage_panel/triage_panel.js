import { Component, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * What is proposed for a new claim, above its form. It is asked for once the form is
 * there, so that opening a claim does not wait for it.
 */
export class TriagePanel extends Component {
    static template = "aftersales_service.TriagePanel";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ panel: false });
        useEffect(
            (id) => {
                this.load(id);
            },
            () => [
                this.props.record.resId,
                this.props.record.data.write_date?.toMillis?.(),
            ]
        );
    }

    get model() {
        return this.props.record.resModel;
    }

    async load(id) {
        this.state.panel = id
            ? await this.keepLast.add(this.orm.call(this.model, "get_triage_panel", [id]))
            : false;
    }

    /** Save what is being typed, then call the claim's method, as a button would. */
    run(name) {
        const { record } = this.props;
        return this.env.onClickViewButton({
            clickParams: { type: "object", name },
            getResParams: () => ({
                resModel: record.resModel,
                resId: record.resId,
                resIds: record.resIds,
                context: record.context,
                evalContext: record.evalContext,
            }),
        });
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    merge(claim) {
        const id = this.props.record.resId;
        return this.action.doAction("aftersales_service.aftersales_claim_merge_action", {
            additionalContext: {
                active_model: this.model,
                active_id: id,
                active_ids: [id, claim.id],
            },
        });
    }
}

registry.category("view_widgets").add("aftersales_triage", {
    component: TriagePanel,
    fieldDependencies: [{ name: "write_date", type: "datetime" }],
});
