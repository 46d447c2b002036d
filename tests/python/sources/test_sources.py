"""Every ready source: its example loads and gives the values worked out by hand; its page says what becomes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from source_checks import SOURCES, build, checks_of, differences, load_source, ready_sources

from replay import Replay
from running import ROOT
from shopper.contract import load_contract
from shopper.load.mapping import read_mapping
from shopper.yaml_files import TextLoader, read_yaml

REFERENCES = ("order_references", "customer_references")
READY = [pytest.param(path, id=path.name) for path in ready_sources()]


@pytest.mark.parametrize("source", READY)
def test_the_example_gives_the_values_worked_out_by_hand(source: Path, replay: Replay, tmp_path: Path) -> None:
    checks = checks_of(source)
    load_source(source / "mapping.yml", tmp_path / "shop.duckdb")
    with build(replay, tmp_path / "shop.duckdb", checks) as connection:
        found = differences(connection, checks)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("source", READY)
def test_a_source_is_complete(source: Path) -> None:
    for name in ("mapping.yml", "expected.yml", "README.md", "example"):
        assert (source / name).exists(), name
    about = read_yaml(source / "mapping.yml", TextLoader)["about"]
    assert about.keys() <= {"title", "kind", "yields", "alone_knows"}
    assert set(about.get("alone_knows", {})) <= set(about.get("yields", []))
    assert about["title"]
    assert about["kind"] in {"shop", "payments", "tracker", "ads", "mailing", "service"}
    mapping = read_mapping(source / "mapping.yml", load_contract(ROOT))
    assert set(about.get("yields", [])) <= mapping.tables.keys()
    assert (mapping.shop.timezone, mapping.shop.currency) == ("Europe/Paris", "EUR")
    assert checks_of(source)


@pytest.mark.parametrize("source", READY)
def test_relations_start_with_the_short_name(source: Path) -> None:
    names = read_mapping(source / "mapping.yml", load_contract(ROOT)).sources
    own = [name for name in names if name not in REFERENCES]
    short = source.name.split("_")[0]
    assert [name for name in own if not name.startswith(f"{short}_")] == []


@pytest.mark.parametrize("source", READY)
def test_the_page_names_every_contract_column(source: Path) -> None:
    words = set(re.findall(r"\w+", (source / "README.md").read_text(encoding="utf-8")))
    mapping = read_mapping(source / "mapping.yml", load_contract(ROOT))
    columns = {c.target for parts in mapping.tables.values() for part in parts for c in part.columns or ()}
    assert sorted((columns | mapping.tables.keys()) - words) == []


@pytest.mark.parametrize("source", READY)
def test_every_table_is_asked_for(source: Path) -> None:
    mapping = read_mapping(source / "mapping.yml", load_contract(ROOT))
    asked = " ".join(check.query for check in checks_of(source))
    tables = [name for name in mapping.tables if not re.search(rf"\b(stg_|base_)?{name}\b", asked)]
    assert tables == []


def test_the_ready_sources_are_listed() -> None:
    listed = re.findall(r"^\| \[(\w+)\]\(\1/README\.md\)", (SOURCES / "README.md").read_text(encoding="utf-8"), re.M)
    assert listed == [path.name for path in ready_sources()]
