"""Acting for a colleague who is away: given by the holder of the post or by the security administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingtu.entrance import administration
from jingtu.entrance import posts as deeds
from jingtu.faces.console.administration_forms import DelegateForm
from jingtu.faces.console.gate import post_required, today_only
from jingtu.faces.console.page import page
from jingtu.land import facts as land
from jingtu.land.models import Post, Role
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach


@post_required
@today_only
def delegate(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a colleague and the days."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    post = land.post_within(reach.prefix, pk)
    if post is None or not _may(post, reach):
        raise Http404
    form = DelegateForm(post, request.clock.today, request.POST or None)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            deeds.delegate(post, said["delegate"], said["from_on"], said["to_on"], by=reach, reason=said["reason"])
        except DeedRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办理：离岗期间由%(name)s代理。") % {"name": said["delegate"]})
            return redirect(_back(post, reach))
    context = {
        "heading": _("离岗委托代理"),
        "hint": _("代理人在所写的日期内可从“%(post)s”办理，台账记明由谁代谁办理。") % {"post": post},
        "form": form,
        "back_url": _back(post, reach),
        "back_title": str(post),
    }
    return page(request, "console/administration/form.html", context, 422 if form.errors else 200)


@require_POST
@post_required
@today_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The holder is back before the last day."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    row = land.delegation(pk)
    if row is None or not _may(row.post, reach) or not reach.covers(row.post.region_id):
        raise Http404
    post = row.post
    try:
        deeds.end_delegation(row, by=reach, reason=_("提前返岗"))
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("代理已结束。"))
    return redirect(_back(post, reach))


def _may(post: Post, reach: Reach) -> bool:
    own = post.account_id == reach.account_id and not reach.on_behalf_of
    return own or (reach.role == Role.SECURITY and administration.current(reach) is not None)


def _back(post: Post, reach: Reach) -> str:
    return reverse("posts") if post.account_id == reach.account_id else reverse("account", args=[post.account_id])
