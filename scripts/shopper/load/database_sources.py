"""The entry of a source that is a table of a database: `postgres`, `mysql`, `sqlite` or `duckdb`, with `table`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shopper.errors import BadInput
from shopper.load import named_columns
from shopper.load.entries import only_keys, text_of
from shopper.load.named_columns import NamedColumns

SERVERS = ("postgres", "mysql")
KINDS = (*SERVERS, "sqlite", "duckdb")
_PASSWORD_VARIABLES = {"postgres": "PGPASSWORD", "mysql": "MYSQL_PWD"}
# A literal password in a connection string, instead of an environment variable.
_PASSWORD = re.compile(
    r"(?:password|passwd|pwd)\s*=\s*['\"]?(?!['\"]?\$\{)\S|^\w+://[^/@:]*:(?!\$\{)[^/@]+@", re.IGNORECASE
)


@dataclass(frozen=True)
class DatabaseSource:
    """A table or view of a database of a kind in KINDS.

    location: the connection of a server or the path of a file; it may contain ${NAME}. schema: None for the kind's
    usual one (public in PostgreSQL, the connection's database in MySQL, main in files).
    """

    name: str
    kind: str
    location: str
    schema: str | None
    table: str
    columns: NamedColumns = field(default_factory=NamedColumns)


def database_source_of(kind: str, name: str, entry: Mapping[str, Any], where: str) -> DatabaseSource:
    """Read the entry of a database table. Raises BadInput with the position, the value and what was expected."""
    only_keys(entry, (kind, "table", *named_columns.KEYS, "absent"), where)
    location, table = text_of(entry, kind, where) or "", text_of(entry, "table", where) or ""
    if kind in SERVERS and _PASSWORD.search(location):
        raise BadInput(
            f"{where}: the mapping contains a password; write password=${{NAME}} and set NAME, or"
            f" {_PASSWORD_VARIABLES[kind]}"
        )
    schema, _, plain = table.rpartition(".")
    if not plain:
        example = "public.orders" if kind == "postgres" else "orders"
        raise BadInput(f"{where}: needs the table, such as `table: {example}`")
    return DatabaseSource(name, kind, location, schema or None, plain, named_columns.named_columns_of(entry, where))
