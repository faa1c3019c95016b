import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";

/** A Chart.js chart, from the library that Odoo's own graphs and gauges use. */
export class AftersalesChart extends Component {
    static template = "aftersales_survey.Chart";
    static props = {
        config: Object,
        label: String,
        height: { type: Number, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                // eslint-disable-next-line no-undef
                const chart = new Chart(this.canvas.el, this.props.config);
                return () => chart.destroy();
            },
            () => [this.props.config]
        );
    }
}
