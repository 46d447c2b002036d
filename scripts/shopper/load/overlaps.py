"""Files of one source that overlap, such as the export of January and that of the year: no row counts twice."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from shopper.errors import BadInput
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.sql import literal, quoted


def keep_last(connection: duckdb.DuckDBPyConnection, source: str, key: Sequence[str], files: Sequence[str]) -> int:
    """Leave in the relation of a source, of the rows of one key in several files, those of the last file.

    files: the files as they were read, the last one counts most. A row without a whole key stays. Returns the number of
    rows that a later file replaced. Raises BadInput for a key that the source does not have.
    """
    present = {name.lower() for name in columns_of(connection, quoted(source))}
    missing = [column for column in key if column.lower() not in present]
    if missing:
        raise BadInput(f"source {source}: key: no column {', '.join(missing)}")
    if not key or len(files) == 1:
        return 0
    place = f"list_position([{', '.join(map(literal, files))}], rows.{FILE_COLUMN})"
    keys = [f"trim(cast(rows.{quoted(column)} as varchar))" for column in key]
    last = f"last.{quoted(source)}"
    named = ", ".join(f"{expression} as key_{number}" for number, expression in enumerate(keys))
    is_whole = " and ".join(f"{expression} <> ''" for expression in keys)
    connection.execute("create schema if not exists last")
    connection.execute(
        f"create table {last} as select {named}, max({place}) as place from read.{quoted(source)} as rows"
        f" where {is_whole} group by all having min({place}) < max({place})"
    )
    matches = " and ".join(f"last.key_{number} = {expression}" for number, expression in enumerate(keys))
    replaced = f"from {last} as last where {matches} and {place} < last.place"
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
