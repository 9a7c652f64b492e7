"""The second factor: codes of an authenticator that change every thirty seconds (RFC 6238), and recovery codes.

The seed of the codes stands nowhere: it is derived from the instance's secret and a random salt of the account, so
that a copy of the database alone makes no codes.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import datetime

import pyotp
import segno
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from jingtu.land.models import Account, RecoveryCode

ISSUER = "Jingtu"
SEED_BYTES = 20
CODES = 10
GROUPS, GROUP = 6, 4
STEP_SECONDS = 30
# The step just past counts too: a code takes seconds to type and clocks differ.
STEPS_BACK = 1


def begin(account: Account) -> str:
    """The seed for an authenticator, not yet in force; asked again before it is confirmed, it stays the same."""
    if not account.factor_salt:
        account.factor_salt = secrets.token_hex(16)
        account.save(update_fields=["factor_salt"])
    return _seed(account)


def _seed(account: Account) -> str:
    mac = salted_hmac("jingtu.factor", f"{account.pk}\n{account.factor_salt}", algorithm="sha256")
    return base64.b32encode(mac.digest()[:SEED_BYTES]).decode()


def qr_code(account: Account) -> str:
    """The picture that an authenticator reads, as SVG."""
    address = pyotp.TOTP(begin(account)).provisioning_uri(name=account.username, issuer_name=ISSUER)
    return segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=False, svgclass=None, lineclass=None)


@transaction.atomic
def accepts(account: Account, code: str, at: datetime | None = None) -> bool:
    """Whether a code is right and was not used before; using it spends it."""
    locked = Account.objects.select_for_update().get(pk=account.pk)
    digits = re.sub(r"\s", "", code)
    if not locked.factor_salt or not re.fullmatch(r"[0-9]{6}", digits):
        return False
    now = int((at or timezone.now()).timestamp()) // STEP_SECONDS
    clock = pyotp.TOTP(_seed(locked))
    for step in range(now, now - STEPS_BACK - 1, -1):
        if step > locked.factor_last_step and constant_time_compare(clock.at(step * STEP_SECONDS), digits):
            locked.factor_last_step = account.factor_last_step = step
            locked.save(update_fields=["factor_last_step"])
            return True
    return False


@transaction.atomic
def confirm(account: Account, code: str) -> list[str] | None:
    """Put the factor in force by its first code; returns the recovery codes, shown once, or None for a wrong code."""
    if not accepts(account, code):
        return None
    account.factor_confirmed_at = timezone.now()
    account.save(update_fields=["factor_confirmed_at"])
    return renew_recovery_codes(account)


@transaction.atomic
def renew_recovery_codes(account: Account) -> list[str]:
    """Ten new recovery codes; the former ones are void."""
    codes = [_new_code() for _number in range(CODES)]
    account.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(account=account, digest=_digest(account, code)) for code in codes])
    return codes


def _new_code() -> str:
    text = base64.b32encode(secrets.token_bytes(15)).decode()
    return "-".join(text[start : start + GROUP] for start in range(0, GROUPS * GROUP, GROUP))


def _digest(account: Account, code: str) -> str:
    plain = re.sub(r"[^A-Z2-7]", "", code.upper())
    return hashlib.sha256(f"{account.pk}\n{plain}".encode()).hexdigest()


def recovers(account: Account, code: str) -> bool:
    """Whether a recovery code is right and unused; using it spends it."""
    unused = RecoveryCode.objects.filter(account=account, digest=_digest(account, code), used_at=None)
    return unused.update(used_at=timezone.now()) == 1


def codes_left(account: Account) -> int:
    """How many recovery codes are unused."""
    return account.recovery_codes.filter(used_at=None).count()


@transaction.atomic
def remove(account: Account) -> None:
    """Take the factor out of force, with its recovery codes."""
    account.recovery_codes.all().delete()
    account.factor_salt, account.factor_confirmed_at, account.factor_last_step = "", None, 0
    account.save(update_fields=["factor_salt", "factor_confirmed_at", "factor_last_step"])
