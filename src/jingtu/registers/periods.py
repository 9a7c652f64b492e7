"""Periods that offices set for duties whose time the plan leaves open: by document, told with their grounds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingtu import law
from jingtu.land import facts as land
from jingtu.land.models import Department, Role
from jingtu.registers import clock, documents, ledger
from jingtu.registers.clock import Clock
from jingtu.registers.declare import Tool
from jingtu.registers.duties import settings_at
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.models import DutySetting
from jingtu.registers.reach import Reach, Right, permits

REGISTER = "registers.duty_setting"
OFFICES = tuple(value for value, _label in Department.choices if value != Department.LABORATORY)
SETTERS = (Right(Role.CLERK, "set", levels=("province",), departments=OFFICES),)


def open_duties() -> dict[str, str]:
    """The duties for which neither plan nor law states a day, with their words."""
    return {duty.code: f"{duty.code} {duty.duty_zh}" for duty in law.plan() if duty.due_on is None}


def certainties() -> dict[str, str]:
    """How sure an entry can be, in words."""
    return {code.code: code.label_zh for code in law.codes("certainty")}


def standing(duty: str, at: Clock) -> DutySetting | None:
    """The setting of a duty that is in force on the asked day, as known by then."""
    return settings_at(at).filter(duty=duty).last()


def told(duty: str, at: Clock) -> str:
    """What was set for a duty whose time the plan leaves open, with its grounds; or that nothing was."""
    found = standing(duty, at)
    if found is None:
        return _("尚未设定；设定前不判逾期。")
    return _("%(due_on)s（%(by)s %(number)s，自 %(from_on)s 起；%(certainty)s）") % {
        "due_on": found.due_on.isoformat(),
        "by": found.set_by,
        "number": found.document_number,
        "from_on": found.from_on.isoformat(),
        "certainty": certainties()[found.certainty],
    }


def _answers_for(duty: law.Duty, department: str) -> bool:
    """Whether a department acts on a duty or leads its clause, in the plan's own words."""
    return department in duty.departments or str(Department(department).label) in duty.lead_zh


def _check(said: dict[str, Any], by: Reach) -> None:
    if not permits(SETTERS, by):
        raise DeedRefused(_("您的岗位不能设定任务期限：期限由省级牵头部门的经办登记。"))
    duty = law.plan().duty(said["duty"])
    if duty.due_on is not None:
        raise DeedRefused(_("计划或法律已写明“%(duty)s”的完成期限，不能另设。") % {"duty": duty.duty_zh})
    if not _answers_for(duty, by.department):
        raise DeedRefused(_("“%(duty)s”不由您的部门负责，期限由负责的部门登记。") % {"duty": duty.duty_zh})
    if said["due_on"] < said["from_on"]:
        raise DeedRefused(_("完成期限早于起始日期，请核对文件。"))
    same = DutySetting.objects.filter(duty=said["duty"], from_on=said["from_on"])
    if same.exists() and not said["note"].strip():
        raise DeedRefused(_("这项任务自这一天起的期限已有登记。更正须在说明中写明理由；原来的一条留存备查。"))


def set_period(*, by: Reach, on: date, file: tuple[str, bytes] | None = None, **said: Any) -> DutySetting:
    """Set down the period of a duty as a document states it; of the same first day the later entry goes before.

    ``said`` holds duty, due_on, from_on, set_by, document_number, certainty and note.
    """
    _check(said, by)
    kept = [documents.keep(file[1], file[0])] if file else []
    with ledger.deed(
        "registers.duty_setting.set", by=by, on=on, register=REGISTER, region=by.region_code, reason=said["note"],
        documents=kept,
    ) as doing:  # fmt: skip
        made = DutySetting.objects.create(
            **said, is_demonstration=land.is_demonstration(by.organisation_id), recorded_at=doing.recorded_at
        )
        doing.subject_id = str(made.pk)
        doing.sentence = _("设定任务%(duty)s的完成期限为 %(due_on)s，自 %(from_on)s 起（%(number)s）") % {
            "duty": made.duty,
            "due_on": made.due_on.isoformat(),
            "from_on": made.from_on.isoformat(),
            "number": made.document_number,
        }
        for document in kept:
            documents.attach(document, REGISTER, str(made.pk), by.region_code, _("设定依据"))
    return made


# --- the form -------------------------------------------------------------------------------------------------


def fields(_record: None, reach: Reach) -> dict[str, forms.Field]:
    """Which duty is due when, from which day on, by which document, and how sure that is."""
    own = {
        code: words for code, words in open_duties().items() if _answers_for(law.plan().duty(code), reach.department)
    }
    return {
        "duty": forms.ChoiceField(label=gettext_lazy("任务项"), choices=list(own.items())),
        "due_on": _day(gettext_lazy("完成期限")),
        "from_on": _day(
            gettext_lazy("起始日期"), initial=clock.today, help_text=gettext_lazy("文件施行之日，以前的看板不受影响。")
        ),
        "set_by": forms.CharField(label=gettext_lazy("设定单位"), max_length=120),
        "document_number": forms.CharField(
            label=gettext_lazy("文号"), max_length=60, help_text=gettext_lazy("照设定期限的文件上的文号填写。")
        ),
        "certainty": forms.ChoiceField(label=gettext_lazy("可靠程度"), choices=list(certainties().items())),
        "note": forms.CharField(
            label=gettext_lazy("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
            help_text=gettext_lazy("更正已有的期限、补录过去的期限，须写明理由。"),
        ),
        "document": forms.FileField(
            label=gettext_lazy("设定期限的文件"), required=False, help_text=gettext_lazy("补录的须附。")
        ),
    }  # fmt: skip


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def run(_record: None, *, by: Reach, on: date, document: Any = None, **said: Any) -> tuple[str, int]:
    """Write it down."""
    file = (str(document.name), document.read()) if document else None
    return REGISTER, set_period(**said, by=by, on=on, file=file).pk


SET_PERIOD = Tool(
    "set", gettext_lazy("设定期限"), SETTERS, fields, run,
    hint=gettext_lazy("计划没有写明期限的任务，在此按文件登记完成期限；登记前只显示“期限待设定”，不判逾期。"),
)  # fmt: skip
