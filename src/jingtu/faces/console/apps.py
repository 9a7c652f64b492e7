"""The console as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages for officers."""

    name = "jingtu.faces.console"
    label = "console"
