"""One's own account: password, second factor, sessions, and what the security log says of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from jingtu.entrance import factor, securitylog, sessions, signin
from jingtu.entrance.securitylog import Kind, note
from jingtu.faces.console.entry_forms import AgainForm, FactorForm, PasswordForm
from jingtu.faces.console.gate import signed_in
from jingtu.faces.console.page import page


@sensitive_post_parameters("password", "new", "again", "code")
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; every other session ends."""
    account: Any = request.user
    address = sessions.address_of(request)
    form = PasswordForm(account, address, request.POST or None)
    if request.method == "POST" and form.is_valid():
        signin.change_password(account, form.cleaned_data["new"], address, keep=request.session.session_key or "")
        update_session_auth_hash(request, account)
        messages.success(request, _("密码已修改，其他地方的登录都已结束。下次登录请用新密码。"))
        return redirect("work")
    context = {"heading": _("修改密码"), "form": form, "first": account.password_is_initial}
    return page(request, "console/password.html", context, 422 if form.errors else 200)


@sensitive_post_parameters("password", "code", "first_code")
@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up the second factor, or renew its recovery codes, or take it out of force."""
    account: Any = request.user
    return _in_force(request, account) if account.factor_confirmed_at else _set_up(request, account)


def _set_up(request: HttpRequest, account: Any) -> HttpResponse:
    """Show the seed as a picture and in letters; the first right code puts the factor in force."""
    form = FactorForm(account, sessions.address_of(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = factor.confirm(account, form.cleaned_data["first_code"])
        if codes is not None:
            note(Kind.FACTOR_SET, account=account, by=account.pk, address=sessions.address_of(request))
            sessions.end_all(account, keep=request.session.session_key or "")
            request.session.cycle_key()
            request.session[sessions.FACTOR] = True
            return _codes(request, codes)
        form.add_error("first_code", _("动态口令不对。请核对手机时间是否准确，等验证器换出下一个再填。"))
    seed = factor.begin(account)
    context = {
        "heading": _("启用动态口令"),
        "form": form,
        "picture": mark_safe(factor.qr_code(account)),  # noqa: S308 made by us from the seed and the account's name
        "seed": " ".join(seed[start : start + 4] for start in range(0, len(seed), 4)),
        "must": sessions.factor_is_required(account),
    }
    return page(request, "console/factor_new.html", context, 422 if form.errors else 200)


def _in_force(request: HttpRequest, account: Any) -> HttpResponse:
    """New recovery codes, or out of force; either after password and code."""
    address = sessions.address_of(request)
    form = AgainForm(account, address, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "remove":
            factor.remove(account)
            note(Kind.FACTOR_REMOVED, account=account, by=account.pk, address=address)
            sessions.end_all(account, keep=request.session.session_key or "")
            messages.success(request, _("动态口令已停用，其他地方的登录都已结束。"))
            return redirect("second-factor")
        return _codes(request, factor.renew_recovery_codes(account))
    context = {
        "heading": _("动态口令"),
        "form": form,
        "since": account.factor_confirmed_at,
        "left": factor.codes_left(account),
        "must": sessions.factor_is_required(account),
    }
    return page(request, "console/factor.html", context, 422 if form.errors else 200)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return page(request, "console/factor_codes.html", {"heading": _("恢复码"), "codes": codes})


@sensitive_post_parameters("password", "code")
@signed_in
def own_sessions(request: HttpRequest) -> HttpResponse:
    """Where the account is signed in; end one or all, after the password."""
    account: Any = request.user
    address = sessions.address_of(request)
    form = AgainForm(account, address, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _end(request, account, request.POST.get("which", ""))
    context = {
        "heading": _("登录记录"),
        "form": form,
        "rows": sessions.of(account, request.session.session_key or ""),
        "events": securitylog.events_of(account),
    }
    return page(request, "console/sessions.html", context, 422 if form.errors else 200)


def _end(request: HttpRequest, account: Any, which: str) -> HttpResponse:
    this = request.session.session_key or ""
    if which == "all":
        sessions.end_all(account)
    elif which == "others":
        sessions.end_all(account, keep=this)
    else:
        sessions.end(account, which)
    note(Kind.SESSIONS_ENDED, account=account, by=account.pk, address=sessions.address_of(request))
    if which in {"all", sessions.mark_of(this)}:
        logout(request)
        messages.success(request, _("已结束，请重新登录。"))
        return redirect("sign-in")
    messages.success(request, _("已结束所选的登录。"))
    return redirect("sessions")
