"""The administrators' pages: the span in which they act, accounts, posts, the security log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jingtu.entrance import accounts as deeds
from jingtu.entrance import administration, factor, securitylog, sessions
from jingtu.entrance import posts as post_deeds
from jingtu.entrance.securitylog import Kind, LogQuestion, note
from jingtu.faces.console.administration_forms import (
    AccountForm,
    AppointForm,
    EndPostForm,
    LogForm,
    OpenSpanForm,
    ReasonForm,
)
from jingtu.faces.console.gate import administrators_only, post_required
from jingtu.faces.console.page import page
from jingtu.faces.console.templatetags.figures import number
from jingtu.faces.console.views.entry import wanted_next
from jingtu.faces.console.views.listings import address
from jingtu.land import facts as land
from jingtu.land.models import Account, Role
from jingtu.plain.days import SHANGHAI
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

SPAN = "administration"
MOST_ACCOUNTS = 200


@dataclass(frozen=True)
class Act:
    """A deed on one account: its words, whose it is, when it is offered, and the deed."""

    label: Any
    role: Role
    offered: Callable[[Account], bool]
    do: Callable[..., Any]


ACTS = {
    "close": Act(gettext_lazy("停用账号"), Role.ADMINISTRATOR, lambda each: each.is_active, deeds.close_account),
    "restore": Act(
        gettext_lazy("恢复账号"), Role.ADMINISTRATOR, lambda each: not each.is_active, deeds.restore_account
    ),
    "reset-password": Act(
        gettext_lazy("重置密码"), Role.ADMINISTRATOR, lambda each: each.is_active, deeds.reset_password
    ),
    "lift-closure": Act(gettext_lazy("解除暂停登录"), Role.SECURITY, deeds.is_closed, deeds.lift_closure),
    "remove-factor": Act(
        gettext_lazy("停用动态口令"), Role.SECURITY, lambda each: bool(each.factor_confirmed_at), deeds.remove_factor
    ),
    "end-sessions": Act(gettext_lazy("结束全部登录"), Role.SECURITY, lambda each: True, deeds.end_sessions),
}


@sensitive_post_parameters("password", "code")
@post_required
def entrance(request: HttpRequest) -> HttpResponse:
    """Begin to act as administrator: the reason, and the password once more."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    if not administration.is_administrator(reach):
        raise Http404
    account: Any = request.user
    where = sessions.address_of(request)
    form = OpenSpanForm(account, where, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        refusal = administration.open_session(reach, said["reason"], said["password"], said.get("code", ""), where)
        if not refusal:
            span = administration.current(reach)
            request.session.cycle_key()
            request.session[SPAN] = span.pk if span else None
            wanted = wanted_next(request)
            return redirect(wanted if wanted != "/" else reverse("administration"))
        form.add_error(None, refusal)
    context = {
        "heading": _("管理"),
        "form": form,
        "span": _span(request),
        "next": wanted_next(request),
        "links": _links(reach),
    }
    return page(request, "console/administration/entrance.html", context, 422 if form.errors else 200)


def _span(request: HttpRequest) -> Any:
    span = administration.current(request.reach)  # type: ignore[attr-defined]
    return span if span and request.session.get(SPAN) == span.pk else None


def _links(reach: Reach) -> list[tuple[str, str]]:
    lines = [(_("账号与岗位"), reverse("accounts"))]
    if reach.role != Role.ADMINISTRATOR:
        lines.append((_("安全日志"), reverse("security-log")))
    return lines


@require_POST
@post_required
def close(request: HttpRequest) -> HttpResponse:
    """Stop acting as administrator."""
    administration.close_session(request.reach, sessions.address_of(request))  # type: ignore[attr-defined]
    request.session.pop(SPAN, None)
    messages.success(request, _("管理时段已结束。"))
    return redirect("work")


@administrators_only(*administration.KINDS)
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the region and below, with their posts."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()[:60]
    found = land.accounts_found(reach.prefix, text, MOST_ACCOUNTS + 1)
    rows = [
        {"account": each, "posts": [str(post) for post in land.posts_of(each, request.clock.today)]}  # type: ignore[attr-defined]
        for each in found[:MOST_ACCOUNTS]
    ]
    context = {
        "heading": _("账号与岗位"),
        "rows": rows,
        "text": text,
        "capped": len(found) > MOST_ACCOUNTS,
        "may_open": reach.role == Role.ADMINISTRATOR,
    }
    return page(request, "console/administration/accounts.html", context)


@administrators_only(Role.ADMINISTRATOR)
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an account; the one-time password is shown on this one page."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    form = AccountForm(reach, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = deeds.open_account(
                said["username"], said["display_name"], said["organisation"], by=reach, reason=said["reason"]
            )
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(request, made)
    context = {
        "heading": _("开立账号"),
        "hint": _(
            "账号开立后没有任何权限，须由安全管理员任命岗位。一次性密码只显示一次，由您当面或以其他可靠方式告知本人。"
        ),
        "form": form,
        "back_url": reverse("accounts"),
        "back_title": _("账号与岗位"),
    }
    return page(request, "console/administration/form.html", context, 422 if form.errors else 200)


