"""Questions about laboratories, samples and batches that chapters may ask."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from jingtu.evidence.models import Accreditation, HandoverItem, Laboratory, Sample, SampleKind
from jingtu.evidence.workflow import HANDOVER
from jingtu.registers.models import Move


def laboratories(on: date) -> QuerySet[Laboratory]:
    """Laboratories with a certificate in force on a day."""
    return Laboratory.objects.filter(accreditations__from_on__lte=on, accreditations__to_on__gte=on).distinct()


def accredited_analytes(laboratory: Laboratory, on: date) -> set[str]:
    """What a laboratory may measure on a day."""
    rows = Accreditation.objects.filter(laboratory=laboratory, from_on__lte=on, to_on__gte=on)
    return {analyte for analytes in rows.values_list("analytes", flat=True) for analyte in analytes}


def handed_samples(laboratory: Laboratory, codes: Iterable[str]) -> dict[str, int]:
    """Those of the sample codes that were handed to the laboratory, with the key of their sample."""
    items = HandoverItem.objects.filter(
        handover__laboratory=laboratory, handover__state__in=("sent", "received"), sample__code__in=set(codes)
    )
    return dict(items.values_list("sample__code", "sample_id"))


def sent_days(laboratory: Laboratory, codes: Iterable[str]) -> dict[str, date]:
    """The business day on which each of these samples left for the laboratory."""
    items = HandoverItem.objects.filter(handover__laboratory=laboratory, sample__code__in=set(codes))
    pairs = list(items.values_list("sample__code", "handover_id"))
    moves = Move.objects.filter(
        register=HANDOVER.register, arrow="send", subject_id__in={handover for _code, handover in pairs}
    )
    days = dict(moves.values_list("subject_id", "on"))
    return {code: days[handover] for code, handover in pairs if handover in days}


def samples_by_code(codes: Iterable[str]) -> dict[str, Sample]:
    """Samples by their codes."""
    return {sample.code: sample for sample in Sample.objects.filter(code__in=set(codes))}


def labels_known(region_code: str, labels: Iterable[str]) -> set[str]:
    """Those of the samplers' labels that a sample of the region bears already."""
    rows = Sample.objects.filter(region_id=region_code, label__in=set(labels))
    return set(rows.values_list("label", flat=True))


def free_controls(prefix: str) -> QuerySet[Sample]:
    """Blanks and reference materials within a region prefix that are in no handover yet."""
    kinds = (SampleKind.BLANK, SampleKind.REFERENCE)
    free = Sample.objects.filter(kind__in=kinds, handovers__isnull=True)
    return free.filter(region__code__startswith=prefix).order_by("code")
