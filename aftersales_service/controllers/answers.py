# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

"""How customers answer by a form, behind a link or in the portal."""

from odoo.exceptions import UserError
from odoo.http import request

#: What one visitor may answer in an hour.
MAX_PER_HOUR = 60
#: Bytes of a form without files.
MAX_FORM = 64 * 2**10


def refuse_too_many(kind):
    """Return why the visitor can't answer now, or None; counts the attempt."""
    limits = request.env["aftersales.rate.limit"]
    if limits._is_request_exceeded(kind, MAX_PER_HOUR, 60):
        return request.env._("Too many answers. Try again in an hour, please.")
    return None


def answer_from_form(records, form):
    """Note the answer; return what is wrong with it, or None: then nothing is noted."""
    try:
        with request.env.cr.savepoint():
            records._answer_from_form(form)
    except UserError as error:
        return str(error)
    return None
