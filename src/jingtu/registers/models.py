"""What the kernel keeps: ledger, moves, documents, findings, dossiers, packages, settings of duties."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jingtu.land.models import Account, Organisation, Post, Region
from jingtu.registers.flows import DOSSIER, PACKAGE
from jingtu.registers.history import tracked


class LedgerEntry(models.Model):
    """One deed, as canonical JSON, chained by hash within its stream. Insert only.

    The columns beside ``body`` repeat parts of it for searching; the verifier holds them against the body. An entry is
    seen where its deed was done, by the organisation that did it, and by all offices where the register is shared. It
    is appended by whoever may do deeds there, as that organisation.
    """

    id = models.BigAutoField(primary_key=True)
    stream = models.CharField(_("台账"), max_length=60)
    seq = models.BigIntegerField(_("序号"), default=0)
    algorithm = models.CharField(_("算法"), max_length=20, default="sha256-1")
    previous = models.CharField(_("前一条摘要"), max_length=64, default="")
    hash = models.CharField(_("摘要"), max_length=64, default="")
    body = models.TextField(_("内容"))
    deed = models.CharField(_("办理行为"), max_length=80)
    register = models.CharField(_("登记册"), max_length=60)
    subject_id = models.CharField(_("对象编号"), max_length=60, blank=True)
    region_code = models.CharField(_("行政区"), max_length=6)
    organisation_id = models.BigIntegerField(_("办理单位"), null=True)
    sentence = models.TextField(_("记载"))
    on = models.DateField(_("业务日期"))
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = """jingtu_sees(region_code) OR organisation_id = jingtu_organisation() OR jingtu_shares(register)
        OR jingtu_audits(region_code)"""
    row_check = "jingtu_does(region_code, organisation_id)"
    owner_sees_all = True

    class Meta:
        verbose_name = _("台账条目")
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="ledger_stream_seq")]
        indexes: ClassVar = [models.Index(fields=["register", "subject_id"]), models.Index(fields=["region_code"])]


class Move(models.Model):
    """A change of state of a record, with both times. Insert only; the state of any day is read from here.

    Region and organisation are the record's own when it moved: whoever sees the record sees how it came to stand there,
    and nobody else writes how.
    """

    id = models.BigAutoField(primary_key=True)
    register = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    region_code = models.CharField(_("行政区"), max_length=6)
    organisation_id = models.BigIntegerField(_("单位"), null=True)
    arrow = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30)
    on = models.DateField(_("业务日期"))
    recorded_at = models.DateTimeField(_("记录时间"))
    post = models.ForeignKey(Post, models.PROTECT, null=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True)
    reason = models.TextField(blank=True)
    is_late = models.BooleanField(_("补录"), default=False)

    row_reach = "jingtu_sees(region_code) OR organisation_id = jingtu_organisation() OR jingtu_shares(register)"
    row_check = "jingtu_sees(region_code) OR organisation_id = jingtu_organisation()"
    owner_sees_all = True

    class Meta:
        verbose_name = _("状态变更")
        indexes: ClassVar = [models.Index(fields=["register", "subject_id", "on", "id"])]


class Standing(models.Model):
    """The state of each record within reach as of the asked day: a view over the moves (see ``clock.as_of``).

    Beyond reach it tells of shared registers only.
    """

    id = models.BigIntegerField(primary_key=True)
    register = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=30)
    since_on = models.DateField()

    class Meta:
        managed = False
        db_table = "registers_standing"


class Document(models.Model):
    """A file kept under the SHA-256 of its bytes."""

    sha256 = models.CharField(_("摘要"), max_length=64, primary_key=True)
    name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=100)
    size_bytes = models.BigIntegerField(_("大小"))
    recorded_at = models.DateTimeField(_("收到时间"))

    class Meta:
        verbose_name = _("文件")

    def __str__(self) -> str:
        return str(self.name)


class DocumentLink(models.Model):
    """A document as evidence of a record."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="links")
    register = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    region_code = models.CharField(max_length=6)
    title = models.CharField(_("用途"), max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["register", "subject_id"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "register", "subject_id", "title"], name="document_link_once")
        ]


