"""Files to contract tables and columns by their names, as the text of a mapping that a person then checks."""

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
    """One file as one table: contract column to the file's column, and settings that its values ask for."""

    source: str
    file: Sniffed
    table: Table
    columns: dict[str, str]
    settings: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Columns that the table can't do without and that no column of the file looks like."""
        return [column for column in self.table.must_be_mapped if column not in self.columns]

    @property
    def unused(self) -> list[str]:
        """Columns of the file that nothing is made of."""
        return [column for column in self.file.columns if column not in self.columns.values()]


@cache
def names() -> dict[str, dict[str, list[str]]]:
    """Other names of tables and columns, from `names.yml`."""
    # Every scalar is text: `no` is a name.
    text = Path(__file__).with_name("names.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


def draft(files: Sequence[Sniffed], contract: Contract) -> list[Draft]:
    """A draft of each file, in the order given; of several files that look like one table, the first takes it.

    Raises BadInput naming a file that looks like no table.
    """
    taken: set[str] = set()
    drafts = []
    for file in files:
        stem = file.path.name.split(".")[0]
        fits = {table.name: _fit(file, stem, table) for table in contract.tables if table.name not in taken}
        best = max(fits, key=lambda name: (fits[name], -list(fits).index(name)))
        if fits[best] <= 0:
            raise BadInput(f"{file.path}: looks like no table of the input contract; map it by hand")
        taken.add(best)
        table = contract.by_name[best]
        drafts.append(Draft(best, file, table, _columns(file, table)))
    return drafts


def as_text(drafts: Sequence[Draft], zone: str | None, folder: Path) -> str:
    """The mapping file; `zone` is where the shop's clock without an offset stands, `folder` where the file will be."""
    lines = [
        "# A first mapping, drafted from names: check every line, then run `shopper doctor` on it.",
        *(
            ()
            if zone
            else ("# Times without an offset count as UTC; where they are local, add `timezone: Europe/Paris`.",)
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
                lines.append(f"      {column.name}: {_made_of(one, column.name, column.type, zone)}")
            elif column.name in one.missing:
                lines.append(f"      {column.name}: <needed: a column of the file>")
        if one.unused:
            lines.append(f"      # not used: {', '.join(one.unused)}")
    return "\n".join(lines) + "\n"


def _made_of(one: Draft, target: str, column_type: str, zone: str | None) -> str:
    name = one.columns[target]
    values = one.file.columns[name]
    settings = dict(one.settings.get(target, {}))
    if zone and column_type == "timestamp" and values and not _OFFSET.search(values[0].strip()):
        settings["timezone"] = zone
    text = _flow({"column": name, **settings}) if settings else _scalar(name)
    return f"{text}  # such as {_shown(values[0])}" if values else text


def _fit(file: Sniffed, stem: str, table: Table) -> float:
    """How well a file fits a table: its name, its required columns, and how many of its columns find a place."""
    found = _columns(file, table)
    required = [column in found for column in (*table.must_be_mapped, *table.keys)]
    named = max([_likeness(stem, table.name), *(0.9 * _likeness(stem, name) for name in names()["tables"][table.name])])
    placed = len(found) / max(len(file.columns), 1)
    return named * 1.5 + 2 * sum(required) / len(required) + placed - 2 if found else 0


def _columns(file: Sniffed, table: Table) -> dict[str, str]:
    """Contract column to the column of the file that is most like it, each used once, the best pairs first."""
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
    """1 for the same name, a little less for another name of it or one with the table's name before it."""
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
    """A scalar of YAML's flow style, quoted where it must be."""
    dumped = yaml.safe_dump([text], default_flow_style=True, allow_unicode=True, width=10_000).strip()
    return dumped[1:-1]


def _shown(value: str) -> str:
    """An example in a comment: one short line, an e-mail address not at all."""
    text = re.sub(r"\S+@\S+", "...@...", " ".join(value.split()))
    return text if len(text) <= 40 else text[:37] + "..."
