import { SurveyForm } from "@survey/interactions/survey_form";
import { patch } from "@web/core/utils/patch";

/** Whoever presses Submit has decided: customers are not asked whether they are sure. */
patch(SurveyForm.prototype, {
    onSubmit(ev) {
        const { aftersales } = this.el.querySelector("form.o_survey-fill-form").dataset;
        if (aftersales && ev.currentTarget.value === "finish") {
            ev.preventDefault();
            this.submitForm({ isFinish: true });
        } else {
            super.onSubmit(ev);
        }
    },
});
