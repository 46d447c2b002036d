"""How well the columns of an unknown file fit the tables of the input contract, by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from shopper.contract import Contract, Table
from shopper.init.sniffing import Sniffed

_ALIKE: Final = 0.85
_SYNONYM: Final = 0.9
_LEAST: Final = 0.55
# In a file with more columns, names are compared without tolerance for misspelling.
_MOST_COMPARED: Final = 120


@dataclass(frozen=True)
class Fit:
    """A file and a table. `columns`: file column by contract column; `is_named`: the file has the table's name."""

    file: Sniffed
    table: Table
    columns: dict[str, str]
    is_named: bool
    score: float

    @property
    def missing(self) -> list[str]:
        """Required columns of the table that match no column of the file."""
        return [column for column in self.table.must_be_mapped if column not in self.columns]

    @property
    def is_sensible(self) -> bool:
        """Whether so much fits that a mapping is worth checking. A date and an amount alone are no table."""
        found, must = len(self.columns), self.table.must_be_mapped
        placed = found / max(len(self.file.columns), 1)
        if self.missing:
            return self.is_named and len(self.missing) == 1 and found >= 2
        if any(key not in self.columns for key in self.table.keys) and len(must) < 3:
            return found >= 2 and (self.is_named or (found >= 4 and placed >= 0.5))
        return found >= 3 or (found >= 2 and (self.is_named or placed >= 0.5))


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """Synonyms of tables and columns, from `names.yml`."""
    # Every scalar is read as text, since `no` is a name here, not false.
    text = Path(__file__).with_name("names.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


def fits(file: Sniffed, contract: Contract) -> list[Fit]:
    """All tables that have a column of the file, best first."""
    stem = file.path.name.split(".")[0]
    found = [_fit(file, stem, table) for table in contract.tables]
    return sorted((one for one in found if one.columns), key=lambda one: -one.score)


def _fit(file: Sniffed, stem: str, table: Table) -> Fit:
    """Scored by the file's name, the required columns, and the number of matched columns."""
    columns = _columns(file, table)
    required = [column in columns for column in (*table.must_be_mapped, *table.keys)]
    named = max([_likeness(stem, table.name), *(0.9 * _likeness(stem, name) for name in names()["tables"][table.name])])
    placed = len(columns) / max(len(file.columns), 1)
    return Fit(file, table, columns, named >= _ALIKE, named * 1.5 + 2 * sum(required) / len(required) + placed - 2)


def _columns(file: Sniffed, table: Table) -> dict[str, str]:
    """The most similar file column by contract column. Each is used once; the best pairs are matched first."""
    known = _known(table)
    is_wide = len(file.columns) > _MOST_COMPARED
    prefix = re.compile(rf"^{table.name.rstrip('s')}s?[ _-]?", re.IGNORECASE)
    pairs = []
    for position, name in enumerate(file.columns):
        short = prefix.sub("", name)
        scores = dict(known.get(_plain(name), {}))
        for other, score in known.get(_plain(short), {}).items():
            scores[other] = max(scores.get(other, 0), score if score < 1 else 0.97)
        for number, column in enumerate(table.columns):
            likeness = (
                scores.get(column.name, 0) if is_wide or column.name in scores else _fuzzy(name, short, column.name)
            )
            if likeness >= _ALIKE:
                pairs.append((-likeness, number, position, column.name, name))
    found: dict[str, str] = {}
    used: set[str] = set()
    for _likeness_of, _number, _position, column_name, name in sorted(pairs):
        if column_name not in found and name not in used:
            found[column_name] = name
            used.add(name)
    return found


@cache
def _known(table: Table) -> dict[str, dict[str, float]]:
    """Contract columns by plain name, each with its score: 1 for the name, slightly less for a synonym."""
    found: dict[str, dict[str, float]] = {}
    for column in table.columns:
        for number, other in enumerate(names()["columns"].get(column.name, ())):
            found.setdefault(_plain(other), {}).setdefault(column.name, _SYNONYM + 0.05 * (1 - number / 20))
        found.setdefault(_plain(column.name), {})[column.name] = 1
    return found


def _fuzzy(name: str, short: str, column: str) -> float:
    return max(_likeness(name, column), 0.97 * _likeness(short, column))


@cache
def _likeness(one: str, other: str) -> float:
    first, second = _plain(one)[:60], _plain(other)
    if first == second:
        return 1.0
    matcher = SequenceMatcher(None, first, second)
    if matcher.real_quick_ratio() < _LEAST or matcher.quick_ratio() < _LEAST:
        return 0.0
    return matcher.ratio() * 0.95


@cache
def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
