"""Whether the working file holds one finished, tested build of its own data (macro `record_build` records builds)."""

from __future__ import annotations

from pathlib import Path

import duckdb

from shopper.errors import CheckFailed


def require_finished_build(warehouse: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Check the last build of `warehouse`, which is attached as `source`.

    Raises CheckFailed with the reason: there was no build; it did not finish, had failures, built a part or was not
    tested; it read the sample although data is landed; or data was landed after it.
    """
    if not _exists(connection, "landing", "last_build"):
        raise _refused(warehouse, "no build is recorded")
    command, raw_data, digest, is_whole, failures = connection.execute(
        "select command, raw_data, landed_digest, is_whole, failures from source.landing.last_build"
    ).fetchall()[0]
    if failures is None:
        raise _refused(warehouse, f"the last `dbt {command}` did not finish")
    if command != "build" or not is_whole:
        part = "" if is_whole else " of a selection"
        raise _refused(warehouse, f"the last command was `dbt {command}`{part}, which tests and builds a part only")
    if failures:
        raise _refused(warehouse, f"the last build had {failures:,} failures")
    if raw_data != "source" and _exists(connection, "raw", None):
        raise _refused(
            warehouse,
            "the last build read the sample shop, but the schema raw holds data",
            "dbt build --vars '{raw_data: source, ...}'",
        )
    if raw_data == "source" and digest != _landed_digest(connection):
        raise _refused(warehouse, "data was loaded after the last build")


def _refused(warehouse: Path, why: str, command: str = "dbt build") -> CheckFailed:
    return CheckFailed(f"{warehouse}: {why}; run `{command}` first, or `shopper run`. Nothing was published")


def _exists(connection: duckdb.DuckDBPyConnection, schema: str, table: str | None) -> bool:
    found = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'source' and schema_name = ?"
        " and table_name = coalesce(?, table_name)",
        [schema, table],
    ).fetchone()
    return bool(found and found[0])


def _landed_digest(connection: duckdb.DuckDBPyConnection) -> str | None:
    if not _exists(connection, "landing", "tables"):
        return None
    row = connection.execute(
        "select md5(string_agg(table_name || digest, ',' order by table_name)) from source.landing.tables"
    ).fetchone()
    return row[0] if row else None
