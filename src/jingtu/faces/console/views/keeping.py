"""What an account keeps for itself: views of lists, and the address of its calendar."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jingtu import law
from jingtu.desk import feed, savedviews
from jingtu.faces.console.gate import officers_only, plan_only
from jingtu.faces.console.page import page
from jingtu.faces.console.views.listings import seen
from jingtu.land import facts as land
from jingtu.plain.icalendar import Event, calendar
from jingtu.registers import clock
from jingtu.registers.ledger import DeedRefused


@require_POST
@plan_only
def keep_view(request: HttpRequest, register: str) -> HttpResponse:
    """Keep what the list shows under a name."""
    declared = seen(request, register)
    query = request.POST.get("query", "")
    try:
        view = savedviews.keep(declared, request.POST.get("name", ""), query, by=request.reach)  # type: ignore[attr-defined]
    except DeedRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{declared.url()}?{savedviews.asked(QueryDict(query))}")
    messages.success(request, _("已存为视图“%(name)s”。") % {"name": view.name})
    return redirect(view.url)


@require_POST
@plan_only
def drop_view(request: HttpRequest, register: str, pk: int) -> HttpResponse:
    """Forget a kept view."""
    declared = seen(request, register)
    if not savedviews.drop(declared, pk, by=request.reach):  # type: ignore[attr-defined]
        raise Http404
    messages.success(request, _("已删去这个视图；登记册中的记录没有变动。"))
    return redirect(declared.url())


@officers_only
def subscription(request: HttpRequest) -> HttpResponse:
    """Open, renew or end the calendar feed; its address is shown once."""
    account = request.reach.account_id  # type: ignore[attr-defined]
    address = ""
    if request.method == "POST" and "end" in request.POST:
        feed.close_feed(account)
        messages.success(request, _("日历订阅已停用，原来的地址不再有效。"))
        return redirect("calendar")
    if request.method == "POST":
        address = request.build_absolute_uri(reverse("calendar-feed", args=[feed.open_feed(account)]))
    context = {"heading": _("日历订阅"), "address": address, "opened_at": feed.opened_at(account)}
    return page(request, "console/calendar.html", context)


@require_GET
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The due days of an account's posts, for its calendar program."""
    found = feed.deadlines(token)
    if found is None:
        raise Http404
    events = [_event(request, each) for each in found]
    content = calendar(_("净土 应办事项"), events, clock.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _event(request: HttpRequest, owed: feed.Deadline) -> Event:
    region = land.region(owed.region_code)
    url = request.build_absolute_uri(reverse("duty", args=[owed.duty]))
    told = {"duty": owed.duty, "open": owed.open, "total": owed.total, "region": region.name if region else ""}
    return Event(
        uid=f"{owed.duty}.{owed.region_code}@jingtu",
        day=owed.due_on,
        summary=_("%(region)s %(duty)s 还差 %(open)d 项") % told,
        description=_("%(text)s。应完成 %(total)d 项，还差 %(open)d 项。")
        % {**told, "text": law.plan().duty(owed.duty).duty_zh.rstrip("。")},
        url=url,
    )
