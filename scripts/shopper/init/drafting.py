"""Match files with contract tables and columns by name, and write a draft mapping for a person to check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from shopper.contract import Contract, Table
from shopper.errors import BadInput
from shopper.init.sniffing import Sniffed

_ALIKE: Final = 0.85
_SYNONYM: Final = 0.9
_OFFSET = re.compile(r"\d{2}:\d{2}.*(Z|UTC|[+-]\d{2}(:?\d{2})?)$|^\d{9,16}$")


@dataclass
class Draft:
    """A file matched with a table. `columns`: file column by contract column; `settings`: what its values need."""

    source: str
    file: Sniffed
    table: Table
    columns: dict[str, str]
    settings: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Required columns of the table that match no column of the file."""
        return [column for column in self.table.must_be_mapped if column not in self.columns]

    @property
    def unused(self) -> list[str]:
        """Columns of the file that match no contract column."""
        return [column for column in self.file.columns if column not in self.columns.values()]


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """Synonyms of tables and columns, from `names.yml`."""
    # Every scalar is read as text, since `no` is a name here, not false.
    text = Path(__file__).with_name("names.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


def draft(files: Sequence[Sniffed], contract: Contract) -> list[Draft]:
    """A draft for each file, in the given order. If several files match the same table, the first one gets it.

    Raises BadInput for a file that matches no table.
    """
    taken: set[str] = set()
    drafts = []
    for file in files:
        stem = file.path.name.split(".")[0]
        fits = {table.name: _score(file, stem, table) for table in contract.tables if table.name not in taken}
        best = max(fits, key=lambda name: (fits[name], -list(fits).index(name)))
        if fits[best] <= 0:
            raise BadInput(f"{file.path}: matches no table of the input contract; map it by hand")
        taken.add(best)
        table = contract.by_name[best]
        drafts.append(Draft(best, file, table, _columns(file, table)))
    return drafts


def as_text(drafts: Sequence[Draft], zone: str | None, folder: Path) -> str:
    """The text of the mapping file. `zone`: time zone of timestamps without an offset; `folder`: its future folder."""
    lines = [
        "# Draft mapping, matched by names: check every line, then run `shopper doctor` on it.",
        *(
            ()
            if zone
            else ("# Times without an offset are read as UTC; if they are local, add `timezone: Europe/Paris`.",)
        ),
        "sources:",
    ]
    for one in drafts:
        lines.append(f"  {one.source}: {_flow({'path': _relative(one.file.place, folder), **one.file.options})}")
    lines.append("tables:")
    for one in drafts:
        lines += [f"  {one.table.name}:", f"    source: {one.source}", "    columns:"]
        for column in one.table.columns:
            if column.name in one.columns:
                lines.append(f"      {column.name}: {_definition(one, column.name, column.type, zone)}")
            elif column.name in one.missing:
                lines.append(f"      {column.name}: <required: a column of the file>")
        if one.unused:
            lines.append(f"      # not used: {', '.join(one.unused)}")
    return "\n".join(lines) + "\n"


def _definition(one: Draft, target: str, column_type: str, zone: str | None) -> str:
    name = one.columns[target]
    values = one.file.columns[name]
    settings = dict(one.settings.get(target, {}))
    if zone and column_type == "timestamp" and values and not _OFFSET.search(values[0].strip()):
        settings["timezone"] = zone
    text = _flow({"column": name, **settings}) if settings else _scalar(name)
    return f"{text}  # such as {_shown(values[0])}" if values else text


def _score(file: Sniffed, stem: str, table: Table) -> float:
    """Score of a file for a table: by its name, its required columns, and the number of matched columns."""
    found = _columns(file, table)
    required = [column in found for column in (*table.must_be_mapped, *table.keys)]
    named = max([_likeness(stem, table.name), *(0.9 * _likeness(stem, name) for name in names()["tables"][table.name])])
    placed = len(found) / max(len(file.columns), 1)
    return named * 1.5 + 2 * sum(required) / len(required) + placed - 2 if found else 0


def _columns(file: Sniffed, table: Table) -> dict[str, str]:
    """The most similar file column by contract column. Each is used once; the best pairs are matched first."""
    pairs = sorted(
        (
            (-likeness, number, position, column.name, name)
            for number, column in enumerate(table.columns)
            for position, name in enumerate(file.columns)
            if (likeness := _column_likeness(name, column.name, table.name)) >= _ALIKE
        ),
    )
    found: dict[str, str] = {}
    for _likeness_of, _number, _position, column_name, name in pairs:
        if column_name not in found and name not in found.values():
            found[column_name] = name
    return found


def _column_likeness(name: str, column: str, table: str) -> float:
    """1 for the same name; slightly less for a synonym, or with the table's name as a prefix."""
    short = re.sub(rf"^{table.rstrip('s')}s?[ _-]?", "", name, flags=re.IGNORECASE)
    others = [_SYNONYM + 0.05 * (1 - i / 20) for i, other in enumerate(names()["columns"].get(column, ())) if
              _plain(other) in {_plain(name), _plain(short)}]  # fmt: skip
    return max([_likeness(name, column), 0.97 * _likeness(short, column), *others])


def _likeness(one: str, other: str) -> float:
    return 1.0 if _plain(one) == _plain(other) else SequenceMatcher(None, _plain(one), _plain(other)).ratio() * 0.95


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _relative(path: Path, folder: Path) -> str:
    try:
        return str(path.absolute().relative_to(folder.absolute()))
    except ValueError:
        return str(path.absolute())


def _flow(entry: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in entry.items()) + "}"


def _scalar(text: str) -> str:
    """A YAML flow scalar, quoted if necessary."""
    dumped = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000).strip()
    return dumped[1:-1]


def _shown(value: str) -> str:
    """An example value for a comment: one short line; e-mail addresses are hidden."""
    text = re.sub(r"\S+@\S+", "...@...", " ".join(value.split()))
    return text if len(text) <= 40 else text[:37] + "..."
