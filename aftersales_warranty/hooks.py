# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)


def uninstall_hook(env):
    """Certificates hold terms and terms hold policies: they go in that order."""
    env.cr.execute("DELETE FROM aftersales_warranty")
    env.cr.execute("DELETE FROM aftersales_warranty_terms")
    env.invalidate_all()
