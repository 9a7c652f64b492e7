"""Writes of the evidence room: handovers, batches, their quality control and review."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jingtu.evidence import quality
from jingtu.evidence.models import (
    Accreditation,
    Batch,
    Handover,
    HandoverItem,
    Laboratory,
    QualityCheck,
    Result,
    Sample,
    SampleKind,
)
from jingtu.evidence.workflow import BATCH, HANDOVER
from jingtu.land.models import Organisation
from jingtu.plain import collecting
from jingtu.registers import copying, findings, ledger, workflow
from jingtu.registers.ledger import Deed
from jingtu.registers.models import Document, Dossier
from jingtu.registers.reach import Reach
from jingtu.registers.tasks import defer, work
from jingtu.registers.turns import take_turn

ResultColumns = Mapping[str, Sequence[Any]]
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

_following: list[str] = []


def follow(work_name: str) -> None:
    """Let a chapter do a work of its own whenever what a batch proves changes: when it is reviewed or sent back."""
    _following.append(work_name)


def _tell(batch: Batch, _doing: Deed) -> None:
    for name in _following:
        defer(name, batch_id=batch.pk)


def enter_laboratory(organisation: Organisation, *, by: Reach, on: date) -> Laboratory:
    """Enter an organisation as a laboratory that may be given samples."""
    with ledger.deed(
        "evidence.laboratory.entered", by=by, on=on, register="evidence.laboratory", region=organisation.region_id
    ) as doing:
        laboratory = Laboratory.objects.create(
            organisation=organisation, name=organisation.name, region_id=organisation.region_id
        )
        doing.subject_id = str(laboratory.pk)
        doing.sentence = _("登记检测机构“%(name)s”") % {"name": laboratory.name}
    return laboratory


def accredit(
    laboratory: Laboratory,
    certificate: str,
    analytes: Sequence[str],
    from_on: date,
    to_on: date,
    *,
    by: Reach,
    on: date,
) -> Accreditation:
    """Enter a laboratory's certificate: which analytes it may measure, from a day to a day."""
    with ledger.deed(
        "evidence.laboratory.accredited", by=by, on=on, register="evidence.laboratory", region=laboratory.region_id,
        subject_id=str(laboratory.pk),
    ) as doing:  # fmt: skip
        made = Accreditation.objects.create(
            laboratory=laboratory, certificate_number=certificate, analytes=list(analytes), from_on=from_on, to_on=to_on
        )
        doing.sentence = _("登记%(name)s的资质认定证书 %(number)s，%(count)d 项，有效期至 %(to)s") % {
            "name": laboratory.name,
            "number": certificate,
            "count": len(analytes),
            "to": to_on.isoformat(),
        }
    return made


def draw_codes(number: int, year: int) -> Iterator[str]:
    """Fresh sample codes that tell a laboratory nothing: duplicates and controls look like every other sample."""
    return iter(_drawn([f"S{year % 100:02d}"] * number))


def draw_codes_like(codes: Sequence[str]) -> list[str]:
    """Fresh codes, each of the year of another: a duplicate divided in a later year does not stand out by it."""
    return _drawn([code_year(code) for code in codes])


def _drawn(years: Sequence[str]) -> list[str]:
    taken = set(Sample.objects.values_list("code", flat=True))
    fresh: list[str] = []
    while len(fresh) < len(years):
        code = f"{years[len(fresh)]}-" + "".join(secrets.choice(CODE_LETTERS) for _place in range(6))
        if code not in taken:
            taken.add(code)
            fresh.append(code)
    return fresh


def code_year(code: str) -> str:
    """The digits of the year in a drawn code; of any other code, what stands before its dash."""
    return code.partition("-")[0]


def make_controls(
    kind: SampleKind,
    number: int,
    region: str,
    *,
    by: Reach,
    on: date,
    certified: Mapping[str, Sequence[str]] | None = None,
) -> list[Sample]:
    """Make blanks or portions of a reference material, coded like samples, to be put among a handover.

    ``certified`` gives for each analyte the certified value and its uncertainty, in the analyte's standard unit.
    """
    label = SampleKind(kind).label
    with ledger.deed("evidence.sample.control_made", by=by, on=on, register=HANDOVER.register, region=region) as doing:
        controls = Sample.objects.bulk_create(
            [
                Sample(
                    code=code, kind=kind, region_id=region, taken_on=on, recorded_at=doing.recorded_at,
                    certified={analyte: list(pair) for analyte, pair in (certified or {}).items()},
                )
                for code in draw_codes(number, on.year)
            ]
        )  # fmt: skip
        doing.sentence = _("制备%(kind)s %(count)d 件，按密码样编号") % {"kind": label, "count": number}
    return controls


def prepare_handover(
    laboratory: Laboratory, samples: Sequence[Sample], analytes: Sequence[str], *, by: Reach, on: date, region: str
) -> Handover:
    """Make a handover of coded samples to a laboratory."""
    if not samples:
        raise ledger.DeedRefused(_("没有可送检的样品：请先导入采样记录。"))
    _make_alike(samples)
    with ledger.deed("evidence.handover.prepared", by=by, on=on, register=HANDOVER.register, region=region) as doing:
        handover = Handover.objects.create(
            number=f"LZ{on:%Y%m%d}-{region}-{Handover.objects.count() + 1:03d}",
            laboratory=laboratory,
            region_id=region,
            analytes=list(analytes),
            recorded_at=doing.recorded_at,
        )
        HandoverItem.objects.bulk_create([HandoverItem(handover=handover, sample=sample) for sample in samples])
        workflow.begin(HANDOVER, handover, doing)
        doing.subject_id = str(handover.pk)
        doing.sentence = _("备样 %(count)d 件，拟送%(laboratory)s，流转单 %(number)s") % {
            "count": len(samples),
            "laboratory": laboratory.name,
            "number": handover.number,
        }
    return handover


