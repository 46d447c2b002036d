"""Whether a run would do again what the last one did: the same code, settings and raw rows, published and still there.

`landing.last_run` holds one row about the last run that published: digests of what it read, the generation, its labels,
and the build that it was made from. A build in between, by whatever command, is another one, so that nothing is left
out then.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from shopper.run.config import RunConfig
from shopper.sql import literal, quoted

# What a run reads of the project. Python tests, documents and build artifacts decide no table.
_FOLDERS: Final = ("models", "macros", "seeds", "tests", "docs/definitions", "profiles", "scripts/shopper")
_LEFT_OUT: Final = frozenset({"__pycache__", "python"})
# Set by the run itself, or of no effect on rows.
_NO_INPUT: Final = frozenset({"SHOPPER_TEMP", "SHOPPER_MEMORY_LIMIT", "SHOPPER_TRACEBACK"})
_COLUMNS: Final = "inputs varchar, raw varchar, generation varchar, labels varchar, build varchar"


@dataclass(frozen=True)
class LastRun:
    """The last run that published: digests of code with settings and of the raw tables, and what it published."""

    inputs: str
    raw: str
    generation: str
    labels: tuple[str, ...]


def inputs_digest(config: RunConfig) -> str:
    """A digest of the project's files, the settings that decide what is built and published, the environment variables
    that dbt and the project read, and the versions of all installed packages.
    """
    digest = hashlib.sha256()
    for path in [config.root / "dbt_project.yml", *_files(config.root)]:
        digest.update(f"{path.relative_to(config.root)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    settings = [config.select, config.exclude, config.target, config.ducklake, config.currency, config.unusual]
    variables = json.dumps(dict(config.variables), sort_keys=True, default=str)
    surroundings = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name.startswith(("SHOPPER_", "DBT_")) and name not in _NO_INPUT
    )
    packages = sorted(path.name for path in Path(sysconfig.get_paths()["purelib"]).glob("*.dist-info"))
    digest.update(repr([settings, variables, surroundings, packages, sys.version]).encode())
    return digest.hexdigest()


def raw_digest(warehouse: Path) -> str:
    """A digest of all rows in the schema raw, in any order, whichever tool wrote them; without the keys of files."""
    if not warehouse.is_file():
        return ""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'raw' order by all"
        ).fetchall()
        return hashlib.sha256("\n".join(_tables(connection, [name for (name,) in names])).encode()).hexdigest()


def last_run(warehouse: Path) -> LastRun | None:
    """The last run that published; None if there was none, or if something was built after it."""
    if not warehouse.is_file():
        return None
    with suppress(duckdb.Error), duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "select inputs, raw, generation, labels from landing.last_run inner join landing.last_build"
            " on last_build.invocation_id = last_run.build and last_build.failures = 0"
        ).fetchone()
        if found:
            return LastRun(found[0], found[1], found[2], tuple(json.loads(found[3])))
    return None


def record_run(warehouse: Path, run: LastRun) -> None:
    """Make this the last run that published. Raises duckdb.Error."""
    values = [run.inputs, run.raw, run.generation, json.dumps(run.labels)]
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("begin")
        connection.execute(f"create or replace table landing.last_run ({_COLUMNS})")
        connection.execute(
            "insert into landing.last_run select ?, ?, ?, ?, invocation_id from landing.last_build", values
        )
        connection.execute("commit")


def _files(root: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        for path, names, files in os.walk(root / folder):
            names[:] = sorted(set(names) - _LEFT_OUT)
            yield from (Path(path) / name for name in sorted(files))


def _tables(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        table = f"raw.{quoted(name)}"
        columns = [row[:2] for row in connection.execute(f"describe {table}").fetchall() if row[0] != "_file_key"]
        hashed = f"sum(hash({', '.join(quoted(column) for column, _type in columns)}))" if columns else "null"
        content = connection.execute(f"select count(*), {hashed} from {table}").fetchall()
        yield f"{literal(name)} {columns} {content}"
