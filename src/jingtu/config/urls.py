"""Root addresses: each face has its own prefix."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from jingtu.config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/", include("jingtu.faces.api.urls")),
    path("tiles/", include("jingtu.faces.gis.urls")),
    path("", include("jingtu.faces.console.urls")),
]

handler400 = "jingtu.faces.console.views.failures.unreadable"
handler403 = "jingtu.faces.console.views.failures.forbidden"
handler404 = "jingtu.faces.console.views.failures.missing"
handler500 = "jingtu.config.failures.broken"
