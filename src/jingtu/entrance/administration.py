"""Administrators: three kinds that no one person unites, each acting only in a span of time opened with a reason.

The system administrator opens and closes accounts; the security administrator fills posts, lifts closures and takes
factors out of force; the audit administrator reads the security log and the ledger and changes nothing. None of
them does the plan's business.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from jingtu.entrance import signin
from jingtu.entrance.securitylog import Kind, note
from jingtu.land import facts as land
from jingtu.land.models import AdministrationSession, Role
from jingtu.registers import clock, ledger
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import ADMINISTRATORS, Reach

REGISTER = "land.administration"
KINDS = ADMINISTRATORS
LEAST_REASON = 4


def is_administrator(reach: Reach | None) -> bool:
    """Whether a post is one of the three kinds."""
    return reach is not None and reach.is_administrator


def current(reach: Reach) -> AdministrationSession | None:
    """The span in which this administrator may act now."""
    rows = AdministrationSession.objects.filter(account_id=reach.account_id, post_id=reach.post_id, ended_at=None)
    return rows.filter(until_at__gt=timezone.now()).first()


def require(reach: Reach, *roles: Role) -> AdministrationSession:
    """The span that a deed is done in; refused to other posts, to delegates, and outside a span."""
    if reach.role not in roles or reach.on_behalf_of:
        wanted = "、".join(str(role.label) for role in roles)
        raise DeedRefused(_("本事项只能由%(roles)s岗位的人员本人办理。") % {"roles": wanted})
    found = current(reach)
    if found is None:
        raise DeedRefused(_("管理时段未开始或已到时。请先写明事由并再次验证身份，然后办理。"))
    return found


def open_session(reach: Reach, reason: str, password: str, code: str, address: str) -> str:
    """Begin to act as administrator; returns why not, or an empty text."""
    account = land.account(reach.account_id)
    if account is None or not is_administrator(reach) or reach.on_behalf_of:
        return _("只有系统管理、安全管理、审计管理岗位的人员本人可以开始管理时段。")
    if len(reason.strip()) < LEAST_REASON:
        return _("请写明本次管理的事由，例如“新调入人员开立账号”。")
    if refusal := signin.confirm(account, password, code, address):
        return refusal
    began = timezone.now()
    with _deed("opened", reach) as doing:
        close_session(reach, address)
        row = AdministrationSession.objects.create(
            post_id=reach.post_id, account=account, reason=reason.strip(), began_at=began,
            until_at=began + timedelta(minutes=settings.ADMINISTRATION_MINUTES),
        )  # fmt: skip
        doing.subject_id, doing.reason = str(row.pk), row.reason
        doing.sentence = _("%(name)s开始管理时段，%(minutes)d 分钟内有效") % {
            "name": reach.account_name,
            "minutes": settings.ADMINISTRATION_MINUTES,
        }
    note(Kind.ADMINISTRATION_OPENED, account=account, by=account.pk, address=address, said=row.reason)
    return ""


def close_session(reach: Reach, address: str) -> None:
    """Stop acting as administrator."""
    found = current(reach)
    if found is None:
        return
    found.ended_at = timezone.now()
    found.save(update_fields=["ended_at"])
    note(Kind.ADMINISTRATION_ENDED, account=found.account, by=reach.account_id, address=address)


def _deed(name: str, reach: Reach) -> AbstractContextManager[ledger.Deed]:
    return ledger.deed(f"{REGISTER}.{name}", by=reach, on=clock.today(), register=REGISTER, region=reach.region_code)
