# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import xmlrpc.client

from odoo import api, models

CLAIM = "aftersales.claim"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Take mails for the after-sales service into its ledger, leave all others.

        Fetchmail, the mail gateway's script and direct calls all come here, before
        anything is parsed: what the core's parser gives up on is lost by then.

        :return: id of the claim, False when the mail came before; else as the core
        """
        arguments = {
            "custom_values": custom_values,
            "save_original": save_original,
            "strip_attachments": strip_attachments,
            "thread_id": thread_id,
        }
        intake = self.env["aftersales.mail.intake"]
        raw = _get_bytes(message)
        goal = intake._find_goal(raw, model)
        if not goal:
            return super().message_process(model, message, **arguments)
        # Whom the core's gateway serves: those who read aliases, no portal users.
        self.env["mail.alias"].check_access("read")
        options = {**arguments, "thread_id": model == CLAIM and thread_id}
        if not goal.has_others:
            return intake._receive(raw, goal, **options)
        core = super(MailThread, self.with_context(aftersales_intake=True))
        return intake._receive_with_others(
            lambda: core.message_process(model, message, **arguments),
            raw,
            goal,
            **options,
        )

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if self.env.context.get("aftersales_intake"):
            # The ledger took the after-sales part of this mail.
            return [route for route in routes if route[0] != CLAIM]
        return routes


def _get_bytes(message):
    if isinstance(message, xmlrpc.client.Binary):
        return bytes(message.data)
    if isinstance(message, str):
        try:
            return message.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return message.encode("utf-8", "replace")
    return bytes(message)
