"""The function that says what is on record of each unit for the safe-use rate."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("rate_evidence.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION farmland_rate_evidence(text, integer, text[], text[], integer);
DROP FUNCTION farmland_measured(text, integer, text[], text[])
"""


class Migration(migrations.Migration):
    """What counts follows from the records, as of the asked day."""

    dependencies = [("farmland", "0003_pair_state")]
    operations = [migrations.RunSQL(SQL, UNDO)]
