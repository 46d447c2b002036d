"""Schema drift: the columns of what a load reads, compared with those of the last load (`landing.columns`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import duckdb

from shopper.casts import CastRules
from shopper.contract import Table
from shopper.errors import BadInput
from shopper.load.deliveries import ReadSource
from shopper.load.history import History
from shopper.load.mapping import LoadMapping
from shopper.load.shapes import Change, FileKinds, ShapeComparison, kinds_of
from shopper.load.sources import FileSource
from shopper.load.usage import uses_of
from shopper.sql import quoted

_SHOWN = 20


@dataclass(frozen=True)
class Shape:
    """The columns of a table's sources now (source, column, kind of values), and their changes since the last load."""

    kinds: tuple[tuple[str, str, str | None], ...]
    changes: tuple[str, ...]


def compare_shapes(
    connection: duckdb.DuckDBPyConnection,
    rules: CastRules,
    mapping: LoadMapping,
    tables: Iterable[Table],
    sources: Iterable[ReadSource],
    history: History,
    accept_drift: bool,
    appended: Collection[str] = (),
) -> dict[str, Shape]:
    """The shape of each table's sources, by table. Of tables in `appended`, only new files have been read.

    Raises BadInput with file, column and what was expected if a column that the mapping uses is missing, renamed or
    holds another kind of values, unless `accept_drift`.
    """
    read = {source.name: source for source in sources}
    shapes, fatal = {}, []
    for table in tables:
        kept: list[tuple[str, str, str | None]] = []
        found: list[Change] = []
        for stored in mapping.stored_behind(table.name):
            source = read[stored.name]
            last = history.tables.get(table.name)
            before = last.kinds.get(stored.name, {}) if last else {}
            seen = last.digests.get(stored.name, frozenset()) if last else frozenset()
            uses = uses_of(mapping, table, stored.name, _columns(source, before), rules)

            new_files = {file.name for file in source.files if file.digest not in seen}
            is_json = isinstance(stored, FileSource) and stored.format in {"json", "jsonl"}
            kinds = FileKinds(connection, rules, source, new_files)
            comparison = ShapeComparison(table.name, uses, before, new_files, kinds, keys_may_be_absent=is_json)
            found += comparison.changes(source)
            typed = [column for column in source.columns if column.lower() in uses and uses[column.lower()].is_typed]
            now = kinds_of(connection, rules, quoted(stored.name), typed)
            for column in source.columns:
                kinds_found = (now.get(column), before.get(column.lower()))
                kept.append(
                    (stored.name, column, next(filter(None, kinds_found[:: -1 if table.name in appended else 1]), None))
                )
        fatal += [change.message for change in found if change.is_fatal]
        shapes[table.name] = Shape(tuple(kept), tuple(change.message for change in found))
    if fatal and not accept_drift:
        lines = list(dict.fromkeys(fatal))
        more = f"\n  and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
        accept = ", or accept them with --accept-drift" if history.tables else ""
        raise BadInput(
            f"files are not as expected; nothing changed. Correct the file or the mapping{accept}\n  "
            + "\n  ".join(lines[:_SHOWN])
            + more
        )
    return shapes


def _columns(source: ReadSource, before: Mapping[str, str | None]) -> list[str]:
    """Columns that exist now or existed at the last load."""
    here = {column.lower() for column in source.columns}
    return [*source.columns, *(name for name in before if name not in here)]
