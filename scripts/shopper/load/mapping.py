"""The mapping file: where the data is (sources), and how contract tables are made from it (tables).

All keys and functions: docs/mapping.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shopper.contract import Contract, Table
from shopper.errors import BadInput
from shopper.load.closing import folders_of
from shopper.load.entries import only_keys, text_of
from shopper.load.shop_settings import ShopSettings, shop_settings_of
from shopper.load.sources import AbsentSource, FileSource, QuerySource, Source, StoredSource, source_of
from shopper.suggestions import suggestion
from shopper.yaml_files import TextLoader, read_yaml

_COLUMN_KEYS = ("column", "expression", "value", "format", "timezone", "decimal")
_PART_KEYS = ("source", "where", "columns", "empty")


@dataclass(frozen=True)
class ColumnMapping:
    """Definition of one contract column: exactly one of column, expression and value.

    format: strptime pattern of the text. timezone: IANA time zone of its local time; the result is UTC. decimal: the
    decimal separator, a comma or a point; the other one is the thousands separator.
    """

    target: str
    column: str | None = None
    expression: str | None = None
    value: str | None = None
    format: str | None = None
    timezone: str | None = None
    decimal: str | None = None


@dataclass(frozen=True)
class Part:
    """Rows of one source for one contract table. `columns` is None if the source already has contract names.

    is_unknown_if_empty: whether no row means that nothing is known, not that there is none.
    """

    source: str
    columns: tuple[ColumnMapping, ...] | None
    where: str | None = None
    is_unknown_if_empty: bool = False


@dataclass(frozen=True)
class LoadMapping:
    """A mapping file, checked against the contract as far as possible without data.

    also_read: folders that its SQL may read beside its own, as whoever loads allows.
    """

    path: Path
    sources: dict[str, Source]
    tables: dict[str, tuple[Part, ...]]
    shop: ShopSettings = field(default_factory=ShopSettings)
    also_read: tuple[Path, ...] = ()

    def needed_sources(self, tables: Iterable[str]) -> list[Source]:
        """The sources of these tables, direct or through queries, in the order of the mapping file."""
        wanted = [part.source for table in tables for part in self.tables[table]]
        reached: set[str] = set()
        while wanted:
            name = wanted.pop()
            if name not in reached:
                reached.add(name)
                source = self.sources[name]
                wanted += source.uses if isinstance(source, QuerySource) else ()
        return [source for name, source in self.sources.items() if name in reached]

    def stored_behind(self, table: str) -> list[StoredSource]:
        """The files and database tables that the rows of a table come from."""
        needed = self.needed_sources([table])
        return [source for source in needed if not isinstance(source, (AbsentSource, QuerySource))]


def read_mapping(path: Path, contract: Contract, also_read: Iterable[Path] = ()) -> LoadMapping:
    """Read a mapping file. also_read: further folders that its SQL may read.

    Raises BadInput with the position in the file, the value and what was expected.
    """
    document = _document(path)
    only_keys(document, ("about", "shop", "sources", "tables"), str(path))
    shop = shop_settings_of(document.get("shop"), f"{path}: shop")
    sources: dict[str, Source] = {}
    for name, entry in _section(document, "sources", str(path)).items():
        sources[name] = source_of(name, entry, tuple(sources), f"{path}: sources.{name}")
    tables = {
        name: _parts(name, entry, sources, contract, shop, f"{path}: tables.{name}")
        for name, entry in _section(document, "tables", str(path)).items()
    }
    _require_zone(document, shop, str(path))
    return LoadMapping(path, sources, tables, shop, folders_of(also_read))


def _require_zone(document: Mapping[str, Any], shop: ShopSettings, where: str) -> None:
    """Raises BadInput if SQL uses the shop's time zone and the mapping does not say it."""
    if shop.timezone is None and "shop_timezone" in str((document["sources"], document["tables"])).lower():
        raise BadInput(f"{where}: shop_timezone() needs the time zone of the shop: `shop: {{timezone: Europe/Paris}}`")


def _document(path: Path) -> dict[str, Any]:
    document = read_yaml(path, TextLoader)
    if not isinstance(document, dict):
        raise BadInput(f"{path}: expected a mapping with the keys sources and tables")
    return document


