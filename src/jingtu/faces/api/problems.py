"""Every refusal as a problem of RFC 9457: what, where, how to mend, and the clause where there is one."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from jingtu.law import LawError
from jingtu.registers import mishaps
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import OutOfReach

MEDIA_TYPE = "application/problem+json"
_TEXT = {"type": "string"}
# What any operation may answer beside its own statuses, and what one that takes a file may answer besides.
ALWAYS = {
    401: "Nobody is signed in.",
    403: "Not for this post.",
    404: "Not there, or out of reach: the two look the same.",
    422: "A parameter cannot be answered; errors names it.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    500: "The fault is the system's.",
    503: "The database is away for the moment.",
}
WITH_A_FILE = {
    400: "The request cannot be read.",
    409: "The deed is refused; clause says by which clause.",
    413: "The file is too large.",
    507: "There is no room left.",
}
logger = logging.getLogger("jingtu.api")


class Problem(Exception):
    """A refusal with everything its answer says."""

    def __init__(self, status: int, code: str, title: str, detail: str, clause: str = "", **more: Any) -> None:
        """``code`` is dotted and never reused; ``detail`` is a full sentence for the officer."""
        super().__init__(detail)
        self.status, self.code, self.title, self.detail = status, code, title, detail
        self.clause, self.more = clause, more


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The response for a problem; what the request had begun to write is undone."""
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    body = {
        "type": f"urn:jingtu:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        **({"clause": problem.clause} if problem.clause else {}),
        **problem.more,
    }
    told = JsonResponse(body, status=problem.status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    if problem.status == 401:
        told["WWW-Authenticate"] = "Bearer"
    return told


def missing(path: str) -> Problem:
    """Not there, or not within reach: the two look the same."""
    words = _(
        "地址 %(path)s 下没有您可以查看的内容：可能地址有误，也可能不在您的岗位管辖范围内。请核对地址或更换岗位。"
    )
    return Problem(404, "api.missing", _("没有您可以查看的内容"), words % {"path": path})


def describe(schema: Any) -> None:
    """Add to a description what operations answer when they refuse."""
    parameter = {
        "type": "object",
        "required": ["parameter", "detail"],
        "properties": dict.fromkeys(("parameter", "detail"), _TEXT),
    }
    schema["components"]["schemas"]["Problem"] = {
        "title": "Problem",
        "description": "A refusal after RFC 9457; title and detail are Chinese sentences, clause says by which clause.",
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            **dict.fromkeys(("type", "title", "detail", "instance", "clause"), _TEXT),
            "status": {"type": "integer"},
            "errors": {"type": "array", "items": parameter},
        },
    }
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            told = ALWAYS if method == "get" else ALWAYS | WITH_A_FILE
            operation["responses"].update({status: _refusal(words) for status, words in sorted(told.items())})


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def install(api: NinjaAPI) -> None:
    """Turn every exception of the API's operations into a problem."""
    makers: list[tuple[type[Exception], Callable[[HttpRequest, Any], Problem]]] = [
        (Exception, _broken),
        (Problem, lambda request, problem: problem),
        (Http404, lambda request, error: missing(request.path)),
        (OutOfReach, lambda request, error: missing(request.path)),
        (PermissionDenied, lambda request, error: _forbidden()),
        (HttpError, _http),
        (AuthenticationError, lambda request, error: stranger()),
        (ValidationError, _invalid),
        (DeedRefused, lambda request, error: Problem(409, "api.deed.refused", _("不能办理"), str(error))),
        (LawError, lambda request, error: Problem(404, "api.law.unknown", _("文本中没有这一项"), str(error))),
    ]
    for kind, maker in makers:
        api.add_exception_handler(kind, _handler(maker))


