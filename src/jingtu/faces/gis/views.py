"""Tiles over the wire: who may ask, what a cache may keep."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingtu.faces.gis import sources
from jingtu.faces.gis.tile import Tile, compress, etag
from jingtu.registers import layers, overlays

PNG = "image/png"
MVT = "application/vnd.mapbox-vector-tile"
View = Callable[..., HttpResponse]


def officers(view: View) -> View:
    """Only for posts of offices: places are not there for laboratories and administrators."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        reach = getattr(request, "reach", None)
        if reach is None:
            return _refused(401, _("尚未登录，或没有在任的岗位，不能读取地图。请登录后刷新页面。"))
        if reach.is_laboratory or reach.is_administrator:
            return _missing(request)
        return require_safe(view)(request, *args, **kwargs)

    return guarded


@officers
def index(request: HttpRequest) -> HttpResponse:
    """The layers that a post may put on its map."""
    content = {"on": request.clock.on.isoformat(), "layers": sources.index(request.reach)}  # type: ignore[attr-defined]
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    return _private(response)


@officers
def tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One tile of a layer within the asker's reach, as of the asked day."""
    place = Tile(z, x, y)
    if not place.exists:
        return _missing(request)
    if layer == sources.REGIONS:
        return _answer(request, sources.region_tile(place))
    register = layers.find(layer, request.reach)  # type: ignore[attr-defined]
    if register is None:
        return _missing(request)
    return _answer(request, sources.register_tile(register, request.reach, request.clock, place))  # type: ignore[attr-defined]


@officers
def overlay(request: HttpRequest, register: str, pk: int, measure: str) -> HttpResponse:
    """A picture that a record within reach lays over the map."""
    declared = overlays.find(register, request.reach)  # type: ignore[attr-defined]
    if declared is None or declared.overlay is None:
        return _missing(request)
    record = overlays.ready(declared, request.reach, request.clock).filter(pk=pk).first()  # type: ignore[attr-defined]
    try:
        content = declared.overlay.picture(record, measure) if record else b""
    except LookupError:
        content = b""
    if not content:
        return _missing(request)
    tag = etag(content)
    response = _private(HttpResponse(content, content_type=PNG, headers={"ETag": tag}))
    answered: HttpResponse = get_conditional_response(request, etag=tag, response=response) or response
    return answered


def _answer(request: HttpRequest, content: bytes) -> HttpResponse:
    tag = etag(content)
    packed = bool(content) and "gzip" in request.headers.get("Accept-Encoding", "")
    response: HttpResponse = HttpResponse(compress(content) if packed else content, content_type=MVT)
    if packed:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = tag
    _private(response)
    answered: HttpResponse = get_conditional_response(request, etag=tag, response=response) or response
    return answered


def _private(response: HttpResponse) -> HttpResponse:
    """The browser may keep it but asks again each time; nobody between may keep it."""
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Cookie"))
    return response


def _missing(request: HttpRequest) -> HttpResponse:
    words = _("地址 %(path)s 下没有您可以查看的图层或瓦片。") % {"path": request.path}
    return _refused(404, words)


def _refused(status: int, words: str) -> HttpResponse:
    response = HttpResponse(words + "\n", status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
