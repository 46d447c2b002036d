"""Descriptions, keys and column names, checked with dbt's manifest and the built sample shop."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from running import ROOT, rows

# Landed rows can have duplicate keys; base models deduplicate them.
LANDED = re.compile(r"^(source|base)_|^quarantined_rows$")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The description of a model without a key.
KEYLESS = re.compile(r"^One row(,| for the run)|\bcan repeat\b")


def nodes(manifest: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    """Nodes of one resource type of this project."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == kind and node["package_name"] == "shopper_analytics":
            yield node


def test_everything_is_described(manifest: dict[str, Any]) -> None:
    described = [*nodes(manifest, "model"), *nodes(manifest, "seed"), *manifest["sources"].values()]
    assert [node["name"] for node in described if not node["description"].strip()] == []


def test_marts_and_their_columns_are_defined_in_chinese_too(manifest: dict[str, Any]) -> None:
    """Sentences of the field: they end with a full stop, and what is Chinese has Chinese punctuation."""
    marts = [node for node in nodes(manifest, "model") if node["schema"] == "marts"]
    said = {node["name"]: node["config"]["meta"].get("description_zh", "") for node in marts}
    assert len(marts) > 60
    assert [name for name, text in said.items() if not text.startswith("每行是")] == []
    assert [node["name"] for node in marts if not CHINESE.search(node["config"]["meta"].get("label_zh", ""))] == []
    for node in marts:
        columns = node["columns"].items()
        said |= {f"{node['name']}.{name}": column["meta"].get("description_zh", "") for name, column in columns}
    wrong = {name for name, text in said.items() if not CHINESE.search(text) or not text.endswith("。")}
    assert wrong | {name for name, text in said.items() if re.search(r"[\u4e00-\u9fff][,:;.]", text)} == set()


def test_the_description_of_a_model_starts_with_its_grain(manifest: dict[str, Any]) -> None:
    assert [node["name"] for node in nodes(manifest, "model") if not node["description"].startswith("One row")] == []


def test_every_model_has_its_key_tested(manifest: dict[str, Any]) -> None:
    """Except models whose description says that they have one row, or that rows can repeat."""
    tested = {
        node["attached_node"] for node in nodes(manifest, "test")
        if (node.get("test_metadata") or {}).get("name") in {"unique_key", "unique"}
    }  # fmt: skip
    untested = [
        node["name"]
        for node in nodes(manifest, "model")
        if node["unique_id"] not in tested
        and not LANDED.match(node["name"])
        and not KEYLESS.search(node["description"])
    ]
    assert untested == []


def test_documented_columns_are_those_that_exist(manifest: dict[str, Any], built_columns: dict[str, list[str]]) -> None:
    wrong = {}
    for node in [*nodes(manifest, "model"), *nodes(manifest, "seed")]:
        documented, existing = set(node["columns"]), set(built_columns[f"{node['schema']}.{node['name']}"])
        is_public = node["config"].get("access") == "public" or node["schema"] == "reference"
        if documented - existing or (is_public and existing - documented):
            wrong[node["name"]] = documented ^ existing if is_public else documented - existing
    assert wrong == {}


def test_columns_of_public_models_and_rules_are_described(manifest: dict[str, Any]) -> None:
    silent = [
        f"{node['name']}.{column['name']}"
        for node in [*nodes(manifest, "model"), *nodes(manifest, "seed")]
        if node["config"].get("access") == "public" or node["schema"] == "reference"
        for column in node["columns"].values()
        if not column["description"].strip()
    ]
    assert silent == []


def test_column_names_match_their_types(sample_warehouse: Path) -> None:
    wrong = rows(
        sample_warehouse,
        "select schema_name || '.' || table_name || '.' || column_name || ' ' || data_type from duckdb_columns() "
        "where schema_name in ('staging', 'intermediate', 'marts', 'audit') and table_name not like 'source_%' and ("
        "(regexp_matches(column_name, '_at$') and not starts_with(column_name, 'has_') and data_type <> 'TIMESTAMP')"
        " or (regexp_matches(column_name, '_(date|month)$') and not ends_with(column_name, '_per_month')"
        " and not regexp_matches(column_name, '^(is|has)_') and data_type <> 'DATE')"
        " or (regexp_matches(column_name, '^(is|has)_') and data_type <> 'BOOLEAN')"
        " or (schema_name = 'marts' and data_type in ('HUGEINT', 'FLOAT')))",
    )
    assert wrong == []


def test_seed_headers_match_their_documentation() -> None:
    documented = {
        seed["name"]: [column["name"] for column in seed.get("columns", [])]
        for path in (ROOT / "seeds/reference").glob("*.yml")
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    }
    for path in sorted((ROOT / "seeds/reference").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            assert documented.get(path.stem) == next(csv.reader(file)), path.name


def test_every_mart_declares_its_primary_key(manifest: dict[str, Any]) -> None:
    """Except rfm_segment_transitions, whose segments are null for customers who come into or leave the window."""
    without = [
        node["name"]
        for node in nodes(manifest, "model")
        if node["original_file_path"].startswith("models/marts/")
        and not any(constraint["type"] == "primary_key" for constraint in node["constraints"])
    ]
    assert without == ["rfm_segment_transitions"]


COLUMN_KEYS = {
    *("name", "description", "data_type", "data_tests", "constraints", "config"),
    *("entity", "dimension", "granularity"),  # of the semantic layer
}


def test_no_description_is_cut_at_a_comma() -> None:
    """In `{name: x, description: a, b}` the description is `a` and `b` a key that dbt ignores: quote such text."""
    cut = [
        f"{path.relative_to(ROOT)}: {entry['name']}.{column['name']}"
        for folder in ("models", "seeds")
        for path in sorted((ROOT / folder).rglob("*.yml"))
        for kind, entries in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items()
        if kind in {"models", "seeds"}
        for entry in entries
        for column in entry.get("columns", [])
        if column.keys() - COLUMN_KEYS
    ]
    assert cut == []
