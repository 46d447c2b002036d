"""What the operators of executed plans did: rows made, rows read, rows compared with every other row."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

Profile = dict[str, Any]
_LOOPS: Final = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN", "CROSS_PRODUCT")


@dataclass(frozen=True)
class Work:
    """One executed query: rows that all its operators made together, the most that one of them made, the largest of its
    inputs and its result, the smaller side of its largest loop over two inputs (0: none), and processor seconds of this
    process, all threads together.
    """

    rows: int
    largest_operator: int
    largest_input_or_result: int
    loop_side: int
    cpu_seconds: float

    @property
    def multiplication(self) -> float:
        """How many times as many rows as it reads or returns the query makes on the way."""
        return self.largest_operator / max(self.largest_input_or_result, 1)


def work_of(profile: Profile, cpu_seconds: float) -> Work:
    """The work of a profile that DuckDB wrote for a `create table as`."""
    operators = list(_operators(profile["children"][0]))
    made = [one["operator_cardinality"] for one in operators]
    read = [one["operator_cardinality"] for one in operators if one["operator_type"] == "TABLE_SCAN"]
    loops = [
        min(side["operator_cardinality"] for side in one["children"])
        for one in operators
        if one["operator_type"] in _LOOPS and len(one["children"]) == 2
    ]
    known = max([*read, _result_rows(profile["children"][0])])
    return Work(sum(made), max(made), known, max(loops, default=0), cpu_seconds)


def recorder(connection: duckdb.DuckDBPyConnection, path: Path, works: dict[str, Work]) -> Callable[[str], None]:
    """Turns profiles on for the connection. The function returned puts the work of the last query in `works`."""
    connection.execute("pragma enable_profiling = 'json'")
    connection.execute(f"set profiling_output = '{path}'")
    last = time.process_time()

    def record(name: str) -> None:
        nonlocal last
        works[name] = work_of(json.loads(path.read_text(encoding="utf-8")), time.process_time() - last)
        last = time.process_time()

    return record


def _result_rows(root: Profile) -> int:
    """Rows of the query below `create table`: a CTE makes none itself, its last child is what reads it."""
    node = root["children"][-1]
    while node["operator_type"] == "CTE":
        node = node["children"][-1]
    return int(node["operator_cardinality"])


def _operators(node: Profile) -> Iterator[Profile]:
    yield node
    for child in node["children"]:
        yield from _operators(child)
