"""Laboratories and their accreditation, coded samples, handovers, batches, results, quality control."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.utils.translation import gettext_lazy as _

from jingtu.evidence.workflow import BATCH, HANDOVER
from jingtu.land.models import Organisation, Region
from jingtu.registers.history import tracked
from jingtu.registers.models import Dossier


class SampleKind(models.TextChoices):
    """What a coded sample is; only the officers' side knows."""

    ROUTINE = "routine", _("普通样")
    DUPLICATE = "duplicate", _("密码平行样")
    BLANK = "blank", _("全程序空白")
    REFERENCE = "reference", _("有证标准物质")


class Medium(models.TextChoices):
    """What was sampled."""

    SOIL = "soil", _("土壤")
    CROP = "crop", _("农产品")


class Outcome(models.TextChoices):
    """What a check of quality says."""

    PASS = "pass", _("合格")
    FAIL = "fail", _("不合格")
    UNDECIDED = "undecided", _("无法判定")


@tracked()
class Laboratory(models.Model):
    """A laboratory that may be given samples."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, verbose_name=_("单位"))
    name = models.CharField(_("检测机构"), max_length=120, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))

    class Meta:
        verbose_name = _("检测机构")

    def __str__(self) -> str:
        return str(self.name)


@tracked()
class Accreditation(models.Model):
    """A certificate: which analytes a laboratory may measure, from a day to a day."""

    laboratory = models.ForeignKey(Laboratory, models.PROTECT, related_name="accreditations")
    certificate_number = models.CharField(_("证书编号"), max_length=60)
    analytes = ArrayField(models.CharField(max_length=20), verbose_name=_("检测项目"))
    from_on = models.DateField(_("有效期起"))
    to_on = models.DateField(_("有效期止"))

    class Meta:
        verbose_name = _("资质认定")


@tracked()
class Sample(models.Model):
    """A coded sample. The laboratory sees the code; kind, parent, origin and the sampler's label stay with officers.

    Codes are always drawn: among labels of the sampler's own making, duplicates and controls would stand out.
    """

    code = models.CharField(_("样品编码"), max_length=20, unique=True)
    label = models.CharField(_("采样标签号"), max_length=40, blank=True)
    kind = models.CharField(_("样品类型"), max_length=12, choices=SampleKind)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="duplicates", verbose_name=_("原样")
    )
    origin_register = models.CharField(max_length=60, blank=True)
    origin_id = models.BigIntegerField(null=True)
    taken_on = models.DateField(_("采样日期"), null=True, blank=True)
    medium = models.CharField(_("样品介质"), max_length=8, choices=Medium, default=Medium.SOIL)
    crop = models.CharField(_("作物"), max_length=30, blank=True)
    land_use = models.CharField(_("土地利用"), max_length=30, blank=True)
    certified = models.JSONField(_("标准值"), default=dict, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))

    row_reach = """jingtu_sees(region_id) OR id IN (
        SELECT i.sample_id FROM evidence_handoveritem i
        JOIN evidence_handover h ON h.id = i.handover_id
        JOIN evidence_laboratory l ON l.id = h.laboratory_id
        WHERE l.organisation_id = jingtu_organisation())"""

    class Meta:
        verbose_name = _("样品")
        indexes: ClassVar = [models.Index(fields=["origin_register", "origin_id"])]

    def __str__(self) -> str:
        return str(self.code)


@tracked()
class Handover(models.Model):
    """Samples handed to a laboratory: counted together, signed by both."""

    number = models.CharField(_("流转单号"), max_length=30, unique=True)
    laboratory = models.ForeignKey(Laboratory, models.PROTECT, verbose_name=_("检测机构"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("送样地区"))
    analytes = ArrayField(models.CharField(max_length=20), verbose_name=_("检测项目"))
    state = models.CharField(_("状态"), max_length=20, default="prepared")
    recorded_at = models.DateTimeField(_("记录时间"))

    class Meta:
        verbose_name = _("样品流转单")
        triggers: ClassVar = HANDOVER.guards()

    def __str__(self) -> str:
        return str(self.number)


@tracked()
class HandoverItem(models.Model):
    """One sample in a handover."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="handovers")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "sample"], name="handover_item_once"),
        ]


@tracked()
class Batch(models.Model):
    """A laboratory's report: all or nothing. A corrected report supersedes."""

    number = models.CharField(_("检测报告编号"), max_length=60)
    laboratory = models.ForeignKey(Laboratory, models.PROTECT, verbose_name=_("检测机构"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区"))
    reported_on = models.DateField(_("报告日期"))
    dossier = models.OneToOneField(Dossier, models.PROTECT, verbose_name=_("导入卷宗"))
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("所替代批次"))
    state = models.CharField(_("状态"), max_length=20, default="accepted")
    result_count = models.IntegerField(_("结果数"), default=0)
    quality_checked = models.BooleanField(_("质控已计算"), default=False)
    quality_failed = models.IntegerField(_("质控不合格数"), default=0)
    recorded_at = models.DateTimeField(_("入库时间"))

    row_reach = """jingtu_sees(region_id) OR laboratory_id IN (
        SELECT id FROM evidence_laboratory WHERE organisation_id = jingtu_organisation())"""

    class Meta:
        verbose_name = _("检测批次")
        triggers: ClassVar = BATCH.guards()

    def __str__(self) -> str:
        return str(self.number)


@tracked(inserts=False)
class Result(models.Model):
    """One measured value, as reported and normalised. Insert only but for the quality flag."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="results", verbose_name=_("检测批次"))
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="results", verbose_name=_("样品"))
    analyte = models.CharField(_("检测项目"), max_length=20)
    replicate = models.SmallIntegerField(_("平行号"), default=1)
    method = models.CharField(_("检测方法"), max_length=60)
    reported = models.CharField(_("报出值"), max_length=40)
    unit_reported = models.CharField(_("报出单位"), max_length=20)
    value = models.DecimalField(_("标准单位数值"), max_digits=20, decimal_places=10, null=True)
    unit = models.CharField(_("标准单位"), max_length=20)
    qualifier = models.CharField(_("限定符"), max_length=4, blank=True)
    detection_limit = models.DecimalField(_("检出限"), max_digits=20, decimal_places=10, null=True)
    analysed_on = models.DateField(_("分析日期"))
    flag = models.CharField(_("质控标记"), max_length=40, blank=True)
    recorded_at = models.DateTimeField(_("入库时间"))

    row_reach = "batch_id IN (SELECT id FROM evidence_batch)"

    class Meta:
        verbose_name = _("检测结果")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "sample", "analyte", "method", "replicate"], name="result_once")
        ]
        indexes: ClassVar = [models.Index(fields=["sample", "analyte"])]


@tracked()
class QualityCheck(models.Model):
    """One check of quality of a batch: what was compared with which limit, and what follows."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="quality_checks", verbose_name=_("检测批次"))
    kind = models.CharField(_("质控类型"), max_length=12, choices=SampleKind)
    samples = models.CharField(_("样品"), max_length=60)
    analyte = models.CharField(_("检测项目"), max_length=20)
    measured = models.CharField(_("实测"), max_length=60)
    limit = models.CharField(_("允许限"), max_length=60)
    outcome = models.CharField(_("结论"), max_length=12, choices=Outcome)
    reason_code = models.CharField(_("原因代码"), max_length=60)
    clause = models.CharField(_("依据"), max_length=80)

    row_reach = "batch_id IN (SELECT id FROM evidence_batch WHERE jingtu_sees(region_id))"

    class Meta:
        verbose_name = _("质量控制")
