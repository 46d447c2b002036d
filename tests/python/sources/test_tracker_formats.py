"""Trackers whose exports have several formats: the rows that land are the same."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from source_checks import SOURCES, expected_rows, landed_rows
from test_init_of_sources import write

GA4 = SOURCES / "ga4_bigquery"
MATOMO = SOURCES / "matomo"
POSTHOG = SOURCES / "posthog"
SEGMENT = SOURCES / "segment"
SNOWPLOW = SOURCES / "snowplow"


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
    json_lines = landed_rows(mapping, tmp_path / "json.duckdb")
    assert json_lines["events"].total() == 40
    assert json_lines == expected_rows(GA4)


def test_binary_visitor_ids_of_matomo_are_those_of_their_hex_digits(tmp_path: Path) -> None:
    visits = tmp_path / "log_visit.parquet"
    duckdb.execute(
        "copy (select * replace (unhex(substr(idvisitor, 3)) as idvisitor)"
        f" from read_csv('{MATOMO}/example/log_visit.csv', all_varchar=true)) to '{visits}'"
    )
    mapping = changed(MATOMO, tmp_path, "example/log_visit.csv", str(visits))
    assert landed_rows(mapping, tmp_path / "binary.duckdb") == expected_rows(MATOMO)


@pytest.mark.parametrize("is_list", [False, True], ids=["a record on each line", "a list of records"])
def test_init_knows_json_files(tmp_path: Path, is_list: bool) -> None:
    """BigQuery's console names JSON Lines `.json`; PostHog's API answers with lists."""
    source, example = (POSTHOG, "events.jsonl") if is_list else (GA4, "events.jsonl")
    text = (source / "example" / example).read_text(encoding="utf-8")
    file = tmp_path / "bq-results-20240116.json"
    file.write_text(f"[{','.join(text.splitlines())}]" if is_list else text, encoding="utf-8")
    assert write([file], tmp_path).left_out == ()
    expected = expected_rows(source)
    assert landed_rows(tmp_path / "my_shop.yml", tmp_path / "shop.duckdb") == expected


@pytest.mark.parametrize(
    ("source", "path"),
    [(SEGMENT, "example/tracks/*.csv"), (SNOWPLOW, "example/events*.csv")],
    ids=["segment", "snowplow"],
)
def test_typed_columns_land_as_their_text_does(tmp_path: Path, source: Path, path: str) -> None:
    """Warehouses unload numbers and times with their types; order ids may be numbers."""
    for file in source.glob(path):
        duckdb.execute(
            f"copy (select * from read_csv('{file}', sample_size=-1, nullstr='')) to '{tmp_path / file.stem}.parquet'"
        )
    mapping = changed(source, tmp_path, path, f"{tmp_path}/*.parquet")
    typed = landed_rows(mapping, tmp_path / "typed.duckdb")
    text = expected_rows(source)
    assert typed["order_items"] == text["order_items"]
    assert {name: found.total() for name, found in typed.items()} == {
        name: found.total() for name, found in text.items()
    }
