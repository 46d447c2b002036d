"""DuckDB extensions that are installed as Python packages. Nothing is downloaded."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from shopper.errors import BadInput
from shopper.sql import literal

PACKAGES = {
    "ducklake": "duckdb_extension_ducklake",
    "mysql_scanner": "duckdb_extension_mysql_scanner",
    "postgres_scanner": "duckdb_extension_postgres_scanner",
}


def load_extension(connection: duckdb.DuckDBPyConnection, name: str, purpose: str) -> None:
    """Load an extension. Its version must be that of DuckDB.

    Raises BadInput with the package to install if it is missing; `purpose` names what needs it.
    """
    package = find_spec(PACKAGES[name])
    wanted = Path("extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension")
    for folder in (package.submodule_search_locations or ()) if package else ():
        if (Path(folder) / wanted).is_file():
            connection.execute(f"load {literal(str(Path(folder) / wanted))}")
            return
    raise BadInput(
        f"{purpose} needs DuckDB's extension as a package:"
        f" pip install duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}"
    )
