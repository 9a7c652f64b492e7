"""Task 5 as queries: every event comes to a conclusion, every adjustment to a decision, every decision is uploaded."""

from __future__ import annotations

from collections.abc import Sequence

from jingtu.chapters.farmland.duties.terms import due_of, terms
from jingtu.chapters.farmland.facts.classes import ADJUSTMENT, ADJUSTMENT_ITEM, TRIGGER
from jingtu.chapters.farmland.models import Adjustment, AdjustmentItem, Trigger
from jingtu.chapters.farmland.models.classes import TriggerKind
from jingtu.registers.duties import Binding, Evidence, Obligation, bind
from jingtu.registers.models import PackageItem

_EVENTS = f"""
WITH event AS MATERIALIZED (
  SELECT t.id, t.number, t.region_id, t.kind, s.state, s.since_on
  FROM farmland_trigger t
  JOIN registers_standing s ON s.register = '{TRIGGER}' AND s.subject_id = t.id AND s.state <> 'withdrawn'
  WHERE extract(year FROM t.happened_on) = %(T05_01_year)s
)
SELECT e.number::text AS key, e.region_id::text AS region_code, {{due}} AS due_on,
       CASE WHEN e.state IN ('adjusted', 'kept') THEN e.since_on END AS done_on,
       '{TRIGGER}'::text AS subject_register, e.id AS subject_id,
       ('触发事件 ' || e.number || '（' || (%(T05_01_kinds)s::jsonb ->> e.kind) || '）')::text AS label,
       CASE e.state WHEN 'open' THEN '待作出调整或不调整的结论' WHEN 'adjusting' THEN '正在调整，待审定'
                    ELSE '' END AS missing
FROM event e
"""

_ADJUSTED = f"""
WITH adjustment AS MATERIALIZED (
  SELECT a.id, a.number, a.title, a.region_id, s.state, s.since_on
  FROM farmland_adjustment a
  JOIN registers_standing s ON s.register = '{ADJUSTMENT}' AND s.subject_id = a.id AND s.state <> 'withdrawn'
  WHERE extract(year FROM a.proposed_on) = %(T05_02_year)s
)
SELECT a.number::text AS key, a.region_id::text AS region_code, {{due}} AS due_on,
       CASE WHEN a.state IN ('decided', 'refused') THEN a.since_on END AS done_on,
       '{ADJUSTMENT}'::text AS subject_register, a.id AS subject_id, (a.number || ' ' || a.title)::text AS label,
       CASE a.state WHEN 'draft' THEN '待县级报审' WHEN 'returned' THEN '已退回，待县级重新报审'
                    WHEN 'proposed' THEN '待市级审核' WHEN 'reviewed' THEN '待省级审定' ELSE '' END AS missing
FROM adjustment a
"""

_UPLOADED = f"""
WITH decided AS MATERIALIZED (
  SELECT a.id, a.number, a.title, a.region_id
  FROM farmland_adjustment a
  JOIN registers_standing s ON s.register = '{ADJUSTMENT}' AND s.subject_id = a.id AND s.state = 'decided'
  WHERE extract(year FROM a.proposed_on) = %(T05_03_year)s
), answered AS MATERIALIZED (
  SELECT i.subject_id, max(i.package_id) AS package_id,
         min(k.sent_on) FILTER (WHERE i.accepted AND i.answered_at < jingtu_known()) AS taken_on,
         bool_or(i.accepted IS FALSE AND i.answered_at < jingtu_known()) AS is_refused,
         bool_or(p.state IN ('sent', 'reconciled')) AS is_sent
  FROM registers_packageitem i
  JOIN registers_package k ON k.id = i.package_id
  JOIN registers_standing p ON p.register = 'registers.package' AND p.subject_id = k.id AND p.state <> 'withdrawn'
  WHERE i.register = '{ADJUSTMENT_ITEM}'
  GROUP BY i.subject_id
), uploaded AS MATERIALIZED (
  SELECT t.adjustment_id, count(*) AS items, count(n.taken_on) AS taken, max(n.taken_on) AS taken_on,
         count(n.subject_id) AS packed, count(*) FILTER (WHERE n.is_sent) AS sent,
         coalesce(bool_or(n.is_refused AND n.taken_on IS NULL), false) AS is_refused
  FROM farmland_adjustmentitem t
  JOIN decided d ON d.id = t.adjustment_id
  LEFT JOIN answered n ON n.subject_id = t.id
  GROUP BY t.adjustment_id
)
SELECT d.number::text AS key, d.region_id::text AS region_code, {{due}} AS due_on,
       CASE WHEN u.taken = u.items AND u.taken_on <= jingtu_on() THEN u.taken_on END AS done_on,
       '{ADJUSTMENT}'::text AS subject_register, d.id AS subject_id, (d.number || ' ' || d.title)::text AS label,
       CASE WHEN u.taken = u.items AND u.taken_on <= jingtu_on() THEN ''
            WHEN u.is_refused THEN '回执退回，待重新上报'
            WHEN u.packed < u.items THEN '待生成上报包'
            WHEN u.sent < u.items THEN '上报包待上报' ELSE '已上报，待回执' END AS missing
FROM decided d JOIN uploaded u ON u.adjustment_id = d.id
"""


def prove_events(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The event and the adjustments it led to."""
    wanted = [each.subject_id for each in obligations if each.subject_id is not None]
    found = {
        trigger.number: [Evidence(f"触发事件 {trigger.number}", TRIGGER, trigger.pk)]
        for trigger in Trigger.objects.filter(pk__in=wanted)
    }
    for adjustment in Adjustment.objects.filter(trigger__in=wanted).select_related("trigger").order_by("pk"):
        proof = Evidence(f"类别调整 {adjustment.number}", ADJUSTMENT, adjustment.pk)
        found[adjustment.trigger.number].append(proof)
    return {key: tuple(evidence) for key, evidence in found.items()}


def prove_adjusted(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The adjustment itself."""
    wanted = [each.subject_id for each in obligations if each.subject_id is not None]
    rows = Adjustment.objects.filter(pk__in=wanted)
    return {each.number: (Evidence(f"类别调整 {each.number}", ADJUSTMENT, each.pk),) for each in rows}


def prove_uploaded(obligations: Sequence[Obligation]) -> dict[str, tuple[Evidence, ...]]:
    """The packages that brought an adjustment's units to the platform, with their receipts."""
    wanted = {each.subject_id: each.key for each in obligations if each.subject_id is not None}
    owner = dict(AdjustmentItem.objects.filter(adjustment_id__in=wanted).values_list("pk", "adjustment_id"))
    items = PackageItem.objects.filter(register=ADJUSTMENT_ITEM, subject_id__in=owner, accepted=True)
    found: dict[str, dict[int, Evidence]] = {}
    for item in items.select_related("package").order_by("package_id"):
        label = f"上报包 {item.package.number}，回执 {item.package.receipt_number}"
        proof = Evidence(label, "registers.package", item.package_id)
        found.setdefault(wanted[owner[item.subject_id]], {})[item.package_id] = proof
    return {key: tuple(evidence.values()) for key, evidence in found.items()}


_KINDS = "{" + ", ".join(f'"{value}": "{label}"' for value, label in TriggerKind.choices) + "}"

bind(Binding("T05-01", _EVENTS.format(due=due_of("T05-01")), prove_events, terms("T05-01", kinds=_KINDS)))
bind(Binding("T05-02", _ADJUSTED.format(due=due_of("T05-02")), prove_adjusted, terms("T05-02")))
bind(Binding("T05-03", _UPLOADED.format(due=due_of("T05-03")), prove_uploaded, terms("T05-03")))
