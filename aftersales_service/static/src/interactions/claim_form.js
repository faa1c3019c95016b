import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const MIB = 2 ** 20;
const LAST_STEP = 5;

/**
 * The form of a customer who reports a problem, one step at a time.
 *
 * Without this script the form shows all its steps and is sent as it is; the server
 * checks everything again in either case.
 */
export class ClaimForm extends Interaction {
    static selector = ".o_aftersales_claim_form";
    dynamicContent = {
        _root: {
            "t-on-submit.prevent": this.locked(this.onSubmit),
            "t-on-input": () => (this.error = ""),
        },
        ".o_aftersales_step": {
            "t-att-class": (el) => ({ "d-none": Number(el.dataset.step) !== this.step }),
        },
        ".o_aftersales_progress": { "t-att-class": () => ({ "d-none": false }) },
        ".o_aftersales_step_number": { "t-out": () => this.step },
        ".o_aftersales_progress .progress-bar": {
            "t-att-style": () => ({ width: `${(100 * this.step) / LAST_STEP}%` }),
        },
        ".o_aftersales_back": {
            "t-att-class": () => ({ "d-none": this.step === 1 }),
            "t-on-click": () => this.onBack(),
        },
        ".o_aftersales_next": {
            "t-att-class": () => ({ "d-none": this.step === LAST_STEP }),
            "t-on-click": () => this.onNext(),
        },
        ".o_aftersales_send": {
            "t-att-class": () => ({ "d-none": this.step !== LAST_STEP }),
            "t-att-disabled": () => this.isSending,
        },
        ".o_aftersales_upload": {
            "t-att-class": () => ({ "d-none": !this.isSending }),
        },
        ".o_aftersales_error": {
            "t-att-class": () => ({ "d-none": !this.error }),
            "t-out": () => this.error,
        },
        ".o_aftersales_find": {
            "t-att-class": () => ({ "d-none": false }),
            "t-on-input": this.onFind,
        },
        ".o_aftersales_quantity": {
            "t-att-class": (el) => ({ "d-none": !this.isChecked(el.dataset.asset) }),
        },
        ".o_aftersales_other": {
            "t-att-class": () => ({ "d-none": !this.isChecked("other") }),
        },
        "#symptom_id, #subject, #description": {
            "t-on-change": this.debounced(this.suggestArticles, 300),
        },
        "input[name='asset_ids'], #other": { "t-on-change": () => this.updateSymptoms() },
        "input[type='file']": { "t-on-change": this.onFiles },
        ".o_aftersales_needs": {
            "t-att-class": () => ({ "d-none": !this.getNeeds().length }),
        },
        "[data-need]": {
            "t-att-class": (el) => ({
                "d-none": !this.getNeeds().includes(el.dataset.need),
            }),
        },
        "[data-need] .fa": {
            "t-att-class": (el) => {
                const isThere = this.has(el.closest("[data-need]").dataset.need);
                return {
                    "fa-check": isThere,
                    "text-success": isThere,
                    "fa-circle-o": !isThere,
                };
            },
        },
        ".o_aftersales_later": {
            "t-att-class": () => ({ "d-none": !this.getNeeds().length }),
        },
        "[data-go]": {
            "t-on-click": (ev) =>
                this.goTo(Number(ev.currentTarget.dataset.go), ev.currentTarget.dataset.focus),
        },
    };

    setup() {
        this.step = 1;
        this.error = "";
        this.isSending = false;
        this.files = { files: [], receipts: [] };
        this.el.noValidate = true;
    }

    start() {
        this.updateSymptoms();
        this.addListener(window, "popstate", (ev) =>
            this.show(ev.state?.aftersalesStep || 1)
        );
        window.history.replaceState({ aftersalesStep: 1 }, "");
        const field = this.el.dataset.errorField;
        if (field) {
            this.goTo(this.getStepOf(field), field);
        }
    }

    // -- helpers

    say(name) {
        return this.el.querySelector(`[data-message='${name}']`).textContent.trim();
    }

    get(name) {
        return this.el.elements[name]?.value.trim() || "";
    }

    isChecked(id) {
        return Boolean(this.el.querySelector(`#${id}`)?.checked);
    }

