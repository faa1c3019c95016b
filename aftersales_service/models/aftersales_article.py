# Copyright 2026 After-Sales Founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)

import logging
import re

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import html_to_inner_content

_logger = logging.getLogger(__name__)

EXCERPT_LENGTH = 160
END_OF_BLOCK = re.compile(r"(</(?:p|div|li|h[1-6]|t[dhr]|pre|blockquote)>|<br\s*/?>)")
REVIEW_ACTIVITY = "mail.mail_activity_data_todo"


class AftersalesArticle(models.Model):
    _name = "aftersales.article"
    _description = "Knowledge Article"
    _inherit = ["aftersales.text.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Title", required=True, translate=True, tracking=True, index="trigram"
    )
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection(
        [
            ("faq", "Question and Answer"),
            ("known_issue", "Known Issue"),
            ("procedure", "Procedure"),
            ("guide", "User Guide"),
        ],
        required=True,
        default="known_issue",
        index=True,
        tracking=True,
    )
    body = fields.Html(string="Text", translate=True, sanitize_style=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty means that all companies share the article.",
    )
    is_published = fields.Boolean(
        string="Published",
        copy=False,
        index=True,
        tracking=True,
        help="Customers read the article in the portal.",
    )
    product_ids = fields.Many2many(
        "product.product",
        "aftersales_article_product_rel",
        "article_id",
        "product_id",
        string="Products",
        check_company=True,
        groups="base.group_user",
    )
    categ_ids = fields.Many2many(
        "product.category",
        "aftersales_article_categ_rel",
        "article_id",
        "categ_id",
        string="Product Categories",
        groups="base.group_user",
    )
    symptom_ids = fields.Many2many(
        "aftersales.symptom",
        "aftersales_article_symptom_rel",
        "article_id",
        "symptom_id",
        string="Symptoms",
        groups="base.group_user",
    )
    cause_ids = fields.Many2many(
        "aftersales.cause",
        "aftersales_article_cause_rel",
        "article_id",
        "cause_id",
        string="Causes",
        groups="base.group_user",
    )
    type_ids = fields.Many2many(
        "aftersales.type",
        "aftersales_article_type_rel",
        "article_id",
        "type_id",
        string="Claim Types",
        check_company=True,
        groups="base.group_user",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index="btree_not_null",
        tracking=True,
        groups="base.group_user",
        help="Keeps the article right and is reminded to review it.",
    )
    review_date = fields.Date(
        string="Review on", tracking=True, copy=False, groups="base.group_user"
    )
    review_months = fields.Integer(
        string="Review Every (Months)", default=12, groups="base.group_user"
    )
    is_review_reminded = fields.Boolean(
        compute="_compute_is_review_reminded",
        store=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    version = fields.Integer(
        default=1, readonly=True, copy=False, tracking=True, groups="base.group_user"
    )
    team_ids = fields.Many2many(
        "aftersales.team",
        string="Readers",
        check_company=True,
        groups="base.group_user",
        help="Teams that must read the procedure. Empty means all after-sales staff.",
    )
    reading_ids = fields.One2many(
        "aftersales.article.reading",
        "article_id",
        string="Read by",
        readonly=True,
        groups="base.group_user",
    )
    unread_user_ids = fields.Many2many(
        "res.users",
        string="Not Yet Read by",
        compute="_compute_unread_user_ids",
        compute_sudo=True,
        groups="base.group_user",
    )
    is_to_read = fields.Boolean(
        string="I Have to Read It",
        compute="_compute_is_to_read",
        search="_search_is_to_read",
        groups="base.group_user",
    )
    solved_claim_ids = fields.One2many(
        "aftersales.claim", "article_id", readonly=True, groups="base.group_user"
    )
    used_claim_ids = fields.Many2many(
        "aftersales.claim",
        "aftersales_claim_article_rel",
        "article_id",
        "claim_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    solved_count = fields.Integer(
        string="Solved",
        compute="_compute_solved_count",
        store=True,
        compute_sudo=True,
        groups="base.group_user",
        help="Claims that this article solved.",
    )
    used_count = fields.Integer(
        string="Used",
        compute="_compute_used_count",
        store=True,
        compute_sudo=True,
        groups="base.group_user",
        help="Claims in which the article was the solution or part of an answer.",
    )
    excerpt = fields.Char(compute="_compute_excerpt")

    _review_due_idx = models.Index("(review_date) WHERE NOT is_review_reminded")

    # -- computes

    @api.depends("review_date")
    def _compute_is_review_reminded(self):
        """Another review date means another reminder."""
        self.is_review_reminded = False

    @api.depends("solved_claim_ids")
    def _compute_solved_count(self):
        counts = self._count_claims("article_id")
        for article in self:
            article.solved_count = counts.get(article, 0)

    @api.depends("used_claim_ids")
    def _compute_used_count(self):
        counts = self._count_claims("used_article_ids")
        for article in self:
            article.used_count = counts.get(article, 0)

    def _count_claims(self, field_name):
        claims = self.env["aftersales.claim"].with_context(active_test=False)
        return dict(
            claims._read_group(
                [(field_name, "in", self.ids)], [field_name], ["__count"]
            )
        )

    @api.depends("body")
    @api.depends_context("lang")
    def _compute_excerpt(self):
        for article in self:
            text = article._get_plain_text()
            if len(text) > EXCERPT_LENGTH:
                text = f"{text[:EXCERPT_LENGTH].rsplit(' ', 1)[0]}…"
            article.excerpt = text

    def _get_plain_text(self):
        """The text in one line; what stands in two paragraphs stays two words."""
        self.ensure_one()
        return html_to_inner_content(END_OF_BLOCK.sub(r"\1 ", str(self.body or "")))

    @api.depends("kind", "version", "team_ids", "company_id", "reading_ids")
    def _compute_unread_user_ids(self):
        procedures = self.filtered(lambda a: a.kind == "procedure")
        (self - procedures).unread_user_ids = False
        if not procedures:
            return
        staff = self.env.ref("aftersales_service.group_technician").all_user_ids
        staff = staff.filtered(lambda u: u.active and not u.share)
        for article in procedures:
            readings = article.reading_ids.filtered(
                lambda r, a=article: r.version == a.version
            )
            article.unread_user_ids = (
                article._get_audience(staff) - readings.user_id
            ).sorted("name")

    def _get_audience(self, staff):
        """Those of `staff` (res.users) who have to read this procedure."""
        self.ensure_one()
        if self.team_ids:
            staff &= self.team_ids.member_ids | self.team_ids.user_id
        if self.company_id:
            staff = staff.filtered(lambda u: self.company_id in u.company_ids)
        return staff

    @api.depends("kind", "version", "team_ids", "reading_ids")
    @api.depends_context("uid")
    def _compute_is_to_read(self):
        to_read = self.with_context(active_test=False).search(
            [("id", "in", self.ids), ("is_to_read", "=", True)]
        )
        for article in self:
            article.is_to_read = article._origin in to_read

    def _search_is_to_read(self, operator, value):
        if operator != "in":
            return NotImplemented
        uid = self.env.uid
        read = SQL(
            """(SELECT reading.article_id
                  FROM aftersales_article_reading reading
                  JOIN aftersales_article article
                    ON article.id = reading.article_id
                   AND article.version = reading.version
                 WHERE reading.user_id = %s)""",
            uid,
        )
        domain = (
            Domain("kind", "=", "procedure")
            & (
                Domain("team_ids", "=", False)
                | Domain("team_ids.member_ids", "in", [uid])
                | Domain("team_ids.user_id", "=", uid)
            )
            & Domain("id", "not in", read)
        )
        return domain if True in value else ~domain

    # -- create, write and versions

    @api.model_create_multi
    def create(self, vals_list):
        articles = super().create(vals_list)
        articles._update_search()
        return articles

    def write(self, vals):
        before = {a: a.body or "" for a in self} if "body" in vals else {}
        result = super().write(vals)
        if before:
            self._keep_old_version(before)
        if self._get_searched_fields() & vals.keys():
            self._update_search()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for article, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", article.name)
        return vals_list

    def _keep_old_version(self, before):
        """Count a new version where the text changed and log the text it had.

        :param before: {article: old body}
        """
        for article, old in before.items():
            if (article.body or "") == old:
                continue
            article._message_log(
                body=Markup("<p><b>%s</b></p>%s")
                % (
                    self.env._("Version %s, before the change:", article.version),
                    Markup(old) or self.env._("(no text)"),
                )
            )
            article.version += 1

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        """An article that solved claims or was signed as read stays: archive it."""
        # Whoever deletes may not see all the claims it was used in.
        kept = self.sudo().filtered(
            lambda a: a.solved_count or a.used_count or a.reading_ids
        )
        if kept:
            raise UserError(
                self.env._(
                    "“%s” was used or signed as read and can't be deleted. Archive it "
                    "instead.",
                    kept[0].name,
                )
            )

    # -- reading

    def action_mark_as_read(self):
        """Sign that the user has read and understood the present version.

        :raises AccessError: for who is not after-sales staff
        """
        self._ensure_is_staff()
        unread = self.filtered("is_to_read")
        # Each signs for themselves only: nobody may create readings directly.
        self.env["aftersales.article.reading"].sudo().create(
            [
                {
                    "article_id": article.id,
                    "user_id": self.env.uid,
                    "version": article.version,
                }
                for article in unread
            ]
        )
        unread.invalidate_recordset(["is_to_read", "unread_user_ids", "reading_ids"])
        return True

    def _ensure_is_staff(self):
        self.check_access("read")
        if not self.env.user.has_group("aftersales_service.group_technician"):
            raise AccessError(self.env._("Only after-sales staff can do this."))

    # -- review

    def action_review(self):
        """Confirm that the article is still right and plan its next review."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for article in self:
            months = article.review_months
            article.review_date = months > 0 and today + relativedelta(months=months)
        self.activity_feedback(
            [REVIEW_ACTIVITY], feedback=self.env._("Reviewed: still right.")
        )
        return True

    @api.model
    def _get_review_due_domain(self):
        return (
            Domain("review_date", "<=", fields.Date.today())
            & Domain("is_review_reminded", "=", False)
            & Domain("user_id", "!=", False)
        )

    @api.model
    def _cron_remind_reviews(self):
        """Tell the owners, once, that the review of an article is due.

        Each article is locked, reminded and committed by itself: one that fails is
        logged and the others go on.
        """
        domain = self._get_review_due_domain()
        due = self.search(domain, order="review_date, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for article in due:
            article = article.try_lock_for_update().filtered_domain(domain)
            try:
                with self.env.cr.savepoint():
                    article._remind_review()
            except Exception:
                _logger.exception("No review reminder for article %s", article.id)
            if not cron._commit_progress(1):
                break

    def _remind_review(self):
        for article in self:
            owner = article.user_id
            translated = article.with_context(lang=owner.lang)
            article.activity_schedule(
                REVIEW_ACTIVITY,
                article.review_date,
                summary=translated.env._("Review the article “%s”", translated.name),
                user_id=owner.id,
            )
            article.is_review_reminded = True

    # -- what customers read

    def _is_for_customers(self):
        """Whether the text may be sent to a customer: internal procedures may not."""
        self.ensure_one()
        return self.is_published or self.kind != "procedure"

    @api.model
    def _get_for_product(self, product):
        """Published guides and known issues of `product` that the user may read."""
        # Customers can't read which products an article is about, but may see those
        # of their own; the rules still decide in the search below.
        about = self.sudo()._search(
            Domain("is_published", "=", True)
            & Domain("kind", "in", ("guide", "known_issue", "faq"))
            & (
                Domain("product_ids.product_tmpl_id", "=", product.product_tmpl_id.id)
                | Domain("categ_ids", "parent_of", product.categ_id.ids)
            )
        )
        return self.search([("id", "in", about)], order="kind desc, id", limit=20)

    def action_view_solved_claims(self):
        """Open the claims this article solved, as far as the user may see them."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.aftersales_claim_action"
        )
        action["domain"] = [("article_id", "=", self.id)]
        action["context"] = {}
        return action
