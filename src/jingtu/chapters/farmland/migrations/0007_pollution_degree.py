"""How polluted the census or the detailed survey found a unit."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("farmland", "0006_many_pairs"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="unitversion",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="unitversion",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="unitversion",
            name="pollution_degree",
            field=models.CharField(
                blank=True,
                choices=[("slight", "轻微"), ("moderate", "轻中度"), ("heavy", "重度")],
                max_length=8,
                verbose_name="污染程度",
            ),
        ),
        migrations.AddField(
            model_name="unitversionevent",
            name="pollution_degree",
            field=models.CharField(
                blank=True,
                choices=[("slight", "轻微"), ("moderate", "轻中度"), ("heavy", "重度")],
                max_length=8,
                verbose_name="污染程度",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_unitversionevent" ("adjustment_item_id", "change", "computed_area_m2", "crops", "dossier_id", "from_on", "geom", "id", "land_class", "land_use", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pollution_degree", "recorded_at", "region_id", "stated_area_mu", "target_analytes", "township", "unit_id", "until_on", "until_recorded_at", "version", "village") SELECT old_values."adjustment_item_id", old_values."change", old_values."computed_area_m2", old_values."crops", old_values."dossier_id", old_values."from_on", old_values."geom", old_values."id", old_values."land_class", old_values."land_use", _pgh_attached_context.value, NOW(), \'update\', old_values."id", old_values."pollution_degree", old_values."recorded_at", old_values."region_id", old_values."stated_area_mu", old_values."target_analytes", old_values."township", old_values."unit_id", old_values."until_on", old_values."until_recorded_at", old_values."version", old_values."village" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ee55a6e56b90aa833976ec1e6e8a28fad60a82ea",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_06fed",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="farmland_unitversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "farmland_unitversionevent" ("adjustment_item_id", "change", "computed_area_m2", "crops", "dossier_id", "from_on", "geom", "id", "land_class", "land_use", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pollution_degree", "recorded_at", "region_id", "stated_area_mu", "target_analytes", "township", "unit_id", "until_on", "until_recorded_at", "version", "village") SELECT old_values."adjustment_item_id", old_values."change", old_values."computed_area_m2", old_values."crops", old_values."dossier_id", old_values."from_on", old_values."geom", old_values."id", old_values."land_class", old_values."land_use", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pollution_degree", old_values."recorded_at", old_values."region_id", old_values."stated_area_mu", old_values."target_analytes", old_values."township", old_values."unit_id", old_values."until_on", old_values."until_recorded_at", old_values."version", old_values."village" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8c2e944f7253b6c31de95dd04f25a438bfca9220",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_69df8",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="farmland_unitversion",
                    when="AFTER",
                ),
            ),
        ),
    ]
