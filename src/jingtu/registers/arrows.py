"""Arrows: the table of states of a register and of the ways between them.

One table draws the diagram, makes the buttons, is checked by ``workflow.move`` and again by a trigger in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db.models import Model

from jingtu.registers.reach import Reach, Right, permits

Condition = Callable[[Any], str | None]

_BARS = """
CREATE OR REPLACE FUNCTION jingtu_bars(register text, arrow text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT CASE register || '.' || arrow WHEN '' THEN NULL::text[] {cases} END
$$;
"""


@dataclass(frozen=True)
class State:
    """A state: its word, and whether it is open, done, returned or ended (which gives sign and colour).

    What is a kind of thing rather than a progress, such as a class of land, has a sign and a letter of its own.
    """

    label: str
    kind: str = "open"
    sign: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Arrow:
    """An allowed change of state.

    ``not_by_who_did`` names the steps of the same record (``begin`` is drawing it up) whose doers may not go this way,
    whatever post they hold; the table of moves refuses them too.
    """

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    rights: tuple[Right, ...]
    clause: str = ""
    conditions: tuple[Condition, ...] = ()
    needs_reason: bool = False
    not_by_who_did: tuple[str, ...] = ()
    is_decision: bool = False

    def may(self, reach: Reach) -> bool:
        """Whether a post may go this way, whatever the record."""
        return permits(self.rights, reach)


@dataclass(frozen=True)
class Workflow:
    """The states of a register and its arrows."""

    register: str
    initial: str
    states: Mapping[str, State]
    arrows: tuple[Arrow, ...]

    def arrow(self, name: str) -> Arrow:
        """An arrow by its name."""
        return next(arrow for arrow in self.arrows if arrow.name == name)

    def leaving(self, state: str) -> list[Arrow]:
        """The arrows that leave a state."""
        return [arrow for arrow in self.arrows if state in arrow.sources]

    def guards(self) -> list[pgtrigger.Trigger]:
        """The triggers that refuse every other change of state, whoever writes."""
        pairs = ",".join(f"{source}>{arrow.target}" for arrow in self.arrows for source in arrow.sources)
        return [
            ArrowGuard(name="arrows_insert", operation=pgtrigger.Insert, initial=self.initial, pairs=pairs),
            ArrowGuard(
                name="arrows_update",
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),  # type: ignore[call-arg]
                initial=self.initial,
                pairs=pairs,
            ),
        ]


class ArrowGuard(pgtrigger.Trigger):
    """A plain trigger that calls ``registers_guard_arrows``; not silenced by ``pgtrigger.ignore``."""

    when = pgtrigger.Before
    func = ""

    def __init__(self, *, initial: str, pairs: str, **more: Any) -> None:
        """Take the initial state and the allowed pairs as arguments of the trigger function."""
        self.initial, self.pairs = initial, pairs
        super().__init__(**more)

    def get_func(self, model: type[Model]) -> str:
        """No function of its own."""
        return ""

    def render_func(self, model: type[Model]) -> str:
        """No function of its own."""
        return ""

    def render_execute(self, model: type[Model]) -> str:
        """Call the shared function with the arrows of this register."""
        return f"registers_guard_arrows('{self.initial}', '{self.pairs}')"


def barring(workflows: Iterable[Workflow]) -> str:
    """The SQL of the function that tells which steps bar their doers from an arrow, as declared now."""
    cases = [
        f"WHEN '{flow.register}.{arrow.name}' THEN '{{{','.join(arrow.not_by_who_did)}}}'"
        for flow in workflows
        for arrow in flow.arrows
        if arrow.not_by_who_did
    ]
    return _BARS.format(cases=" ".join(cases))
