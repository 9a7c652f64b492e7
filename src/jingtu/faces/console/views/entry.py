"""Signing in and out, choosing a post, changing the password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jingtu.faces.console.forms import PasswordForm, SignInForm
from jingtu.faces.console.gate import post_required
from jingtu.faces.console.page import page
from jingtu.land import actions as land_actions
from jingtu.land import facts as land
from jingtu.registers import clock


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is in this house."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Account and password; then a post."""
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.account)
        posts = list(land.posts_of(form.account, clock.today()))
        if len(posts) == 1:
            request.session["post"] = posts[0].pk
            return redirect(_next(request))
        return redirect("posts")
    status = 422 if request.method == "POST" else 200
    context = {"heading": _("登录净土"), "form": form, "next": _next(request)}
    return page(request, "console/sign_in.html", context, status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


@never_cache
def posts(request: HttpRequest) -> HttpResponse:
    """Choose the post from which to work; without any post, say whom to ask."""
    if not request.user.is_authenticated:
        return redirect("sign-in")
    held = list(land.posts_of(request.user, clock.today()))
    if request.method == "POST":
        chosen = next((post for post in held if str(post.pk) == request.POST.get("post")), None)
        if chosen is not None:
            request.session["post"] = chosen.pk
            return redirect(_next(request))
    context = {"heading": _("选择岗位"), "posts": held, "account": request.user, "next": _next(request)}
    return page(request, "console/posts.html", context)


@never_cache
@sensitive_post_parameters("old", "new", "again")
@post_required
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        land_actions.change_password(request.user, form.cleaned_data["new"])  # type: ignore[arg-type]
        update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
        messages.success(request, _("密码已修改，下次登录请用新密码。"))
        return redirect("work")
    return page(request, "console/password.html", {"heading": _("修改密码"), "form": form}, 422 if form.errors else 200)
