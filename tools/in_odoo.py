"""Functions that run inside Odoo's own process (see Server.script)."""

from pathlib import Path

SPANISH_COMPANY = {
    "name": "Volta Barcelona, S.L.",
    "street": "Carrer de Pallars, 99",
    "zip": "08018",
    "city": "Barcelona",
    "vat": "ESB12345674",
    "email": "hola@volta.example.com",
    "phone": "+34 930 000 000",
    "website": "https://volta.example.com",
}


def set_company(env):
    """Make the first company Spanish, before any chart of accounts is chosen."""
    env.ref("base.EUR").active = True
    env.ref("base.main_company").write(
        {
            **SPANISH_COMPANY,
            "state_id": env.ref("base.state_es_b").id,
            "country_id": env.ref("base.es").id,
            "currency_id": env.ref("base.EUR").id,
        }
    )
    env["res.users"].with_context(active_test=False).search([]).write(
        {"tz": "Europe/Madrid"}
    )


def check_company(env):
    """Fail unless what set_company asked for has become of the database."""
    company = env.ref("base.main_company")
    chart = company.chart_template
    assert chart == "es_pymes", f"the chart of accounts is {chart}"
    assert company.currency_id == env.ref("base.EUR"), "the company is not in euros"
    languages = {code for code, _name in env["res.lang"].get_installed()}
    assert {"en_US", "es_ES", "ca_ES"} <= languages, f"languages: {languages}"


def load_demo(env):
    """Load the demo files of our addons alone, as `--with-demo` would for all."""
    from odoo.modules.loading import load_data
    from odoo.modules.module_graph import ModuleGraph

    root = Path(__file__).resolve().parent.parent
    ours = {path.parent.name for path in root.glob("*/__manifest__.py")}
    modules = env["ir.module.module"].search(
        [("name", "in", list(ours)), ("state", "=", "installed")]
    )
    # The flag makes a later update of the addon update its demo data too.
    modules.demo = True
    env.flush_all()
    graph = ModuleGraph(env.cr, mode="load")
    installed = env["ir.module.module"].search([("state", "=", "installed")])
    graph.extend(installed.mapped("name"))
    for package in graph:
        if package.name in ours:
            load_data(env(su=True), {}, "init", kind="demo", package=package)
    env.invalidate_all()
    modules._update_translations()
