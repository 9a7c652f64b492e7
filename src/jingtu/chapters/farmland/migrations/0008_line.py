"""Heirs: what was carried out, controlled and reached on the ground of units that were split or merged since."""

from pathlib import Path

from django.db import migrations

LINE, RATE = (Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8") for name in ("line", "rate_evidence"))


class Migration(migrations.Migration):
    """A unit counts with all that was done on its ground."""

    dependencies = [("farmland", "0007_pollution_degree")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (LINE, RATE)]
