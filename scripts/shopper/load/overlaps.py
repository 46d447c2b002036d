"""Files of one source that overlap, such as the export of January and that of the year: no row counts twice."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from shopper.errors import BadInput
from shopper.load.row_keys import RowKey
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.sql import literal, quoted


def keep_last(connection: duckdb.DuckDBPyConnection, source: str, key: RowKey | None, files: Sequence[str]) -> int:
    """Leave in the relation of a source, of the rows of one key in several files, those of the newest file.

    files: the files as they were read, the last one counts most. A row without the first column of the key stays.
    Returns the number of rows that another file replaced. Raises BadInput for a column that the source does not have.
    """
    if key is None:
        return 0
    present = {name.lower() for name in columns_of(connection, quoted(source))}
    missing = [column for column in key.all if column.lower() not in present]
    if missing:
        raise BadInput(f"source {source}: key: no column {', '.join(missing)}")
    if len(files) == 1:
        return 0
    place = f"list_position([{', '.join(map(literal, files))}], rows.{FILE_COLUMN})"
    values = key.values("rows.")
    names = [f"key_{number}" for number in range(len(values))]
    last = f"last.{quoted(source)}"
    connection.execute("create schema if not exists last")
    named = ", ".join(f"{value} as {name}" for value, name in zip(values, names, strict=True))
    connection.execute(
        f"create table {last} as select {', '.join(names)}, arg_max(place, row(newest, place)) as place from"
        f" (select {named}, {place} as place, max({key.newest_of('rows.')}) as newest"
        f" from read.{quoted(source)} as rows where {values[0]} <> '' group by all)"
        f" group by {', '.join(names)} having count(*) > 1"
    )
    matches = " and ".join(f"last.{name} = {value}" for value, name in zip(values, names, strict=True))
    replaced = f"from {last} as last where {matches} and {place} <> last.place"
    row = connection.execute(
        f"select count(*) from read.{quoted(source)} as rows where exists (select 1 {replaced})"
    ).fetchone()
    if row is None or row[0] == 0:
        return 0
    connection.execute(
        f"create or replace view {quoted(source)} as select * exclude ({FILE_COLUMN})"
        f" from read.{quoted(source)} as rows where not exists (select 1 {replaced})"
    )
    return int(row[0])
