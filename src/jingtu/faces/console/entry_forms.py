"""The forms of the entry: account and password, code, new password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jingtu.entrance import signin, tokens
from jingtu.land.models import Account, TokenScope
from jingtu.registers.declare import all_registers
from jingtu.registers.reach import Reach

MOST_LETTERS = 256


def password_field(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    """A password, taken exactly as typed."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=MOST_LETTERS,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        error_messages={"required": _("请填写密码。"), "max_length": _("密码不能超过 256 个字符。")},
        **more,
    )


def code_field(label: Any) -> forms.CharField:
    """A code of the authenticator, or a recovery code."""
    return forms.CharField(
        label=label,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": _("请填写动态口令。")},
    )


class SignInForm(forms.Form):
    """Account and password."""

    username = forms.CharField(
        label=_("账号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": _("请填写账号。")},
    )
    password = password_field(_("密码"), "current-password")


class CodeForm(forms.Form):
    """The code after the password."""

    code = code_field(_("动态口令或恢复码"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put the cursor there."""
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True


class AgainForm(forms.Form):
    """The own password once more, and a code where a second factor is in force."""

    password = password_field(_("现在的密码"), "current-password")
    code = code_field(_("动态口令"))

    def __init__(self, account: Account, address: str, *args: Any, **kwargs: Any) -> None:
        """Ask for a code only where there is one to give."""
        self.account, self.address = account, address
        super().__init__(*args, **kwargs)
        if not account.factor_confirmed_at:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """Both must be right."""
        found = super().clean() or {}
        if not self.errors:
            refusal = signin.confirm(self.account, found["password"], found.get("code", ""), self.address)
            if refusal:
                raise forms.ValidationError(refusal)
        return found


class FactorForm(AgainForm):
    """The own password, and the first code that the new authenticator shows."""

    first_code = code_field(_("验证器显示的 6 位数字"))

    field_order = ["first_code", "password"]


class PasswordForm(AgainForm):
    """The old password once, the new one twice."""

    new = password_field(_("新密码"), "new-password")
    again = password_field(_("再写一遍新密码"), "new-password")

    field_order = ["password", "code", "new", "again"]

    def clean(self) -> dict[str, Any]:
        """The new passwords must agree and be strong enough; only then is the old one tried."""
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("两次写的新密码不一致，请重新填写。"))
        for fault in signin.password_faults(self.account, new) if new else []:
            self.add_error("new", fault)
        return super().clean()


class TokenForm(AgainForm):
    """What a token is for, what it opens and for how long; and the own password, since it opens without one."""

    name = forms.CharField(
        label=_("用途"),
        max_length=60,
        help_text=_("哪个程序用它做什么，例如“环境信息平台每日取数”。"),
        error_messages={"required": _("请写明令牌的用途。")},
    )
    scope = forms.ChoiceField(label=_("权限"), choices=TokenScope.choices)
    days = forms.TypedChoiceField(
        label=_("有效期"), coerce=int, choices=[(days, _("%d 天") % days) for days in tokens.DAYS]
    )
    registers = forms.MultipleChoiceField(
        label=_("登记册"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只对所选的登记册有效；一个也不选，就是本岗位能看到的全部，另加计划总览、应办事项和台账摘要。"),
    )

    field_order = ["name", "scope", "days", "registers", "password", "code"]

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        """Offer the registers that the post sees."""
        super().__init__(*args, **kwargs)
        seen = [(each.name, str(each.title)) for each in all_registers() if each.sees(reach)]
        self.fields["registers"].choices = seen  # type: ignore[attr-defined]
