"""The source columns that a mapping uses, and what for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from shopper.casts import CastRules
from shopper.contract import Contract, Table
from shopper.load.deliveries import ReadSource
from shopper.load.mapping import LoadMapping, Part
from shopper.load.shapes import Use
from shopper.load.sources import QuerySource, Source


def uses_of(
    mapping: LoadMapping, table: Table, source: str, columns: Iterable[str], rules: CastRules
) -> dict[str, Use]:
    """How a table uses the columns of a source, by lower-case name: columns that its mapping names, including those
    that are missing from `columns`.
    """
    known = {column.lower(): column for column in columns}
    targets: dict[str, list[str]] = {}
    for part in mapping.tables[table.name]:
        if part.source == source:
            for name, target in _direct(part, table, known):
                targets.setdefault(name, []).append(target)
                known.setdefault(name.lower(), name)
    by_lower: dict[str, list[str]] = {}
    for name, found in targets.items():
        by_lower.setdefault(name.lower(), []).extend(found)
    named = _mapping_text(mapping, table, source)
    return {
        lower: Use(
            column,
            tuple(by_lower.get(lower, ())),
            any(target in table.must_be_mapped for target in by_lower.get(lower, ())),
            any(rules.can_fail(table.by_name[target].type) for target in by_lower.get(lower, ())),
        )
        for lower, column in known.items()
        if lower in by_lower or _contains(column, named)
    }


def unused_columns(
    mapping: LoadMapping, contract: Contract, sources: Iterable[ReadSource], tables: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Columns of each source that the mapping of these tables does not name."""
    names = list(tables)
    found = {}
    for source in sources:
        texts = " ".join(_mapping_text(mapping, contract.by_name[name], source.name) for name in names)
        unused = tuple(column for column in source.columns if not _contains(column, texts))
        if unused:
            found[source.name] = unused
    return found


def _direct(part: Part, table: Table, known: Iterable[str]) -> list[tuple[str, str]]:
    """Source columns that map directly to a contract column, as pairs (source column, contract column)."""
    if part.columns is not None:
        return [(made_of.column, made_of.target) for made_of in part.columns if made_of.column is not None]
    present = set(known)
    return [(c.name, c.name) for c in table.columns if c.name in present or c.name in table.must_be_mapped]


def _mapping_text(mapping: LoadMapping, table: Table, source: str) -> str:
    """All text of this table's mapping that can name a column of the source, in lower case."""
    texts = [
        other.query
        for other in mapping.needed_sources([table.name])
        if isinstance(other, QuerySource) and source in {s.name for s in _sources_of(mapping, other)}
    ]
    for part in mapping.tables[table.name]:
        if part.source == source:
            texts += [part.where or "", *(text or "" for c in part.columns or () for text in (c.column, c.expression))]
            texts += list(table.by_name) if part.columns is None else []
    return "\n".join(texts).lower()


def _sources_of(mapping: LoadMapping, query: QuerySource) -> list[Source]:
    """The sources that a query reads, direct or through other queries."""
    found: list[Source] = []
    for name in query.uses:
        source = mapping.sources[name]
        found += [source, *(_sources_of(mapping, source) if isinstance(source, QuerySource) else ())]
    return found


def _contains(column: str, text: str) -> bool:
    name = column.lower()
    return name in _words(text) if column.isidentifier() else name in text


@lru_cache(maxsize=64)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))
