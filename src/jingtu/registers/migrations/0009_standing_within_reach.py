"""The view of states answers within reach."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("standing.sql").read_text(encoding="utf-8")
UNDO = """
CREATE OR REPLACE VIEW registers_standing AS
SELECT DISTINCT ON (register, subject_id) id, register, subject_id, to_state AS state, "on" AS since_on
FROM registers_move
WHERE "on" <= jingtu_on() AND recorded_at < jingtu_known()
ORDER BY register, subject_id, "on" DESC, id DESC;
"""


class Migration(migrations.Migration):
    """States of records out of reach are told of shared registers only."""

    dependencies = [("registers", "0008_deeds_within_reach")]
    operations = [migrations.RunSQL(SQL, UNDO)]
