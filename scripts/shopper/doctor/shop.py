"""The raw tables of a shop, opened for checks: each is a view of its contract columns as clean text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import yaml

from shopper.casts import CastRules
from shopper.contract import Column, Contract, Table
from shopper.doctor.findings import Fix
from shopper.errors import BadInput, Locked
from shopper.file_keys import FILE_KEY
from shopper.load.columns import PartBuilder, PartSelect
from shopper.load.history import History
from shopper.load.lander import Lander
from shopper.load.landing import scratch
from shopper.load.mapping import ColumnMapping, LoadMapping
from shopper.load.quality import value_sql
from shopper.sql import is_lock_conflict, literal, lock_holder, quoted, reason

# Tables up to this number of rows are cleaned once and stored. Larger ones are cleaned again by each check, to save
# memory.
_MOST_ROWS_COPIED: Final = 5_000_000


@dataclass(frozen=True)
class ColumnPart:
    """A column of one part of a table's mapping. number: its place in the list, from 1; None if the table has one part.
    definition: how the mapping makes it. relation: SQL for its texts, cleaned, as `value`.
    """

    number: int | None
    definition: ColumnMapping
    relation: str


@dataclass
class Shop:
    """The data of a shop, as the checks read it.

    landed: SQL relation by table; columns: the columns of each table, in lower case. mapping: the mapping that the data
    comes from, None if it was loaded before; parts: its parts by table. rejects: number of unreadable lines.
    """

    connection: duckdb.DuckDBPyConnection
    contract: Contract
    root: Path
    variables: Mapping[str, Any]
    landed: Mapping[str, str]
    mapping: LoadMapping | None = None
    parts: Mapping[str, Sequence[PartSelect]] = field(default_factory=dict)
    rejects: int = 0
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Create `shop.<table>` for each table, with its contract columns as clean text."""
        self.connection.execute("create schema shop")
        for name, relation in self.landed.items():
            found = [row for row in self.query(f"describe select * from {relation}") if row[0] != FILE_KEY]
            self.columns[name] = tuple(str(row[0]).lower() for row in found)
            known = [row[0] for row in found if str(row[0]).lower() in self.contract.by_name[name].by_name]
            texts = (self.rules.clean(f"cast({quoted(c)} as varchar)") + f" as {c.lower()}" for c in known)
            self.rows[name] = int(self.query(f"select count(*) from {relation}")[0][0])
            kind = "table" if self.rows[name] <= _MOST_ROWS_COPIED else "view"
            self.connection.execute(f"create {kind} shop.{name} as select {', '.join(texts) or '1'} from {relation}")

    @cached_property
    def rules(self) -> CastRules:
        """The project's cast rules with the vars of this shop."""
        return CastRules(self.root, self.variables)

    @property
    def tables(self) -> list[Table]:
        """The contract tables that have rows."""
        return [table for table in self.contract.tables if self.rows.get(table.name)]

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table has rows and all of these columns."""
        return bool(self.rows.get(table)) and set(columns) <= set(self.columns[table])

    def present(self, table: Table) -> list[Column]:
        """The contract columns that the table has."""
        return [column for column in table.columns if column.name in self.columns[table.name]]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(sql).fetchall()

    def typed(self, table: str, column: str) -> str:
        """SQL for the typed value of a column of `shop.<table>`."""
        return value_sql(self.rules, self.root, self.contract.by_name[table].by_name[column])

    def definition_of(self, table: str, column: str) -> ColumnMapping:
        """The mapping's definition of a column, in its first part; without a mapping, the column of the same name."""
        return self.parts_of(table, column)[0].definition

    def parts_of(self, table: str, column: str) -> list[ColumnPart]:
        """The parts of the mapping that make a column; without a mapping, the landed column."""
        by_name = ColumnMapping(column, column=column)
        parts = self.parts.get(table, ())
        found = []
        for number, part in enumerate(parts, start=1):
            if column in part.columns:
                written = self.mapping.tables[table][number - 1].columns if self.mapping else None
                definition = next((one for one in written or () if one.target == column), by_name)
                relation = f"(select {self.rules.clean(column)} as value from ({part.query}))"
                found.append(ColumnPart(number if len(parts) > 1 else None, definition, relation))
        return found or [ColumnPart(None, by_name, f"(select {column} as value from shop.{table})")]

    def column_fix(self, table: str, column: str, part: ColumnPart | None = None, **settings: str) -> Fix:
        """A fix that changes the mapping of a column, in one part of it. In an `expression`, {} stands for the current
        value. Without `part`, a column of several parts leaves the number of the part to the reader.
        """
        several = len(self.parts_of(table, column)) > 1
        one = part or self.parts_of(table, column)[0]
        definition = one.definition
        value = definition.expression or quoted(str(definition.column))
        entries: dict[str, str | None] = {
            "column": definition.column,
            "format": definition.format,
            "timezone": definition.timezone,
        }
        if definition.expression or "expression" in settings:
            entries["column"] = None
            entries["expression"] = settings.pop("expression", "{}").replace("{}", value)
        entries |= settings
        given = {key: entry for key, entry in entries.items() if entry is not None}
        text = yaml.safe_dump(given, default_flow_style=True, sort_keys=False, width=1000)
        number = "<part>" if several and part is None else one.number
        return Fix(self._place(table, number), (f"{column}: {text.strip()}",))

    def table_fix(self, table: str, *lines: str) -> Fix:
        """A fix that adds lines to the columns of a table in the mapping."""
        return Fix(self._place(table), lines)

    def _place(self, table: str, part: int | str | None = None) -> str:
        name = self.mapping.path.name if self.mapping else "your mapping"
        return f"{name}, tables.{table}{f'[{part}]' if part else ''}.columns"


