"""Task 2: routine soil monitoring."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Networks, points, campaigns, field records, uploads."""

    name = "jingtu.chapters.monitoring"
    label = "monitoring"
    default_auto_field = "django.db.models.BigAutoField"