def _make_alike(samples: Sequence[Sample]) -> None:
    """Let nothing that a laboratory is told set duplicates and controls apart from the samples among which they are."""
    routine = [sample for sample in samples if sample.kind == SampleKind.ROUTINE]
    controls = [sample for sample in samples if sample.kind in (SampleKind.BLANK, SampleKind.REFERENCE)]
    years = {code_year(sample.code) for sample in routine}
    if routine and {code_year(sample.code) for sample in samples} - years:
        raise ledger.DeedRefused(_("质控样的编码与本单样品的年份不同，检测机构能认出来。请另制质控样后再送检。"))
    for place, control in enumerate(controls if routine else ()):
        like = routine[place % len(routine)]
        control.medium, control.crop = like.medium, like.crop
        control.save(update_fields=["medium", "crop"])


def send(handover: Handover, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()) -> Handover:
    """Note that the samples left for the laboratory."""
    return workflow.move(
        HANDOVER, handover, "send", by=by, on=on, region=handover.region_id, reason=reason, documents=documents
    )


def receive(
    handover: Handover, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()
) -> Handover:
    """Note that the laboratory counted and took the samples."""
    return workflow.move(
        HANDOVER, handover, "receive", by=by, on=on, region=handover.region_id, reason=reason, documents=documents
    )


def enter_batch(dossier: Dossier, number: str, reported_on: date, results: ResultColumns, doing: Deed) -> Batch:
    """Insert a laboratory's batch with all its results, inside the deed that accepted the dossier.

    ``results`` are columns of ``Result`` without batch, flag and instant. An earlier batch of the same report number
    is superseded.
    """
    laboratory = Laboratory.objects.get(organisation_id=dossier.organisation_id)
    take_turn(BATCH.register, laboratory.pk, number)
    earlier = Batch.objects.filter(laboratory=laboratory, number=number).exclude(state="superseded").first()
    batch = Batch.objects.create(
        number=number,
        laboratory=laboratory,
        region_id=dossier.region_id,
        reported_on=reported_on,
        dossier=dossier,
        supersedes=earlier,
        result_count=len(results["sample_id"]),
        recorded_at=doing.recorded_at,
    )
    workflow.begin(BATCH, batch, doing)
    if earlier is not None:
        workflow.move_unasked(
            BATCH, earlier, "supersede", on=doing.on, region=earlier.region_id,
            reason=_("收到同一报告编号的更正批次"),
        )  # fmt: skip
    fixed = {"batch_id": batch.pk, "flag": "", "recorded_at": doing.recorded_at}
    copying.insert(Result._meta.db_table, results, fixed)
    defer("evidence.conclude_batch", batch_id=batch.pk)
    return batch


@work("evidence.conclude_batch")
@collecting.paused()
def conclude(batch_id: int) -> None:
    """Draw quality checks and findings of a batch; run again, it replaces them."""
    batch = Batch.objects.get(pk=batch_id)
    region = batch.region_id
    with ledger.deed(
        "evidence.batch.concluded", by=Reach.system(), on=batch.reported_on, register=BATCH.register, region=region,
        subject_id=str(batch.pk),
    ) as doing:  # fmt: skip
        checks = quality.checks_of(batch)
        batch.quality_checks.all().delete()
        QualityCheck.objects.bulk_create(checks)
        failed = [check for check in checks if check.outcome == "fail"]
        _flag(batch, failed)
        batch.quality_checked, batch.quality_failed = True, len(failed)
        batch.save(update_fields=["quality_checked", "quality_failed"])
        drawn = findings.keep(BATCH.register, region, batch.pk, quality.findings_of(batch), doing.recorded_at)
        doing.sentence = _("批次 %(batch)s 质控 %(checks)d 项，不合格 %(failed)d 项；得出结论 %(drawn)d 条") % {
            "batch": batch.number,
            "checks": len(checks),
            "failed": len(failed),
            "drawn": drawn,
        }


def _flag(batch: Batch, failed: Sequence[QualityCheck]) -> None:
    """Put on each result the reason of the last failed check of its analyte; only rows that differ are written."""
    reasons = {check.analyte: check.reason_code for check in failed}
    for reason in {"", *reasons.values()}:
        own = [analyte for analyte, each in reasons.items() if each == reason]
        rows = batch.results.filter(analyte__in=own) if reason else batch.results.exclude(analyte__in=reasons)
        rows.exclude(flag=reason).update(flag=reason)


def review(batch: Batch, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()) -> Batch:
    """Pass a batch; when a check of quality failed, the reviewer says why the results may stand."""
    if batch.quality_failed and not reason.strip():
        raise ledger.DeedRefused(
            _("本批次有 %(count)d 项质量控制不合格。请写明可以采用的理由，或退回实验室。")
            % {"count": batch.quality_failed}
        )
    return workflow.move(
        BATCH, batch, "review",
        by=by, on=on, region=batch.region_id, reason=reason, documents=documents, effect=_tell,
    )  # fmt: skip


def send_back(batch: Batch, *, by: Reach, on: date, reason: str = "", documents: Sequence[Document] = ()) -> Batch:
    """Return a batch to the laboratory."""
    return workflow.move(
        BATCH, batch, "return",
        by=by, on=on, region=batch.region_id, reason=reason, documents=documents, effect=_tell,
    )  # fmt: skip
