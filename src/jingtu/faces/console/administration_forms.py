"""The forms of administrators, and of delegation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu.faces.console.entry_forms import AgainForm
from jingtu.faces.console.forms import DayField
from jingtu.land import facts as land
from jingtu.land.models import Account, Department, Post, Role, SecurityEventKind
from jingtu.registers.reach import Reach


def reason_field(help_text: Any = "") -> forms.CharField:
    """Why it is done, in the officer's words."""
    return forms.CharField(
        label=_("事由"),
        max_length=400,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明事由。")},
    )


class OpenSpanForm(AgainForm):
    """Why one acts as administrator, and the password once more."""

    reason = reason_field(_("例如“新调入人员开立账号”。事由与本时段内的每项办理一起记入台账。"))

    field_order = ["reason", "password", "code"]

    def clean(self) -> dict[str, Any]:
        """Password and code are tried by the deed itself."""
        return self.cleaned_data


class AccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label=_("账号"), max_length=40, help_text=_("小写字母、数字和连字符，例如 wang-xiaoming。")
    )
    display_name = forms.CharField(label=_("姓名"), max_length=60)
    organisation = forms.ChoiceField(label=_("单位"))
    reason = reason_field()

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        """Offer the organisations of the post's region."""
        super().__init__(*args, **kwargs)
        self.organisations = {str(each.pk): each for each in land.organisations_within(reach.prefix)}
        self.fields["organisation"].choices = [(key, each.name) for key, each in self.organisations.items()]  # type: ignore[attr-defined]
        demand(self)

    def clean_organisation(self) -> Any:
        """The organisation itself."""
        return self.organisations[self.cleaned_data["organisation"]]


class AppointForm(forms.Form):
    """A post for an account."""

    organisation = forms.ChoiceField(label=_("单位"))
    region = forms.ChoiceField(label=_("地区"))
    department = forms.ChoiceField(label=_("部门"), choices=Department.choices)
    role = forms.ChoiceField(label=_("岗位角色"), choices=Role.choices)
    from_on = DayField(label=_("任职起"))
    to_on = DayField(label=_("任职止"), required=False, help_text=_("不写为长期。"))
    reason = reason_field(_("任免的依据，例如任命文件的文号。"))

    def __init__(self, reach: Reach, account: Account, today: date, *args: Any, **kwargs: Any) -> None:
        """Offer the organisations and places of the administrator's region; begin with the account's own."""
        super().__init__(*args, **kwargs)
        self.organisations = {str(each.pk): each for each in land.organisations_within(reach.prefix)}
        self.fields["organisation"].choices = [(key, each.name) for key, each in self.organisations.items()]  # type: ignore[attr-defined]
        places = land.regions_within(reach.prefix)
        self.fields["region"].choices = [(region.code, region.full_name) for region in places]  # type: ignore[attr-defined]
        own = account.organisation
        self.initial = {
            "from_on": today,
            "organisation": str(own.pk) if own else "",
            "region": own.region_id if own else "",
        }
        demand(self)

    def clean_organisation(self) -> Any:
        """The organisation itself."""
        return self.organisations[self.cleaned_data["organisation"]]


class EndPostForm(forms.Form):
    """The last day of a post and who follows."""

    last_on = DayField(label=_("最后任职日"))
    successor = forms.ChoiceField(
        label=_("接任人"), required=False, help_text=_("接任同一岗位；未办事项、退回的文件随岗位移交。")
    )
    reason = reason_field(_("例如“调离”，并写明依据。"))

    def __init__(self, post: Post, today: date, *args: Any, **kwargs: Any) -> None:
        """Offer the colleagues of the same organisation."""
        super().__init__(*args, **kwargs)
        self.colleagues = {str(each.pk): each for each in land.colleagues_of(post)}
        offered = [(key, f"{each.display_name}（{each.username}）") for key, each in self.colleagues.items()]
        self.fields["successor"].choices = [("", _("不指定（由任同一岗位的其他人接办）")), *offered]  # type: ignore[attr-defined]
        self.initial = {"last_on": today}
        demand(self)

    def clean_successor(self) -> Account | None:
        """The account that follows."""
        return self.colleagues.get(self.cleaned_data["successor"])


class DelegateForm(forms.Form):
    """Who acts while the holder is away."""

    delegate = forms.ChoiceField(label=_("代理人"))
    from_on = DayField(label=_("代理起"))
    to_on = DayField(label=_("代理止"))
    reason = reason_field(_("例如“外出培训”。"))

    def __init__(self, post: Post, today: date, *args: Any, **kwargs: Any) -> None:
        """Offer the colleagues of the same organisation."""
        super().__init__(*args, **kwargs)
        self.colleagues = {str(each.pk): each for each in land.colleagues_of(post)}
        offered = [(key, f"{each.display_name}（{each.username}）") for key, each in self.colleagues.items()]
        self.fields["delegate"].choices = offered  # type: ignore[attr-defined]
        self.initial = {"from_on": today, "to_on": today}
        demand(self)

    def clean_delegate(self) -> Account:
        """The colleague."""
        return self.colleagues[self.cleaned_data["delegate"]]


class ReasonForm(forms.Form):
    """Only the reason."""

    reason = reason_field()


class LogForm(forms.Form):
    """What to look for in the security log."""

    kind = forms.ChoiceField(label=_("事件"), required=False, choices=[("", _("全部")), *SecurityEventKind.choices])
    q = forms.CharField(
        label=_("账号或姓名"), required=False, max_length=60, widget=forms.TextInput(attrs={"data-search": ""})
    )
    from_on = DayField(label=_("自"), required=False)
    to_on = DayField(label=_("至"), required=False)


def demand(form: forms.Form) -> None:
    """Say in a sentence that a field must be filled in."""
    for name, field in form.fields.items():
        if name not in {"reason", "from_on", "to_on", "last_on"}:
            field.error_messages["required"] = _("请填写本栏。")
