"""Trackers whose exports have several formats: the rows that land are the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
from source_checks import SOURCES
from test_init_of_sources import landed

GA4 = SOURCES / "ga4_bigquery"
MATOMO = SOURCES / "matomo"


def changed(source: Path, folder: Path, old: str, new: str) -> Path:
    """The mapping of a ready source in another folder, with one path changed, and the other paths whole."""
    text = (source / "mapping.yml").read_text(encoding="utf-8")
    assert old in text
    mapping = folder / "mapping.yml"
    mapping.write_text(text.replace(old, new).replace("path: example/", f"path: {source}/example/"), encoding="utf-8")
    return mapping


def test_json_lines_of_bigquery_land_as_parquet_does(tmp_path: Path) -> None:
    """JSON Lines write whole numbers as text and leave null fields out."""
    mapping = changed(GA4, tmp_path, "example/events_*.parquet", f"{GA4}/example/events.jsonl")
    json_lines = landed(mapping, tmp_path / "json.duckdb")
    assert json_lines["events"].total() == 40
    assert json_lines == landed(GA4 / "mapping.yml", tmp_path / "parquet.duckdb")


def test_binary_visitor_ids_of_matomo_are_those_of_their_hex_digits(tmp_path: Path) -> None:
    visits = tmp_path / "log_visit.parquet"
    duckdb.execute(
        "copy (select * replace (unhex(substr(idvisitor, 3)) as idvisitor)"
        f" from read_csv('{MATOMO}/example/log_visit.csv', all_varchar=true)) to '{visits}'"
    )
    mapping = changed(MATOMO, tmp_path, "example/log_visit.csv", str(visits))
    assert landed(mapping, tmp_path / "binary.duckdb") == landed(MATOMO / "mapping.yml", tmp_path / "text.duckdb")
