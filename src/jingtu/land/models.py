"""Shared nouns: regions, organisations, accounts, posts."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils.translation import gettext_lazy as _

from jingtu.plain.identifiers import region_prefix


class Level(models.TextChoices):
    """How high a region stands."""

    PROVINCE = "province", _("省")
    CITY = "city", _("设区市")
    COUNTY = "county", _("县（市、区）")


class Department(models.TextChoices):
    """The functions an organisation may hold under the plan."""

    ECOLOGY = "ecology", _("生态环境")
    INDUSTRY = "industry", _("工业和信息化")
    POLICE = "police", _("公安")
    FINANCE = "finance", _("财政")
    NATURAL_RESOURCES = "natural_resources", _("自然资源")
    AGRICULTURE = "agriculture", _("农业农村")
    FORESTRY = "forestry", _("林业和草原")
    GOVERNMENT = "government", _("人民政府")
    LABORATORY = "laboratory", _("检测机构")


class Role(models.TextChoices):
    """What a post may do; the rights themselves stand in the registers' tables."""

    CLERK = "clerk", _("经办")
    REVIEWER = "reviewer", _("审核")
    LABORATORY = "laboratory", _("检测")
    OBSERVER = "observer", _("查阅")
    ADMINISTRATOR = "administrator", _("系统管理")
    SECURITY = "security", _("安全管理")
    AUDIT = "audit", _("审计管理")


class Region(models.Model):
    """An administrative region (GB/T 2260), with its boundary in CGCS2000 (EPSG:4490)."""

    code = models.CharField(_("行政区代码"), max_length=6, primary_key=True)
    name = models.CharField(_("名称"), max_length=40)
    full_name = models.CharField(_("全称"), max_length=80)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    geom = models.MultiPolygonField(_("界线"), srid=4490, null=True)
    label_point = models.PointField(_("注记点"), srid=4490, null=True)

    class Meta:
        ordering: ClassVar = ["code"]
        verbose_name = _("行政区")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def prefix(self) -> str:
        """The digits that the codes of all regions below share."""
        return region_prefix(self.code)


class Organisation(models.Model):
    """A bureau, government, laboratory: one organisation may hold several functions."""

    name = models.CharField(_("单位名称"), max_length=120, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    departments = ArrayField(models.CharField(max_length=20, choices=Department), verbose_name=_("职能"))
    is_demonstration = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        ordering: ClassVar = ["region_id", "name"]
        verbose_name = _("单位")

    def __str__(self) -> str:
        return str(self.name)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with hashed passwords."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Account:
        """Make one account; no password means it cannot sign in."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who signs in; what the person may do comes from posts."""

    username = models.CharField(_("账号"), max_length=60, unique=True)
    display_name = models.CharField(_("姓名"), max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("单位"))
    is_active = models.BooleanField(_("启用"), default=True)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)
    password_is_initial = models.BooleanField(_("密码为一次性密码"), default=False)
    password_expires_at = models.DateTimeField(_("一次性密码失效时间"), null=True, blank=True)
    factor_salt = models.CharField(_("动态口令的盐"), max_length=64, blank=True, default="")
    factor_confirmed_at = models.DateTimeField(_("动态口令启用时间"), null=True, blank=True)
    factor_last_step = models.BigIntegerField(_("动态口令最近用过的时段"), default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["display_name"]
    objects = AccountManager()

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return str(self.display_name)


class Post(models.Model):
    """A person in an organisation, for a region, with one role, from a day to a day."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts", verbose_name=_("账号"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    department = models.CharField(_("部门"), max_length=20, choices=Department)
    role = models.CharField(_("岗位角色"), max_length=20, choices=Role)
    from_on = models.DateField(_("任职起"))
    to_on = models.DateField(_("任职止"), null=True, blank=True)
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("前任岗位")
    )

    class Meta:
        ordering: ClassVar = ["region_id", "department", "role", "id"]
        verbose_name = _("岗位")

    def __str__(self) -> str:
        return f"{self.region} · {self.get_department_display()} · {self.get_role_display()}"


class Delegation(models.Model):
    """While the holder of a post is away, a colleague acts from it, from a day to a day."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations", verbose_name=_("岗位"))
    delegate = models.ForeignKey(Account, models.PROTECT, related_name="delegations", verbose_name=_("代理人"))
    from_on = models.DateField(_("代理起"))
    to_on = models.DateField(_("代理止"))
    reason = models.TextField(_("理由"))

    class Meta:
        ordering: ClassVar = ["-from_on", "-id"]
        verbose_name = _("离岗代理")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(to_on__gte=models.F("from_on")), name="delegation_days")
        ]

    def __str__(self) -> str:
        return f"{self.post} → {self.delegate}"


