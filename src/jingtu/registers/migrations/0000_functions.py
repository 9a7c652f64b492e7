"""The functions that triggers and views of the kernel call."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("functions.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION registers_chain(), registers_for_ever(), registers_guard_arrows(), jingtu_on(), jingtu_known();
"""


class Migration(migrations.Migration):
    """Functions come before the tables whose triggers call them."""

    initial = True
    dependencies = [("land", "0001_initial")]
    operations = [migrations.RunSQL(SQL, UNDO)]
