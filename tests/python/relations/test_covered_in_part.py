"""An input that covers a part of the shop's time: rates over it count the days that all their inputs cover."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
from base_shop import Base

_LAST_DAYS: Final = 60


def _cut(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> date:
    """Delete the rows of a table before the last days of the shop; returns the first day that is left."""
    (first,) = connection.execute(
        f"select (as_of_date - interval {_LAST_DAYS} day)::date from staging.stg_run_period"
    ).fetchone() or (None,)
    assert isinstance(first, date)
    connection.execute(f"delete from raw.{table} where try_cast(left({column}, 10) as date) < date '{first}'")
    return first


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def test_channels_are_judged_on_the_days_of_visits(base: Base, tmp_path: Path) -> None:
    """Spend of the whole time beside visits of the last weeks: no cost of a channel before them, and no finding."""
    path = tmp_path / base.warehouse.name
    with base.replay.copy(path) as connection:
        daily = _rows(connection, "select date, roi from marts.kpi_daily order by all")
        found = _rows(connection, "select subject from marts.attention_list where kind = 'channel_below_payback'")
        _cut(connection, "sessions", "started_at")
        first = _cut(connection, "events", "occurred_at")
        base.replay.run(connection)
        assert _rows(connection, "select date, roi from marts.kpi_daily order by all") == daily
        early = f"where month < date_trunc('month', date '{first}') - interval 1 month"
        spent, judged = _rows(
            connection,
            "select count(*) filter (where spend > 0), count(coalesce(cac, roas))"
            f" from marts.channel_efficiency {early}",
        )[0]
        assert spent > 0
        assert judged == 0
        assert _rows(connection, f"select count(roas) from marts.channel_attribution {early}") == [(0,)]
        late = f"where month >= date_trunc('month', date '{first}')"
        assert _rows(connection, f"select count(roas) > 0 from marts.channel_efficiency {late}") == [(True,)]
        left = _rows(connection, "select subject from marts.attention_list where kind = 'channel_below_payback'")
        assert set(left) <= set(found)
        whole, common = _rows(
            connection, "select sum(spend), sum(spend_on_common_days) from marts.channel_efficiency_overall"
        )[0]
        assert 0 < common < whole / 2
    path.unlink()


def test_visits_before_the_first_order_are_not_known_to_convert(base: Base, tmp_path: Path) -> None:
    """Orders of the last weeks beside visits of the whole time: conversion and return on spend are null before them."""
    path = tmp_path / base.warehouse.name
    with base.replay.copy(path) as connection:
        first = _cut(connection, "orders", "ordered_at")
        base.replay.run(connection)
        for query in (
            "select count(conversion_rate), count(roi) from marts.kpi_daily where date < date '{}' - 10",
            "select count(orders), count(net_revenue) from marts.sessions where session_date < date '{}' - 10",
            "select count(conversion_rate), count(roas) from marts.channel_efficiency where month < date '{}' - 70",
            "select count(conversion_rate), count(converting_sessions) from marts.landing_pages"
            " where month < date '{}' - 70",
            "select count(value), count(denominator) from marts.kpi_monthly"
            " where kpi in ('conversion_rate', 'roi') and month < date '{}' - 70",
        ):
            assert _rows(connection, query.format(first)) == [(0, 0)], query
        converting, sessions = _rows(
            connection, "select sum(converting_sessions), sum(sessions) from marts.channel_efficiency"
        )[0]
        rates = _rows(connection, "select sum(sessions_on_common_days) from marts.channel_efficiency")[0][0]
        assert 0 < converting < rates < sessions / 2
    path.unlink()
