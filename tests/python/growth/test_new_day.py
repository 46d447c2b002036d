"""The day of new events that the benchmark measures."""

from __future__ import annotations

from pathlib import Path

import duckdb

from shopper.bench import domains

_SHOP = """
    create schema raw;
    create table raw.events as
    select
        'e' || range as event_id, 's' || range // 4 as session_id, 'v' || range // 12 as visitor_id,
        '2024-03-0' || 1 + range % 9 || 'T10:00:00Z' as occurred_at
    from range(100000);
    create schema staging;
    create table staging.stg_run_period as select date '2024-01-01' as first_date, date '2024-03-09' as as_of_date;
"""


def test_a_day_brings_one_percent_of_whole_sessions_a_tenth_of_it_late(tmp_path: Path) -> None:
    warehouse = tmp_path / "shop.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(_SHOP)
    new = domains.change_raw(warehouse, domains.NEW_EVENTS)
    with duckdb.connect(str(warehouse)) as connection:
        days = dict(
            connection.execute(
                "select occurred_at[:11], count(*) from raw.events where event_id like 'new-e%' group by all"
            ).fetchall()
        )
        sizes = connection.execute(
            "select distinct count(*) from raw.events where session_id like 'new-s%' group by session_id"
        ).fetchall()
    assert 850 < new < 1150 and sum(days.values()) == new
    assert days.keys() == {"2024-01-01T", "2024-03-10T"}
    assert 0.05 < days["2024-01-01T"] / new < 0.2
    assert sizes == [(4,)]