class RecoveryCode(models.Model):
    """A code that replaces the second factor once; only its digest is kept (120 random bits need no more)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "digest"], name="recovery_code_once")]


class Throttle(models.Model):
    """How often signing in went wrong under a name or from an address; the key tells neither.

    Names that no account bears are counted alike, so that a refusal does not tell which names exist.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.IntegerField(default=0)
    rounds = models.IntegerField(default=0)
    last_failed_at = models.DateTimeField()
    closed_until_at = models.DateTimeField(null=True)


class Pace(models.Model):
    """How fast somebody asks: until when the requests made so far last at the allowed rate.

    The key tells neither name nor address. The table is unlogged: every request writes here, and a crash may empty it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    spent_until_at = models.DateTimeField()


class TokenScope(models.TextChoices):
    """What a token may do beyond reading."""

    READ = "read", _("只读取")
    SUBMIT = "submit", _("读取并提交文件")


class Token(models.Model):
    """A key with which a program asks the API from a post of its owner; only its digest is kept.

    No register named means all that the post sees.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens", verbose_name=_("账号"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="tokens", verbose_name=_("岗位"))
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(_("开头"), max_length=12)
    scope = models.CharField(_("权限"), max_length=10, choices=TokenScope)
    registers = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("登记册"))
    made_at = models.DateTimeField(_("开立时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("最近使用时间"), null=True)
    ended_at = models.DateTimeField(_("作废时间"), null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("接口令牌")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="token_days")
        ]

    def __str__(self) -> str:
        return str(self.name)


class BrowserSession(AbstractBaseSession):
    """A session of a browser: whose, since when, from where; the database is the only place that can prove it."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="browser_sessions")
    began_at = models.DateTimeField(_("登录时间"), null=True)
    seen_at = models.DateTimeField(_("最近操作时间"), null=True)
    address = models.CharField(_("地址"), max_length=45, blank=True, default="")
    agent = models.CharField(_("浏览器"), max_length=200, blank=True, default="")

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("登录会话")

    @classmethod
    def get_session_store_class(cls) -> type[Any]:
        """The store that writes these rows."""
        from jingtu.land.sessions import SessionStore

        return SessionStore


class AdministrationSession(models.Model):
    """A span of time in which an administrator may act, opened with a reason and the password."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="administrations", verbose_name=_("岗位"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="administrations", verbose_name=_("账号"))
    reason = models.TextField(_("事由"))
    began_at = models.DateTimeField(_("开始时间"))
    until_at = models.DateTimeField(_("截止时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = _("管理时段")


class SecurityEventKind(models.TextChoices):
    """What the security log tells of."""

    SIGNED_IN = "signed_in", _("登录")
    SIGN_IN_FAILED = "sign_in_failed", _("账号或密码不对")
    CODE_FAILED = "code_failed", _("动态口令或恢复码不对")
    CLOSED = "closed", _("连续不对，暂停登录")
    REFUSED_WHILE_CLOSED = "refused_while_closed", _("暂停期间尝试登录")
    RECOVERY_USED = "recovery_used", _("使用恢复码登录")
    SIGNED_OUT = "signed_out", _("退出")
    TIMED_OUT = "timed_out", _("会话到时，自动退出")
    SESSIONS_ENDED = "sessions_ended", _("结束登录会话")
    PASSWORD_CHANGED = "password_changed", _("修改密码")
    PASSWORD_RESET = "password_reset", _("重置密码")
    FACTOR_SET = "factor_set", _("启用动态口令")
    FACTOR_REMOVED = "factor_removed", _("停用动态口令")
    REOPENED = "reopened", _("解除暂停")
    ACCOUNT_OPENED = "account_opened", _("开立账号")
    ACCOUNT_CLOSED = "account_closed", _("停用账号")
    ACCOUNT_RESTORED = "account_restored", _("恢复账号")
    ADMINISTRATION_OPENED = "administration_opened", _("开始管理时段")
    ADMINISTRATION_ENDED = "administration_ended", _("结束管理时段")
    REFUSED = "refused", _("越权被拒")
    TOKEN_MADE = "token_made", _("开立接口令牌")
    TOKEN_ENDED = "token_ended", _("作废接口令牌")
    TOKEN_REFUSED = "token_refused", _("接口令牌被拒")
    TOO_FAST = "too_fast", _("请求过快，暂缓回答")


class SecurityEvent(models.Model):
    """One line of the security log: what, whose account, by whom, from where, when. Insert only.

    A name that no account bears is not kept: it may be a password typed into the wrong field.
    """

    kind = models.CharField(_("事件"), max_length=30, choices=SecurityEventKind)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("账号"))
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))
    address = models.CharField(_("地址"), max_length=45, blank=True)
    said = models.TextField(_("说明"), blank=True)
    recorded_at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("安全日志")
        indexes: ClassVar = [models.Index(fields=["account", "recorded_at"])]
        triggers: ClassVar = [
            pgtrigger.Protect(name="for_ever", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="for_ever_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'land_securityevent is for ever';",
            ),
        ]
