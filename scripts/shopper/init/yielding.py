"""Which source fills a table that several of them could: the same money and the same visits must not count twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shopper.errors import BadInput
from shopper.init.ready import ReadySource
from shopper.suggestions import suggestion

Counted = Mapping[str, Collection[str]]


class Filling(Protocol):
    """A ready source and the tables that it fills."""

    ready: ReadySource
    parts: dict[str, list[int]]

    @property
    def is_shop(self) -> bool:
        """Whether the source is the shop itself."""


@dataclass(frozen=True)
class Yielded:
    """The tables that a source does not fill, since others do: the shop, the tracker, or the sources that were named.

    lost: what only this source knows of each of them.
    """

    ready: ReadySource
    tables: tuple[str, ...]
    others: str
    lost: Mapping[str, str]

    @property
    def note(self) -> str:
        """One line for the user: what is left out, what is lost with it, and how to choose otherwise."""
        line = f"{self.ready.title}: its {', '.join(self.tables)} are left out, the {self.others}'s own count"
        if not self.lost:
            return line
        lost = ", ".join(f"{what} ({table})" for table, what in self.lost.items())
        options = " ".join(f"--count {table}={self.ready.name}" for table in self.lost)
        return f"{line}. Not in the marts where the {self.others} lacks them: {lost}; to count its own: {options}"


def counted_of(options: Sequence[str]) -> dict[str, set[str]]:
    """The sources named for each table, from texts such as `payments=stripe`. Raises BadInput for another form."""
    found: dict[str, set[str]] = {}
    for option in options:
        table, mark, name = (part.strip() for part in option.partition("="))
        if not (table and mark and name):
            raise BadInput(f"--count {option}: expected a table and a source, such as payments=stripe")
        found.setdefault(table, set()).add(name)
    return found


def give_up(chosen: Sequence[Filling], counted: Counted) -> list[Yielded]:
    """Take from each source the tables that others fill: what it yields to a shop, a shop to a tracker, and all to the
    sources that are counted for a table. Raises BadInput for a counted source that does not fill the table.
    """
    _check(chosen, counted)
    by_shops = {table for one in chosen if one.is_shop for table in one.parts}
    by_others = {table for one in chosen if not one.is_shop for table in one.parts}
    found = []
    for one in chosen:
        others = by_others if one.is_shop else by_shops
        yields = [table for table in one.ready.about.get("yields", []) if table in others and table in one.parts]
        usual = [table for table in yields if table not in counted]
        knows: Mapping[str, str] = one.ready.about.get("alone_knows", {})
        if usual:
            lost = {table: knows[table] for table in usual if table in knows}
            found.append(Yielded(one.ready, tuple(usual), "tracker" if one.is_shop else "shop", lost))
        named = [table for table in one.parts if table in counted and one.ready.name not in counted[table]]
        for table in named:
            found.append(Yielded(one.ready, (table,), " and ".join(sorted(counted[table])), {}))
        for table in (*usual, *named):
            one.parts.pop(table)
    return found


def _check(chosen: Sequence[Filling], counted: Counted) -> None:
    for table, names in counted.items():
        able = [one.ready.name for one in chosen if table in one.parts]
        for name in sorted(names):
            if name not in able:
                known = suggestion(name, able) or f"; none of the files fills {table}"
                raise BadInput(f"--count {table}={name}: no file of {name} fills {table}{known}")
