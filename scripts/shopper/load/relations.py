"""The relations of a source in the scratch database: under its name, and `read.<name>` with the file of each row."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from shopper.load.named_columns import NamedColumns
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.load.typed_columns import Place, typed_columns
from shopper.sql import quoted


def create_relations(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    named: NamedColumns,
    rows: str,
    shown: Mapping[str, str],
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    """Create the relations of a source from SQL of its rows. Columns that none has are null; types as declared.

    shown: the path of a file by that of the copy that was read, for messages; elsewhere: DuckDB type by column of the
    files that are not read. Raises BadInput for a value that does not have the declared type.
    """
    name = quoted(source)
    if elsewhere:
        here = {column.lower() for column in columns_of(connection, f"({rows})")}
        added = "".join(
            f", cast(null as {kind}) as {quoted(column)}"
            for column, kind in elsewhere.items()
            if column.lower() not in here
        )
        rows = f"select *{added} from ({rows})"
    if named != NamedColumns():
        connection.execute(f"create view files.{name} as {rows}")
        absent = named.absent(columns_of(connection, f"files.{name}"))
        added = "".join(f", cast(null as varchar) as {quoted(column)}" for column in absent)
        complete = f"(select *{added} from files.{name})"
        typed = typed_columns(connection, complete, named, Place(source, shown))
        replaced = ", ".join(f"{value} as {quoted(column)}" for column, value in typed.items())
        rows = f"select *{f' replace ({replaced})' if typed else ''} from {complete}"
    connection.execute(f"create view read.{name} as {rows}")
    connection.execute(f"create view {name} as select * exclude ({FILE_COLUMN}) from read.{name}")
