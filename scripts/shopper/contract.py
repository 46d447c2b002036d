"""The input contract, read from the sources YAML: raw tables, their columns, types and which are required."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from shopper.errors import BadInput


@dataclass(frozen=True)
class Column:
    """A contract column.

    type: text (people may have written it: redacted), label (a program wrote it), id, person_id, code, url, url_text
    (taken from a URL), currency, money, rate, number, share, quantity, integer, boolean, date, timestamp or enum (then
    `enumeration` names its values in the reference seeds).
    presence: key, key_nullable (part of the key, may be null), required, checked (a value that does not cast
    quarantines its row) or optional (it becomes null, flagged).
    """

    name: str
    type: str
    presence: str
    enumeration: str | None = None
    description: str = ""


@dataclass(frozen=True)
class Table:
    """A raw table: its columns in contract order, and its domain (the folder in models/staging)."""

    name: str
    domain: str
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns, in order."""
        return tuple(column.name for column in self.columns if column.presence in {"key", "key_nullable"})

    @property
    def must_be_mapped(self) -> tuple[str, ...]:
        """Columns that a raw table must have: required ones and composite keys. A missing single-column key is derived
        from the content of each row.
        """
        keys = tuple(column.name for column in self.columns if column.presence == "key")
        needed_keys = keys if len(self.keys) > 1 else ()
        return tuple(c.name for c in self.columns if c.presence == "required" or c.name in needed_keys)


@dataclass(frozen=True)
class Contract:
    """All raw tables, in the order of the YAML files."""

    tables: tuple[Table, ...]

    @cached_property
    def by_name(self) -> dict[str, Table]:
        """Tables by name."""
        return {table.name: table for table in self.tables}


def load_contract(root: Path) -> Contract:
    """The contract of the dbt project in `root`.

    Raises BadInput if the sources YAML is missing, or a column in it has no type or presence.
    """
    files = sorted((root / "models" / "staging").glob("*/_*__sources.yml"))
    if not files:
        raise BadInput(f"{root}/models/staging: no sources YAML (_<domain>__sources.yml), so no input contract")
    tables = [table for path in files for table in _tables_of(path)]
    return Contract(tuple(tables))


def _tables_of(path: Path) -> list[Table]:
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [
        Table(table["name"], path.parent.name, tuple(_column(path, table["name"], entry) for entry in table["columns"]))
        for source in document["sources"]
        if source["name"] == "raw"
        for table in source["tables"]
    ]


def _column(path: Path, table: str, entry: dict[str, Any]) -> Column:
    meta = entry.get("config", {}).get("meta", {})
    if not {"type", "presence"} <= meta.keys():
        raise BadInput(f"{path}: {table}.{entry['name']} needs config.meta with type and presence")
    return Column(entry["name"], meta["type"], meta["presence"], meta.get("enumeration"), entry.get("description", ""))
