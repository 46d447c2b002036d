"""A generation as a DuckLake, for tools that read only this form.

    published/generations/<id>/<stem>.ducklake   the catalog; its data files are the generation's Parquet files
    published/<stem>.ducklake -> current/<stem>.ducklake

Every generation has a catalog of its own, written once, by one connection with one thread, before anybody can see it.
So readers never meet a writer; and a generation that is removed leaves no older snapshot and no file of it behind.
The catalog names the folder of its data files with the full path, because DuckLake reads a relative one from the
reader's working directory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from shopper.errors import CheckFailed
from shopper.extensions import load_extension
from shopper.publish.copies import copy_comments
from shopper.sql import literal, quoted

SUFFIX: Final = ".ducklake"


def load_ducklake(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the extension. Raises BadInput with the package to install if it is missing."""
    load_extension(connection, "ducklake", "a DuckLake")


def write_lake(building: Path, final: Path, stem: str) -> None:
    """Write the catalog of the Parquet files below `building`, which will be the folder `final`.

    Raises BadInput without the extension, CheckFailed if a table has other rows than its file, duckdb.Error if
    something can't be written.
    """
    catalog, parquet = building / f"{stem}{SUFFIX}", building / "parquet"
    files = {(path.parent.name, path.stem): path for path in sorted(parquet.glob("*/*.parquet"))}
    with duckdb.connect(config={"threads": 1}) as connection:
        load_ducklake(connection)
        connection.execute(f"attach {literal(str(building / f'{stem}.duckdb'))} as published (read_only)")
        connection.execute(f"attach {literal(f'ducklake:{catalog}')} as lake (data_path {literal(str(parquet))})")
        connection.execute("begin")
        for schema, name in files:
            _add_table(connection, schema, name, files[schema, name])
        copy_comments(connection, "published", "lake", files)
        connection.execute("commit")
        for schema, name in files:
            relation = f"{quoted(schema)}.{quoted(name)}"
            if len(set(connection.execute(_ROWS.format(relation)).fetchall())) != 1:
                raise CheckFailed(f"{catalog}: {schema}.{name} has other rows than the published file")
        connection.execute("detach lake")
    with duckdb.connect(str(catalog)) as connection:
        # As it was written, the catalog names files in the folder that is about to be renamed.
        connection.execute("update ducklake_table set path = ''")
        connection.execute("update ducklake_data_file set path = parse_filename(path), path_is_relative = true")
        connection.execute(
            f"update ducklake_metadata set value = {literal(f'{final.absolute()}/parquet/')} where key = 'data_path'"
        )
        connection.execute("checkpoint")
    if catalog.with_name(catalog.name + ".wal").exists():
        raise CheckFailed(f"{catalog}: not checkpointed")


_ROWS: Final = (
    "select count(*), bit_xor(hash(rows)) from lake.{0} as rows"
    " union all select count(*), bit_xor(hash(rows)) from published.{0} as rows"
)


def _add_table(connection: duckdb.DuckDBPyConnection, schema: str, name: str, file: Path) -> None:
    connection.execute(f"create schema if not exists lake.{quoted(schema)}")
    connection.execute(
        f"create table lake.{quoted(schema)}.{quoted(name)} as select * from read_parquet({literal(str(file))}) limit 0"
    )
    connection.execute(
        f"call ducklake_add_data_files('lake', {literal(name)}, {literal(str(file))}, schema => {literal(schema)})"
    )
