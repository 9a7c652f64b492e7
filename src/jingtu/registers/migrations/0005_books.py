"""Ledger and moves say whose they are, so that they are seen within reach only."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__)
FUNCTIONS = HERE.with_name("books.sql").read_text(encoding="utf-8")
PLACES = HERE.with_name("moved.sql").read_text(encoding="utf-8")
UNDO = "DROP FUNCTION jingtu_shares(text) CASCADE; DROP FUNCTION jingtu_audits(text) CASCADE;"


class Migration(migrations.Migration):
    """Region and organisation of each move, organisation of each deed, and the functions behind their policies."""

    dependencies = [("registers", "0004_keepsakes")]
    operations = [
        migrations.RunSQL(FUNCTIONS, UNDO),
        migrations.AddField(
            model_name="ledgerentry",
            name="organisation_id",
            field=models.BigIntegerField(null=True, verbose_name="办理单位"),
        ),
        migrations.AddField(
            model_name="move",
            name="organisation_id",
            field=models.BigIntegerField(null=True, verbose_name="单位"),
        ),
        migrations.AddField(
            model_name="move",
            name="region_code",
            field=models.CharField(default="140000", max_length=6, verbose_name="行政区"),
            preserve_default=False,
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
    ]
