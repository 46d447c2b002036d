"""Builds the project on Spark in one process, whose session serves every pass, in the environment of `make spark`."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Final

import duckdb

from shopper.dbt import WITHOUT_TESTS
from shopper.engines.fitting import run_model
from shopper.engines.other_dbt import OtherDbt
from shopper.engines.spark_session import LARGE, SMALL, fit_session, peak_megabytes, processor_seconds, run_sql
from shopper.errors import ShopperError
from shopper.sql import literal, quoted

# In the target folder: a line for each step, with what it took.
STEPS: Final = "steps.jsonl"
# An error of Spark ends with its whole plan.
_MESSAGE: Final = 500
_LANDED: Final = ("--vars", "{raw_data: source}")
_RAW_TABLES: Final = "select table_name from duckdb_tables() where schema_name = 'raw'"


class SparkDbt(OtherDbt):
    """dbt on a Spark session of this process. `warehouse` is the DuckDB file that gets the marts at the end."""

    def __init__(self, dbt: Path, project: Path, warehouse: Path, target: Path) -> None:
        """As for any other dbt. The folder of Spark's tables, `spark/` in target, begins empty."""
        super().__init__(dbt, project, warehouse, target)
        self._tables = self._target / "spark"
        self._steps = self._target / STEPS
        self._steps.unlink(missing_ok=True)
        shutil.rmtree(self._tables, ignore_errors=True)
        os.environ["SHOPPER_SPARK_WAREHOUSE"] = str(self._tables)
        os.environ["SHOPPER_TARGET"] = "spark"

    def stage(self, raw: Path) -> None:
        """Build staging, without tests, from the tables of the schema `raw` of a DuckDB file.

        The warehouse gets what staging hands on: its `stg_` tables, and the schema `audit`.
        """
        self._land(raw)
        self.run("build", "--select", "+path:models/staging", *WITHOUT_TESTS, *_LANDED)
        run_sql("create schema handed_on")
        for row in run_sql("show views in staging like 'stg_*'").collect():
            run_sql(f"create table handed_on.{row.viewName} as select * from staging.{row.viewName}")
        self._copy("handed_on", "audit")

    def build_shop(self, raw: Path) -> None:
        """Build everything, without tests, from the tables of the schema `raw` of a DuckDB file."""
        self._note("beginning", 0)
        self._land(raw)
        self._note("landing", 0)
        self.build_in_passes(_LANDED, tests=False)
        self._note("copying", 0)

    def _land(self, raw: Path) -> None:
        """Let Spark have the raw tables."""
        # The first statement makes the session.
        self.run("run-operation", "drop_schema_named", "--args", "{schema_name: raw}", *_LANDED)
        run_sql("create schema raw")
        folder = self._target / "landed"
        folder.mkdir(exist_ok=True)
        with duckdb.connect(str(raw), read_only=True) as connection:
            for (table,) in connection.execute(_RAW_TABLES).fetchall():
                file = folder / f"{table}.parquet"
                connection.execute(f"copy raw.{quoted(table)} to {literal(str(file))} (format parquet)")
                self._create(f"raw.{table}", file)

    def _problem(self, arguments: Sequence[str]) -> str | None:
        from dbt.cli.main import dbtRunner

        ended = dbtRunner(callbacks=[self._note_node]).invoke(["--quiet", *arguments])
        if ended.success:
            return None
        bad = [row for row in getattr(ended.result, "results", None) or [] if row.status in ("error", "fail")]
        return "\n".join(f"{row.node.name}: {str(row.message)[:_MESSAGE]}" for row in bad) or str(ended.exception)

    def _note_node(self, event: Any) -> None:
        if event.info.name == "NodeFinished":
            self._note(event.data.node_info.unique_id, event.data.run_result.execution_time)

    def _note(self, step: str, seconds: float) -> None:
        """Write what a step took, and the whole process until its end, so that a build that is stopped can be read."""
        cost = {"step": step, "seconds": seconds, "processor": processor_seconds(), "peak": peak_megabytes()}
        with self._steps.open("a") as file:
            file.write(json.dumps(cost) + "\n")

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
                began = monotonic()
                run_model(connection, self._project / node["original_file_path"], tables[name], tables)
                self._note(name, monotonic() - began)
                file = results / f"{name}.parquet"
                connection.execute(f"copy {tables[name]} to {literal(str(file))} (format parquet)")
                self._create(f"{node['schema']}.{node['alias']}", file)

    def _create(self, table: str, file: Path) -> None:
        run_sql(f"create table {table} as select * from parquet.`file://{file}`")

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


def utc_rows(connection: duckdb.DuckDBPyConnection, files: Path) -> str:
    """A query of Spark's Parquet files, with moments as timestamps in UTC without a zone, as the project has them."""
    found = connection.execute(f"describe select * from read_parquet({literal(str(files))})").fetchall()
    columns = [
        f"timezone('UTC', {quoted(name)}) as {quoted(name)}" if kind == "TIMESTAMP WITH TIME ZONE" else quoted(name)
        for name, kind, *_ in found
    ]
    return f"select {', '.join(columns)} from read_parquet({literal(str(files))})"


def main(what: str, dbt: str, project: str, warehouse: str, target: str, raw: str = "") -> None:
    """Build the `sample` with its tests, or `stage` raw tables of a DuckDB file or build their `shop`, without tests.

    Of the sample, the status of every node is written, by its id, to `statuses.json` in target.
    """
    fit_session(LARGE if what == "shop" else SMALL)
    spark = SparkDbt(Path(dbt), Path(project), Path(warehouse), Path(target))
    if what == "sample":
        (Path(target) / "statuses.json").write_text(json.dumps(spark.build_in_passes()))
    elif what == "stage":
        spark.stage(Path(raw))
    else:
        spark.build_shop(Path(raw))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ShopperError as error:
        sys.exit(str(error))
