"""Which passwords are taken: long ones of any letters, not the common ones, not the names around them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from jingtu.entrance import signin
from tests.security.conftest import PASSWORD, Office, is_in, sign_in


@pytest.mark.parametrize(
    ("password", "part"),
    [
        ("short-one", "10"),  # nine letters
        ("qwertyuiop", "常见"),
        ("1234567890987", "数字"),
        ("clerk-clerk-1", "容易被猜中"),
        ("Shanxi2021", "容易被猜中"),
        ("姓名clerk净土2021", "容易被猜中"),
        ("太原测试局jingtu1", "容易被猜中"),
        (PASSWORD, "相同"),
    ],
)
def test_poor_passwords_are_refused_with_the_reason(office: Office, password: str, part: str) -> None:
    """Seen to fail for each line with the validator that refuses it taken out of the settings."""
    faults = signin.password_faults(office.clerk.account, password)
    assert any(part in fault for fault in faults), faults


@pytest.mark.parametrize(
    "password",
    [
        "a sentence of my own",
        "黄土高原上的一棵老槐树真好",
        "x" * 20 + "🌱" + "y" * 43,
        " spaces at both ends ",
        "Tr0ub4dor&3xyz",
    ],
)
def test_any_letters_and_any_length_will_do(client: Client, office: Office, password: str) -> None:
    """Seen to fail with ``strip`` on, with ``max_length`` of 30, and with the case folded before hashing."""
    sign_in(client, "clerk")
    data = {"password": PASSWORD, "new": password, "again": password}
    assert client.post("/password/", data).status_code == 302
    for wrong in (password.strip() + "!", password[:-1], password.swapcase() + "a"):
        fresh = Client()
        sign_in(fresh, "clerk", wrong, address="10.3.3.3")
        assert not is_in(fresh)
    fresh = Client()
    sign_in(fresh, "clerk", password, address="10.4.4.4")
    assert is_in(fresh)


def test_fields_hide_what_is_typed_and_help_password_managers(client: Client, office: Office) -> None:
    """Seen to fail with a plain text field."""
    sheet = client.get("/sign-in/").text
    assert 'type="password"' in sheet
    assert 'autocomplete="current-password"' in sheet
    assert "onpaste" not in sheet
    sign_in(client, "clerk")
    assert client.get("/password/").text.count('type="password"') == 3


def test_the_common_list_is_long_enough(settings: Any) -> None:
    """Seen to fail with CommonPasswordValidator taken out: at least 3,000 of its words have ten letters or more."""
    from django.contrib.auth.password_validation import CommonPasswordValidator

    names = [each["NAME"] for each in settings.AUTH_PASSWORD_VALIDATORS]
    assert "django.contrib.auth.password_validation.CommonPasswordValidator" in names
    words = CommonPasswordValidator().passwords
    assert len(words) >= 15_000
    assert sum(len(word) >= 8 for word in words) >= 3_000