class FindingRecord(models.Model):
    """A conclusion with its reasons: codes and numbers; the sentence is rendered on read."""

    register = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(_("对象"), max_length=80)
    measure = models.CharField(_("结论类别"), max_length=60)
    outcome = models.CharField(_("结论"), max_length=60)
    value = models.DecimalField(_("数值"), max_digits=24, decimal_places=12, null=True)
    operator = models.CharField(max_length=4, blank=True)
    threshold = models.DecimalField(_("限值"), max_digits=24, decimal_places=12, null=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    reason = models.CharField(_("原因代码"), max_length=80, blank=True)
    clause = models.CharField(_("条款"), max_length=120, blank=True)
    rule_clause = models.CharField(_("规则条款"), max_length=120, blank=True)
    table_row = models.CharField(_("表行"), max_length=80, blank=True)
    law_on = models.DateField(_("适用日期"), null=True)
    code_version = models.CharField(_("程序版本"), max_length=40)
    inputs = models.JSONField(_("输入"), default=dict)
    digest = models.CharField(_("输入摘要"), max_length=64)
    region_code = models.CharField(_("行政区"), max_length=6)
    recorded_at = models.DateTimeField()

    row_reach = "jingtu_sees(region_code)"

    class Meta:
        verbose_name = _("结论")
        indexes: ClassVar = [models.Index(fields=["register", "subject_id"])]


@tracked()
class Dossier(models.Model):
    """An import: one file, its problems, its preview, and what became of it."""

    number = models.CharField(_("卷宗号"), max_length=30, unique=True)
    sheet = models.CharField(_("表单"), max_length=60)
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("文件"))
    filename = models.CharField(_("文件名"), max_length=200)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("提交单位"))
    submitted_by = models.ForeignKey(Account, models.PROTECT, verbose_name=_("提交人"))
    on = models.DateField(_("业务日期"))
    state = models.CharField(_("状态"), max_length=20, default="received")
    row_count = models.IntegerField(_("行数"), default=0)
    good_count = models.IntegerField(_("可入库行数"), default=0)
    summary = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField(_("收到时间"))

    row_reach = "jingtu_sees(region_id) OR organisation_id = jingtu_organisation()"

    class Meta:
        verbose_name = _("导入卷宗")
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = DOSSIER.guards()

    def __str__(self) -> str:
        return str(self.number)


class DossierIssue(models.Model):
    """One problem of a dossier's file: place, value, cure, who must act."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="issues")
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=10)
    message = models.TextField()
    cure = models.TextField(blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=80, blank=True)
    value = models.TextField(blank=True)
    expected = models.TextField(blank=True)
    who = models.CharField(max_length=40, blank=True)
    clause = models.CharField(max_length=80, blank=True)

    row_reach = "dossier_id IN (SELECT id FROM registers_dossier)"

    class Meta:
        ordering: ClassVar = ["id"]


class Progress(models.Model):
    """How far a long work is; written on its own connection so that it shows while the work's transaction is open."""

    key = models.CharField(max_length=80, primary_key=True)
    stage = models.CharField(max_length=40)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    updated_at = models.DateTimeField()


@tracked()
class Package(models.Model):
    """What is sent to another system: content by digest, versioned field map, receipt, reconciliation."""

    number = models.CharField(_("上报包号"), max_length=30, unique=True)
    target = models.CharField(_("接收平台"), max_length=80)
    kind = models.CharField(_("内容"), max_length=60)
    field_map = models.CharField(_("字段映射版本"), max_length=40)
    digest = models.CharField(_("内容摘要"), max_length=64)
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("文件"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    state = models.CharField(_("状态"), max_length=20, default="draft")
    sent_on = models.DateField(_("上报日期"), null=True, blank=True)
    receipt_number = models.CharField(_("回执编号"), max_length=60, blank=True)
    receipt_on = models.DateField(_("回执日期"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = _("上报包")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(state="withdrawn"), name="package_content_once")
        ]
        triggers: ClassVar = PACKAGE.guards()

    def __str__(self) -> str:
        return str(self.number)


@tracked()
class PackageItem(models.Model):
    """A record in a package and what the receiver said of it."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="items")
    key = models.CharField(_("编码"), max_length=60)
    register = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    accepted = models.BooleanField(_("是否接收"), null=True)
    message = models.TextField(_("说明"), blank=True)
    answered_on = models.DateField(_("答复日期"), null=True)
    answered_at = models.DateTimeField(_("记录时间"), null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["package", "key"], name="package_item_once")]
        indexes: ClassVar = [
            models.Index(fields=["register", "subject_id"], condition=Q(accepted=True), name="item_ok")
        ]


@tracked()
class DutySetting(models.Model):
    """An office's own period for a duty that the plan leaves open; without one there is no overdue state.

    A row is never changed: of the same first day, the later entry goes before once it is recorded.
    """

    duty = models.CharField(_("任务项"), max_length=10)
    due_on = models.DateField(_("完成期限"))
    set_by = models.CharField(_("设定单位"), max_length=120)
    document_number = models.CharField(_("文号"), max_length=60)
    from_on = models.DateField(_("起始日期"))
    certainty = models.CharField(_("可靠程度"), max_length=20)
    note = models.TextField(_("说明"), blank=True)
    is_demonstration = models.BooleanField(_("演示"), default=False)
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("任务期限设定")

    def __str__(self) -> str:
        return f"{self.duty} {self.due_on}"


class SavedView(models.Model):
    """A list's filters, columns and sort under a name: an account's own convenience, nobody else's evidence."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    register = models.CharField(_("登记册"), max_length=60)
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField(_("条件"), blank=True)
    recorded_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("保存的视图")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "register", "name"], name="saved_view_once")
        ]


class CalendarFeed(models.Model):
    """The secret under which a calendar program asks for an account's due days; only its digest is kept."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    recorded_at = models.DateTimeField(_("开通时间"))

    class Meta:
        verbose_name = _("日历订阅")
