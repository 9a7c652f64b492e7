"""The forms of the console: their fields, guidance and refusals in full sentences."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu.faces.console import attachments
from jingtu.faces.console.cells import LEDGER_ONLY
from jingtu.land import facts as land
from jingtu.registers.declare import Sheet, all_registers
from jingtu.registers.reach import Reach

MOST_BYTES = 64 * 1024 * 1024
MEGABYTE = 1024 * 1024


class DayField(forms.DateField):
    """A day, entered with the browser's own calendar."""

    def __init__(self, **more: Any) -> None:
        """Show the value as ISO, as date inputs want it."""
        more.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        more.setdefault(
            "error_messages", {"required": _("请填写日期。"), "invalid": _("日期读不出，请写成 2021-09-15。")}
        )
        super().__init__(**more)


class MoveForm(forms.Form):
    """What every move states: the business day, the reason, a document."""

    on = DayField(label=_("业务日期"), help_text=_("事情实际发生的日期，或文件上所写的日期；不能晚于今天。"))
    reason = forms.CharField(label=_("理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.FileField(label=_("附件"), required=False, help_text=_("需要证明文件时附上；按摘要原样留存。"))

    def __init__(self, today: date, needs_reason: bool, *args: Any, **kwargs: Any) -> None:
        """Fill in today; demand the reason where the arrow does."""
        kwargs.setdefault("initial", {"on": today})
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["reason"].required = needs_reason
        self.fields["reason"].error_messages["required"] = _("办理本步须写明理由。")

    def clean_document(self) -> Any:
        """Refuse what is no document."""
        return _documented(self)


def _documented(form: forms.Form) -> Any:
    file = form.cleaned_data["document"]
    if file and (refused := attachments.refusal(file)):
        raise forms.ValidationError(refused)
    return file


class ToolForm(forms.Form):
    """What a tool asks, and the business day."""

    on = DayField(label=_("业务日期"), help_text=_("事情实际发生的日期，或文件上所写的日期；不能晚于今天。"))

    def __init__(self, today: date, fields: dict[str, forms.Field], *args: Any, **kwargs: Any) -> None:
        """The tool's own fields first, the day last."""
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.fields.update(fields)
        self.order_fields([*fields, "on"])
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        for field in fields.values():
            field.error_messages["required"] = _("请填写本栏。")

    def clean_document(self) -> Any:
        """Refuse what is no document, where a tool asks for one."""
        return _documented(self)


class UploadForm(forms.Form):
    """A file for a sheet: what it is, for which place, as of which day."""

    sheet = forms.ChoiceField(label=_("表单"), error_messages={"required": _("请选择表单。")})
    region = forms.ChoiceField(label=_("地区"), error_messages={"required": _("请选择地区。")})
    on = DayField(label=_("业务日期"), help_text=_("文件上所写的日期，例如检测报告的签发日期；不能晚于今天。"))
    reason = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    file = forms.FileField(
        label=_("文件"),
        help_text=_(
            "XLSX、XLS 或 CSV，不超过 64 MB；带图形的表单还可以交 GeoPackage、GeoJSON、压缩的 Shapefile 或 .gdb。"
        ),
        error_messages={"required": _("请选择要导入的文件。"), "empty": _("所选的文件是空的，请核对后重新选择。")},
    )

    def __init__(self, reach: Reach, sheets: list[Sheet], today: date, *args: Any, **kwargs: Any) -> None:
        """Offer the sheets and places of the post."""
        super().__init__(*args, **kwargs)
        regions = land.regions_within(reach.submitting_prefix)
        self.fields["sheet"].choices = [(sheet.name, str(sheet.title)) for sheet in sheets]  # type: ignore[attr-defined]
        self.fields["region"].choices = [(region.code, region.full_name) for region in regions]  # type: ignore[attr-defined]
        self.fields["region"].initial = reach.region_code
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean_file(self) -> Any:
        """Refuse what is too large, with both sizes."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("文件有 %(size).1f MB，超过 64 MB 的上限。请分成几个文件提交。"),
                params={"size": file.size / MEGABYTE},
            )
        return file


class LedgerForm(forms.Form):
    """What to look for in the ledger."""

    register = forms.ChoiceField(label=_("登记册"), required=False)
    from_on = DayField(label=_("业务日期自"), required=False)
    to_on = DayField(label=_("至"), required=False)
    q = forms.CharField(
        label=_("查找"), required=False, widget=forms.TextInput(attrs={"data-search": "", "class": "wide"})
    )

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        """Offer the registers that the post sees."""
        super().__init__(*args, **kwargs)
        seen = [(each.name, str(each.title)) for each in all_registers() if each.sees(reach)]
        self.fields["register"].choices = [("", _("全部")), *seen, *LEDGER_ONLY.items()]  # type: ignore[attr-defined]
