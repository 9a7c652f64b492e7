"""Task 2 as queries: T02-01 … T02-04 over the stages of planned points."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import DateField, DateTimeField, Func, QuerySet

from jingtu import law
from jingtu.chapters.monitoring.facts import PLANNED_POINT
from jingtu.chapters.monitoring.models import FieldRecord
from jingtu.evidence.models import Batch, SampleKind
from jingtu.registers.duties import Binding, Evidence, Obligation, bind
from jingtu.registers.models import PackageItem, Standing

# The asked day and the instant until which records are known, as the session has them.
_ON = Func(function="jingtu_on", output_field=DateField())
_KNOWN = Func(function="jingtu_known", output_field=DateTimeField())
NATIONAL, PROVINCIAL = ("national",), ("provincial",)
BOTH = NATIONAL + PROVINCIAL

_MISSING = """
CASE s.stage WHEN 'planned' THEN '待采样' WHEN 'sampled' THEN '待送检' WHEN 'handed' THEN '待检测结果'
             WHEN 'analysed' THEN '待审核' WHEN 'reviewed' THEN coalesce(p.missing, '待上报') ELSE '' END
"""


def _of_points(done: str, tag: str) -> str:
    """One obligation a planned point, and one a point that the plan counts but the register does not hold."""
    return f"""
        WITH stage AS MATERIALIZED (
          SELECT s.*, o.code, o.name
          FROM monitoring_stage s
          JOIN monitoring_point o ON o.id = s.point_id
          JOIN monitoring_network n ON n.id = o.network_id
          JOIN monitoring_campaign c ON c.id = s.campaign_id
          WHERE n.code = ANY(%({tag}_networks)s) AND c.year = %({tag}_year)s
        ), packed AS MATERIALIZED (
          SELECT DISTINCT ON (i.subject_id) i.subject_id,
                 CASE WHEN i.accepted IS FALSE AND i.answered_at < jingtu_known() THEN '回执退回，待重新上报'
                      ELSE '已上报，待回执' END AS missing
          FROM registers_packageitem i
          JOIN registers_standing k ON k.register = 'registers.package' AND k.subject_id = i.package_id
               AND k.state IN ('sent', 'reconciled')
          WHERE i.register = '{PLANNED_POINT}'
          ORDER BY i.subject_id, i.package_id DESC
        )
        SELECT s.code::text AS key, s.region_code::text AS region_code, %({tag}_due)s::date AS due_on,
               {done} AS done_on, '{PLANNED_POINT}'::text AS subject_register, s.planned_point_id AS subject_id,
               (s.code || ' ' || s.name)::text AS label,
               CASE WHEN {done} IS NULL THEN {_MISSING} ELSE '' END AS missing
        FROM stage s LEFT JOIN packed p ON p.subject_id = s.planned_point_id
        UNION ALL
        SELECT 'lacking-' || lpad(lack::text, 3, '0'), %({tag}_region)s, %({tag}_due)s::date, NULL::date,
               'monitoring.point', NULL::bigint, '计划要求而名录中尚无的点位', '待落实点位并下达任务'
        FROM generate_series(1, %({tag}_quantity)s - (SELECT count(*) FROM stage)) AS lack
    """


def _bind(code: str, done: str, networks: tuple[str, ...]) -> None:
    duty, tag = law.plan().duty(code), code.replace("-", "_")
    if duty.due_on is None:
        raise ValueError(f"Duty {code} states no day.")
    parameters = {
        f"{tag}_due": duty.due_on,
        f"{tag}_networks": list(networks),
        f"{tag}_year": duty.due_on.year,
        f"{tag}_region": law.plan().region,
        f"{tag}_quantity": int(duty.quantity),
    }
    bind(Binding(code, _of_points(done, tag), prove, parameters))


def prove(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """Field record, batches and package item of each obligation's planned point, as of the asked day."""
    wanted = {each.subject_id: each.key for each in obligations if each.subject_id is not None}
    found: dict[str, list[Evidence]] = {key: [] for key in wanted.values()}
    records = FieldRecord.objects.filter(planned_point_id__in=wanted, taken_on__lte=_ON, recorded_at__lt=_KNOWN)
    for record in records.select_related("sample").order_by("id"):
        found[wanted[record.planned_point_id]].append(
            Evidence(f"采样记录 {record.sample.code}（{record.taken_on}）", "monitoring.field_record", record.pk)
        )
    for planned, pk, number in _batches(list(wanted)):
        found[wanted[planned]].append(Evidence(f"检测批次 {number}", "evidence.batch", pk))
    items = PackageItem.objects.filter(
        register=PLANNED_POINT, subject_id__in=wanted, accepted=True, package__sent_on__lte=_ON, answered_at__lt=_KNOWN
    )
    for item in items.select_related("package").order_by("pk"):
        label = f"上报包 {item.package.number}，回执 {item.package.receipt_number}"
        found[wanted[item.subject_id]].append(Evidence(label, "registers.package", item.package_id))
    return {key: tuple(evidence) for key, evidence in found.items()}


def _batches(planned_points: Sequence[int]) -> QuerySet[Batch, tuple[int, int, str]]:
    """Planned point, key and number of the batches that stood on the asked day with results known by then."""
    standing = Standing.objects.filter(register="evidence.batch", state__in=("accepted", "reviewed"))
    batches = Batch.objects.filter(
        pk__in=standing.values("subject_id"),
        results__sample__origin_register=PLANNED_POINT,
        results__sample__origin_id__in=planned_points,
        results__sample__kind=SampleKind.ROUTINE,
        results__analysed_on__lte=_ON,
        results__recorded_at__lt=_KNOWN,
    )
    return batches.values_list("results__sample__origin_id", "pk", "number").distinct().order_by("pk")


_bind("T02-01", "s.reviewed_on", NATIONAL)
_bind("T02-02", "s.reviewed_on", PROVINCIAL)
_bind("T02-03", "s.reviewed_on", BOTH)
_bind("T02-04", "s.uploaded_on", BOTH)
