"""What can be wrong with a question put to the texts, or with the texts as stored."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jingtu.law.instruments import Instrument

NOT_YET = "{day} 尚无《{table}》可用：{later}。"
ENDED = "{day} 已无《{table}》可用：{earlier}。"
BETWEEN = "{day} 没有《{table}》可用：{earlier}；{later}。"
STARTS = "{name} 自 {day} 起施行"
STOPPED = "{name} 至 {day} 止"
UNRECORDED = "当日适用的是 {name}，其内容未收录"


class LawError(Exception):
    """A question the texts cannot answer; the message is a Chinese sentence."""


class UnknownTable(LawError):
    """A table, code list, clause or subject that no text defines."""


class BrokenTable(LawError):
    """Stored data that contradicts itself: an overlap, a gap, an unknown column."""


class LawNotInForce(LawError):
    """A table asked for on a day when no text carrying it was in force.

    ``earlier`` and ``later`` name the recorded texts that came before and after that day.
    """

    def __init__(
        self,
        table: str,
        day: date,
        earlier: tuple[Instrument, ...] = (),
        later: tuple[Instrument, ...] = (),
        unrecorded: tuple[Instrument, ...] = (),
    ) -> None:
        self.table = table
        self.day = day
        self.earlier = earlier
        self.later = later
        self.unrecorded = unrecorded
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        before = [STOPPED.format(name=i.name, day=i.effective_to) for i in self.earlier]
        after = [UNRECORDED.format(name=i.name) for i in self.unrecorded]
        after += [STARTS.format(name=i.name, day=i.effective_from) for i in self.later]
        earlier, later = "，".join(before), "，".join(after)
        template = BETWEEN if earlier and later else (NOT_YET if later else ENDED)
        return template.format(day=self.day, table=self.table, earlier=earlier, later=later)
