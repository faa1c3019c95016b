import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "aftersales.claim";
const DELAY = 250;

/**
 * Register a claim while the customer is on the phone, without touching the mouse:
 * find the customer, choose the product, write the problem.
 */
export class Intake extends Component {
    static template = "aftersales_service.Intake";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.searchRef = useRef("search");
        this.productsRef = useRef("products");
        this.nameRef = useRef("name");
        this.subjectRef = useRef("subject");
        this.state = useState({ ...this.getEmptyState(), created: false });
        this.searchSoon = useDebounced(() => this.search(), DELAY);
        onWillStart(async () => {
            this.choices = await this.orm.call(MODEL, "get_intake_choices", []);
            this.state.form.channel_id = this.choices.channel_id;
        });
        useEffect(
            () => this.focusNext(),
            () => [this.state.step]
        );
        // A scanner types into whatever has the focus; outside of fields it ends here.
        useBus(useService("barcode").bus, "barcode_scanned", (ev) =>
            this.scan(ev.detail.barcode)
        );
    }

    getEmptyState() {
        return {
            step: "search",
            term: "",
            searched: "",
            matches: [],
            active: 0,
            customer: null,
            newCustomer: null,
            assetIds: [],
            isBusy: false,
            form: {
                subject: "",
                description: "",
                type_id: "",
                symptom_id: "",
                channel_id: this.choices?.channel_id || "",
                priority: "1",
            },
        };
    }

    focusNext() {
        const { step, customer, assetIds, newCustomer } = this.state;
        if (step === "search") {
            this.searchRef.el?.focus();
        } else if (newCustomer) {
            this.nameRef.el?.focus();
        } else if (customer.assets.length && !assetIds.length) {
            this.productsRef.el?.querySelector("input")?.focus();
        } else {
            this.subjectRef.el?.focus();
        }
    }

    // -- finding the customer

    async search() {
        const { term } = this.state;
        const matches =
            term.trim().length < 2
                ? []
                : await this.orm.call(MODEL, "get_intake_matches", [term]);
        // What was typed meanwhile has a search of its own.
        if (term === this.state.term) {
            Object.assign(this.state, { matches, active: 0, searched: term });
        }
    }

    onTermInput() {
        this.searchSoon();
    }

    async onSearchKeydown(ev) {
        const { matches } = this.state;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            const step = ev.key === "ArrowDown" ? 1 : -1;
            const count = matches.length + Number(this.canCreateCustomer);
            this.state.active = count ? (this.state.active + step + count) % count : 0;
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            if (this.state.searched !== this.state.term) {
                await this.search();
            }
            await this.chooseActive();
        } else if (ev.key === "Escape") {
            this.restart();
        }
    }

    get canCreateCustomer() {
        const { term, searched } = this.state;
        return term.trim().length >= 2 && term === searched;
    }

    async chooseActive() {
        const { matches, active } = this.state;
        if (active < matches.length) {
            await this.choose(matches[active]);
        } else if (this.canCreateCustomer) {
            this.startNewCustomer();
        }
    }

    async choose(match) {
        const customer = await this.orm.call(MODEL, "get_intake_customer", [
            match.partner_id,
        ]);
        const known = new Set(customer.assets.map((asset) => asset.id));
        Object.assign(this.state, {
            customer,
            newCustomer: null,
            assetIds: match.asset_ids.filter((id) => known.has(id)),
            step: "claim",
        });
    }

    startNewCustomer() {
        const term = this.state.term.trim();
        const isPhone = /^[+(\d][\d\s()./+-]{3,}$/.test(term);
        const isEmail = term.includes("@");
        Object.assign(this.state, {
            customer: null,
            newCustomer: {
                name: isPhone || isEmail ? "" : term,
                phone: isPhone ? term : "",
                email: isEmail ? term : "",
            },
            assetIds: [],
            step: "claim",
        });
    }

    async scan(barcode) {
        this.restart();
        this.state.term = barcode;
        await this.search();
        if (this.state.matches.length) {
            await this.choose(this.state.matches[0]);
        } else {
            this.notification.add(_t("Nobody has a product “%s”.", barcode), {
                type: "warning",
            });
        }
    }

    restart() {
        Object.assign(this.state, this.getEmptyState());
        this.searchRef.el?.focus();
    }

    // -- the claim

    get selects() {
        const { types, symptoms, channels } = this.choices;
        return [
            { name: "type_id", label: _t("Type"), options: types },
            { name: "symptom_id", label: _t("Symptom"), options: symptoms },
            { name: "channel_id", label: _t("Channel"), options: channels },
        ];
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey)) {
            ev.preventDefault();
            this.register(!ev.shiftKey);
        } else if (ev.key === "Escape") {
            ev.preventDefault();
            this.restart();
        }
    }

    onProductKeydown(ev) {
        const boxes = [...this.productsRef.el.querySelectorAll("input")];
        const index = boxes.indexOf(ev.target);
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            const step = ev.key === "ArrowDown" ? 1 : -1;
            boxes[(index + step + boxes.length) % boxes.length].focus();
        } else if (ev.key === "Enter" && !ev.ctrlKey && !ev.metaKey) {
            ev.preventDefault();
            if (!ev.target.checked) {
                this.toggleAsset(this.state.customer.assets[index].id);
            }
            this.subjectRef.el.focus();
        }
    }

    toggleAsset(id) {
        const ids = new Set(this.state.assetIds);
        if (!ids.delete(id)) {
            ids.add(id);
        }
        this.state.assetIds = [...ids];
    }

    /**
     * @param {boolean} open whether to go on in the claim, or with the next call
     */
    async register(open) {
        if (this.state.isBusy || this.state.step !== "claim") {
            return;
        }
        this.state.isBusy = true;
        try {
            const claim = await this.orm.call(MODEL, "register_from_intake", [
                {
                    ...this.state.form,
                    partner_id: this.state.customer?.partner_id,
                    customer: this.state.newCustomer,
                    asset_ids: this.state.assetIds,
                },
            ]);
            if (open && claim.is_visible) {
                return await this.openRecord(MODEL, claim.id);
            }
            this.restart();
            this.state.created = claim;
        } finally {
            this.state.isBusy = false;
        }
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("aftersales_service.intake", Intake);
