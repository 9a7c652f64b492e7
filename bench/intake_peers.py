"""The two peers of the intake benchmark: django-import-export with the same checks, and a bare COPY without any."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import intake_world as worlds
import polars as pl
from import_export import fields, resources
from import_export.results import RowResult
from python_calamine import CalamineWorkbook
from tablib import Dataset

CODES = ("report_number", "sample_code", "analyte", "value", "unit", "method")


def import_export(world: worlds.World, content: bytes, batch: Any) -> None:
    """Load, dry run (the preview that an officer confirms), import: ``use_bulk``, batches of 1000, ``skip_diff``."""
    dataset = Dataset().load(content, format="xlsx")
    dataset.headers = list(worlds.HEADINGS)
    resource = _resource(batch)
    tried = resource.import_data(dataset, dry_run=True, use_transactions=True, raise_errors=False)
    assert not tried.has_errors(), tried.row_errors()[:1]
    assert not tried.has_validation_errors(), tried.invalid_rows[:1]
    done = resource.import_data(dataset, dry_run=False, use_transactions=True, raise_errors=True)
    assert done.totals[RowResult.IMPORT_TYPE_NEW] == len(dataset)


def _resource(batch: Any) -> Any:  # noqa: C901  a class within, since its model needs Django set up
    from jingtu.evidence import facts
    from jingtu.evidence.models import Result
    from jingtu.evidence.normalise import measure
    from jingtu.evidence.plausible import ranges
    from jingtu.plain.numbers import shift
    from jingtu.plain.reported import parse_reported

    class ResultResource(resources.ModelResource):
        """One row of the sheet is one result; what our own checks ask of a row is asked here too."""

        sample_id = fields.Field(attribute="sample_id", column_name="sample_id")
        reported = fields.Field(attribute="reported", column_name="value")
        unit_reported = fields.Field(attribute="unit_reported", column_name="unit")
        value = fields.Field(attribute="value", column_name="number")
        unit = fields.Field(attribute="unit", column_name="standard_unit")
        detection_limit = fields.Field(attribute="detection_limit", column_name="limit")
        analyte = fields.Field(attribute="analyte", column_name="code")

        class Meta:
            model = Result
            fields = (
                "sample_id", "analyte", "replicate", "method", "reported", "unit_reported", "value", "unit",
                "qualifier", "detection_limit", "analysed_on",
            )  # fmt: skip
            import_id_fields = ()
            use_bulk = True
            batch_size = 1000
            skip_diff = True
            force_init_instance = True

        def before_import(self, dataset: Any, **_more: Any) -> None:
            """What is asked once a file: the handed samples, the accreditation."""
            laboratory = batch.laboratory
            self.samples = facts.handed_samples(laboratory, set(dataset["sample_code"]))
            self.scope = facts.accredited_analytes(laboratory, worlds.ON)
            self.seen: set[tuple[str, ...]] = set()

        def before_import_row(self, row: Any, **_more: Any) -> None:
            """What is asked of each row."""
            row.update({name: (row[name] or "").strip() for name in CODES})
            found = measure(row["analyte"], row["unit"])
            if found.analyte is None or found.exponent is None or found.code not in self.scope:
                raise ValueError("analyte or unit")
            self._number(row, found)
            analysed, reported_on = date.fromisoformat(row["analysed_on"]), date.fromisoformat(row["reported_on"])
            key = (row["sample_code"], found.code, row["method"], row["replicate"])
            if analysed > reported_on or reported_on > worlds.ON or key in self.seen:
                raise ValueError("dates or doubles")
            if row["report_number"] != batch.number:
                raise ValueError("several reports")
            self.seen.add(key)
            row["sample_id"] = self.samples[row["sample_code"]]
            row["code"], row["standard_unit"] = found.code, found.unit

        def _number(self, row: Any, found: Any) -> None:
            parsed = parse_reported(row["value"])
            stated = Decimal(row["detection_limit"]) if row["detection_limit"] else None
            limit = parsed.limit if parsed.limit is not None else stated
            value = None if parsed.value is None else shift(parsed.value, found.exponent)
            known = ranges().get(found.code)
            if parsed.qualifier == "NM" or (parsed.qualifier == "ND" and limit is None):
                raise ValueError("nothing measured")
            if value is not None and known and not known.possible_from <= value <= known.possible_to:
                raise ValueError("impossible")
            row["number"], row["qualifier"] = value, parsed.qualifier
            row["limit"] = None if limit is None else shift(limit, found.exponent)

        def after_import(self, dataset: Any, result: Any, **_more: Any) -> None:
            """It would set the sequence of keys, which the app role may not; keys come from the sequence anyway."""

        def before_save_instance(self, instance: Any, row: Any, **_more: Any) -> None:
            """What the sheet does not say."""
            instance.batch_id, instance.recorded_at = batch.pk, batch.recorded_at

    return ResultResource()


def bare(content: bytes, batch: Any, samples: dict[str, int]) -> None:
    """Calamine, types by Polars, one COPY into the same columns; nothing is checked."""
    from django.db import connection

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    frame = pl.DataFrame(rows[1:], schema=dict.fromkeys(worlds.HEADINGS, pl.String), orient="row")
    below = pl.col("value").str.starts_with("<")
    typed = frame.select(
        pl.lit(batch.pk).alias("batch_id"),
        pl.col("sample_code").replace_strict(samples, return_dtype=pl.Int64).alias("sample_id"),
        pl.col("analyte"),
        pl.col("replicate").cast(pl.Int16),
        pl.col("method"),
        pl.col("value").alias("reported"),
        pl.col("unit").alias("unit_reported"),
        pl.when(below).then(None).otherwise(pl.col("value")).cast(pl.Float64, strict=False).alias("value"),
        pl.lit("mg/kg").alias("unit"),
        pl.when(below).then(pl.lit("ND")).otherwise(pl.lit("")).alias("qualifier"),
        pl.col("detection_limit").cast(pl.Float64, strict=False),
        pl.col("analysed_on").str.to_date("%Y-%m-%d"),
        pl.lit("").alias("flag"),
        pl.lit(batch.recorded_at.isoformat()).alias("recorded_at"),
    )
    text = io.BytesIO()
    typed.write_csv(text, include_header=False, null_value="\\N", quote_style="necessary")
    names = ", ".join(typed.columns)
    with connection.cursor() as cursor:
        # the table's row-level security refuses COPY: both sides come in by way of a temporary table
        cursor.execute(f"CREATE TEMPORARY TABLE bare ON COMMIT DROP AS SELECT {names} FROM evidence_result LIMIT 0")
        with cursor.copy(f"COPY bare ({names}) FROM STDIN (FORMAT csv, NULL '\\N')") as copy:
            copy.write(text.getvalue())
        cursor.execute(f"INSERT INTO evidence_result ({names}) SELECT {names} FROM bare")
        cursor.execute("DROP TABLE bare")
