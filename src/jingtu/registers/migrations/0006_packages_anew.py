"""The same content may be packed anew once the package that held it was given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One package in force for the same content."""

    dependencies = [("registers", "0005_books")]
    operations = [
        migrations.AlterField(
            model_name="package",
            name="digest",
            field=models.CharField(max_length=64, verbose_name="内容摘要"),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(
                condition=~models.Q(state="withdrawn"), fields=("digest",), name="package_content_once"
            ),
        ),
    ]
