"""Shared nouns: regions, organisations, accounts, posts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
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
    ADMINISTRATOR = "administrator", _("管理")


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
    is_active = models.BooleanField(_("启用"), default=True)
    is_demonstration = models.BooleanField(_("演示数据"), default=False)

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

    class Meta:
        ordering: ClassVar = ["region_id", "department", "role", "id"]
        verbose_name = _("岗位")

    def __str__(self) -> str:
        return f"{self.region} · {self.get_department_display()} · {self.get_role_display()}"
