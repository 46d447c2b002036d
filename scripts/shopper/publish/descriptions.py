"""What the published tables hold: keys, units, references and descriptions, as dbt's manifest declares them.

BI tools read them from `meta.tables` and `meta.columns` of the published file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb

Name = tuple[str, str]
"""Schema and name of a table."""

_MIXED_UNITS: Final = {"kpi_monthly", "experiment_results"}
"""Marts whose numbers have a unit by row."""
_NAME: Final = re.compile(r"(^|_)(name|label|label_zh)$")
_REFERENCE: Final = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class Column:
    """A described column. is_read_first: the day of the row, or a name, which stands beside the key.

    key_position: place in the key, from 1; None: not part of it. currency: ISO code of an amount of money; None: no
    money. references: `<schema>.<table>.<column>`; None: no reference is tested. description_zh: the meaning in
    Chinese; None: it is told in English only.
    """

    name: str
    description: str
    is_read_first: bool
    is_fixed_to_one_value: bool
    key_position: int | None
    currency: str | None
    references: str | None
    description_zh: str | None = None


@dataclass(frozen=True)
class Table:
    """A described table. key: columns that identify a row, dates first; empty: none is declared. label_zh,
    description_zh: name and meaning in Chinese; None: they are told in English only.
    """

    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    label_zh: str | None = None
    description_zh: str | None = None

    def in_reading_order(self, built: Collection[str]) -> list[str]:
        """The built columns as people read them: the key, the day of the row, names, then the others as built."""
        first = sorted(self.columns, key=lambda column: bool(_NAME.search(column.name)))
        beside = [column.name for column in first if column.is_read_first and column.name not in self.key]
        return [name for name in dict.fromkeys([*self.key, *beside, *built]) if name in built]


def keys(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Key columns by dbt's id of the table: the primary key, or the test `unique_key` where a column may be null."""
    found = {
        node["attached_node"]: tuple(node["test_metadata"]["kwargs"]["columns"])
        for node in manifest["nodes"].values()
        if _test(node) == "unique_key"
    }
    for name, node in manifest["nodes"].items():
        for constraint in node.get("constraints", ()):
            if constraint["type"] == "primary_key":
                found[name] = tuple(constraint["columns"])
    return found


def references(manifest: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """By dbt's id of a table and its column, the id and column that its values are tested to be in."""
    nodes = manifest["nodes"]
    by_name = {node["name"]: name for name, node in nodes.items() if node["resource_type"] in {"model", "seed"}}
    found = {}
    for node in nodes.values():
        if _test(node) == "relationships":
            arguments = node["test_metadata"]["kwargs"]
            target = _REFERENCE.search(arguments["to"])
            if target and node["attached_node"]:
                key = (node["attached_node"], arguments["column_name"])
                found[key] = (by_name[target[1]], arguments["field"])
    return found


def described_tables(manifest: Mapping[str, Any], published: Collection[Name]) -> dict[Name, Table]:
    """The published tables that dbt built. References to tables that are not published are left out."""
    all_keys, all_references, nodes = keys(manifest), references(manifest), manifest["nodes"]

    def reference(table: str, column: str) -> str | None:
        target = all_references.get((table, column))
        if target is None or _name(nodes[target[0]]) not in published:
            return None
        return ".".join((*_name(nodes[target[0]]), target[1]))

    days = {
        model["node_relation"]["alias"]: model["defaults"]["agg_time_dimension"]
        for model in manifest.get("semantic_models", {}).values()
    }
    found = {}
    for table, node in nodes.items():
        if node["resource_type"] in {"model", "seed"} and _name(node) in published:
            declared = {name: str(column["data_type"] or "") for name, column in node["columns"].items()}
            key = sorted(all_keys.get(table, ()), key=lambda name: declared.get(name) != "date")
            found[_name(node)] = Table(
                node["description"],
                tuple(key),
                tuple(
                    Column(
                        name,
                        " ".join(column["description"].split()),
                        name == days.get(node["name"]) or bool(_NAME.search(name)),
                        bool(column["meta"].get("fix_to_one_value")),
                        key.index(name) + 1 if name in key else None,
                        node["config"]["meta"].get("currency") if _is_money(node["name"], column) else None,
                        reference(table, name),
                        column["meta"].get("description_zh"),
                    )
                    for name, column in node["columns"].items()
                ),
                *(node["config"]["meta"].get(name) for name in ("label_zh", "description_zh")),
            )
    return found


def write_descriptions(connection: duckdb.DuckDBPyConnection, tables: Mapping[Name, Table]) -> None:
    """Create `meta.tables` and `meta.columns` in the attached database `target`, which holds the tables."""
    connection.execute("create schema if not exists target.meta")
    connection.execute(
        "create table target.meta.tables (schema_name varchar, table_name varchar, grain varchar, key_columns varchar,"
        " description varchar, label_zh varchar, description_zh varchar)"
    )
    connection.execute(
        "create table target.meta.columns (schema_name varchar, table_name varchar, column_name varchar,"
        " position bigint, data_type varchar, label varchar, key_position bigint, fix_to_one_value boolean,"
        " currency varchar, reference varchar, description varchar, description_zh varchar)"
    )
    _insert(connection, "tables", list(_table_rows(tables)))
    built = connection.execute(
        "select schema_name, table_name, column_name, column_index, data_type from duckdb_columns()"
        " where database_name = 'target' order by all"
    ).fetchall()
    rows = [
        (schema, name, one.name, position, data_type, one.name.replace("_", " ").capitalize(), one.key_position,
         one.is_fixed_to_one_value, one.currency, one.references, one.description, one.description_zh)
        for schema, name, column, position, data_type in built
        for one in (tables[schema, name].columns if (schema, name) in tables else ())
        if one.name == column
    ]  # fmt: skip
    _insert(connection, "columns", rows)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert all rows in one statement: a statement for each takes seconds."""
    if rows:
        given = "select unnest(?, recursive := true)"
        connection.execute(
            f"insert into target.meta.{table} {given}",
            [[{f"c{place}": value for place, value in enumerate(row)} for row in rows]],
        )


def _table_rows(tables: Mapping[Name, Table]) -> Iterator[tuple[str | None, ...]]:
    for (schema, name), table in sorted(tables.items()):
        text = " ".join(table.description.split())
        grain = re.match(r"One row .*?(?=[.:;]( |$)|$)", text)
        key = ", ".join(table.key) or None
        yield schema, name, grain[0] if grain else None, key, text, table.label_zh, table.description_zh


def _name(node: Mapping[str, Any]) -> Name:
    return str(node["schema"]), str(node["alias"])


def _test(node: Mapping[str, Any]) -> str | None:
    return (node.get("test_metadata") or {}).get("name") if node["resource_type"] == "test" else None


def _is_money(table: str, column: Mapping[str, Any]) -> bool:
    """Whether a column holds money: amounts have two decimals, prices that are computed are doubles."""
    data_type = str(column["data_type"] or "").replace(" ", "")
    is_price = data_type == "double" and "in the reporting currency" in column["description"]
    return table not in _MIXED_UNITS and (data_type == "decimal(18,2)" or is_price)
