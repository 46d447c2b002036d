"""Whether SQL of a mapping reads more than the mapped sources: files by itself, the clock, chance.

The digests of a load know nothing of such input, so a table that has it is never taken as unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import duckdb

from shopper.load.locality import OF_THE_MOMENT, parsed, sql_of
from shopper.load.mapping import LoadMapping
from shopper.load.sources import QuerySource

_READS_NOTHING: Final = frozenset({"unnest", "range", "generate_series", "json_each", "json_tree", "repeat"})

_IN_WORDS: Final = re.compile(
    r"\b(?:read_\w+|glob|\w+_scan|now|today|random|uuid)\s*\(|\b(?:from|join)\s+'|\bcurrent_(?:date|time)",
    re.IGNORECASE,
)
"""For the statements that the engine shows no syntax tree of, such as PIVOT."""


def reads_more(connection: duckdb.DuckDBPyConnection, mapping: LoadMapping, table: str) -> bool:
    """Whether the rows of a table may depend on more than its sources."""
    queries = [one.query for one in mapping.needed_sources([table]) if isinstance(one, QuerySource)]
    expressions = [f"select ({text}\n) as value" for part in mapping.tables[table] for _place, text in sql_of(part)]
    names = {name.lower() for name in mapping.sources}
    return any(_reads_more(connection, query, names) for query in [*queries, *expressions])


def _reads_more(connection: duckdb.DuckDBPyConnection, query: str, names: set[str]) -> bool:
    statements = parsed(connection, query)
    if statements is None:
        return _IN_WORDS.search(query) is not None
    nodes = list(_objects(statements))
    known = names | {str(entry["key"]).lower() for node in nodes for entry in node.get("map", ()) if "key" in entry}
    return any(
        (node.get("type") == "BASE_TABLE" and str(node.get("table_name")).lower() not in known)
        or (node.get("type") == "TABLE_FUNCTION" and _name(node.get("function")) not in _READS_NOTHING)
        or (node.get("class") == "FUNCTION" and _name(node) in _changing_functions())
        or bool(OF_THE_MOMENT & {str(name).lower() for name in node.get("column_names") or ()})
        for node in nodes
    )


def _name(node: Any) -> str:
    return str(node.get("function_name") if isinstance(node, dict) else None).lower()


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects of a syntax tree."""
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _objects(child)


@cache
def _changing_functions() -> frozenset[str]:
    """DuckDB's scalar functions that may give another result for the same arguments."""
    with duckdb.connect() as own:
        found = own.execute(
            "select distinct function_name from duckdb_functions()"
            " where function_type = 'scalar' and stability is distinct from 'CONSISTENT'"
        ).fetchall()
    return (frozenset(name for (name,) in found) | OF_THE_MOMENT) - {"error"}
