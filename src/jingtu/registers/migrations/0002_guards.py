"""The chain of the ledger, rows that are for ever, the view of states."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("tables.sql").read_text(encoding="utf-8")
UNDO = """
DROP VIEW registers_standing;
DROP TRIGGER chain ON registers_ledgerentry;
DROP TRIGGER for_ever ON registers_ledgerentry;
DROP TRIGGER for_ever_truncate ON registers_ledgerentry;
DROP TRIGGER for_ever ON registers_move;
DROP TRIGGER for_ever_truncate ON registers_move;
"""


class Migration(migrations.Migration):
    """Guards that the kernel's tables carry."""

    dependencies = [("registers", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
