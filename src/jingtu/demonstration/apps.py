"""The demonstration."""

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """Present in demonstration instances only."""

    name = "jingtu.demonstration"
    label = "demonstration"
