"""What a publication says of its metrics and tables: `metrics.json`, the schema `meta`, dbt's `osi_document.json`.

The catalogue's form is described in `shopper.metrics.catalogue`. `osi_document.json` is the semantic layer in the open
interchange format (Apache Ossie, formerly Open Semantic Interchange, version 0.1.1), as dbt writes it beside its
manifest, with two corrections: names of MetricFlow that dbt 1.12 leaves in filters (`order__is_valid`) become fields of
datasets (`orders.is_valid`), and relationships whose end is no key, which would multiply rows, are left out. Only a
publication of every mart that it names has it. Both come from the artifacts of the build. Without artifacts a
publication has none of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.errors import CheckFailed
from shopper.metrics.catalogue import catalogue
from shopper.publish.descriptions import Name, Table, described_tables

CATALOGUE: Final = "metrics.json"
OSI_DOCUMENT: Final = "osi_document.json"
_COLUMNS: Final = ("name", "label", "label_zh", "description", "unit", "decimals", "currency", "is_part", "formula")
_CHINESE: Final = ("description_zh", "formula_zh")
_LISTS: Final = ("grains", "dimensions")


@dataclass(frozen=True)
class Semantics:
    """The catalogue of the published marts' metrics; dbt's document, None where a mart of it is not published; the
    published tables with their keys and descriptions.
    """

    document: dict[str, Any]
    osi_document: dict[str, Any] | None
    tables: Mapping[Name, Table]

    def in_currency(self, currency: str) -> Semantics:
        """The same with all money in this currency: dbt's artifacts may be of a later command with other vars."""
        metrics = [{**metric, "currency": metric["currency"] and currency} for metric in self.document["metrics"]]
        tables = {
            name: replace(
                table,
                columns=tuple(replace(column, currency=column.currency and currency) for column in table.columns),
            )
            for name, table in self.tables.items()
        }
        return replace(self, document={**self.document, "metrics": metrics}, tables=tables)

    def write_table(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create `meta.metrics` in the attached database `target`."""
        rows = [
            (
                *(metric[column] for column in _COLUMNS),
                metric["definition"] and metric["definition"]["text"],
                ", ".join(dict.fromkeys(part["mart"] for part in metric["parts"])),
                *(", ".join(metric[column]) for column in _LISTS),
                *(metric[column] for column in _CHINESE),
            )
            for metric in self.document["metrics"]
        ]
        connection.execute("create schema if not exists target.meta")
        connection.execute(
            "create table target.meta.metrics (name varchar primary key, label varchar, label_zh varchar,"
            " description varchar, unit varchar, decimals bigint, currency varchar, is_part boolean, formula varchar,"
            " definition varchar, marts varchar, grains varchar, dimensions varchar,"
            " description_zh varchar, formula_zh varchar)"
        )
        if rows:
            connection.executemany(f"insert into target.meta.metrics values ({', '.join('?' * len(rows[0]))})", rows)

    def write_files(self, building: Path) -> None:
        """Write the documents into the folder of a generation."""
        text = json.dumps(self.document, indent=1, ensure_ascii=False)
        (building / CATALOGUE).write_text(text + "\n", encoding="utf-8")
        if self.osi_document is not None:
            text = json.dumps(self.osi_document, ensure_ascii=False)
            (building / OSI_DOCUMENT).write_text(text + "\n", encoding="utf-8")


def read_semantics(artifacts: Path | None, tables: Collection[Name]) -> Semantics | None:
    """The semantics of the build whose artifacts lie in the folder; None where it has no manifest.

    Raises CheckFailed if an artifact can't be read.
    """
    path = artifacts / "manifest.json" if artifacts else None
    if artifacts is None or path is None or not path.is_file():
        return None
    marts = {name for schema, name in tables if schema == "marts"}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        document = catalogue(manifest, marts)
        described = described_tables(manifest, tables)
        osi_document = _corrected(json.loads((artifacts / OSI_DOCUMENT).read_text(encoding="utf-8")), manifest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckFailed(
            f"{artifacts}: the artifacts of dbt can't be read ({error!r}); run `dbt parse`. Nothing was published"
        ) from error
    models = {node["node_relation"]["alias"] for node in manifest["semantic_models"].values()}
    return Semantics(document, osi_document if models <= marts else None, described)


def _corrected(document: dict[str, Any], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The document with filters over fields, and with relationships to keys only."""
    fields = {
        f"{node['primary_entity'] or entity}__{row['name']}": f"{node['name']}.{row['expr'] or row['name']}"
        for node in manifest["semantic_models"].values()
        for entity in [next((row["name"] for row in node["entities"] if row["type"] == "primary"), None)]
        for row in node["dimensions"]
    }
    for model in document["semantic_model"]:
        for metric in model.get("metrics") or []:
            for dialect in metric["expression"]["dialects"]:
                dialect["expression"] = re.sub(
                    r"\b\w+__\w+\b", lambda found: fields.get(found[0], found[0]), dialect["expression"]
                )
        keys = {dataset["name"]: dataset.get("primary_key") for dataset in model.get("datasets") or []}
        joins = model.get("relationships") or []
        model["relationships"] = [join for join in joins if keys[join["to"]] == join["to_columns"]]
    return document
