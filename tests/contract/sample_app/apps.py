"""The sample app."""

from importlib import import_module

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """Present in test runs only."""

    name = "tests.contract.sample_app"
    label = "sample"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare as a chapter's rooms do."""
        import_module("tests.contract.sample_app.registers")
