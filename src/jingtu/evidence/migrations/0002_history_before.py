"""A change of a result keeps the row as it was before."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """New rows of results are not copied, so the old value must be kept when one changes."""

    dependencies = [
        ("evidence", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="result",
            name="update_update",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="result",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "evidence_resultevent" ("analysed_on", "analyte", "batch_id", "detection_limit", "flag", "id", "method", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "qualifier", "recorded_at", "replicate", "reported", "sample_id", "unit", "unit_reported", "value") SELECT old_values."analysed_on", old_values."analyte", old_values."batch_id", old_values."detection_limit", old_values."flag", old_values."id", old_values."method", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."qualifier", old_values."recorded_at", old_values."replicate", old_values."reported", old_values."sample_id", old_values."unit", old_values."unit_reported", old_values."value" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="eceff357c502dc411e2ba7297bbfac4c316005b1",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_44afd",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="evidence_result",
                    when="AFTER",
                ),
            ),
        ),
    ]
