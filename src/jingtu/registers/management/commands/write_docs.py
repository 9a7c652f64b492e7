"""Write the pages that follow from declarations: registers, sheets, rights, and the plan's duties with their state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from jingtu import law
from jingtu.law.pages import farmland_page
from jingtu.registers import duties
from jingtu.registers.arrows import Workflow
from jingtu.registers.declare import Register, all_registers, all_sheets

PLAN_DAY = date(2021, 12, 31)  # the last day of the plan, with the editions of its year
HEAD = _("由声明生成，勿手改；`make docs` 重新生成。")


def pages() -> Iterator[tuple[str, str]]:
    """Each generated page: its path under ``docs`` and its text."""
    yield "registers/README.md", _index()
    for register in all_registers():
        yield f"registers/{register.name}.md", "\n".join(_register(register)) + "\n"
    yield "registers/sheets.md", "\n".join(_sheets()) + "\n"
    yield "law/duties.md", "\n".join(_duties()) + "\n"
    yield "law/farmland.md", "\n".join([f"# {_('耕地的规则、数目与限量')}", "", HEAD, "", *farmland_page(PLAN_DAY)])


def table(headings: list[str], rows: list[list[Any]]) -> list[str]:
    """A Markdown table."""
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    return [*lines, *("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows), ""]


def _index() -> str:
    rows = [
        [f"[{each.title}]({each.name}.md)", f"`{each.name}`", each.clause, each.chapter or "—"]
        for each in all_registers()
    ]
    lines = [f"# {_('登记册')}", "", HEAD, "", *table([_("登记册"), _("名称"), _("条款"), _("章节")], rows)]
    return "\n".join(lines)


def _register(register: Register) -> Iterator[str]:
    yield from (f"# {register.title} `{register.name}`", "", HEAD, "")
    yield from ((register.__doc__ or "").strip(), "")
    yield from (f"## {_('列')}", "")
    yield from table(
        [_("列"), _("名称"), _("单位")],
        [[column.label, f"`{column.name}`", column.unit] for column in register.columns],
    )
    if register.filters:
        yield from (f"## {_('筛选')}", "")
        yield from table([_("筛选"), _("名称")], [[each.label, f"`{name}`"] for name, each in register.filters.items()])
    if register.workflow:
        yield from _flow(register.workflow)
    yield from _rights(register)


def _flow(flow: Workflow) -> Iterator[str]:
    yield from (f"## {_('状态与流转')}", "", "```mermaid", "stateDiagram-v2")
    yield from (f'  state "{state.label}" as {name}' for name, state in flow.states.items())
    yield f"  [*] --> {flow.initial}"
    yield from (f"  {source} --> {each.target}: {each.label}" for each in flow.arrows for source in each.sources)
    yield from ("```", "")
    rows = [
        [
            each.label,
            "、".join(str(flow.states[source].label) for source in each.sources),
            flow.states[each.target].label,
            "；".join(_right(right) for right in each.rights) or _("平台"),
            each.clause,
        ]
        for each in flow.arrows
    ]
    yield from table([_("办理"), _("由"), _("到"), _("谁"), _("依据")], rows)


def _right(right: Any) -> str:
    return f"{right.role}（{'、'.join(right.levels)}；{'、'.join(right.departments)}）"


def _rights(register: Register) -> Iterator[str]:
    held = [[each.deed, _right(each)] for each in register.rights]
    held += [[tool.label, _right(right)] for tool in (*register.openings, *register.tools) for right in tool.rights]
    if held:
        yield from (f"## {_('权限')}", "", *table([_("办理"), _("谁")], held))


def _sheets() -> Iterator[str]:
    yield from (f"# {_('导入表单')}", "", HEAD, "")
    for sheet in all_sheets():
        yield from (f"## {sheet.title} `{sheet.name}`", "", str(sheet.guidance), "")
        rows = [
            [c.label, f"`{c.name}`", c.kind.value, _("必填") if c.required else "", c.unit, c.guidance, c.example]
            for c in sheet.spec.columns
        ]
        yield from table([_("列"), _("名称"), _("类型"), _("必填"), _("单位"), _("填写要求"), _("例")], rows)


def _duties() -> Iterator[str]:
    plan = law.plan()
    yield from (f"# {plan.title_zh}（{plan.document_number}）", "", HEAD, "")
    for clause in plan.clauses:
        yield from (f"## {clause.code} {clause.heading_zh}", "", f"> {clause.text_zh}", "")
        rows = [
            [duty.code, duty.duty_zh, duty.actor_zh, duty.due_on or _("未定期限"), duty.date_basis, _state(duty.code)]
            for duty in plan.duties_of(clause.code)
        ]
        headings = [_("任务项"), _("内容"), _("责任主体"), _("期限"), _("期限的来历"), _("接入")]
        yield from table(headings, rows)


def _state(code: str) -> str:
    return _("已接入") if duties.is_bound(code) else _("? 尚未接入")


class Command(BaseCommand):
    """Write the generated pages under ``docs``."""

    help = "Write the documentation that follows from declarations."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every page, remove pages of what is no longer declared."""
        docs = Path("docs")
        written = {docs / name for name, _text in pages()}
        for stale in set((docs / "registers").glob("*.md")) - written:
            stale.unlink()
        for name, text in pages():
            path = docs / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.stdout.write(f"已写出 {len(written)} 页。")
