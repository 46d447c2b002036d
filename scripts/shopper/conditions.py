"""Conditions on the columns of marts that a user writes, checked by DuckDB's own parser before they run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb


def is_condition(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Whether the text is one SQL condition that reads nothing but marts."""
    # Text that closes the bracket, names a second column or begins another statement does not parse as one column.
    query = f"select {bracketed(text)} as is_wanted"
    row = connection.execute("select json_serialize_sql(?)", [query]).fetchone()
    tree = json.loads(row[0]) if row else {"error": True}
    return not tree["error"] and all(map(_is_mart, _relations(tree)))


def bracketed(text: str) -> str:
    """The condition in brackets. The line break ends a comment."""
    return f"({text}\n)"


def _relations(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Everything that a parsed query reads from."""
    if isinstance(tree, Mapping):
        if tree.get("type") in ("BASE_TABLE", "TABLE_FUNCTION"):
            yield tree
        tree = list(tree.values())
    for child in tree if isinstance(tree, list) else ():
        yield from _relations(child)


def _is_mart(relation: Mapping[str, Any]) -> bool:
    return relation["type"] == "BASE_TABLE" and relation.get("schema_name") == "marts"