def _handler(maker: Callable[[HttpRequest, Any], Problem]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: answer(request, maker(request, error))


def stranger() -> Problem:
    """Nobody is signed in."""
    words = _(
        "尚未登录，或登录已过期。请先在控制台登录，并随请求送上会话 Cookie；程序请用接口令牌（Authorization: Bearer）。"
    )
    return Problem(401, "api.sign_in", _("尚未登录"), words)


def refused_token(why: str) -> Problem:
    """The token opens nothing, for this reason."""
    return Problem(401, "api.token.refused", _("接口令牌无效"), why)


def beyond_token(needed: str) -> Problem:
    """The token is good, but was not made for this."""
    words = _("这个接口令牌没有%(needed)s的权限，没有做任何改动。请在控制台“接口令牌”页另开有此权限的令牌。")
    return Problem(403, "api.token.scope", _("超出令牌的权限"), words % {"needed": needed})


def too_fast(seconds: int) -> Problem:
    """More requests than are answered in this time."""
    words = _("请求过快，这次没有办理。请等 %(seconds)d 秒再试，并放慢以后的请求。") % {"seconds": seconds}
    return Problem(429, "api.too_fast", _("请求过快"), words, retry_after=seconds)


def without_post() -> Problem:
    """Signed in, but holding no post on this day."""
    words = _("您的账号目前没有在任的岗位，不能查看任何记录。请与本单位管理员联系。")
    return Problem(403, "api.post.none", _("没有在任的岗位"), words)


def _forbidden() -> Problem:
    words = _("您的岗位不能办理这件事。请更换有相应权限的岗位，或与本单位管理员联系。")
    return Problem(403, "api.forbidden", _("不能办理"), words)


def _http(request: HttpRequest, error: HttpError) -> Problem:
    if error.status_code == 403:
        words = _("请求缺少有效的防伪令牌，没有做任何改动。请在请求头 X-CSRFToken 中送上令牌后重试。")
        return Problem(403, "api.token", _("防伪令牌无效"), words)
    words = _("系统读不懂这次请求，没有做任何改动。请对照接口说明核对请求的格式。")
    return Problem(error.status_code, "api.unreadable", _("请求有误"), words)


def _invalid(request: HttpRequest, error: ValidationError) -> Problem:
    errors = [{"parameter": str(each["loc"][-1]), "detail": _parameter(each)} for each in error.errors]
    return Problem(422, "api.parameter", _("参数不合要求"), "".join(each["detail"] for each in errors), errors=errors)


def _parameter(error: dict[str, Any]) -> str:
    sentences = {
        "missing": _("缺少参数“%(name)s”，请补上。"),
        "int_parsing": _("参数“%(name)s”须为整数。"),
        "greater_than_equal": _("参数“%(name)s”不得小于 %(ge)s。"),
        "less_than_equal": _("参数“%(name)s”不得大于 %(le)s。"),
        "literal_error": _("参数“%(name)s”只能取 %(expected)s。"),
    }
    words = sentences.get(error["type"], _("参数“%(name)s”的值不合要求，请对照接口说明更正。"))
    return words % {"name": error["loc"][-1], **error.get("ctx", {})}


def _broken(request: HttpRequest, error: BaseException | None) -> Problem:
    logger.error("The API broke at %s", request.path, exc_info=error)
    mishap = mishaps.of(error)
    return Problem(mishap.status, f"api.{mishap.code}", mishap.title, mishap.happened + mishap.cure)


def broken(request: HttpRequest) -> HttpResponse:
    """What failed before an operation was reached, or after it had answered: the session, the commit."""
    return answer(request, _broken(request, sys.exc_info()[1]))


def shaped(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view of the API so that a wrong method, too, is answered as a problem."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        words = _("地址 %(path)s 不接受 %(method)s 请求，可用的方法是 %(allowed)s。") % {
            "path": request.path,
            "method": request.method,
            "allowed": response["Allow"],
        }
        problem = answer(request, Problem(405, "api.method", _("方法不可用"), words))
        problem["Allow"] = response["Allow"]
        return problem

    return wrapped
