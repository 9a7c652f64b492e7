"""The functions that say what is on record of each unit for the safe-use rate, on its ground included."""

from pathlib import Path

from django.db import migrations

LINE, RATE = (Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8") for name in ("line", "rate_evidence"))
UNDO = """
DROP FUNCTION farmland_rate_evidence(text, integer, text[], text[], integer);
DROP FUNCTION farmland_measured(text, integer, text[], text[]);
DROP FUNCTION farmland_harvests(text);
DROP FUNCTION farmland_line(text)
"""


class Migration(migrations.Migration):
    """What counts follows from the records, as of the asked day."""

    dependencies = [("farmland", "0003_pair_state")]
    operations = [migrations.RunSQL(LINE, migrations.RunSQL.noop), migrations.RunSQL(RATE, UNDO)]
