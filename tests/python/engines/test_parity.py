"""How the tables of two warehouses are compared."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from running import Shopper
from shopper.engines.digests import table_digests
from shopper.engines.parity import Parity, compared


def warehouse(path: Path, query: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.totals as {query}")
    return path


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("select 1.5::double as share, 'a' as id union all select null, 'b'", "equal"),
        ("select * from (values ('b', null), ('a', 1.5::double)) as rows(id, share)", "equal"),
        ("select 1.5000000000001::double as share, 'a' as id union all select null, 'b'", "equal"),
        ("select 1.500000001::double as share, 'a' as id union all select null, 'b'", "last digit"),
        ("select 1.50001::double as share, 'a' as id union all select null, 'b'", "DIFFERS"),
        ("select 1.5::double as share, 'a' as id union all select 0, 'b'", "DIFFERS"),
        ("select 1.5::double as share, 'a' as id union all select null, null", "DIFFERS"),
        ("select 1.5::double as share, 'a' as id", "DIFFERS"),
        ("select 1.5::double as share, 'a' as id, 0 as more union all select null, 'b', 0", "DIFFERS"),
    ],
)
def test_tables_are_compared_by_their_rows(tmp_path: Path, other: str, found: str) -> None:
    first = warehouse(tmp_path / "a.duckdb", "select 1.5::double as share, 'a' as id union all select null, 'b'")
    second = warehouse(tmp_path / "b.duckdb", other)
    assert compared(first, second) == {"marts.totals": found}


def test_a_table_of_one_warehouse_only_differs(tmp_path: Path) -> None:
    first = warehouse(tmp_path / "a.duckdb", "select 1 as id")
    second = warehouse(tmp_path / "b.duckdb", "select 1 as id")
    with duckdb.connect(str(second)) as connection:
        connection.execute("create table marts.more as select 1 as id")
    assert compared(first, second) == {"marts.more": "DIFFERS", "marts.totals": "equal"}


def test_moments_count_in_utc_and_zero_has_no_sign() -> None:
    digests = []
    for zone, zero in (("UTC", "0.0"), ("Asia/Shanghai", "-0.0")):
        with duckdb.connect() as connection:
            connection.execute(f"set TimeZone = '{zone}'; create schema marts")
            connection.execute(
                f"create table marts.t as select timestamptz '2024-01-01 00:00:00Z' as at, {zero}::double as share"
            )
            digests.append(table_digests(connection))
    assert digests[0] == digests[1]


def test_a_difference_needs_a_reason_and_a_reason_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tmp_path / "differences.yml"
    known.write_text("duckdb2: {marts.customer_loyalty: rounded, marts.friction_factors: rounded}")
    monkeypatch.setattr("shopper.engines.parity.KNOWN", known)
    tables = {"marts.customer_loyalty": "equal", "marts.friction_factors": "last digit", "marts.orders": "DIFFERS"}
    assert Parity("duckdb2", 3, 1.0, tables).surprises == ["marts.customer_loyalty", "marts.orders"]
    assert Parity("dbt2", 3, 1.0, tables).surprises == ["marts.friction_factors", "marts.orders"]


def test_engines_that_are_unknown_or_not_installed_are_named(shopper: Shopper, tmp_path: Path) -> None:
    ran = shopper("parity", "oracle")
    assert (ran.code, "there is no engine oracle; expected dbt2, duckdb2, spark" in ran.output) == (2, True)
