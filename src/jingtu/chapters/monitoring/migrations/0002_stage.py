"""The view that says how far each planned point is."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("stage.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Stages follow from facts, as of the asked day."""

    dependencies = [("monitoring", "0001_initial"), ("evidence", "0001_initial"), ("registers", "0002_guards")]
    operations = [migrations.RunSQL(SQL, "DROP VIEW monitoring_stage")]
