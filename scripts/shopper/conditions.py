"""Conditions on the columns of marts that a user writes, checked by DuckDB's own parser before they run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import duckdb

from shopper.sql import is_unicode

_EMPTY: Final = ("modifiers", "where_clause", "group_expressions", "group_sets", "having", "sample", "qualify")
_NAME: Final = "is_wanted"


def is_condition(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Whether the text is one SQL condition that reads nothing but marts."""
    # Without brackets, text that closes one does not parse, however it goes on.
    trees = [_parsed(connection, f"select {form}\n as {_NAME}") for form in (text, bracketed(text))]
    return all(_is_one_column(tree) and all(map(_is_mart, _relations(tree))) for tree in trees)


def _parsed(connection: duckdb.DuckDBPyConnection, query: str) -> Mapping[str, Any]:
    if not is_unicode(query):
        return {"error": True}
    row = connection.execute("select json_serialize_sql(?)", [query]).fetchone()
    tree: Mapping[str, Any] = json.loads(row[0]) if row else {"error": True}
    return tree


def _is_one_column(tree: Mapping[str, Any]) -> bool:
    """Whether a parsed query selects one expression and has no other part: no second column, no other query."""
    if tree["error"] or len(tree["statements"]) != 1:
        return False
    node = tree["statements"][0]["node"]
    if node["type"] != "SELECT_NODE" or node["from_table"]["type"] != "EMPTY" or node["cte_map"]["map"]:
        return False
    return [one["alias"] for one in node["select_list"]] == [_NAME] and not any(node[part] for part in _EMPTY)


def bracketed(text: str) -> str:
    """The condition in brackets. The line break ends a comment."""
    return f"({text}\n)"


def _relations(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Everything that a parsed query reads from."""
    if isinstance(tree, Mapping):
        if tree.get("type") in ("BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF"):
            yield tree
        tree = list(tree.values())
    for child in tree if isinstance(tree, list) else ():
        yield from _relations(child)


def _is_mart(relation: Mapping[str, Any]) -> bool:
    return relation["type"] == "BASE_TABLE" and relation.get("schema_name") == "marts"
