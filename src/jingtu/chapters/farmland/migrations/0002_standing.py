"""The view that says which version of each unit stands."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("standing.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """What stands follows from the versions, as of the asked day."""

    dependencies = [("farmland", "0001_initial"), ("registers", "0003_reach")]
    operations = [migrations.RunSQL(SQL, "DROP VIEW farmland_standing")]
