"""The kernel."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistersConfig(AppConfig):
    """Registers, intake, workflow, reach, ledger, duties, documents, outbox."""

    name = "jingtu.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Gather what the chapters declare; grant the app role its rights again after each migration."""
        from jingtu.registers.declare import discover
        from jingtu.registers.grants import grant_app_role

        discover()

        post_migrate.connect(grant_app_role, sender=self)
