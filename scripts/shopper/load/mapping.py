"""The mapping file: where the data is (sources), and how contract tables are made from it (tables).

```yaml
about: {title: Our till}      # read by `shopper init` only
shop: {timezone: Europe/Paris, currency: EUR, prices_include_tax: true}     # all optional; see below
sources:
  lines:
    path: ${LINES}            # a file, folder or glob (`{a,b}*.csv` too), relative to the mapping file; ${NAME}: an
                              # environment variable
    format: csv               # csv, jsonl, json, parquet or xlsx; default: by the file's name; required for a folder
    delimiter: ";"            # csv only; default ","
    encoding: latin-1         # csv, jsonl and json; default utf-8
    quote: '"'                # csv only; empty: no quoting
    decimal: ","              # csv only: columns of nothing but numbers such as 1.234,50 are read with a point
  tickets:                    # a file whose columns are named: their headers match without case, in any order
    path: tickets*.csv
    needs: [Number, Opened at]                 # a file without one of them stops the load
    may_have: [Score]                          # null in a file without it
    names: {Opened at: [Geöffnet am, Opened]}  # other headers of the column; SQL uses the first name
                              # a header that varies: {Cost: ["Cost (<Currency>)"]} also gives the column Currency
    types: {tags: "varchar[]"}                 # JSON text or a nested column of Parquet becomes this DuckDB type
    key: [Number]             # of rows of one key in several files, those of the last file by name count (a list within
                              # the list: the first of its columns with a value)
    newest: Changed at        # with `key`: not the last file by name, but the one with the greatest value of this
    fill: [Number]            # csv and xlsx: a blank has the value of the row above it in the file
    skip: until header        # csv and xlsx: or the number of lines above the header
    skip_after: Total         # csv and xlsx: rows end before the first one whose first cell starts with this
  exports: {path: "s3://bucket/orders*.csv"}        # object storage: credentials as for the AWS tools
  book: {path: book.xlsx, sheet: Orders}          # the sheet may be left out if there is only one
  feed: {path: feed.json, records: data.orders}   # where the list of records is, unless the document is the list
  returns:                    # a file that the shop does not have: its columns, and no rows
    absent: true
    needs: [Number]
  clients:                    # a table of a database; needs, may_have, names and types as for files
    postgres: host=db.example dbname=shop user=reader password=${SHOP_PASSWORD}   # a secret is never in the file
    table: public.clients
  posts:
    mysql: host=db.example database=shop user=reader password=${SHOP_PASSWORD}    # or a URL mysql://...
    table: wp_posts
  till: {sqlite: till.db, table: sales}           # all values are text
  stock: {duckdb: stock.duckdb, table: main.stock}
  sales:
    query: select * from lines where Quantity > 0       # SQL over the sources above it
tables:
  orders:                     # one mapping, or a list of mappings whose rows are combined (union all)
    source: sales
    where: InvoiceNo <> ''    # SQL condition on rows of the source
    empty: unknown            # no row at all: nothing is known, so the table is not landed; default: none, it is empty
    columns:                  # default: the source columns that have contract names
      order_id: InvoiceNo                                  # a column of the source
      status: {value: completed}                           # a constant
      ordered_at: {column: Date, format: "%d/%m/%Y %H:%M", timezone: Europe/London}   # local time to UTC, or `shop`
      total_amount: {column: Total, decimal: ","}          # 1.234,50 is 1234.50
      customer_id: {expression: "cast(CustomerID as bigint)"}                         # SQL over the source
```

SQL may use these functions:
- `shop_timezone()`, `shop_currency()`, `shop_prices_include_tax()`: the settings of the shop; null if not set.
- `number_of(text)`: a decimal number such as `1,234.50`, `€ 12.00` or `12.00 EUR`, with `number_of(text, ',')` such as
  `1.234,50`, as decimal(38, 8). Blank is null; any other text is an error that names it.
- `decimal_sign(amounts, counts)`: the decimal sign that a row's texts show, `,` or `.`, null if none does. Amounts (a
  list) end with one or two decimals, up to three with `decimal_sign(amounts, counts, 3)`; counts have none, so what is
  before three digits parts thousands.
- `moment_of(text)`: a date or time as the contract reads it, in UTC. Blank is null; any other text is an error.
- `person_key(email)`: the hash of a trimmed e-mail address in lower case, as the id of a customer; null if blank.
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
from shopper.load.sources import AbsentSource, QuerySource, Source, StoredSource, source_of
from shopper.suggestions import suggestion
from shopper.yaml_files import TextLoader, read_yaml

_COLUMN_KEYS = ("column", "expression", "value", "format", "timezone", "decimal")


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
    only_keys(entry, ("source", "where", "columns", "empty"), where)
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
