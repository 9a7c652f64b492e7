"""Addresses of the tiles."""

from __future__ import annotations

from django.urls import path

from jingtu.faces.gis import views

urlpatterns = [
    path("layers.json", views.index, name="tile-layers"),
    path("overlays/<str:register>/<int:pk>/<str:measure>.png", views.overlay, name="overlay"),
    path("<str:layer>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
]
