"""Root addresses: each face has its own prefix."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from jingtu.config.health import healthz

FACES = (("api/", "jingtu.faces.api"), ("tiles/", "jingtu.faces.gis"), ("", "jingtu.faces.console"))


def _present(face: str) -> bool:
    try:
        return find_spec(f"{face}.urls") is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    *(path(prefix, include(f"{face}.urls")) for prefix, face in FACES if _present(face)),
]

if _present("jingtu.faces.console"):
    handler400 = "jingtu.faces.console.views.failures.unreadable"
    handler403 = "jingtu.faces.console.views.failures.forbidden"
    handler404 = "jingtu.faces.console.views.failures.missing"
    handler500 = "jingtu.faces.console.views.failures.broken"
