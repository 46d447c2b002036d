"""One digest a table that is equal on every engine that holds the same rows."""

from __future__ import annotations

from typing import Final

import duckdb

from shopper.sql import quoted

_DOUBLES: Final = ("DOUBLE", "FLOAT")


def table_digests(
    connection: duckdb.DuckDBPyConnection, schema: str = "marts", digits: int = 10
) -> dict[str, tuple[int, str]]:
    """Rows and digest of every table of a schema, by name, whatever the order of rows and columns.

    Doubles count with this many significant digits, moments in UTC, decimals by value and scale, null apart from all
    values.
    """
    found = connection.execute(
        "select table_name, list(column_name order by column_name), list(data_type order by column_name)"
        " from duckdb_columns() where schema_name = ? and not internal group by all order by all",
        [schema],
    ).fetchall()
    digests = {}
    for table, columns, kinds in found:
        texts = [_text(quoted(column), kind, digits) for column, kind in zip(columns, kinds, strict=True)]
        row = f"md5(concat_ws('|', {', '.join(texts)}))"
        digests[table] = connection.execute(
            f"select count(*), md5(coalesce(string_agg(row, '' order by row), ''))"
            f" from (select {row} as row from {quoted(schema)}.{quoted(table)})"
        ).fetchall()[0]
    return digests


def _text(column: str, kind: str, digits: int) -> str:
    if kind in _DOUBLES:
        # Adding 0 makes -0 equal to 0.
        shown = f"format('{{:.{digits - 1}e}}', {column} + 0)"
    elif kind == "TIMESTAMP WITH TIME ZONE":
        shown = f"epoch_us({column})"
    else:
        shown = f"cast({column} as varchar)"
    return f"coalesce(md5({shown}::varchar), '-')"
