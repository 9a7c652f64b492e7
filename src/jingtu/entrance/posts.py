"""Posts: filled, ended, handed over, and acted from by a colleague while the holder is away.

Rights come from posts alone, so these deeds are the security administrator's, who opens no accounts. Delegation is
also the holder's own to give, to a colleague of the same organisation.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jingtu.desk import work
from jingtu.entrance import administration
from jingtu.land import facts
from jingtu.land.models import Account, Delegation, Department, Organisation, Post, Role
from jingtu.registers import clock, ledger, rowsecurity
from jingtu.registers.clock import Clock
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach

REGISTER = "land.post"
MOST_DELEGATION_DAYS = 90


@transaction.atomic
def appoint(
    account: Account, organisation: Organisation, region_code: str, department: str, role: str,
    from_on: date, to_on: date | None, *, by: Reach, reason: str, predecessor: Post | None = None,
) -> Post:  # fmt: skip
    """Put an account in a post from a day on."""
    administration.require(by, Role.SECURITY)
    _not_oneself(account, by)
    _fits(account, organisation, region_code, department, role)
    _days(from_on, to_on)
    _apart(account, role, from_on, to_on)
    with _deed("appointed", by, region_code, reason) as doing:
        post = Post.objects.create(
            account=account, organisation=organisation, region_id=region_code, department=department, role=role,
            from_on=from_on, to_on=to_on, predecessor=predecessor,
        )  # fmt: skip
        doing.subject_id = str(post.pk)
        doing.sentence = _("%(name)s任%(organisation)s%(role)s岗位，自 %(from_on)s") % {
            "name": account.display_name,
            "organisation": organisation,
            "role": Role(role).label,
            "from_on": from_on.isoformat(),
        }
        doing.data = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat() if to_on else None}
    return post


def _not_oneself(account: Account, by: Reach) -> None:
    if account.pk == by.account_id:
        raise DeedRefused(_("不能任免自己的岗位，请由另一位安全管理员办理。"))


def _fits(account: Account, organisation: Organisation, region_code: str, department: str, role: str) -> None:
    if not account.is_active:
        raise DeedRefused(_("账号 %(name)s 已停用，不能任职。") % {"name": account.username})
    if department not in organisation.departments:
        raise DeedRefused(_("%(organisation)s没有所选的职能，请核对部门。") % {"organisation": organisation})
    if not region_code.startswith(organisation.region.prefix):
        raise DeedRefused(_("岗位的地区须在%(organisation)s的管辖范围内。") % {"organisation": organisation})
    if (role == Role.LABORATORY) != (department == Department.LABORATORY):
        raise DeedRefused(_("检测岗位只能设在检测机构，检测机构也只能设检测岗位。"))


def _days(from_on: date, to_on: date | None) -> None:
    if from_on < clock.today():
        raise DeedRefused(_("任职日期不能早于今天：权限不能追溯。"))
    if to_on is not None and to_on < from_on:
        raise DeedRefused(_("任职止的日期早于任职起，请核对。"))


def _apart(account: Account, role: str, from_on: date, to_on: date | None) -> None:
    """The three kinds of administrator and the plan's business are kept apart, person by person."""
    overlapping = Post.objects.filter(account=account).filter(Q(to_on__isnull=True) | Q(to_on__gte=from_on))
    if to_on is not None:
        overlapping = overlapping.filter(from_on__lte=to_on)
    others = overlapping.exclude(role=role)
    if role not in administration.KINDS:
        others = others.filter(role__in=administration.KINDS)
    clash = others.first()
    if clash is not None:
        raise DeedRefused(
            _("%(name)s同期已任“%(post)s”。系统管理、安全管理、审计管理三类岗位须由不同的人担任，也不得兼任业务岗位。")
            % {"name": account.display_name, "post": clash}
        )


def open_work(post: Post) -> list[str]:
    """What is unfinished and waits for this post: files to mend, decisions to make."""
    # Whoever ends the post sees how much is left and of what kind, and nothing else that the post sees.
    reach = Reach.of(post)
    with rowsecurity.entering(reach):
        found = work.my_work(reach, Clock.present())
    return [f"{task.what}（{task.place}）" if task.place else task.what for task in (*found.returned, *found.decide)]


def stands_alone(post: Post, after: date) -> bool:
    """Whether nobody else holds the same post after a day."""
    same = Post.objects.filter(
        organisation_id=post.organisation_id, region_id=post.region_id, department=post.department, role=post.role
    )
    same = same.filter(facts.holding(after), account__is_active=True)
    return not same.exclude(pk=post.pk).exclude(account_id=post.account_id).exists()


