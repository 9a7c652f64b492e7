"""Shared nouns of the province."""

from django.apps import AppConfig


class LandConfig(AppConfig):
    """Regions, organisations, accounts and posts."""

    name = "jingtu.land"
    label = "land"
    default_auto_field = "django.db.models.BigAutoField"
