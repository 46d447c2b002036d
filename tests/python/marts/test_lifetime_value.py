"""Lifetime value on CDNOW, the data set of the papers, from raw orders to the marts."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from landing import land
from shopper.dbt import WITHOUT_TESTS, run_dbt

pytestmark = [pytest.mark.real, pytest.mark.comparison]

MODELS = ["+customer_lifetime_value", "+clv_model_parameters", "+clv_backtest"]


def cdnow(name: str) -> Path:
    """A file of CDNOW purchases in the package `lifetimes`. The test is skipped if it is not installed."""
    found = find_spec("lifetimes")
    if found is None or found.origin is None:
        pytest.skip("the package lifetimes, which has the CDNOW data, is not installed")
    return Path(found.origin).parent / "datasets" / name


def orders(file: Path, customer: int, day: int, amount: int) -> list[dict[str, str]]:
    """Raw orders from a file of blank-separated fields, at the given positions."""
    rows = [line.split() for line in file.read_text().splitlines()]
    return [
        {
            "order_id": f"o{number}",
            "customer_id": row[customer],
            "ordered_at": f"{row[day][:4]}-{row[day][4:6]}-{row[day][6:]}",
            "status": "completed",
            "total_amount": row[amount],
        }
        for number, row in enumerate(rows)
        if row[day].isdigit()
    ]


def build(folder: Path, raw_orders: list[dict[str, str]], **variables: object) -> Path:
    """Build the value models on these orders. Returns the path of the warehouse."""
    warehouse = folder / "cdnow.duckdb"
    land(warehouse, {"orders": raw_orders})
    run_dbt(
        ["build", "--select", *MODELS, *WITHOUT_TESTS],
        variables={"raw_data": "source", "reporting_timezone": "UTC", "reporting_currency": "USD", **variables},
        warehouse=warehouse,
        target=folder / "target",
    )
    return warehouse


def query(warehouse: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of a query on the warehouse."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_published_parameters_are_found_from_raw_orders(tmp_path: Path) -> None:
    warehouse = build(tmp_path, orders(cdnow("CDNOW_sample.txt"), 1, 2, 4), as_of_date="1997-09-30")
    fitted = {(str(model), str(name)): value for model, name, value in query(
        warehouse, "select model, parameter, value from marts.clv_model_parameters"
    )}  # fmt: skip
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert {name: round(fitted["bg_nbd", name], 3) for name in published} == published
    assert round(fitted["bg_nbd", "log_likelihood"], 2) == -9582.43
    assert fitted["bg_nbd", "customers"] == 2357
    assert [fitted["gamma_gamma", name] for name in "pqv"] == pytest.approx([6.25, 3.74, 15.44], rel=0.002)
    assert fitted["gamma_gamma", "converged"] == 1


def test_held_out_weeks_are_predicted(tmp_path: Path) -> None:
    warehouse = build(
        tmp_path, orders(cdnow("CDNOW_master.txt"), 0, 1, 3), as_of_date="1998-06-30", clv_backtest_weeks=39
    )
    deciles = query(warehouse, "select decile, predicted_orders, actual_orders from marts.clv_backtest order by decile")
    predicted, actual = ([float(str(row[place])) for row in deciles] for place in (1, 2))
    assert len(deciles) == 10
    assert sum(predicted) == pytest.approx(sum(actual), rel=0.16)
    assert predicted[-1] == pytest.approx(actual[-1], rel=0.05)
    assert max(actual) == actual[-1] > 2 * actual[-2]
