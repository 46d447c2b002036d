"""What a publication says of its metrics: `metrics.json`, the table `meta.metrics` and dbt's `osi_document.json`.

The catalogue's form is described in `shopper.metrics.catalogue`. `osi_document.json` is the semantic layer in the open
interchange format (Apache Ossie, formerly Open Semantic Interchange, version 0.1.1), as dbt writes it beside its
manifest; only a publication of everything has it, because it names every mart. Both come from the artifacts of the
build. Without artifacts a publication has none of them.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.errors import CheckFailed
from shopper.metrics.catalogue import catalogue

CATALOGUE: Final = "metrics.json"
OSI_DOCUMENT: Final = "osi_document.json"
_COLUMNS: Final = ("name", "label", "label_zh", "description", "unit", "decimals", "currency", "is_part", "formula")
_LISTS: Final = ("grains", "dimensions")


@dataclass(frozen=True)
class Semantics:
    """The catalogue of the published marts' metrics, and dbt's document; null where a mart of it is not published."""

    document: dict[str, Any]
    osi_document: str | None

    def write_table(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create `meta.metrics` in the attached database `target`."""
        rows = [
            (
                *(metric[column] for column in _COLUMNS),
                metric["definition"]["text"],
                ", ".join(dict.fromkeys(part["mart"] for part in metric["parts"])),
                *(", ".join(metric[column]) for column in _LISTS),
            )
            for metric in self.document["metrics"]
        ]
        connection.execute("create schema if not exists target.meta")
        connection.execute(
            "create table target.meta.metrics (name varchar primary key, label varchar, label_zh varchar,"
            " description varchar, unit varchar, decimals bigint, currency varchar, is_part boolean, formula varchar,"
            " definition varchar, marts varchar, grains varchar, dimensions varchar)"
        )
        if rows:
            connection.executemany(f"insert into target.meta.metrics values ({', '.join('?' * len(rows[0]))})", rows)

    def write_files(self, building: Path) -> None:
        """Write the documents into the folder of a generation."""
        text = json.dumps(self.document, indent=1, ensure_ascii=False)
        (building / CATALOGUE).write_text(text + "\n", encoding="utf-8")
        if self.osi_document is not None:
            (building / OSI_DOCUMENT).write_text(self.osi_document, encoding="utf-8")


def read_semantics(artifacts: Path | None, marts: Collection[str]) -> Semantics | None:
    """The semantics of the build whose artifacts lie in the folder; None where it has no manifest.

    Raises CheckFailed if an artifact can't be read.
    """
    path = artifacts / "manifest.json" if artifacts else None
    if artifacts is None or path is None or not path.is_file():
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        document = catalogue(manifest, marts)
        described = (artifacts / OSI_DOCUMENT).read_text(encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckFailed(
            f"{artifacts}: the artifacts of dbt can't be read ({error!r}); run `dbt parse`. Nothing was published"
        ) from error
    models = {node["node_relation"]["alias"] for node in manifest["semantic_models"].values()}
    return Semantics(document, described if models <= set(marts) else None)
