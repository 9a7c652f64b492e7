"""Signing in and out, and choosing a post."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jingtu.entrance import administration, sessions, signin
from jingtu.faces.console.entry_forms import CodeForm, SignInForm
from jingtu.faces.console.gate import signed_in
from jingtu.faces.console.page import page
from jingtu.land import facts as land
from jingtu.land.models import Account
from jingtu.registers import clock

HALF = "half"
HALF_SECONDS = 300


def wanted_next(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is in this house."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Account and password; then a code where one is in force; then a post."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = sessions.address_of(request)
        came = signin.give_password(form.cleaned_data["username"], form.cleaned_data["password"], address)
        if came.account is None:
            form.add_error(None, came.refusal)
        elif came.needs_code:
            request.session.cycle_key()
            request.session[HALF] = {"account": came.account.pk, "at": timezone.now().timestamp()}
            request.session["half_next"] = wanted_next(request)
            return redirect("sign-in-code")
        else:
            return _enter(request, came.account, wanted_next(request))
    status = 422 if request.method == "POST" else 200
    context = {"heading": _("登录净土"), "form": form, "next": wanted_next(request)}
    return page(request, "console/sign_in.html", context, status)


@sensitive_post_parameters("code")
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second half of signing in: a code of the authenticator, or a recovery code."""
    half = request.session.get(HALF) or {}
    account = signin.account_half_in(half.get("account"))
    if account is None or timezone.now().timestamp() - half.get("at", 0) > HALF_SECONDS:
        request.session.flush()
        messages.warning(request, _("填写动态口令的时间已过，请从账号和密码重新开始。"))
        return redirect("sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        came = signin.give_code(account, form.cleaned_data["code"], sessions.address_of(request))
        if came.account is not None:
            return _enter(request, came.account, request.session.get("half_next", "/"), with_factor=True)
        form.add_error(None, came.refusal)
    context = {"heading": _("填写动态口令"), "form": form}
    return page(request, "console/sign_in_code.html", context, 422 if request.method == "POST" else 200)


def _enter(request: HttpRequest, account: Account, wanted: str, *, with_factor: bool = False) -> HttpResponse:
    """Begin the session under a new key; go on with the only post, or choose one."""
    request.session.flush()
    login(request, account, "django.contrib.auth.backends.ModelBackend")
    sessions.begin(request, with_factor=with_factor)
    posts = list(land.posts_acted_from(account.pk, clock.today()))
    if len(posts) == 1:
        request.session["post"] = posts[0].pk
        return redirect(wanted)
    return redirect("posts")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the browser forgets what it kept of it."""
    if request.user.is_authenticated:
        signin.sign_out(request.user, sessions.address_of(request))  # type: ignore[arg-type]
    logout(request)
    left = redirect("sign-in")
    left.headers["Clear-Site-Data"] = '"cache", "storage"'
    return left


@signed_in
def posts(request: HttpRequest) -> HttpResponse:
    """Choose the post from which to work; without any post, say whom to ask."""
    held = list(land.posts_acted_from(request.user.pk, clock.today()))
    if request.method == "POST":
        chosen = next((post for post in held if str(post.pk) == request.POST.get("post")), None)
        if chosen is not None:
            request.session["post"] = chosen.pk
            return redirect(wanted_next(request))
    context = {
        "heading": _("选择岗位"),
        "posts": held,
        "account": request.user,
        "next": wanted_next(request),
        "delegations": land.delegations_of(request.user, clock.today()),  # type: ignore[arg-type]
        "administrators": administration.KINDS,
    }
    return page(request, "console/posts.html", context)
