"""Builds the project on Spark in one process, whose session serves every pass, in the environment of `make spark`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.engines.fitting import run_model
from shopper.engines.other_dbt import OtherDbt
from shopper.errors import ShopperError
from shopper.sql import literal, quoted

# ANSI mode, and what suits many small queries: no code is generated for one that ends before it would pay, and Java
# compiles fast rather than well. Generated code needs more room than that compiler has by default.
_SESSION: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=512m",
}
# An error of Spark ends with its whole plan.
_MESSAGE: Final = 500
_RAW_TABLES: Final = "select table_name from duckdb_tables() where schema_name = 'raw'"


class SparkDbt(OtherDbt):
    """dbt on a Spark session of this process. `warehouse` is the DuckDB file that gets the marts at the end."""

    def __init__(self, dbt: Path, project: Path, warehouse: Path, target: Path) -> None:
        """As for any other dbt. The folder of Spark's tables, `spark/` in target, begins empty."""
        super().__init__(dbt, project, warehouse, target)
        self._tables = self._target / "spark"
        shutil.rmtree(self._tables, ignore_errors=True)
        os.environ["SHOPPER_SPARK_WAREHOUSE"] = str(self._tables)
        os.environ["SHOPPER_TARGET"] = "spark"

    def stage(self, raw: Path) -> None:
        """Build staging, without tests, from the tables of the schema `raw` of a DuckDB file.

        The warehouse gets what staging hands on: its `stg_` tables, and the schema `audit`.
        """
        landed = ("--vars", "{raw_data: source}")
        # The first statement makes the session.
        self.run("run-operation", "drop_schema_named", "--args", "{schema_name: raw}", *landed)
        _sql("create schema raw")
        folder = self._target / "landed"
        folder.mkdir(exist_ok=True)
        with duckdb.connect(str(raw), read_only=True) as connection:
            for (table,) in connection.execute(_RAW_TABLES).fetchall():
                file = folder / f"{table}.parquet"
                connection.execute(f"copy raw.{quoted(table)} to {literal(str(file))} (format parquet)")
                self._create(f"raw.{table}", file)
        kinds = [word for kind in ("test", "unit_test") for word in ("--exclude-resource-type", kind)]
        self.run("build", "--select", "+path:models/staging", *kinds, *landed)
        _sql("create schema handed_on")
        for row in _sql("show views in staging like 'stg_*'").collect():
            _sql(f"create table handed_on.{row.viewName} as select * from staging.{row.viewName}")
        self._copy("handed_on", "audit")

    def _problem(self, arguments: Sequence[str]) -> str | None:
        from dbt.cli.main import dbtRunner

        ended = dbtRunner().invoke(["--quiet", *arguments])
        if ended.success:
            return None
        bad = [row for row in getattr(ended.result, "results", None) or [] if row.status in ("error", "fail")]
        return "\n".join(f"{row.node.name}: {str(row.message)[:_MESSAGE]}" for row in bad) or str(ended.exception)

    def _fit(self, manifest: Mapping[str, Any], names: Sequence[str]) -> None:
        """Run Python models on Spark's files, and give their results back as tables."""
        every = manifest["nodes"].values()
        nodes = {node["name"]: node for node in every if node["resource_type"] in ("model", "seed")}
        results = self._target / "fitted"
        results.mkdir(exist_ok=True)
        tables = {name: f"{quoted(node['schema'])}.{quoted(node['alias'])}" for name, node in nodes.items()}
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            for name in names:
                node = nodes[name]
                for parent in (nodes[unique_id.split(".")[2]] for unique_id in node["depends_on"]["nodes"]):
                    rows = utc_rows(connection, self._files(parent["schema"], parent["alias"]))
                    connection.execute(f"create schema if not exists {quoted(parent['schema'])}")
                    connection.execute(f"create table if not exists {tables[parent['name']]} as {rows}")
                run_model(connection, self._project / node["original_file_path"], tables[name], tables)
                file = results / f"{name}.parquet"
                connection.execute(f"copy {tables[name]} to {literal(str(file))} (format parquet)")
                self._create(f"{node['schema']}.{node['alias']}", file)

    def _create(self, table: str, file: Path) -> None:
        _sql(f"create table {table} as select * from parquet.`file://{file}`")

    def _files(self, schema: str, table: str) -> Path:
        """Files of a table that Spark has written."""
        return self._tables / f"{schema}.db" / table / "*.parquet"

    def _note_whole_build(self) -> None:
        """Copy the marts to the DuckDB file, so that they are compared like those of any other engine."""
        self._copy("marts", "audit")

    def _copy(self, *schemas: str) -> None:
        with duckdb.connect(str(self._warehouse)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            for schema in schemas:
                connection.execute(f"create schema if not exists {schema}")
                for place in sorted((self._tables / f"{schema}.db").iterdir()):
                    rows = utc_rows(connection, place / "*.parquet")
                    connection.execute(f"create or replace table {schema}.{quoted(place.name)} as {rows}")


def _sql(statement: str) -> Any:
    """The result of a statement in the session of this process."""
    from pyspark.sql import SparkSession

    return SparkSession.builder.getOrCreate().sql(statement)


def utc_rows(connection: duckdb.DuckDBPyConnection, files: Path) -> str:
    """A query of Spark's Parquet files, with moments as timestamps in UTC without a zone, as the project has them."""
    found = connection.execute(f"describe select * from read_parquet({literal(str(files))})").fetchall()
    columns = [
        f"timezone('UTC', {quoted(name)}) as {quoted(name)}" if kind == "TIMESTAMP WITH TIME ZONE" else quoted(name)
        for name, kind, *_ in found
    ]
    return f"select {', '.join(columns)} from read_parquet({literal(str(files))})"


def fit_session() -> None:
    """Let the session of dbt's adapter be as this process needs it; see _SESSION.

    The adapter turns ANSI mode off; with it on, a value that does not fit its type is an error.
    """
    from dbt.adapters.spark.connections import SparkCredentials

    finish = SparkCredentials.__post_init__

    def finish_and_fit(self: SparkCredentials) -> None:
        finish(self)
        self.server_side_parameters.update(_SESSION)

    SparkCredentials.__post_init__ = finish_and_fit


def main(dbt: str, project: str, warehouse: str, target: str, raw: str | None = None) -> None:
    """Build everything; write the status of every node, by its id, to `statuses.json` in target.

    raw: a DuckDB file, whose raw tables are staged instead.
    """
    fit_session()
    spark = SparkDbt(Path(dbt), Path(project), Path(warehouse), Path(target))
    if raw:
        spark.stage(Path(raw))
    else:
        (Path(target) / "statuses.json").write_text(json.dumps(spark.build_in_passes()))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ShopperError as error:
        sys.exit(str(error))
