"""Exposures: one for each dashboard page and each list that `shopper export` writes, with the tables that they read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from running import ROOT

PAGES = {"today", "customers", "conversion", "channels", "products", "campaigns", "service", "data"}
DASHBOARD = ROOT / "scripts/shopper/dashboard"


@pytest.fixture(scope="module")
def manifest(sample_warehouse: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((sample_warehouse.parent / "target/manifest.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def exposed(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """Names of models that each exposure depends on."""
    return {
        node["name"]: {key.split(".")[-1] for key in node["depends_on"]["nodes"]}
        for node in manifest["exposures"].values()
    }


@pytest.fixture(scope="module")
def lists() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        (ROOT / "scripts/shopper/export/audiences.yml").read_text(encoding="utf-8")
    )
    return loaded


def test_each_page_and_each_list_has_its_exposure(
    exposed: dict[str, set[str]], lists: dict[str, dict[str, Any]]
) -> None:
    assert set(exposed) == {f"dashboard_{page}" for page in PAGES} | {f"export_{name}" for name in lists}


def test_a_list_depends_on_its_mart(exposed: dict[str, set[str]], lists: dict[str, dict[str, Any]]) -> None:
    assert {name: exposed[f"export_{name}"] for name in lists} == {name: {row["mart"]} for name, row in lists.items()}


@pytest.mark.skipif(not DASHBOARD.is_dir(), reason="the dashboard is not there")
def test_a_page_depends_on_what_its_panels_read(exposed: dict[str, set[str]], manifest: dict[str, Any]) -> None:
    models = {key.split(".")[-1] for key in manifest["nodes"] if key.startswith("model.")}
    queries = yaml.safe_load((DASHBOARD / "queries.yml").read_text(encoding="utf-8"))
    explained = {mart: {"marts": [f"marts.{mart}"]} for mart in queries["why"]}
    panels = {**queries["choices"], **queries["panels"], **explained}
    read = {
        f"dashboard_{page.stem}": {
            table.split(".")[1]
            for name in set(re.findall(r'"(\w+)"', page.read_text(encoding="utf-8"))) & set(panels)
            for table in panels[name]["marts"]
        }
        & models
        for page in (DASHBOARD / "screens").glob("*.py")
    }
    assert {name: exposed.get(name) for name in read} == read
