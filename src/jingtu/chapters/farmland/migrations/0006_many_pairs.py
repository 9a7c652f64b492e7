"""How far many pairs are at once; what counts for the rate without asking how far each pair is."""

from pathlib import Path

from django.db import migrations

STATES, RATE = (
    Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8") for name in ("pair_states", "rate_evidence")
)


class Migration(migrations.Migration):
    """The board asks how far ten thousand pairs are, and how much area has its measure, in one go each."""

    dependencies = [("farmland", "0005_interpolation")]
    operations = [
        migrations.RunSQL(STATES, "DROP FUNCTION farmland_pair_states(bigint[])"),
        migrations.RunSQL(RATE, migrations.RunSQL.noop),
    ]