    getProducts() {
        return [...this.el.querySelectorAll("input[name='asset_ids']:checked")];
    }

    getStepOf(field) {
        const input = this.el.querySelector(`[name='${CSS.escape(field)}']`);
        return Number(input?.closest("[data-step]")?.dataset.step || 1);
    }

    /** What the chosen type of request asks for, as far as we don't have it by sale. */
    getNeeds() {
        const type = this.el.querySelector("#type_id").selectedOptions[0];
        const products = this.getProducts();
        return [
            ["photo", true],
            ["serial", !products.some((input) => input.dataset.hasSerial)],
            ["proof", !products.some((input) => input.dataset.hasProof)],
        ]
            .filter(([need, isOpen]) => isOpen && type?.dataset[need])
            .map(([need]) => need);
    }

    has(need) {
        return {
            photo: this.files.files.length > 0,
            serial: this.get("serial") !== "",
            proof: this.files.receipts.length > 0,
        }[need];
    }

    // -- going from step to step

    show(step) {
        this.step = step;
        this.error = "";
        if (step === LAST_STEP) {
            this.fillReview();
        }
        this.updateContent();
    }

    goTo(step, focus) {
        if (step !== this.step) {
            window.history.pushState({ aftersalesStep: step }, "");
        }
        this.show(step);
        const place = this.el.querySelector(`[data-step='${step}']`);
        if (focus === "serial" || focus === "receipts" || focus === "order") {
            this.el.querySelector("#other").checked = true;
            this.updateContent();
        }
        const target = focus && place.querySelector(`[name='${CSS.escape(focus)}']`);
        (target || place.querySelector("h4")).focus({ preventScroll: true });
        (target?.closest("label, div") || this.el).scrollIntoView({ block: "start" });
    }

    onBack() {
        this.goTo(this.step - 1);
    }

    onNext() {
        const problem = this.findProblem(this.step);
        if (problem) {
            this.fail(...problem);
        } else {
            this.goTo(this.step + 1);
        }
    }

    /** Show `message` on the step of the input `field`. */
    fail(message, field) {
        this.goTo(this.getStepOf(field), field);
        this.error = message;
        this.updateContent();
        this.el.querySelector(".o_aftersales_error").scrollIntoView({ block: "center" });
    }

    /** [message, name of the input] of what is missing or wrong on `step`, if anything. */
    findProblem(step) {
        if (step === 1) {
            if (!this.getProducts().length && !this.isChecked("other")) {
                return [this.say("product"), "other_"];
            }
            const wrong = [...this.el.querySelectorAll(".o_aftersales_quantity input")].find(
                (input) =>
                    this.isChecked(input.parentElement.dataset.asset) &&
                    (!input.checkValidity() || Number(input.value) <= 0)
            );
            return wrong && [wrong.labels[0].textContent.trim(), wrong.name];
        }
        if (step === 2 && !this.get("subject") && !this.get("symptom_id")) {
            return [this.say("subject"), "subject"];
        }
        if (step === 3 && !this.isChecked("later")) {
            const missing = this.getNeeds().find((need) => !this.has(need));
            return missing && [this.say(missing), "files"];
        }
        if (step === 4 && this.get("contact_by") === "phone" && !this.get("contact_phone")) {
            return [this.say("phone"), "contact_phone"];
        }
    }

    // -- products and what happens to them

    onFind(ev) {
        const words = ev.target.value.toLowerCase().split(/\s+/);
        for (const choice of this.el.querySelectorAll(".o_aftersales_choice")) {
            const input = choice.querySelector("[name='asset_ids']");
            const text = choice.textContent.toLowerCase();
            const isHidden =
                input && !input.checked && !words.every((word) => text.includes(word));
            choice.classList.toggle("d-none", Boolean(isHidden));
        }
    }

    /** Offer the symptoms of the chosen products; those of none are for all. */
    updateSymptoms() {
        const products = this.getProducts();
        const categories = products.flatMap((input) => input.dataset.categs.split(" "));
        const select = this.el.querySelector("#symptom_id");
        for (const option of select.options) {
            const wanted = (option.dataset.categs || "").split(" ").filter(Boolean);
            const fits =
                !products.length ||
                !wanted.length ||
                wanted.some((category) => categories.includes(category));
            option.hidden = option.disabled = !fits;
            if (!fits && option.selected) {
                select.value = "";
            }
        }
        this.suggestArticles();
    }

