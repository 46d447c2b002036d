"""Rows of marts, and how two builds of them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import duckdb

Row = dict[str, Any]
Marts = dict[str, list[Row]]
SHOWN: Final = 2


def read_marts(connection: duckdb.DuckDBPyConnection) -> Marts:
    """All rows of all marts."""
    names = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    found: Marts = {}
    for (name,) in names:
        cursor = connection.execute(f'from marts."{name}"')
        assert cursor.description
        columns = [column[0] for column in cursor.description]
        found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


def mapped(marts: Marts, change: Callable[[str, str, Any], Any]) -> Marts:
    """The marts with `change(mart, column, value)` applied to every value."""
    return {
        mart: [{column: change(mart, column, value) for column, value in row.items()} for row in rows]
        for mart, rows in marts.items()
    }


def differences(expected: Marts, actual: Marts, left_out: Mapping[str, set[str]] | None = None) -> dict[str, str]:
    """By mart, the columns that differ and some of their values. `left_out`: columns by mart; `*`: the whole mart."""
    assert expected.keys() == actual.keys()
    found: dict[str, str] = {}
    for mart, rows in expected.items():
        dropped = (left_out or {}).get(mart, set())
        if "*" in dropped:
            continue
        before, after = (_counted(one, dropped) for one in (rows, actual[mart]))
        if before != after:
            found[mart] = _described(list((before - after).elements()), list((after - before).elements()))
    return found


def _counted(rows: list[Row], dropped: set[str]) -> Counter[tuple[tuple[str, str], ...]]:
    return Counter(tuple((name, _text(value)) for name, value in row.items() if name not in dropped) for row in rows)


def _text(value: Any) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _described(gone: list[tuple[tuple[str, str], ...]], new: list[tuple[tuple[str, str], ...]]) -> str:
    columns: Counter[str] = Counter()
    for column in dict(gone[0] if gone else new[0]):
        columns[column] = (
            (Counter(dict(row)[column] for row in gone)) - Counter(dict(row)[column] for row in new)
        ).total()
    moved = {column: count for column, count in columns.items() if count}
    shown = [[dict(row) for row in rows[:SHOWN]] for rows in (gone, new)]
    return f"{len(gone)} rows gone, {len(new)} new; columns {moved}; {shown}"