@transaction.atomic
def end_post(post: Post, last_on: date, *, by: Reach, reason: str, successor: Account | None = None) -> Post | None:
    """End a post with a last day; open work goes to the successor, who is named unless others hold the same post."""
    administration.require(by, Role.SECURITY)
    _not_oneself(post.account, by)
    post = (
        Post.objects.select_for_update(of=("self",)).select_related("account", "organisation", "region").get(pk=post.pk)
    )
    _may_end(post, last_on)
    left = open_work(post)
    following = last_on + timedelta(days=1)
    if left and successor is None and stands_alone(post, following):
        raise DeedRefused(
            _("该岗位还有 %(number)d 项未办结，且没有其他人任同一岗位。请指定接任人，未办事项随岗位移交。")
            % {"number": len(left)}
        )
    with _deed("ended", by, post.region_id, reason) as doing:
        post.to_on = last_on
        post.save(update_fields=["to_on"])
        doing.subject_id, doing.data = str(post.pk), {"to_on": last_on.isoformat(), "open": left}
        doing.sentence = _("%(name)s的岗位“%(post)s”止于 %(last_on)s，移交未办事项 %(number)d 项") % {
            "name": post.account.display_name,
            "post": post,
            "last_on": last_on.isoformat(),
            "number": len(left),
        }
    if successor is None:
        return None
    return appoint(
        successor, post.organisation, post.region_id, post.department, post.role, max(following, clock.today()), None,
        by=by, reason=reason, predecessor=post,
    )  # fmt: skip


def _may_end(post: Post, last_on: date) -> None:
    if post.to_on is not None and post.to_on < clock.today():
        raise DeedRefused(_("该岗位已于 %(on)s 结束。") % {"on": post.to_on.isoformat()})
    if last_on < clock.today() - timedelta(days=1):
        raise DeedRefused(_("最后任职日不能早于昨天：已经办理的事项不能变成无权办理。"))
    if last_on < post.from_on and last_on >= clock.today():
        raise DeedRefused(_("最后任职日早于任职起的日期，请核对。"))


@transaction.atomic
def delegate(post: Post, to: Account, from_on: date, to_on: date, *, by: Reach, reason: str) -> Delegation:
    """Let a colleague act from a post while its holder is away; given by the holder or the security administrator."""
    _may_delegate(post, by)
    _fits_delegate(post, to)
    if from_on < clock.today() or to_on < from_on or (to_on - from_on).days >= MOST_DELEGATION_DAYS:
        raise DeedRefused(
            _("代理须从今天或以后开始，止日不早于起日，最长 %(days)d 天。") % {"days": MOST_DELEGATION_DAYS}
        )
    if not reason.strip():
        raise DeedRefused(_("请写明离岗的理由，例如“外出培训”。"))
    with _deed("delegated", by, post.region_id, reason) as doing:
        row = Delegation.objects.create(post=post, delegate=to, from_on=from_on, to_on=to_on, reason=reason)
        doing.subject_id = str(post.pk)
        doing.sentence = _("%(holder)s离岗期间（%(from_on)s 至 %(to_on)s）由%(delegate)s代理岗位“%(post)s”") % {
            "holder": post.account.display_name,
            "delegate": to.display_name,
            "post": post,
            "from_on": from_on.isoformat(),
            "to_on": to_on.isoformat(),
        }
    return row


def _may_delegate(post: Post, by: Reach) -> None:
    own = post.account_id == by.account_id and not by.on_behalf_of
    if not own:
        administration.require(by, Role.SECURITY)
    if post.role in administration.KINDS:
        raise DeedRefused(_("管理岗位不能委托他人代理；需要时请由上级另行任命。"))
    if not facts.holds_on(post, clock.today()):
        raise DeedRefused(_("该岗位今天不在任职期内，不能委托代理。"))


def _fits_delegate(post: Post, to: Account) -> None:
    today = clock.today()
    if to.pk == post.account_id or not to.is_active:
        raise DeedRefused(_("代理人须是另一位账号在用的同事。"))
    if not facts.posts_of(to, today).filter(organisation_id=post.organisation_id).exists():
        raise DeedRefused(_("代理人须在%(organisation)s任职。") % {"organisation": post.organisation})
    if facts.posts_of(to, today).filter(role__in=administration.KINDS).exists():
        raise DeedRefused(_("管理岗位的人员不能代理业务岗位。"))


@transaction.atomic
def end_delegation(row: Delegation, *, by: Reach, reason: str) -> None:
    """End a delegation from today on, because the holder is back."""
    if not (row.post.account_id == by.account_id and not by.on_behalf_of):
        administration.require(by, Role.SECURITY)
    with _deed("delegation_ended", by, row.post.region_id, reason) as doing:
        doing.subject_id, doing.data = str(row.post_id), {"delegation": row.pk}
        doing.sentence = _("%(delegate)s不再代理%(holder)s的岗位“%(post)s”") % {
            "delegate": row.delegate.display_name,
            "holder": row.post.account.display_name,
            "post": row.post,
        }
        yesterday = clock.today() - timedelta(days=1)
        if row.from_on > yesterday:
            row.delete()
        else:
            row.to_on = min(row.to_on, yesterday)
            row.save(update_fields=["to_on"])


def _deed(name: str, by: Reach, region: str, reason: str) -> AbstractContextManager[ledger.Deed]:
    return ledger.deed(f"{REGISTER}.{name}", by=by, on=clock.today(), register=REGISTER, region=region, reason=reason)
