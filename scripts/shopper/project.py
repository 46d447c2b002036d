"""Paths: the dbt project, the working warehouse, the folder that BI reads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from shopper.errors import BadInput

PROJECT_NAME = "shopper_analytics"
_DUCKDB: Final = slice(8, 12), b"DUCK"
"""Where every DuckDB file says what it is, and the word there."""


def project_root(given: Path | None = None) -> Path:
    """The folder of `dbt_project.yml`: the given one, else `SHOPPER_PROJECT`, else the current folder or the nearest
    one above it, else the project that this package was installed from.

    Raises BadInput if the given folder has no such project.
    """
    named = given or (Path(os.environ["SHOPPER_PROJECT"]) if os.environ.get("SHOPPER_PROJECT") else None)
    if named is not None:
        if not _is_project(named):
            raise BadInput(f"{named}: no dbt_project.yml of {PROJECT_NAME} there (SHOPPER_PROJECT or --project)")
        return named.resolve()
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if _is_project(folder):
            return folder.resolve()
    raise BadInput(f"no dbt_project.yml of {PROJECT_NAME} in {here} or above; set SHOPPER_PROJECT to its folder")


def warehouse_path(root: Path, given: Path | None = None) -> Path:
    """The working DuckDB file: given, else `SHOPPER_WAREHOUSE`, else the project's `warehouse/shopper.duckdb`.

    Raises BadInput if something else is there. DuckDB itself would read a Parquet or an SQLite file as a database.
    """
    path = _path(given, "SHOPPER_WAREHOUSE", root / "warehouse" / "shopper.duckdb")
    try:
        if not path.exists() or (path.is_file() and _is_duckdb(path)):
            return path
        found = "not a file" if not path.is_file() else "not a DuckDB file"
        if path.is_file() and not path.stat().st_size:
            found = "an empty file (a first run that was stopped may leave one; delete it)"
    except OSError as error:
        found = f"not readable ({error.strerror})"
    raise BadInput(f"{path} is {found}; expected the warehouse, a DuckDB file, or a new name. Nothing has changed")


def publish_folder(root: Path, given: Path | None = None) -> Path:
    """The folder that BI reads: the given one, else `SHOPPER_PUBLISH`, else `published/` in the project."""
    return _path(given, "SHOPPER_PUBLISH", root / "published")


def artifacts_folder(root: Path) -> Path:
    """The folder of dbt's artifacts: `DBT_TARGET_PATH`, else `target/` in the project."""
    return _path(None, "DBT_TARGET_PATH", root / "target")


def run_folder(warehouse: Path) -> Path:
    """The folder for the state of runs beside the working file: reports, artifacts, spill files, the build marker."""
    return warehouse.with_suffix(".run")


def _path(given: Path | None, variable: str, default: Path) -> Path:
    if given is not None:
        return given.absolute()
    named = os.environ.get(variable)
    return Path(named).absolute() if named else default


def _is_duckdb(file: Path) -> bool:
    place, word = _DUCKDB
    with file.open("rb") as handle:
        return handle.read(place.stop)[place] == word


def _is_project(folder: Path) -> bool:
    try:
        text = (folder / "dbt_project.yml").read_text(encoding="utf-8")
    except OSError:
        return False
    return f"name: {PROJECT_NAME}" in text