    async suggestArticles() {
        const place = this.el.querySelector(".o_aftersales_suggestions");
        if (!this.get("symptom_id") && !this.get("subject") && !this.get("description")) {
            place.replaceChildren();
            return;
        }
        const data = new FormData();
        for (const name of ["csrf_token", "symptom_id", "subject", "description"]) {
            data.append(name, this.get(name));
        }
        for (const input of this.getProducts()) {
            data.append("asset_ids", input.value);
        }
        const asked = (this.asked = Symbol("question"));
        try {
            const response = await this.waitFor(
                fetch("/my/claims/articles", { method: "POST", body: data })
            );
            const isOurs = response.ok && !response.redirected;
            const html = isOurs ? await this.waitFor(response.text()) : "";
            if (asked === this.asked) {
                const parsed = new DOMParser().parseFromString(html, "text/html");
                place.replaceChildren(...parsed.body.children);
            }
        } catch {
            // Help that does not come is no reason to keep anybody from reporting.
            place.replaceChildren();
        }
    }

    // -- files

    /** Add what was chosen to what was chosen before: phones give one photo at a time. */
    onFiles(ev) {
        const input = ev.currentTarget;
        const refused = [];
        for (const file of input.files) {
            const reason = this.getRefusal(file);
            if (reason) {
                refused.push(reason);
            } else if (input.multiple) {
                this.files[input.name].push(file);
            } else {
                this.files[input.name] = [file];
            }
        }
        this.error = refused.join(" ");
        this.updateFiles(input.name);
    }

    getRefusal(file) {
        const all = [...this.files.files, ...this.files.receipts];
        const { maxFiles, maxFileMib, maxTotalMib } = this.el.dataset;
        const isKnown =
            /^(image\/(?!svg)|video\/|application\/pdf$)/.test(file.type) ||
            (!file.type && /\.(heic|heif|mov|mp4)$/i.test(file.name));
        if (!isKnown) {
            return `“${file.name}” ${this.say("type")}`;
        }
        if (file.size > Number(maxFileMib) * MIB) {
            return `“${file.name}” ${this.say("big")}`;
        }
        if (all.length >= Number(maxFiles)) {
            return this.say("many");
        }
        const total = all.reduce((sum, other) => sum + other.size, file.size);
        return total > Number(maxTotalMib) * MIB ? this.say("total") : "";
    }

    updateFiles(name) {
        const chosen = new DataTransfer();
        this.files[name].forEach((file) => chosen.items.add(file));
        this.el.querySelector(`#${name}`).files = chosen.files;
        const list = this.el.querySelector(`[data-files='${name}']`);
        list.replaceChildren(
            ...this.files[name].map((file, index) => this.makeFileRow(name, file, index))
        );
    }

    makeFileRow(name, file, index) {
        const row = document.createElement("li");
        row.className = "d-flex gap-2 align-items-center py-1";
        if (file.type.startsWith("image/")) {
            const picture = document.createElement("img");
            picture.className = "o_aftersales_thumb o_aftersales_thumb_small";
            picture.alt = "";
            picture.src = URL.createObjectURL(file);
            picture.onload = () => URL.revokeObjectURL(picture.src);
            row.append(picture);
        }
        const label = document.createElement("span");
        label.className = "flex-grow-1 o_aftersales_wrap";
        const size = Math.max(file.size / MIB, 0.1).toFixed(1);
        label.textContent = `${file.name} (${size} MB)`;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-light";
        button.textContent = this.say("remove");
        button.addEventListener("click", () => {
            this.files[name].splice(index, 1);
            this.updateFiles(name);
            this.updateContent();
        });
        row.append(label, button);
        return row;
    }

    // -- looking it over and sending

