"""What the lint finds in DuckDB's SQL that Spark refuses or takes for something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopper.engines.portability import counted, findings, surprises


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("not in Spark", "try(url_decode(a))", "coalesce(a, b)"),
        ("null order", "row_number() over (order by a)", "row_number() over (order by a nulls last)"),
        ("null order", "row_number() over (partition by b order by a)", "row_number() over (order by a desc)"),
        ("divisor that may be 0", "cast(a as double) / b", "cast(a as double) / nullif(b, 0)"),
        ("divisor that may be 0", "a % b", "a % 7"),
        ("divisor that may be 0", "cast(a as double) / cast(b as double)", "a / cast(nullif(b, 0) as double)"),
        ("quotient without a double", "a / nullif(b, 0)", "(2 * cast(a as double) + 1) / nullif(b, 0)"),
        ("whole quotient", "a // nullif(b, 0)", "cast(a as hugeint) // nullif(b, 0)"),
        ("date minus date", "a.order_date - b.first_date", "a.orders - b.first_orders"),
        ("date minus date", "cast(a as date) - cast(b as date)", "date_diff('day', a, b)"),
        ("day of the week", "dayofweek(a)", "extract(hour from a)"),
        ("day of the week", "extract(isodow from a)", "extract(year from a)"),
        ("concat of null", "concat(a, b)", "a || b"),
        ("text compared with a value", "a >= '2024-01-31'", "a >= cast('2024-01-31' as date)"),
        ("text compared with a value", "a = '1'", "a = 'one'"),
        ("text compared with a value", "a in (b, '1')", "a in ('one', b)"),
        ("one of values of two types", "coalesce(a, '2024-01-31')", "coalesce(a, cast('2024-01-31' as date))"),
        ("one of values of two types", "coalesce(cast(a as bigint), 'none')", "coalesce(cast(a as varchar), 'none')"),
        (
            "one of values of two types",
            "case when a then 1 when b then 'one' end",
            "case when a then -1 when b then cast(1 as double) end",
        ),
        ("one of values of two types", "case when a then true else 0 end", "case when a then true end"),
        ("one of values of two types", "greatest(cast(a as date), cast(b as timestamp))", "least(cast(a as date), b)"),
        ("one of values of two types", "nullif(a, '0')", "nullif(a, 'none')"),
        ("one of values of two types", "if(a, '1', b)", "if(a, 'one', b)"),
        ("text compared with a value", "case a when '1' then b end", "case a when 'one' then b end"),
        ("text compared with a value", "a is distinct from '1'", "a is distinct from 'one'"),
        ("text compared with a value", "'1' in (a, b)", "'one' in (a, b)"),
        ("element of a list", "list_extract(a, 1)", "list_concat(a, b)"),
        ("element of a list", "a[1]", "list_contains(a, 1)"),
        ("element of a list", "string_split(a, '/')[2]", "concat_ws('/', a, b)"),
        (
            "cast that may fail, twice in a condition",
            "b = 8 and abs(try_cast(a as integer)) between 1 and 9",
            "b = 8 and c between try_cast(a as integer) and 9",
        ),
        (
            "cast that may fail, twice in a condition",
            "case when b = 8 and (try_cast(a as integer) > 1 or try_cast(a as integer) < -1) then b end",
            "b = 8 and try_cast(a as integer) > 1",
        ),
        (
            "cast that may fail, twice in a condition",
            "coalesce((try_cast(a as integer) > 1 or try_cast(a as integer) < -1), b)",
            "case when b = 8 then try_cast(a as integer) >= 1 and try_cast(a as integer) <= 9 end",
        ),
        (
            "cast that may fail, twice in a condition",
            "coalesce(try_cast(a as integer), 0) > 1 or try_cast(a as integer) < -1",
            "coalesce(b, try_cast(a as integer)) > 1 or try_cast(a as integer) < -1",
        ),
        (
            "cast that may fail, twice in a condition",
            "b = 8 or case when try_cast(a as integer) = 1 then 2 end = coalesce(try_cast(a as integer), 0)",
            "b = 8 or case when b = 2 then 2 else try_cast(a as integer) end = coalesce(try_cast(a as integer), 0)",
        ),
    ],
)
def test_what_differs_on_spark_is_found(kind: str, wrong: str, right: str) -> None:
    assert kind in [found for found, _place in findings(f"select {wrong} as c from t as a, u as b")]
    assert [found for found, _place in findings(f"select {right} as c from t as a, u as b")] == []


def test_a_repeated_cast_is_one_finding_of_the_query_that_computes_it() -> None:
    kind = "cast that may fail, twice in a condition"
    repeated = "(try_cast(a as integer) > 1 or try_cast(a as integer) < -1)"
    for sql in (
        f"select b and not {repeated} as c from t",
        f"select b and exists (select d from u where {repeated}) as c from t",
        f"select b from t where (b and {repeated}) or d",
    ):
        assert [found for found, _place in findings(sql)] == [kind]


def test_a_finding_that_is_not_known_is_named_and_so_is_one_that_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    (folder / "orders.sql").write_text("select dayofweek(a) as day, dayofweek(b) as other from t")
    (folder / "_marts__models.yml").mkdir()
    (folder / "_marts__models.yml" / "unique_orders.sql").write_text("select dayofweek(a) as day from t")
    found = counted(tmp_path)
    assert found == {"day of the week": {"orders": 2}}
    assert surprises(found, {"day of the week": {"reason": "tested", "models": {"orders": 2}}}) == []
    assert surprises(found, {}) == ["orders: day of the week: 2, known are 0"]
    assert surprises({}, {"day of the week": {"models": {"orders": 1}}}) == ["orders: day of the week: 0, known are 1"]
