import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("farmland", "0008_line"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="adjustmentitem",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="adjustmentitem",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="adjustmentitem",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="adjustmentitem",
            name="cautions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None, verbose_name="提示"
            ),
        ),
        migrations.AddField(
            model_name="adjustmentitemevent",
            name="cautions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None, verbose_name="提示"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjustmentitem",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_adjustmentitemevent" ("adjustment_id", "area_mu", "before_id", "cautions", "evaluation_id", "from_class", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "to_class", "unit_id") SELECT new_values."adjustment_id", new_values."area_mu", new_values."before_id", new_values."cautions", new_values."evaluation_id", new_values."from_class", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."recorded_at", new_values."to_class", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="bc7be67f255cd6ed46dfbad15c4899b81b674106",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8587a",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="farmland_adjustmentitem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjustmentitem",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_adjustmentitemevent" ("adjustment_id", "area_mu", "before_id", "cautions", "evaluation_id", "from_class", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "to_class", "unit_id") SELECT new_values."adjustment_id", new_values."area_mu", new_values."before_id", new_values."cautions", new_values."evaluation_id", new_values."from_class", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."recorded_at", new_values."to_class", new_values."unit_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="068eee2c811b304dff5a17f5b9f0ef2b927a0bd9",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_94cd9",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="farmland_adjustmentitem",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjustmentitem",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_adjustmentitemevent" ("adjustment_id", "area_mu", "before_id", "cautions", "evaluation_id", "from_class", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "to_class", "unit_id") SELECT old_values."adjustment_id", old_values."area_mu", old_values."before_id", old_values."cautions", old_values."evaluation_id", old_values."from_class", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."recorded_at", old_values."to_class", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="73b9e9b75f147f85fc45be517d67bb1bea1c4727",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fe32f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="farmland_adjustmentitem",
                    when="AFTER",
                ),
            ),
        ),
    ]
