"""What counts as one condition on marts. Everything else is refused before it runs."""

from __future__ import annotations

import duckdb
import pytest

from shopper.conditions import is_condition

CONDITIONS = (
    "true", "a = 1 -- x", "a = 'x) union select (1'", "a in (select b from marts.x)", "(a) or (b)", "a between 1 and 2",
    "not exists (select 1 from marts.y where y.a = x.a)", "a like '%' escape '!'", "/* c */ case when a then b end",
)  # fmt: skip
OTHERS = (
    "1=1) union select (1", "1=1) union all (select 1", "1 union select 1", "a) or (b", "1=1), (2=2", "a, b",
    "a as b, c",
    "1 from marts.x", "1) from marts.x where (1", "1 where 2", "distinct a", "true order by 1", "true limit 1",
    "a qualify true", "--", "/*", "", " ", "1; select 2", "a in (select b from raw.x)", "exists (from glob('*'))",
    "exists (from read_csv('/etc/passwd'))", "1 as is_wanted, 2", "1) as is_wanted union select (2",
    "1 as is_wanted from marts.x union select 2", "a\n as is_wanted --",
    "exists (select 1 from (show tables))", "(select count(*) from (show all tables)) > 0", "a = '\ud800'",
    "exists (select 1 from (describe marts.x))", "exists (select 1 from (summarize marts.x))",
)  # fmt: skip


@pytest.mark.parametrize("text", CONDITIONS)
def test_one_condition_on_marts_is_accepted(text: str) -> None:
    with duckdb.connect() as connection:
        assert is_condition(connection, text)


@pytest.mark.parametrize("text", OTHERS)
def test_anything_else_is_not_a_condition(text: str) -> None:
    with duckdb.connect() as connection:
        assert not is_condition(connection, text)