def _told(request: HttpRequest, made: deeds.Opened) -> HttpResponse:
    context = {"heading": _("一次性密码"), "made": made, "hours": deeds.ONE_TIME_HOURS}
    return page(request, "console/administration/told.html", context)


@administrators_only(*administration.KINDS)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its posts, delegations, what the log says, and the deeds of this kind of administrator."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    found = _found(request, pk)
    today = request.clock.today  # type: ignore[attr-defined]
    context = {
        "heading": f"{found.display_name}（{found.username}）",
        "account": found,
        "posts": [
            {"post": post, "ended": bool(post.to_on and post.to_on < today)} for post in land.all_posts_of(found)
        ],
        "delegations": land.delegations_of(found, today),
        "codes_left": factor.codes_left(found),
        "events": securitylog.events_of(found) if reach.role != Role.ADMINISTRATOR else [],
        "is_closed": deeds.is_closed(found),
        "acts": [
            {"name": name, "label": act.label, "form": ReasonForm(prefix=name)}
            for name, act in ACTS.items()
            if act.role == reach.role and act.offered(found) and found.pk != reach.account_id
        ],
        "may_appoint": reach.role == Role.SECURITY and found.pk != reach.account_id,
        "may_read_log": reach.role != Role.ADMINISTRATOR,
    }
    return page(request, "console/administration/account.html", context)


def _found(request: HttpRequest, pk: int) -> Account:
    found = land.account_within(request.reach.prefix, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@require_POST
@administrators_only(Role.ADMINISTRATOR, Role.SECURITY)
def do(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One deed on an account, with its reason."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    found = _found(request, pk)
    chosen = ACTS.get(act)
    if chosen is None or chosen.role != reach.role:
        raise Http404
    form = ReasonForm(request.POST, prefix=act)
    if not form.is_valid():
        messages.error(request, _("没有办理：请写明事由。"))
        return redirect("account", pk)
    try:
        made = chosen.do(found, by=reach, reason=form.cleaned_data["reason"])
    except DeedRefused as refusal:
        note(Kind.REFUSED, account=found, by=reach.account_id, address=sessions.address_of(request), said=request.path)
        messages.error(request, str(refusal))
        return redirect("account", pk)
    if isinstance(made, deeds.Opened):
        return _told(request, made)
    messages.success(request, _("已办理：%(deed)s。") % {"deed": chosen.label})
    return redirect("account", pk)


@administrators_only(Role.SECURITY)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an account in a post."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    found = _found(request, pk)
    form = AppointForm(reach, found, request.clock.today, request.POST or None)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            post_deeds.appoint(
                found, said["organisation"], said["region"], said["department"], said["role"],
                said["from_on"], said["to_on"], by=reach, reason=said["reason"],
            )  # fmt: skip
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已任命。"))
            return redirect("account", pk)
    context = {
        "heading": _("任命岗位"),
        "hint": _("为%(name)s任命岗位。") % {"name": found.display_name},
        "form": form,
        "back_url": reverse("account", args=[pk]),
        "back_title": found.display_name,
    }
    return page(request, "console/administration/form.html", context, 422 if form.errors else 200)


@administrators_only(Role.SECURITY)
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post and hand over what is open."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    post = land.post_within(reach.prefix, pk)
    if post is None:
        raise Http404
    form = EndPostForm(post, request.clock.today, request.POST or None)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            post_deeds.end_post(post, said["last_on"], by=reach, reason=said["reason"], successor=said["successor"])
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("岗位已结束，未办事项已移交。"))
            return redirect("account", post.account_id)
    context = {
        "heading": _("结束岗位并移交"),
        "hint": _("%(name)s的岗位“%(post)s”。") % {"name": post.account.display_name, "post": post},
        "form": form,
        "open_work": post_deeds.open_work(post),
        "back_url": reverse("account", args=[post.account_id]),
        "back_title": post.account.display_name,
    }
    return page(request, "console/administration/form.html", context, 422 if form.errors else 200)


@administrators_only(Role.AUDIT, Role.SECURITY)
def log(request: HttpRequest) -> HttpResponse:
    """The security log, newest first."""
    form = LogForm(request.GET)
    found, more = securitylog.events(request.reach, _question(request, form))  # type: ignore[attr-defined]
    context = {
        "heading": _("安全日志"),
        "form": form,
        "rows": found,
        "pager": {
            "sentence": _("本页 %(rows)s 条") % {"rows": number(len(found))},
            "first": address(request) if "before" in request.GET else "",
            "next": address(request, before=str(found[-1].pk)) if more else "",
        },
    }
    return page(request, "console/administration/log.html", context)


def _question(request: HttpRequest, form: LogForm) -> LogQuestion:
    said = form.cleaned_data if form.is_valid() else {}
    before, from_on, to_on = request.GET.get("before", ""), said.get("from_on"), said.get("to_on")
    return LogQuestion(
        kind=said.get("kind", ""),
        text=said.get("q", ""),
        from_at=datetime.combine(from_on, time(0), SHANGHAI) if from_on else None,
        to_at=datetime.combine(to_on + timedelta(days=1), time(0), SHANGHAI) if to_on else None,
        before=int(before) if before.isdigit() and len(before) < 19 else None,
    )
