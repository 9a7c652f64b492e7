"""What is held against an item of an adjustment; whether what was put on a field brought pollution of its own."""

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
        pgtrigger.migrations.RemoveTrigger(
            model_name="effectevaluation",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="effectevaluation",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="effectevaluation",
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
        migrations.AddField(
            model_name="effectevaluation",
            name="inputs",
            field=models.CharField(
                blank=True,
                choices=[("clean", "检测合格"), ("polluting", "检测超标")],
                max_length=10,
                verbose_name="投入品检测",
            ),
        ),
        migrations.AddField(
            model_name="effectevaluationevent",
            name="inputs",
            field=models.CharField(
                blank=True,
                choices=[("clean", "检测合格"), ("polluting", "检测超标")],
                max_length=10,
                verbose_name="投入品检测",
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
        pgtrigger.migrations.AddTrigger(
            model_name="effectevaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_effectevaluationevent" ("evaluated_by", "evaluated_on", "exceeding_percent", "id", "inputs", "is_demonstration", "mean_index", "outcome", "overall", "pair_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "region_id", "season", "unit_id", "year", "yield_change_percent") SELECT new_values."evaluated_by", new_values."evaluated_on", new_values."exceeding_percent", new_values."id", new_values."inputs", new_values."is_demonstration", new_values."mean_index", new_values."outcome", new_values."overall", new_values."pair_count", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."region_id", new_values."season", new_values."unit_id", new_values."year", new_values."yield_change_percent" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="598e44a98f56c6e6c13e53b9e3c0f615421c023f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7be85",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="farmland_effectevaluation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="effectevaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_effectevaluationevent" ("evaluated_by", "evaluated_on", "exceeding_percent", "id", "inputs", "is_demonstration", "mean_index", "outcome", "overall", "pair_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "region_id", "season", "unit_id", "year", "yield_change_percent") SELECT new_values."evaluated_by", new_values."evaluated_on", new_values."exceeding_percent", new_values."id", new_values."inputs", new_values."is_demonstration", new_values."mean_index", new_values."outcome", new_values."overall", new_values."pair_count", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_at", new_values."region_id", new_values."season", new_values."unit_id", new_values."year", new_values."yield_change_percent" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7f54bb6fd70de60c25dfd65189ff5a280aa48a17",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_63d59",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="farmland_effectevaluation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="effectevaluation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_effectevaluationevent" ("evaluated_by", "evaluated_on", "exceeding_percent", "id", "inputs", "is_demonstration", "mean_index", "outcome", "overall", "pair_count", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "region_id", "season", "unit_id", "year", "yield_change_percent") SELECT old_values."evaluated_by", old_values."evaluated_on", old_values."exceeding_percent", old_values."id", old_values."inputs", old_values."is_demonstration", old_values."mean_index", old_values."outcome", old_values."overall", old_values."pair_count", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_at", old_values."region_id", old_values."season", old_values."unit_id", old_values."year", old_values."yield_change_percent" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="b12a3299452b05ca22e839fcdf1bf2c4bca4c64d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_933f0",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="farmland_effectevaluation",
                    when="AFTER",
                ),
            ),
        ),
    ]
