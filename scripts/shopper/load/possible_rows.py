"""Whether a query over absent files can have a row at all, whatever the other files hold."""

from __future__ import annotations

import json
from typing import Any, Final

import duckdb

_Node = dict[str, Any]
# Joins that keep only rows that both sides have; the others keep all rows of a side, named here by its place.
_BOTH: Final = frozenset({"INNER", "SEMI", "RIGHT_SEMI"})
_KEPT_SIDE: Final = {"LEFT": 0, "ANTI": 0, "MARK": 0, "SINGLE": 0, "RIGHT": 1, "RIGHT_ANTI": 1}


def may_have_rows(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    """False if no row is possible, because all that the rows come from is absent; the data itself does not count."""
    connection.execute("set disabled_optimizers = 'statistics_propagation'")
    try:
        row = connection.execute(f"explain (format json) {query}").fetchone()
    finally:
        connection.execute("reset disabled_optimizers")
    return row is None or all(_may_have_rows(node, {}) for node in json.loads(row[1]))


def _may_have_rows(node: _Node, shared: dict[str, bool]) -> bool:
    name, children, facts = node["name"].strip(), node.get("children", []), node.get("extra_info", {})
    if name == "EMPTY_RESULT":
        return False
    if name == "UNGROUPED_AGGREGATE" or (not children and name != "CTE_SCAN"):
        return True
    if name == "CTE_SCAN":
        return shared.get(str(facts.get("CTE Index")), True)
    if name == "CTE":
        shared = {**shared, str(facts.get("Table Index")): _may_have_rows(children[0], shared)}
        return _may_have_rows(children[-1], shared)
    found = [_may_have_rows(child, shared) for child in children]
    kind = str(facts.get("Join Type", ""))
    if name == "UNION" or (kind and kind not in _BOTH and kind not in _KEPT_SIDE):
        return any(found)
    return found[_KEPT_SIDE[kind]] if kind in _KEPT_SIDE else all(found)
