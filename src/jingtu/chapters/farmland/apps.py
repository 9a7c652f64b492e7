"""Tasks 3, 4 and 5: farmland classed, used safely or strictly controlled, its class adjusted as evidence comes."""

from django.apps import AppConfig


class FarmlandConfig(AppConfig):
    """Units and their classes, paired evidence, adjustments, safe use, strict control."""

    name = "jingtu.chapters.farmland"
    label = "farmland"
    default_auto_field = "django.db.models.BigAutoField"
