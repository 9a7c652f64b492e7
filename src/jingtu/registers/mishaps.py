"""What went wrong when it was the machine and not the officer: said in a sentence, with nothing half saved."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from psycopg.errors import DiskFull

FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Mishap:
    """A failure of the system: the status of the answer, a dotted code, a heading, what happened and what to do."""

    status: int
    code: str
    title: str
    happened: str
    cure: str


def of(error: BaseException | None) -> Mishap:
    """What to say of an error that nobody expected; without an error, of one that is not known.

    >>> of(OSError(errno.ENOSPC, "No space left on device")).status
    507
    """
    if _disk_is_full(error):
        return Mishap(
            507,
            "storage.full",
            _("存储空间已满"),
            _("服务器的存储空间已满，这次办理没有完成，也没有保存一半；原有的记录和文件不受影响。"),
            _("请告诉管理员清理空间，然后重新办理；不必重新准备文件。"),
        )
    if isinstance(error, OperationalError | InterfaceError):
        return Mishap(
            503,
            "database.away",
            _("数据库暂时连接不上"),
            _("数据库暂时连接不上，这次办理没有完成，也没有保存一半。"),
            _("系统正在自动恢复，请过一两分钟再试；如果一直如此，请把所在页面和时间告诉管理员。"),
        )
    return Mishap(
        500,
        "broken",
        _("系统出错"),
        _("系统出了差错，这次办理没有完成，也没有保存一半。"),
        _("请稍后再试；如果再次出现，请把所在页面和时间告诉管理员。"),
    )


def _disk_is_full(error: BaseException | None) -> bool:
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    return isinstance(error, OperationalError) and isinstance(error.__cause__, DiskFull)
