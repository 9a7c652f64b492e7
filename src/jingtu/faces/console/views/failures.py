"""Pages for what cannot be answered: what, where, how to mend, in full sentences."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jingtu.faces.console.page import page
from jingtu.registers import mishaps


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not within reach; the two look the same."""
    sentences = [
        _("地址 %(path)s 下没有您可以查看的内容。") % {"path": request.path},
        _(
            "可能是地址有误，也可能是该记录不在您的岗位管辖范围内。请从菜单重新进入；如确需查看，请更换岗位或与管理员联系。"
        ),
    ]
    return _page(request, 404, _("没有这一页"), sentences, "warning")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the deed is not the post's to do."""
    sentences = [_("您的岗位不能办理这件事。请更换有相应权限的岗位，或与本单位管理员联系。")]
    return _page(request, 403, _("不能办理"), sentences, "warning")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form that was open too long or came from elsewhere."""
    sentences = [
        _("所提交的表单已失效：页面可能打开太久，或期间已重新登录。没有保存任何内容。"),
        _("请返回上一页，刷新后重新填写并提交。"),
    ]
    return _page(request, 403, _("表单已失效"), sentences, "warning")


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read."""
    sentences = [_("系统读不懂这次请求，没有做任何改动。请返回上一页重试；如果再次出现，请把地址告诉管理员。")]
    return _page(request, 400, _("请求有误"), sentences, "warning")


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than any file may have; nothing of it was read."""
    sentences = [_("所提交的内容超过 66 MB 的上限，没有接收。请把文件分成几个，每个不超过 64 MB，再分别提交。")]
    return _page(request, 413, _("文件过大"), sentences, "warning")


def too_fast(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: more requests than are answered in this time."""
    sentences = [
        _("这个账号或地址的请求过快，这次没有办理，也没有保存任何内容。"),
        _("请等 %(seconds)d 秒，然后刷新本页。不是您自己所为时，请修改密码并告知安全管理员。") % {"seconds": seconds},
    ]
    return _page(request, 429, _("请求过快"), sentences, "warning")


def broken(request: HttpRequest) -> HttpResponse:
    """500, 503 or 507: the fault is the system's; the page itself must not depend on the database."""
    request.reach = None  # type: ignore[attr-defined]
    mishap = mishaps.of(sys.exc_info()[1])
    return _page(request, mishap.status, mishap.title, [mishap.happened, mishap.cure], "error")


def _page(request: HttpRequest, status: int, heading: str, sentences: list[str], tone: str) -> HttpResponse:
    frame = "console/frame.html" if getattr(request, "reach", None) else "console/entry.html"
    context = {"heading": heading, "sentences": sentences, "tone": tone, "frame": frame}
    return page(request, "console/failure.html", context, status)
