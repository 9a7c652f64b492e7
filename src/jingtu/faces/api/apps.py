"""The API as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Addresses under ``/api/v1/`` and the command that writes their description."""

    name = "jingtu.faces.api"
    label = "api"