@contextmanager
def open_raw(warehouse: Path, contract: Contract, root: Path, variables: Mapping[str, Any]) -> Iterator[Shop]:
    """Open the schema `raw` of a warehouse.

    Raises BadInput if it has no tables, Locked if another process has the warehouse open.
    """
    if not warehouse.exists():
        raise BadInput(f"{warehouse}: no warehouse there; load data first, or give a mapping or --sample")
    with _temporary_database() as connection:
        try:
            connection.execute(f"attach {literal(str(warehouse))} as warehouse (read_only)")
        except duckdb.Error as error:
            if is_lock_conflict(str(error)):
                raise Locked(f"{warehouse} is open in {lock_holder(str(error))}; nothing was checked") from error
            raise BadInput(f"{warehouse}: {reason(error)}") from error
        found = connection.execute(
            "select table_name from information_schema.tables"
            " where table_catalog = 'warehouse' and table_schema = 'raw' order by table_name"
        ).fetchall()
        landed = {row[0]: f"warehouse.raw.{quoted(row[0])}" for row in found if row[0] in contract.by_name}
        if not landed:
            raise BadInput(f"{warehouse}: its schema raw has no tables; load data first, or give a mapping or --sample")
        yield Shop(connection, contract, root, variables, landed)


@contextmanager
def open_sample(contract: Contract, root: Path, variables: Mapping[str, Any]) -> Iterator[Shop]:
    """Open the seeds of the sample shop."""
    with _temporary_database() as connection:
        seeds = {table.name: root / "seeds" / "raw" / f"raw_{table.name}.csv" for table in contract.tables}
        landed = {name: csv_relation(path) for name, path in seeds.items() if path.exists()}
        yield Shop(connection, contract, root, variables, landed)


@contextmanager
def _temporary_database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A new database in a temporary folder."""
    with (
        TemporaryDirectory(prefix="shopper-doctor-") as folder,
        duckdb.connect(str(Path(folder) / "doctor.duckdb")) as connection,
    ):
        connection.execute("set TimeZone = 'UTC'")
        yield connection


@contextmanager
def open_mapping(
    mapping: LoadMapping,
    warehouse: Path,
    contract: Contract,
    root: Path,
    variables: Mapping[str, Any],
    progress: Callable[[str], None] = lambda _message: None,
) -> Iterator[Shop]:
    """Open what a mapping would load. Nothing is written to the warehouse. `progress` receives what is being read."""
    beside = warehouse.with_name(f"{warehouse.stem}-doctor.duckdb")
    with scratch(beside) as (connection, folder):
        lander = Lander(connection, folder, mapping, root, History(), progress)
        tables = [contract.by_name[name] for name in mapping.tables]
        read = lander.land(tables, allowed_rejects=2**62, accept_drift=True)
        landed = {table.name: f"landed.{table.name}" for table in read.tables if not table.is_unknown}
        builder = PartBuilder(connection, CastRules(root))
        parts = {table.name: [builder.select(table, part) for part in mapping.tables[table.name]] for table in tables}
        rejects = sum(source.rejects for source in read.sources)
        yield Shop(connection, contract, root, variables, landed, mapping, parts, rejects)


def csv_relation(path: Path) -> str:
    """A CSV file of the project as a relation with text columns."""
    with path.open(encoding="utf-8", newline="") as lines:
        header = next(csv.reader(lines))
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
    return (
        f"read_csv({literal(str(path))}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"',"
        f" columns={{{columns}}})"
    )