    fillReview() {
        const chosen = (id) => this.el.querySelector(id).selectedOptions[0];
        const names = (list) => list.map((file) => file.name).join(", ");
        const products = this.getProducts().map((input) => {
            const quantity = this.el.elements[`quantity_${input.value}`];
            return (quantity ? `${quantity.value} × ` : "") + input.dataset.label;
        });
        if (this.isChecked("other")) {
            products.push(...[this.get("serial"), this.get("order")].filter(Boolean));
            products.push(...this.files.receipts.map((file) => file.name));
        }
        const contact = this.el.querySelector("[name='contact_by']:checked");
        const call = [this.get("contact_phone"), chosen("#contact_time").textContent.trim()];
        const rows = [
            [1, products.join(", ")],
            [
                2,
                [
                    this.get("type_id") && chosen("#type_id").textContent.trim(),
                    this.get("symptom_id") && chosen("#symptom_id").textContent.trim(),
                    this.get("subject"),
                    this.get("description"),
                ]
                    .filter(Boolean)
                    .join("\n"),
            ],
            [3, names(this.files.files)],
            [
                4,
                contact?.value === "phone"
                    ? call.filter(Boolean).join(", ")
                    : contact?.closest("label").textContent.trim().replace(/\s+/g, " "),
            ],
        ];
        const review = this.el.querySelector(".o_aftersales_review");
        review.replaceChildren(...rows.flatMap(([step, text]) => this.makeReview(step, text)));
    }

    makeReview(step, text) {
        const title = document.createElement("dt");
        title.className = "d-flex align-items-center";
        const label = document.createElement("span");
        label.className = "flex-grow-1";
        label.textContent = this.el.querySelector(`[data-step='${step}'] h4`).textContent;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-link";
        button.textContent = this.say("change");
        button.addEventListener("click", () => this.goTo(step));
        title.append(label, button);
        const value = document.createElement("dd");
        value.className = "o_aftersales_text border-bottom pb-2";
        value.textContent = text || this.say("none");
        return [title, value];
    }

    async onSubmit() {
        if (this.step !== LAST_STEP) {
            // Enter in a field goes on, as the button does.
            this.onNext();
            return;
        }
        for (let step = 1; step < LAST_STEP; step++) {
            const problem = this.findProblem(step);
            if (problem) {
                this.fail(...problem);
                return;
            }
        }
        this.error = "";
        this.isSending = true;
        this.updateContent();
        let answer = await this.waitFor(this.send());
        if (answer.isStale && (await this.waitFor(this.renewToken()))) {
            answer = await this.waitFor(this.send());
        }
        if (answer.url) {
            // The button stays busy until the next page is there.
            window.location.assign(answer.url);
            return;
        }
        this.isSending = false;
        if (answer.field) {
            this.fail(answer.error, answer.field);
        } else {
            this.error = answer.error;
            this.updateContent();
            this.el.querySelector(".o_aftersales_error").scrollIntoView({ block: "center" });
        }
    }

    /** Send the form and tell how far it is; what was typed stays whatever happens. */
    send() {
        const bar = this.el.querySelector(".o_aftersales_upload .progress-bar");
        return new Promise((resolve) => {
            const request = new XMLHttpRequest();
            request.upload.onprogress = (ev) => {
                bar.style.width = `${(100 * ev.loaded) / ev.total}%`;
            };
            request.onloadend = () => resolve(this.readAnswer(request));
            request.open("POST", this.el.action);
            request.setRequestHeader("Accept", "application/json");
            request.send(new FormData(this.el));
        });
    }

    readAnswer(request) {
        try {
            return JSON.parse(request.responseText);
        } catch {
            // Not our answer: the network, the login page or an expired session.
            const isStale = request.status === 400;
            const isExpired = isStale || request.status === 200;
            return { error: this.say(isExpired ? "expired" : "failed"), isStale };
        }
    }

    /** After signing in again the form needs the token of the new session. */
    async renewToken() {
        const response = await fetch("/my/claims/new");
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const token = page.querySelector(".o_aftersales_claim_form [name='csrf_token']");
        if (token) {
            this.el.elements.csrf_token.value = token.value;
        }
        return Boolean(token);
    }
}

registry.category("public.interactions").add("aftersales_service.claim_form", ClaimForm);
