"""The view that says how far each pair is."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("pair_state.sql").read_text(encoding="utf-8")
BACK = "DROP VIEW farmland_pair_state; DROP FUNCTION farmland_half(bigint)"


class Migration(migrations.Migration):
    """Whether a pair is evidence follows from its samples and their results, as of the asked day."""

    dependencies = [
        ("farmland", "0002_standing"),
        ("evidence", "0003_sample_medium"),
        ("registers", "0003_reach"),
    ]
    operations = [migrations.RunSQL(SQL, BACK)]
