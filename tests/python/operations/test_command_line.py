"""The command line itself: version, help, misspelt commands, and `--vars`, which all commands read alike."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from running import ROOT, Shopper
from shopper.errors import BadInput
from shopper.run.selecting import require_known_names
from shopper.variables import read_variables


def test_the_version_names_what_the_numbers_depend_on(shopper: Shopper) -> None:
    result = shopper("--version")
    assert result.code == 0
    assert result.output.startswith("shopper 1.0.0 (dbt-core 1.12.0, DuckDB 1.5.")


@pytest.mark.parametrize("arguments", [("-h",), ("run", "-h"), ("load", "-h")])
def test_help_has_a_short_name(arguments: tuple[str, ...], shopper: Shopper) -> None:
    result = shopper(*arguments)
    assert result.code == 0
    assert "Usage:" in result.output and "-h, --help" in result.output


def test_a_misspelt_command_is_reported_with_the_closest_one(shopper: Shopper) -> None:
    result = shopper("docter")
    assert result.code == 2
    assert "No such command 'docter'. Did you mean doctor?" in result.output
    assert "Did you mean" not in shopper("xyz").output


@pytest.mark.parametrize("command", ["run", "doctor", "accept"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{as_of_date: 2024-02-30}", "--vars: not valid YAML: day is out of range for month"),
        ("{as_of_date: '2024-02-30'}", "--vars: as_of_date is '2024-02-30'; expected a date as 2024-01-31"),
        ("{reporting_currency: Euro}", "--vars: reporting_currency is 'Euro'; expected a currency code of three"),
        ("{reporting_timezone: Paris}", "--vars: reporting_timezone is 'Paris'; expected the name of a time zone"),
        ("{raw_data: files}", "--vars: raw_data is 'files'; expected one of sample, source"),
        ("{reporting_zone: UTC}", "--vars: unknown key reporting_zone; did you mean reporting_timezone"),
        ("{rfm_window_days: true}", "rfm_window_days is True; expected a whole number from 1 to 36500"),
        ("{clv_monthly_discount_rate: 2}", "clv_monthly_discount_rate is 2; expected a number from 0 to 1"),
        ("[1]", "--vars: expected a mapping such as"),
        ("{a: ", "--vars: not valid YAML"),
        ("{as_of_date: 2024-01-31, as_of_date: null}", "duplicate key as_of_date"),
    ],
)
def test_invalid_vars_are_one_sentence(command: str, given: str, message: str, shopper: Shopper) -> None:
    result = shopper(command, "--vars", given)
    assert result.code == 2
    assert message in result.output


@pytest.mark.parametrize("what", ["Parquet", "SQLite", "text", "nothing", "a folder", "a pipe"])
@pytest.mark.parametrize(
    "command",
    ["publish", "accept", "explain kpi_daily net_revenue", "fit", "doctor", "load {mapping}", "run --check", "run"],
)
def test_what_is_no_warehouse_is_refused_in_one_sentence(
    command: str, what: str, shopper: Shopper, tmp_path: Path
) -> None:
    place, mapping = tmp_path / "shop.duckdb", tmp_path / "mapping.yml"
    mapping.write_text("sources: {shop: {path: '*.csv'}}\ntables: {orders: {source: shop}}\n", encoding="utf-8")
    if what == "Parquet":
        duckdb.sql(f"copy (select 1 as order_id) to '{place}' (format parquet)")
    elif what == "SQLite":
        with closing(sqlite3.connect(place)) as connection:
            connection.execute("create table orders (order_id)")
    elif what == "a folder":
        place.mkdir()
    elif what == "a pipe":
        os.mkfifo(place)
    else:
        place.write_text("order_id" if what == "text" else "", encoding="utf-8")
    result = shopper(*command.format(mapping=mapping).split(), "--warehouse", place)
    assert result.code == 2
    empty = "an empty file (a first run that was stopped may leave one; delete it)"
    found = {"nothing": empty, "a folder": "not a file", "a pipe": "not a file"}
    assert f"{place} is {found.get(what, 'not a DuckDB file')}; expected the warehouse" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mapping.yml", "shop.duckdb"]


def test_valid_vars_are_read_with_dates_as_text() -> None:
    given = "{as_of_date: 2024-01-31, reporting_timezone: America/New_York, clv_monthly_discount_rate: 0}"
    assert read_variables(given, ROOT) == {
        "as_of_date": "2024-01-31",
        "reporting_timezone": "America/New_York",
        "clv_monthly_discount_rate": 0,
    }
    assert read_variables("{as_of_date: null}", ROOT) == {"as_of_date": None}
    assert read_variables("", ROOT) == read_variables(None, ROOT) == {}


def test_names_in_selections_are_those_of_files_and_folders() -> None:
    known = ["+kpi_daily", "2+orders+1", "@customers", "marts", "raw_orders", "foundation+", "shopper_analytics"]
    left_to_dbt = ["tag:x", "models/marts", "int_*", "marts.business", "path:models,orders"]
    require_known_names([*known, *left_to_dbt], ROOT)
    with pytest.raises(BadInput, match=r"select: marts,kpi_dayly: no model.* did you mean kpi_daily"):
        require_known_names(["marts,kpi_dayly"], ROOT)
