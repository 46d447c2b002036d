"""A query from outside: one SELECT over published tables passes, everything else is refused in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from shopper.ask.answers import fetched, plain
from shopper.ask.columns import is_additive, is_personal
from shopper.ask.limits import Limits
from shopper.ask.selects import Published, checked
from shopper.errors import BadInput
from shopper.published import lock

PUBLISHED = Published(
    ("marts.orders", "marts.channel_attribution", "meta.columns"), {"channel_attribution": ("model", "order_type")}
)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create schema marts")
        opened.execute("create table marts.orders as select i as units, 'app' as channel from range(50) as numbers(i)")
        lock(opened, memory_limit="300MB", max_temp_directory_size="0B")
        yield opened


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select count(*) from marts.orders;", ("marts.orders",)),
        ("from MARTS.Orders", ("marts.orders",)),
        ("with days as (select * from marts.orders) select * from days, meta.columns",
         ("marts.orders", "meta.columns")),
        ("select * from (values (1)) as one(x) union all select i from range(3) as two(i)", ()),
        ("select model, order_type, sum(credited_revenue) from marts.channel_attribution group by all",
         ("marts.channel_attribution",)),
        ("select max(credited_revenue) from marts.channel_attribution", ("marts.channel_attribution",)),
        ("select row_number() over (order by units), date_trunc('month', day) from marts.orders where channel like 'a'",
         ("marts.orders",)),
    ],
)  # fmt: skip
def test_a_plain_select_passes(connection: duckdb.DuckDBPyConnection, sql: str, tables: tuple[str, ...]) -> None:
    found = checked(connection, sql, PUBLISHED, 10_000)
    assert (found.tables, found.sql) == (tables, sql.rstrip(";"))


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("", "one SELECT is allowed at a time, not 0"),
        ("-- nothing", "one SELECT is allowed at a time, not 0"),
        ("selec 1", "can't be read: syntax error"),
        ("insert into marts.orders values (1)", "only one SELECT"),
        ("create table marts.x as select 1", "only one SELECT"),
        ("copy marts.orders to '/tmp/x.csv'", "only one SELECT"),
        ("call pragma_version()", "only one SELECT"),
        ("set memory_limit = '1TB'", "only one SELECT"),
        ("use published", "only one SELECT"),
        ("install httpfs", "only one SELECT"),
        ("explain select 1", "only one SELECT"),
        ("select 1; select 2", "one SELECT is allowed at a time, not 2"),
        ("select 1; delete from marts.orders", "only one SELECT"),
        ("describe marts.orders", "SHOW, DESCRIBE and SUMMARIZE"),
        ("show all tables", "SHOW, DESCRIBE and SUMMARIZE"),
        ("select * from (summarize marts.orders)", "SHOW, DESCRIBE and SUMMARIZE"),
        ("from read_csv('/etc/passwd')", "the function read_csv is not allowed"),
        ("from duckdb_settings()", "the function duckdb_settings is not allowed"),
        ("from query('select 1')", "the function query is not allowed"),
        ("from query_table('marts.orders')", "the function query_table is not allowed"),
        ("from 'orders.parquet'", "orders.parquet is no published table"),
        ("from orders", "did you mean marts.orders?"),
        ("from duckdb_databases", "is no published table"),
        ("with duckdb_databases as (select 1) select * from duckdb_databases", "can't be the name of a WITH query"),
        ("from information_schema.tables", "is no published table"),
        ("from published.marts.orders", "published.marts.orders is no published table"),
        ("from raw.orders", "raw.orders is no published table"),
        ("from marts.orderz", "no published table marts.orderz; did you mean marts.orders?"),
        ("select * from marts.orders where exists (from staging.stg_orders)", "staging.stg_orders is no published"),
        ("select (select 1 from read_text('x'))", "the function read_text is not allowed"),
        ("select getvariable('x')", "the function getvariable is not allowed"),
        ("select current_setting('home_directory')", "the function current_setting is not allowed"),
        ("select repeat('x', 2000000000)", "the function repeat is not allowed"),
        ("select range(1000000000)", "the function range is not allowed"),
        ("select sum(aov) from marts.orders", "aov does not add up over rows"),
        ("select channel, sum(o.bounce_rate) over () from marts.orders as o", "bounce_rate does not add up over rows"),
        ("select sum(credited_revenue) from marts.channel_attribution", "repeat for each model: fix model, order_type"),
        ("select count(*) from marts.channel_attribution where model = 'last'", "fix order_type to one value"),
        ("select " + "1 + " * 20_000 + "1", "at most 10,000"),
    ],
)  # fmt: skip
def test_everything_else_is_refused(connection: duckdb.DuckDBPyConnection, sql: str, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        checked(connection, sql, PUBLISHED, 10_000)
    assert sentence in str(raised.value) and "\n" not in str(raised.value)


def test_an_answer_has_no_more_rows_than_the_limit(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select units from marts.orders order by units desc"
    data, warnings = fetched(connection, sql, Limits(rows=20))
    assert [row[0] for row in data["rows"]] == list(range(49, 29, -1))
    assert warnings == ["Only the first 20 rows are here; there are more."]
    assert len(fetched(connection, sql, Limits(rows=20), 3)[0]["rows"]) == 3
    assert len(fetched(connection, sql, Limits(rows=20), 100)[0]["rows"]) == 20
    assert fetched(connection, sql, Limits(rows=50)) == (
        {"columns": ["units"], "rows": [[i] for i in range(49, -1, -1)]},
        [],
    )
    assert len(fetched(connection, sql, Limits(characters=60))[0]["rows"]) == 30
    with pytest.raises(BadInput, match="at least one row"):
        fetched(connection, sql, Limits(), 0)


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("with recursive t as (select 1 as i union all select i + 1 from t) select count(*) from t",
         "stopped after 0.3 seconds"),
        ("select string_agg(o.channel || repeat('x', 1000), '') from range(1000000), marts.orders as o",
         "more memory than an answer may take"),
        ("select no_such from marts.orders", 'the query fails: Referenced column "no_such" not found'),
    ],
)  # fmt: skip
def test_a_query_that_takes_too_much_is_stopped(connection: duckdb.DuckDBPyConnection, sql: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        fetched(connection, sql, Limits(seconds=0.3 if "recursive" in sql else 20))
    assert fetched(connection, "select 1", Limits(seconds=20))[0]["rows"] == [[1]]


def test_values_are_plain() -> None:
    assert plain("a\x1b[31mb\u202ec") == "a[31mbc"
    assert plain("x" * 1000) == "x" * 400 + "..."
    assert plain(float("nan")) is None
    assert len(plain(list(range(1000)))) == 51


def test_what_columns_may_be_shown_and_added() -> None:
    assert is_personal("orders", "customer_id") and is_personal("sessions", "landing_page")
    assert not is_personal("landing_pages", "landing_page") and not is_personal("orders", "channel")
    assert is_additive("net_revenue") and is_additive("rated_tickets")
    assert not any(map(is_additive, ("aov", "bounce_rate", "buyers", "next_step_rate_low", "revenue_per_customer")))
