"""Where things are: the dbt project, the working warehouse, the folder that BI reads."""

from __future__ import annotations

import os
from pathlib import Path

from shopper.errors import BadInput

PROJECT_NAME = "shopper_analytics"


def project_root(given: Path | None = None) -> Path:
    """The folder of `dbt_project.yml`: the one given, else `SHOPPER_PROJECT`, else the nearest one above the current
    folder, else the one that this package was installed from.

    Raises BadInput when the place that was named holds no such project.
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
    raise BadInput(f"no dbt_project.yml of {PROJECT_NAME} in {here} or above; name its folder with SHOPPER_PROJECT")


def warehouse_path(root: Path, given: Path | None = None) -> Path:
    """The working DuckDB file: the one given, else `SHOPPER_WAREHOUSE`, else `warehouse/shopper.duckdb` here."""
    return _place(given, "SHOPPER_WAREHOUSE", root / "warehouse" / "shopper.duckdb")


def publish_folder(root: Path, given: Path | None = None) -> Path:
    """The folder that BI reads: the one given, else `SHOPPER_PUBLISH`, else `published/` of the project."""
    return _place(given, "SHOPPER_PUBLISH", root / "published")


def run_folder(warehouse: Path) -> Path:
    """What runs keep beside the working file: reports, artifacts, what spills, the mark of a build that is on."""
    return warehouse.with_suffix(".run")


def _place(given: Path | None, variable: str, default: Path) -> Path:
    if given is not None:
        return given.absolute()
    named = os.environ.get(variable)
    return Path(named).absolute() if named else default


def _is_project(folder: Path) -> bool:
    try:
        text = (folder / "dbt_project.yml").read_text(encoding="utf-8")
    except OSError:
        return False
    return f"name: {PROJECT_NAME}" in text
