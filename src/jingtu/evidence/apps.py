"""Laboratories, samples, results, quality control."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The evidence room, used by every chapter that measures."""

    name = "jingtu.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
