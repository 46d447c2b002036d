"""What an explanation is: plain data, for the text on a terminal, JSON, the dashboard and other programs alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Value = Any
"""A value of a cell: None, bool, int, float, Decimal, str, date, datetime or a list of these."""


@dataclass(frozen=True)
class LeftOut:
    """Rows that were looked at and do not count, with the reason. amount is null where rows only count."""

    reason: str
    rows: int
    amount: Value = None


@dataclass(frozen=True)
class Quarantined:
    """Landed rows that a check rejected: in the whole run, and those whose time allows that they belong here."""

    table: str
    reason: str
    rows: int
    possible: int


@dataclass(frozen=True)
class Raw:
    """A landed row as it came, without columns that could hold personal data."""

    table: str
    row: Mapping[str, Value]


@dataclass(frozen=True)
class Parts:
    """The rows of a model below that a value is made of.

    rows: the largest ones, each with `part`, what it contributes (null where a value is no sum of parts).
    count, total: of all rows that enter; rest_count, rest_total: of those that are not shown.
    """

    title: str
    relations: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...]
    count: int
    total: Value
    rest_count: int
    rest_total: Value
    left_out: tuple[LeftOut, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    raw: tuple[Raw, ...] = ()


@dataclass(frozen=True)
class Rule:
    """Rows of a seed that decide about a value: the business rules that a shop may change."""

    seed: str
    rows: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True)
class Measure:
    """A value and what it is made of.

    value: as the mart holds it; of a measure that is in no mart, as it is recomputed.
    recomputed: the same from the parts, the terms or the rules. adds_up: whether both are equal; null where that was
    not checked, and `note` says why. terms: the measures that the formula combines.
    """

    name: str
    kind: str
    value: Value
    formula: str
    recomputed: Value = None
    adds_up: bool | None = None
    note: str | None = None
    parts: tuple[Parts, ...] = ()
    rules: tuple[Rule, ...] = ()
    terms: tuple[Measure, ...] = ()
    inputs: Mapping[str, Value] = field(default_factory=dict)

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of this measure and its terms that do not add up."""
        own = (self.name,) if self.adds_up is False else ()
        return own + tuple(name for term in self.terms for name in term.broken)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Names of this measure and its terms that were not checked, keys and dimensions apart."""
        own = (self.name,) if self.adds_up is None and self.kind not in ("key", "dimension") else ()
        return own + tuple(name for term in self.terms for name in term.unchecked)


@dataclass(frozen=True)
class Explanation:
    """One cell of a mart, explained.

    key: the key columns of the row. grain: the first sentence of the mart's description. lineage: the models below,
    each with those that it reads, from the mart down. variables: the vars that these read, with the project's defaults.
    notes: what could not be looked at, and why.
    """

    mart: str
    column: str
    grain: str
    description: str
    key: Mapping[str, Value]
    row: Mapping[str, Value]
    as_of_date: date | None
    measure: Measure
    lineage: tuple[tuple[str, tuple[str, ...]], ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def adds_up(self) -> bool | None:
        """False if anything does not add up; null if nothing was checked."""
        if self.measure.broken:
            return False
        return self.measure.adds_up

    def as_dict(self) -> dict[str, Value]:
        """The explanation for JSON: amounts as text, so that no digit is lost; dates in ISO format."""
        return {**_plain(self), "adds_up": self.adds_up}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
