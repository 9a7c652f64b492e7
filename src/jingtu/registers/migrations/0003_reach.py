"""The functions behind row-level security, and the region of each finding."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_name("reach.sql").read_text(encoding="utf-8")
UNDO = "DROP FUNCTION jingtu_sees(text) CASCADE; DROP FUNCTION jingtu_organisation() CASCADE;"


class Migration(migrations.Migration):
    """Rows of results and persons are seen within reach only, whoever asks."""

    dependencies = [("registers", "0002_guards")]
    operations = [
        migrations.RunSQL(SQL, UNDO),
        migrations.AddField(
            model_name="findingrecord",
            name="region_code",
            field=models.CharField(default="140000", max_length=6, verbose_name="行政区"),
            preserve_default=False,
        ),
    ]
