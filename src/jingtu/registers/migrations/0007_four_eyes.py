"""The table of moves refuses a step to whoever took one before that bars it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("eyes.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER four_eyes ON registers_move;
DROP FUNCTION registers_guard_eyes();
DROP FUNCTION jingtu_bars(text, text);
"""


class Migration(migrations.Migration):
    """Four eyes, held by the database."""

    dependencies = [("registers", "0006_packages_anew")]
    operations = [migrations.RunSQL(SQL, UNDO)]
