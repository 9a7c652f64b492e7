"""The good rows of a file with faults may come in by themselves."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """The arrows of dossiers, with those of good rows."""

    dependencies = [
        ("registers", "0009_standing_within_reach"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="dossier",
            name="arrows_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="dossier",
            name="arrows_update",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dossier",
            trigger=pgtrigger.compiler.Trigger(
                name="arrows_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    execute="registers_guard_arrows('received', 'received>ready,received>faulty,ready>accepted,faulty>partly,partly>accepted,received>withdrawn,ready>withdrawn,faulty>withdrawn')",
                    func="",
                    hash="8fab398577446e4fb46961f7d078a73027635fd2",
                    operation="INSERT",
                    pgid="pgtrigger_arrows_insert_d06d2",
                    table="registers_dossier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dossier",
            trigger=pgtrigger.compiler.Trigger(
                name="arrows_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    execute="registers_guard_arrows('received', 'received>ready,received>faulty,ready>accepted,faulty>partly,partly>accepted,received>withdrawn,ready>withdrawn,faulty>withdrawn')",
                    func="",
                    hash="181e5fad63b30cc36bbb4f2a40f9befbf6cde865",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_arrows_update_0bc15",
                    table="registers_dossier",
                    when="BEFORE",
                ),
            ),
        ),
    ]
