"""Files that write a value on the first row of a group alone, as some exports do with the number of an order."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from shopper.errors import BadInput
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.sql import quoted


def filled(connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str], rows: str) -> str:
    """SQL of the rows in which a blank of these columns has the value of the row above it in the same file.

    Raises BadInput for a column that the rows do not have.
    """
    if not columns:
        return rows
    present = {name.lower() for name in columns_of(connection, f"({rows})")}
    missing = [column for column in columns if column.lower() not in present]
    if missing:
        raise BadInput(f"source {source}: fill: no column {', '.join(missing)}")
    values = ", ".join(
        f"last_value(nullif(trim({quoted(column)}), '') ignore nulls) over ("
        f"partition by {FILE_COLUMN} order by __row rows between unbounded preceding and current row)"
        f" as {quoted(column)}"
        for column in columns
    )
    numbered = f"select *, row_number() over () as __row from ({rows})"
    return f"select * exclude (__row) from (select * replace ({values}) from ({numbered}) order by __row)"
