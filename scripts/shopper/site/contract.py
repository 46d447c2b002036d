"""The input contract as a page: raw tables and their columns, from dbt's manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_HEAD: Final = """# Input contract

The raw tables that a shop lands. Any table may be absent, and any optional column. README says how a mapping
fills them.

| presence | meaning |
|---|---|
| key | identifies a row; a missing key of one column is derived from the row's content |
| key, may be null | part of the key, and null is a value of it |
| required | a row without it is quarantined |
| checked | a value that does not cast quarantines its row |
| optional | a value that does not cast becomes null, flagged |
"""
_KEY_OR_NULL: Final = {"key_nullable": "key, may be null"}


def page(manifest: Mapping[str, Any]) -> str:
    """A heading and a table of columns for each raw table, by name."""
    raw = [node for node in manifest["sources"].values() if node["source_name"] == "raw"]
    raw.sort(key=lambda node: str(node["name"]))
    return "\n".join([_HEAD, *(line for node in raw for line in _table(node))])


def _table(node: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {node['name']}\n\n{cell(node['description'])}\n"
    yield "| column | type | presence | description |\n|---|---|---|---|"
    for column in node["columns"].values():
        meta = column["config"]["meta"]
        values = f": {meta['enumeration']}" if meta.get("enumeration") else ""
        presence = _KEY_OR_NULL.get(meta["presence"], meta["presence"])
        yield f"| `{column['name']}` | {meta['type']}{values} | {presence} | {cell(column['description'])} |"
    yield ""


def cell(text: str) -> str:
    """A text on one line that no sign of it ends the cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
