"""Rules of the style page that neither dbt nor a linter checks, over the project's files and its built sample shop."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from running import ROOT, rows

LONGEST_MODEL = 100
LONGEST_LINE = 120
MODELS = sorted((ROOT / "models").rglob("*.sql"))
MACROS = sorted((ROOT / "macros").rglob("*.sql"))
TESTS = sorted((ROOT / "tests").rglob("*.sql"))
ANALYSES = sorted((ROOT / "analyses").rglob("*.sql"))

CLOCKS = re.compile(
    r"\b(now|today|getdate|sysdate|random|uuid|gen_random_uuid)\s*\(|\bcurrent_(date|time|timestamp)\b|run_started_at"
)
ONE_ENGINE = re.compile(
    r"::|\basof\b|\bexclude\s*\(|\breplace\s*\(\s*\w+\s+as\b"
    r"|\b(arg_max|arg_min|date_diff|date_sub|epoch\w*|strftime|strptime|list_\w+|struct_pack|unnest|read_csv|read_parquet|make_timestamp|timezone|string_split)\s*\(|\bas\s+varchar\b"
)
STAR = re.compile(r"\bselect\s+(?:\w+\.)?\*(?!\s+from\s+\{\{\s*(?:ref|source)\()")
VAR_CALL = re.compile(r"\bvar\(\s*(['\"])(\w+)\1\s*(?:,\s*(['\"]?)([^'\")]*)\3)?\s*\)")

# Landed rows repeat their keys; that is what base models judge.
LANDED = re.compile(r"^(source|base)_|^quarantined_rows$")
# What a description says of a model that has no key to test.
KEYLESS = re.compile(r"^One row(,| for the run)|\bcan repeat\b")


def sql_of(path: Path) -> str:
    """The file without comments."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"--[^\n]*", "", text)


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Places where the pattern occurs, as `models/x.sql: <text>`."""
    return [f"{path.relative_to(ROOT)}: {found[0]}" for path in paths for found in pattern.finditer(sql_of(path))]


@pytest.fixture(scope="module")
def manifest(sample_warehouse: Path) -> dict[str, Any]:
    """What dbt knows of the sample shop's build: its manifest."""
    loaded: dict[str, Any] = json.loads((sample_warehouse.parent / "target/manifest.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def built_columns(sample_warehouse: Path) -> dict[str, list[str]]:
    """Columns of every relation of the built sample, in order, by `schema.name`."""
    found = rows(
        sample_warehouse,
        "select schema_name || '.' || table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = current_database() and not internal group by 1",
    )
    return {str(name): list(columns) for name, columns in found}  # type: ignore[call-overload]


def nodes(manifest: Mapping[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    """Nodes of one resource type of this project."""
    for node in manifest["nodes"].values():
        if node["resource_type"] == kind and node["package_name"] == "shopper_analytics":
            yield node


def test_models_fit_on_two_screens() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in MODELS}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODEL} == {}


def test_lines_are_short_enough_to_read() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*MODELS, *MACROS, *TESTS, *ANALYSES]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_no_star_past_the_imports() -> None:
    assert lines_with(STAR, MODELS) == []


def test_no_model_reads_the_clock_or_throws_dice() -> None:
    assert lines_with(CLOCKS, [*MODELS, *MACROS]) == []


def test_what_one_engine_alone_understands_stays_in_macros_engine() -> None:
    assert lines_with(ONE_ENGINE, MODELS) == []


def test_every_macro_says_what_it_is_for() -> None:
    """A comment stands before each but an engine's version of one, or the upper end of an interval after its lower."""
    silent = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MACROS
        for before, name in re.findall(r"(#\}|%\}|\A)\s*\{%-? macro (\w+)", path.read_text(encoding="utf-8"))
        if before != "#}" and not name.startswith(("default__", "spark__")) and not name.endswith("_high")
    ]
    assert silent == []


def test_everything_is_described(manifest: dict[str, Any]) -> None:
    described = [*nodes(manifest, "model"), *nodes(manifest, "seed"), *manifest["sources"].values()]
    assert [node["name"] for node in described if not node["description"].strip()] == []


def test_the_first_sentence_of_a_model_is_its_grain(manifest: dict[str, Any]) -> None:
    assert [node["name"] for node in nodes(manifest, "model") if not node["description"].startswith("One row")] == []


def test_every_model_has_its_key_tested(manifest: dict[str, Any]) -> None:
    """Unless its description says that it is one row, or that rows can repeat."""
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


def test_names_of_columns_tell_their_types(sample_warehouse: Path) -> None:
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


def test_rules_kept_as_data_have_one_header_and_its_documentation() -> None:
    documented = {
        seed["name"]: [column["name"] for column in seed.get("columns", [])]
        for path in (ROOT / "seeds/reference").glob("*.yml")
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]
    }
    for path in sorted((ROOT / "seeds/reference").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            assert documented.get(path.stem) == next(csv.reader(file)), path.name


def project_vars() -> dict[str, Any]:
    """The vars of dbt_project.yml with their defaults."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    return loaded


def test_vars_are_declared_checked_and_documented() -> None:
    checked = re.findall(r"^\s+'(\w+)': \{", (ROOT / "macros/checks/check_vars.sql").read_text(encoding="utf-8"), re.M)
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/vars.md").read_text(encoding="utf-8"), re.M)
    assert sorted(checked) == sorted(project_vars())
    assert sorted(documented) == sorted(project_vars())


def test_vars_are_called_with_their_declared_default() -> None:
    declared = {name: "none" if value is None else str(value) for name, value in project_vars().items()}
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in [*MODELS, *MACROS, *TESTS]
        for found in VAR_CALL.finditer(sql_of(path))
        if found[4] is None or declared.get(found[2]) != found[4].strip()
    ]
    assert wrong == []
