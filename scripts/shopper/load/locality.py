"""Whether the rows of a table can be kept by file: whether each row depends on nothing but its own line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import duckdb

from shopper.load.mapping import LoadMapping, Part
from shopper.load.sources import FileSource, QuerySource
from shopper.load.sql_functions import NAMES
from shopper.sql import literal

_OF_ONE_ROW: Final = frozenset({"CONSTANT", "COLUMN_REF", "CAST", "OPERATOR", "COMPARISON", "CONJUNCTION", "CASE",
                                "BETWEEN", "LAMBDA", "COLLATE", "FUNCTION"})  # fmt: skip
# Written as names, or said to be constant, although they read the clock or the session.
OF_THE_MOMENT: Final = frozenset({"age", "getvariable", "current_date", "current_time", "current_timestamp",
                                   "localtime", "localtimestamp", "user", "current_user", "session_user",
                                   "current_role", "current_catalog", "current_schema",
                                   "current_database"})  # fmt: skip


def why_whole(connection: duckdb.DuckDBPyConnection, mapping: LoadMapping, table: str) -> str | None:
    """The reason why a table must be landed from all its files whenever one of them changes; None if its rows can be
    kept by file.
    """
    for part in mapping.tables[table]:
        source = mapping.sources[part.source]
        if isinstance(source, QuerySource):
            return f"{source.name} is a query"
        if isinstance(source, FileSource) and source.decimal == ",":
            return f"the decimal comma of {source.name} is found from all files"
        if isinstance(source, FileSource) and source.key:
            return f"files of {source.name} overlap by key"
        for place, text in sql_of(part):
            if not _is_of_one_row(connection, text):
                return f"{place} may read more than its own row"
    return None if mapping.stored_behind(table) else "no source has rows"


def sql_of(part: Part) -> Iterator[tuple[str, str]]:
    """The SQL of a part, each with its place in the mapping."""
    if part.where:
        yield "where", part.where
    for column in part.columns or ():
        if column.expression is not None:
            yield column.target, column.expression


def _is_of_one_row(connection: duckdb.DuckDBPyConnection, expression: str) -> bool:
    """Whether an expression has no window, aggregate, subquery or star, and no function that reads anything else."""
    statements = parsed(connection, f"select ({expression}\n) as value")
    if statements is None or len(statements) != 1:
        return False
    return all(
        node["class"] in _OF_ONE_ROW
        and not OF_THE_MOMENT & set(map(str.lower, node.get("column_names", ())))
        and ("function_name" not in node or node["function_name"].lower() in NAMES | _row_functions())
        for node in _nodes(statements[0]["node"]["select_list"])
    )


def parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]] | None:
    """The syntax trees of the statements; None if the engine shows none."""
    row = connection.execute(f"select json_serialize_sql({literal(sql)})").fetchone()
    document: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    return None if document["error"] else document["statements"]


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """The nodes of a syntax tree that have a class."""
    if isinstance(tree, dict):
        if "class" in tree:
            yield tree
        for child in tree.values():
            yield from _nodes(child)
    elif isinstance(tree, list):
        for child in tree:
            yield from _nodes(child)


@cache
def _row_functions() -> frozenset[str]:
    """DuckDB's functions whose result depends on their arguments alone."""
    with duckdb.connect() as own:
        found = own.execute(
            "select function_name from duckdb_functions() group by function_name"
            " having bool_and(function_type = 'scalar' and stability = 'CONSISTENT') or function_name = 'nullif'"
        ).fetchall()
    return frozenset(name for (name,) in found) - OF_THE_MOMENT
