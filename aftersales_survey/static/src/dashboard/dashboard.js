import { Component, markRaw, onWillStart, useState } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { AftersalesChart } from "./chart";

const GOOD = "#198754";
const MIDDLE = "#e0a800";
const BAD = "#dc3545";
const LINE = "#0f766e";
/** Where in an improvement a group of answers belongs. */
const IMPROVED = {
    team_id: "improved_team_id",
    product_id: "product_id",
    cause_id: "cause_id",
    type_id: "type_id",
};

export class SatisfactionDashboard extends Component {
    static template = "aftersales_survey.Dashboard";
    static components = { AftersalesChart, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = [
            [30, _t("30 days")],
            [90, _t("90 days")],
            [365, _t("A year")],
        ];
        this.state = useState({
            days: 90,
            team: false,
            rule: false,
            dimension: "team_id",
            data: null,
        });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    async load() {
        const { days, team, rule } = this.state;
        const data = await this.orm.call(
            "aftersales.survey.report",
            "get_dashboard",
            [],
            { days, team_id: team, rule_id: rule }
        );
        // Chart.js watches the arrays it is given: they must not be reactive.
        this.state.data = markRaw(data);
        this.charts = this.getCharts();
    }

    choose(name, value) {
        this.state[name] = value;
        return this.load();
    }

    chooseFrom(name, ev) {
        return this.choose(name, parseInt(ev.target.value) || false);
    }

    // -- figures

    get isEmpty() {
        return !this.state.data.scores.sent;
    }

    get cards() {
        const { scores, before, recovered } = this.state.data;
        return [
            {
                label: _t("Satisfied"),
                help: _t("CSAT: who chose the top of the scale"),
                value: this.format(scores.csat, "%"),
                range: this.formatRange(scores.csat, "%"),
                change: this.getChange(scores.csat, before.csat),
            },
            {
                label: _t("Ease"),
                help: _t("CES: how easy it was, from 1 to 7"),
                value: this.format(scores.ces, "", 1),
                range: this.formatRange(scores.ces, "", 1),
                change: this.getChange(scores.ces, before.ces, 1),
            },
            {
                label: _t("Response rate"),
                help: _t("Of the surveys sent in this time"),
                value: scores.response === null ? "–" : `${Math.round(scores.response)}%`,
                range: _t("%(answered)s of %(sent)s", scores),
                change: null,
            },
            {
                label: _t("Won back"),
                help: _t("Satisfied after a bad answer was followed up"),
                value: recovered.count
                    ? `${Math.round((100 * recovered.satisfied) / recovered.count)}%`
                    : "–",
                range: _t("%(satisfied)s of %(count)s, %(open)s to do", recovered),
                change: null,
                action: "aftersales_survey.aftersales_survey_followup_action",
            },
        ];
    }

    format(score, unit = "", digits = 0) {
        return score ? `${this.round(score.value, digits)}${unit}` : "–";
    }

    formatRange(score, unit = "", digits = 0) {
        if (!score) {
            return _t("fewer than %s answers", this.state.data.minimum);
        }
        return _t("%(low)s to %(high)s, %(count)s answers", {
            low: `${this.round(score.low, digits)}${unit}`,
            high: `${this.round(score.high, digits)}${unit}`,
            count: score.count,
        });
    }

    round(value, digits = 0) {
        return formatFloat(value, { digits: [0, digits] });
    }

    formatNps(value) {
        if (value === null) {
            return "–";
        }
        const rounded = Math.round(value);
        return rounded > 0 ? `+${rounded}` : `${rounded}`;
    }

    getChange(score, earlier, digits = 0) {
        if (!score || !earlier) {
            return null;
        }
        const change = score.value - earlier.value;
        if (Math.abs(change) < 0.5 / 10 ** digits) {
            return null;
        }
        const shown = this.round(Math.abs(change), digits);
        return { up: change >= 0, text: shown };
    }

    get npsChange() {
        return this.getChange(this.state.data.scores.nps, this.state.data.before.nps);
    }

    getTone(tone) {
        if (tone === null || tone === undefined) {
            return "muted";
        }
        return tone > 0.2 ? "success" : tone < -0.2 ? "danger" : "warning";
    }

    getWordSize(word) {
        const most = this.state.data.words[0].count;
        return 0.85 + (0.9 * word.count) / most;
    }

    getNpsClass(value) {
        return value === null ? "text-muted" : value >= 0 ? "text-success" : "text-danger";
    }

    getPercentTone(percent) {
        return percent >= 80 ? "success" : percent >= 60 ? "warning" : "danger";
    }

    getAspectTitle(aspect) {
        return this.formatRange(
            aspect.percent === null ? null : { ...aspect, value: aspect.percent },
            "%"
        );
    }

    get minimumNote() {
        return _t("– stands for fewer than %s answers.", this.state.data.minimum);
    }

    get trendNote() {
        return _t("Each point is over the %s days before it.", this.state.data.days);
    }

    get dimension() {
        return this.state.data.dimensions[this.state.dimension];
    }

    canImprove() {
        return this.state.dimension in IMPROVED;
    }

    // -- charts

    get textColor() {
        return cookie.get("color_scheme") === "dark" ? "#e4e4e4" : "#495057";
    }

    getCharts() {
        const { scores, groups, distribution, trend } = this.state.data;
        return {
            gauge: this.getGauge(scores.nps),
            groups: this.getGroups(groups),
            distribution: this.getDistribution(distribution),
            trend: this.getTrend(trend),
        };
    }

    getGauge(nps) {
        const value = nps ? nps.value : -100;
        const color = value >= 30 ? GOOD : value >= 0 ? MIDDLE : BAD;
        return {
            type: "doughnut",
            data: {
                datasets: [
                    {
                        data: [value + 100, 100 - value],
                        backgroundColor: [color, "rgba(128, 128, 128, 0.2)"],
                        borderWidth: 0,
                    },
                ],
            },
            options: {
                circumference: 180,
                rotation: 270,
                cutout: "76%",
                maintainAspectRatio: false,
                events: [],
                plugins: { legend: { display: false }, tooltip: { enabled: false } },
            },
        };
    }

    getGroups(groups) {
        const labels = [_t("Promoters"), _t("Passives"), _t("Detractors")];
        const colors = [GOOD, MIDDLE, BAD];
        return {
            type: "bar",
            data: {
                labels: [""],
                datasets: groups.map((count, index) => ({
                    label: labels[index],
                    data: [count],
                    backgroundColor: colors[index],
                })),
            },
            options: {
                indexAxis: "y",
                maintainAspectRatio: false,
                scales: {
                    x: { stacked: true, display: false, max: groups.reduce((a, b) => a + b, 0) || 1 },
                    y: { stacked: true, display: false },
                },
                plugins: {
                    legend: {
                        position: "bottom",
                        labels: { color: this.textColor, boxWidth: 12 },
                    },
                },
            },
        };
    }

    getDistribution(counts) {
        return {
            type: "bar",
            data: {
                labels: counts.map((_count, score) => `${score}`),
                datasets: [
                    {
                        label: _t("Answers"),
                        data: counts,
                        backgroundColor: counts.map((_count, score) =>
                            score >= 9 ? GOOD : score >= 7 ? MIDDLE : BAD
                        ),
                        borderRadius: 3,
                    },
                ],
            },
            options: this.getOptions({ y: { ticks: { precision: 0 }, beginAtZero: true } }),
        };
    }

    getTrend(points) {
        const line = (label, name, color) => ({
            label,
            data: points.map((point) => point[name]),
            borderColor: color,
            backgroundColor: color,
            spanGaps: true,
            tension: 0.3,
            yAxisID: "y",
        });
        const options = this.getOptions({
            y: { suggestedMin: 0, suggestedMax: 100 },
            answers: {
                position: "right",
                beginAtZero: true,
                grid: { display: false },
                ticks: { precision: 0 },
                title: { display: true, text: _t("Answers"), color: this.textColor },
            },
        });
        options.plugins.legend = {
            position: "bottom",
            labels: { color: this.textColor, boxWidth: 12 },
        };
        options.interaction = { mode: "index", intersect: false };
        return {
            type: "line",
            data: {
                labels: points.map((point) => point.label),
                datasets: [
                    line(_t("NPS"), "nps", LINE),
                    line(_t("Satisfied (%)"), "csat", "#6f42c1"),
                    {
                        type: "bar",
                        label: _t("Answers"),
                        data: points.map((point) => point.answers),
                        backgroundColor: "rgba(128, 128, 128, 0.25)",
                        yAxisID: "answers",
                    },
                ],
            },
            options,
        };
    }

    getOptions(scales) {
        const ticks = { color: this.textColor };
        const colored = { x: { ticks, grid: { display: false } } };
        for (const [name, scale] of Object.entries(scales)) {
            colored[name] = { ...scale, ticks: { ...ticks, ...scale.ticks } };
        }
        return {
            maintainAspectRatio: false,
            scales: colored,
            plugins: { legend: { display: false } },
        };
    }

    // -- where it leads

    open(xmlid) {
        return this.action.doAction(xmlid);
    }

    /** Whether the single answers may be opened: agents see figures only. */
    get canOpenRows() {
        return Boolean(this.state.data.domain);
    }

    openRows(domain = [], view = "list") {
        const views = ["list", "pivot", "graph"];
        views.sort((one) => (one === view ? -1 : 0));
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Satisfaction"),
            res_model: "aftersales.survey.report",
            views: views.map((type) => [false, type]),
            domain: Domain.and([this.state.data.domain, domain]).toList(),
        });
    }

    openGroup(row) {
        return this.openRows([[this.state.dimension, "=", row.id]]);
    }

    openClaim(claim) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "aftersales.claim",
            res_id: claim[0],
            views: [[false, "form"]],
        });
    }

    improve(row) {
        const field = IMPROVED[this.state.dimension];
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New Improvement"),
            res_model: "aftersales.improvement",
            views: [[false, "form"]],
            context: {
                [`default_${field}`]: row.id,
                default_kind: field === "product_id" ? "product" : "process",
                default_measure: "csat",
            },
        });
    }
}

registry.category("actions").add("aftersales_survey_dashboard", SatisfactionDashboard);