def _section(document: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    section = document.get(key)
    if not isinstance(section, dict) or not section:
        raise BadInput(f"{where}: needs a section {key}")
    return section


def _parts(
    name: str, entry: Any, sources: Mapping[str, Source], contract: Contract, shop: ShopSettings, where: str
) -> tuple[Part, ...]:
    if name not in contract.by_name:
        raise BadInput(f"{where}: unknown table {name}{suggestion(name, contract.by_name)}")
    entries = entry if isinstance(entry, list) else [entry]
    if not entries:
        raise BadInput(f"{where}: needs a source")
    return tuple(
        _part(part, sources, contract.by_name[name], shop, where if len(entries) == 1 else f"{where}[{number}]")
        for number, part in enumerate(entries, start=1)
    )


def _part(entry: Any, sources: Mapping[str, Source], table: Table, shop: ShopSettings, where: str) -> Part:
    if not isinstance(entry, dict) or "source" not in entry:
        raise BadInput(f"{where}: needs a source")
    only_keys(entry, _PART_KEYS, where)
    source = text_of(entry, "source", where)
    if source is None or source not in sources:
        raise BadInput(f"{where}: unknown source {source}{suggestion(str(source), sources)}")
    columns = entry.get("columns")
    if entry.get("empty", "none") not in {"none", "unknown"}:
        raise BadInput(f"{where}.empty: expected none or unknown, got {entry['empty']!r}")
    is_unknown = entry.get("empty") == "unknown"
    if columns is None:
        return Part(source, None, text_of(entry, "where", where), is_unknown)
    if not isinstance(columns, dict) or not columns:
        raise BadInput(f"{where}.columns: expected contract columns, each with its definition")
    for target in columns:
        if target not in table.by_name:
            raise BadInput(f"{where}: {table.name} has no column {target}{suggestion(str(target), table.by_name)}")
    mapped = {
        target: _column(target, definition, shop, f"{where}.columns.{target}") for target, definition in columns.items()
    }
    require_columns(table, mapped, where)
    stored = sources[source]
    for target, column in mapped.items():
        if column.decimal and isinstance(stored, FileSource) and stored.decimal == ",":
            raise BadInput(f"{where}.columns.{target}: decimal stands at the source {source} too; keep one of them")
    in_order = tuple(mapped[column.name] for column in table.columns if column.name in mapped)
    return Part(source, in_order, text_of(entry, "where", where), is_unknown)


def require_columns(table: Table, present: Iterable[str], where: str) -> None:
    """Raises BadInput with the required columns of the table that are not in `present`."""
    found = set(present)
    missing = [name for name in table.must_be_mapped if name not in found]
    if missing:
        columns = ", ".join(f"{table.name}.{name}" for name in missing)
        raise BadInput(f"{where}: required column missing: {columns}")


def _column(target: str, definition: Any, shop: ShopSettings, where: str) -> ColumnMapping:
    if isinstance(definition, str):
        return ColumnMapping(target, column=definition)
    if not isinstance(definition, dict):
        raise BadInput(f"{where}: expected the name of a source column, or one of column, expression and value")
    only_keys(definition, _COLUMN_KEYS, where)
    if sum(key in definition for key in ("column", "expression", "value")) != 1:
        raise BadInput(f"{where}: expected exactly one of column, expression and value")
    if "value" in definition:
        only_keys(definition, ("value",), where)
    if definition.get("decimal") not in {None, ",", "."}:
        raise BadInput(f"{where}.decimal: expected a comma or a point, got {definition['decimal']!r}")
    if str(definition.get("format", "")).startswith("<"):
        raise BadInput(f"{where}.format: still to be decided, {definition['format']}")
    values = {key: text_of(definition, key, where) for key in definition}
    if values.get("timezone") == "shop":
        if shop.timezone is None:
            raise BadInput(f"{where}.timezone: needs the time zone of the shop: `shop: {{timezone: Europe/Paris}}`")
        values["timezone"] = shop.timezone
    return ColumnMapping(target, **values)
