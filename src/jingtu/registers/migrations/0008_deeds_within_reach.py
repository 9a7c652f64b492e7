"""Nobody appends to the ledger for a region or an organisation out of reach."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("deeds.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """The function behind the policy of what is appended; the policies themselves are made anew after each migrate."""

    dependencies = [("registers", "0007_four_eyes")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION jingtu_does(text, bigint) CASCADE")]
