"""The mutation of models: what is changed, and whether tests, data tests and the second computation notice it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import duckdb
import pytest

from running import ROOT
from shopper.bench.mutation import results
from shopper.bench.mutation.built import Built
from shopper.bench.mutation.mutants import changed, mutants, parsed, written
from shopper.bench.mutation.mutating import Mutating
from shopper.bench.mutation.results import INVALID, KILLED, SURVIVED, Result, Results, table, write_page
from shopper.bench.mutation.touched import touched
from shopper.bench.mutation.trial import Trial
from shopper.bench.mutation.unit_tests import UnitTests
from shopper.errors import BadInput

MODEL = """
with orders as (select * from "shop"."staging"."stg_orders")
select customer_id, sum(amount) as revenue from orders where amount > 0 and customer_id <> 'x' group by customer_id
"""
UNIT_TEST = f"""
with dbt_internal_unit_test_actual as (
  select "customer_id", "revenue", 'actual' as "actual_or_expected" from (
    with __dbt__cte__stg_orders as (
      select cast('a' as varchar) as "customer_id", cast(3 as decimal(18, 2)) * (select factor from reference.factors)
          as "amount"
      union all select cast('x' as varchar), cast(5 as decimal(18, 2))
    ), {MODEL.split("with ")[1].replace('"shop"."staging"."stg_orders"', "__dbt__cte__stg_orders")}
  ) _dbt_internal_unit_test_actual
),
dbt_internal_unit_test_expected as (
  select "customer_id", "revenue", 'expected' as "actual_or_expected" from (
    select cast('a' as varchar) as "customer_id", cast(3 as decimal(38, 2)) as "revenue"
  ) _dbt_internal_unit_test_expected
)
select * from dbt_internal_unit_test_actual union all select * from dbt_internal_unit_test_expected
"""

NO_ROW = (
    UNIT_TEST.split("dbt_internal_unit_test_expected as (")[0].replace("cast('a' as varchar)", "'x'")
    + """
dbt_internal_unit_test_expected as (
  select "customer_id", "revenue", 'expected' as "actual_or_expected" from (
    select * from dbt_internal_unit_test_actual limit 0
  ) _dbt_internal_unit_test_expected
)
select * from dbt_internal_unit_test_actual union all select * from dbt_internal_unit_test_expected
"""
)


def test_one_node_is_changed_at_a_time() -> None:
    tree = parsed(MODEL)
    found = {mutant.text for mutant in mutants("spending", tree)}
    assert found == {
        "swapped: amount > 0 -> amount >= 0",
        "swapped: customer_id <> 'x' -> customer_id = 'x'",
        "swapped: SUM(amount) -> MAX(amount)",
        "swapped: amount > 0 AND customer_id <> 'x' -> amount > 0 OR customer_id <> 'x'",
        "one side only: amount > 0 AND customer_id <> 'x' -> amount > 0",
        "one side only: amount > 0 AND customer_id <> 'x' -> customer_id <> 'x'",
        "filter removed: WHERE amount > 0 AND customer_id <> 'x' -> nothing",
        "one more: 0 -> 1",
        "other text: 'x' -> 'x~'",
    }
    queries = [changed(tree, mutant) for mutant in mutants("spending", tree)]
    assert len({written(query) for query in queries if query} | {written(tree)}) == len(found) + 1


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1 from a join b on a.k = b.k and a.d < b.d", {"one side only", "left join", "swapped", "one more"}),
        ("select row_number() over (partition by a order by b desc) from t", {"partition removed", "order reversed"}),
        ("select coalesce(a, b) from t where not a is null", {"first only", "last only", "filter removed",
                                                              "negation removed"}),
        ("select count(distinct a), count(b) filter (where b) from t", {"not distinct", "all rows", "filter removed"}),
        ("select case when a then b else c end from t union all select d from t", {"else removed", "distinct or all"}),
        ("select round(a, 2), a / nullif(greatest(b, 0), 0) from t", {"swapped"}),
    ],
)  # fmt: skip
def test_every_kind_of_node_has_its_changes(sql: str, expected: set[str]) -> None:
    assert {mutant.text.split(":")[0] for mutant in mutants("model", parsed(sql))} == expected


def test_of_a_rounded_ratio_the_value_alone_is_changed() -> None:
    ratio = "(a - b) / c"
    rounded = f"select case when {ratio} = 0 then 0.0 else round({ratio}, 9 - floor(log(10, abs({ratio})))) end"
    assert [mutant.text for mutant in mutants("model", parsed(rounded))] == ["swapped: a - b -> a + b"]


def test_the_equality_of_a_join_is_kept() -> None:
    tree = parsed("select 1 from a join b on a.k = b.k and a.d < b.d")
    queries = [written(query) for query in (changed(tree, one) for one in mutants("model", tree)) if query]
    assert queries and all("a.k = b.k" in query for query in queries)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a from t union select a from u union select a from v", ["distinct or all"]),
        ("select k from a inner join b on b.k = a.k where b.is_valid and not b.is_test", []),
        ("select k from a left join b on b.k = a.k inner join c on c.k = b.k", ["left join"]),
        ("select count(case when a then 1 end), exists(select 1 from u) from t", []),
    ],
)
def test_a_change_that_no_row_can_tell_is_no_mutant(sql: str, expected: list[str]) -> None:
    names = [mutant.text.split(":")[0] for mutant in mutants("model", parsed(sql))]
    assert [name for name in names if name in ("distinct or all", "left join", "inner join", "one more")] == expected


def test_a_condition_that_null_passes_requires_no_match() -> None:
    for condition in ("b.x is null", "not b.x is true", "coalesce(b.x, true)", "b.x or a.x", "a.x"):
        tree = parsed(f"select k from a left join b on b.k = a.k where {condition}")
        assert any(mutant.text.startswith("inner join") for mutant in mutants("model", tree)), condition


def test_a_table_without_its_schema_has_the_same_nodes() -> None:
    tree, given = (parsed(f"select 1 from {table} where a > 0") for table in ("staging.t", "t"))
    for mutant in mutants("model", tree):
        query = changed(given, mutant)
        assert query is not None and written(query) == written(changed(tree, mutant) or tree).replace("staging.", "")


def test_changes_that_read_the_same_are_numbered() -> None:
    found = {mutant.text for mutant in mutants("model", parsed("select a > 1, a > 1 from t"))}
    assert found >= {"one more: 1 -> 2", "one more: 1 -> 2 (2)", "swapped: a > 1 -> a >= 1 (2)"}


def test_of_a_mean_amount_the_amount_alone_is_changed() -> None:
    mean = "(2 * abs(a + b) * 100 + d) // nullif(2 * d, 0) * case when a + b < 0 then -0.01 else 0.01 end"
    assert [mutant.text for mutant in mutants("model", parsed(f"select {mean} from t"))] == ["swapped: a + b -> a - b"]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """The artifacts of a build of one staging view, a model of it with a unit test, a mart and a data test."""
    columns = {"schema": "staging", "database": "shop", "language": "sql", "resource_type": "model"}
    nodes = {
        "model.p.stg_orders": {**columns, "name": "stg_orders", "alias": "stg_orders", "depends_on": {"nodes": []},
                               "config": {"materialized": "view"},
                               "original_file_path": "models/staging/stg_orders.sql"},
        "model.p.int_spending": {**columns, "name": "int_spending", "alias": "int_spending", "schema": "intermediate",
                                 "config": {"materialized": "table"}, "depends_on": {"nodes": ["model.p.stg_orders"]},
                                 "original_file_path": "models/intermediate/customers/int_spending.sql"},
        "model.p.spending": {**columns, "name": "spending", "alias": "spending", "schema": "marts",
                             "config": {"materialized": "table"}, "depends_on": {"nodes": ["model.p.int_spending"]},
                             "original_file_path": "models/marts/customers/spending.sql"},
        "test.p.few": {"resource_type": "test", "name": "few", "path": "few.sql", "database": "shop", "schema": "x",
                       "depends_on": {"nodes": ["model.p.spending"]}},
    }  # fmt: skip
    unit = {"model": "int_spending", "original_file_path": "models/tests.yml"}
    manifest = {"metadata": {"project_name": "p"}, "nodes": nodes, "unit_tests": {
        "unit_test.p.a": {**unit, "name": "one_customer"}, "unit_test.p.b": {**unit, "name": "no_customer"},
    }}  # fmt: skip
    texts = {
        "manifest.json": json.dumps(manifest),
        "compiled/p/models/intermediate/customers/int_spending.sql": MODEL,
        "compiled/p/models/marts/customers/spending.sql": 'select * from "shop"."intermediate"."int_spending"',
        "compiled/p/tests/few.sql": 'select * from "shop"."marts"."spending" where revenue > 100',
        "run/p/models/tests.yml/models/one_customer.sql": UNIT_TEST,
        "run/p/models/tests.yml/models/no_customer.sql": NO_ROW,
    }
    for name, text in texts.items():
        path = tmp_path / "target" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Built(tmp_path / "target", ROOT)


def opened(built: Built) -> Trial:
    """A warehouse where only the whole sum of a customer shows that one of their orders is left out."""
    connection = duckdb.connect()
    connection.execute(
        f"""
        create schema staging; create schema intermediate; create schema marts; create schema reference;
        create table reference.factors as select 1 as factor;
        create view staging.stg_orders as from (values ('a', 4.00), ('a', 7.00), ('b', 0.00), ('x', 500.00))
            as rows(customer_id, amount);
        create table intermediate.int_spending as {built.models["int_spending"].sql};
        create table marts.spending as from intermediate.int_spending;
        """
    )
    total = {"sum of a": lambda reader: [row["revenue"] for row in reader.rows("spending")] == [11]}
    return Trial(built, connection, lambda: total)


def test_a_mutant_is_killed_by_what_notices_it_first(built: Built, tmp_path: Path) -> None:
    results = Results(tmp_path / "results.jsonl")
    mutating = Mutating(built, lambda: opened(built), [built.models["int_spending"]], 100)
    found = {result.text.split(": ", 1)[1]: (result.outcome, result.by, result.is_same)
             for result in mutating.run(results, 60)}  # fmt: skip
    assert found == {
        "amount > 0 -> amount >= 0": (KILLED, "crosscheck:sum of a", False),
        "customer_id <> 'x' -> customer_id = 'x'": (KILLED, "unit:one_customer", False),
        "SUM(amount) -> MAX(amount)": (KILLED, "crosscheck:sum of a", False),
        "amount > 0 AND customer_id <> 'x' -> amount > 0 OR customer_id <> 'x'": (KILLED, "unit:one_customer", False),
        "amount > 0 AND customer_id <> 'x' -> amount > 0": (KILLED, "unit:one_customer", False),
        "amount > 0 AND customer_id <> 'x' -> customer_id <> 'x'": (KILLED, "crosscheck:sum of a", False),
        "WHERE amount > 0 AND customer_id <> 'x' -> nothing": (KILLED, "unit:one_customer", False),
        "0 -> 1": (SURVIVED, "", True),
        "'x' -> 'x~'": (KILLED, "unit:one_customer", False),
    }
    # Nothing is tried twice, and a survivor only where that is asked for.
    again = Results(tmp_path / "results.jsonl")
    assert list(mutating.run(again, 60)) == []
    assert [result.outcome for result in mutating.run(again, 60, survivors_again=True)] == [SURVIVED]


def test_a_data_test_kills_too_and_the_warehouse_is_as_before(built: Built) -> None:
    trial = opened(built)
    model = built.models["int_spending"]
    before = trial.connection.execute("from marts.spending").fetchall()
    assert model.sql is not None
    assert trial.killer(model, model.sql.replace("<> 'x'", "<> 'y'")) == "data:few"
    assert trial.killer(model, "select '' as customer_id, error('x') as revenue") == "error:InvalidInputException"
    assert trial.connection.execute("from marts.spending").fetchall() == before
    mart = built.models["spending"]
    doubled = "select customer_id, revenue::double as revenue from intermediate.int_spending"
    assert trial.killer(mart, doubled) == "contract"


def test_a_unit_test_in_sql_that_the_parser_does_not_know_is_left_out(built: Built, tmp_path: Path) -> None:
    unread = tmp_path / "target/run/p/models/tests.yml/models/no_customer.sql"
    unread.write_text("select range < 16 or range >= 40", encoding="utf-8")
    assert len(UnitTests(built, "int_spending", opened(built).connection)) == 1


def test_the_page_has_one_line_a_domain(tmp_path: Path) -> None:
    facts = ("int_spending", "intermediate/customers", "", "swapped: a -> b")
    results = [Result("1", *facts, KILLED), Result("2", *facts, SURVIVED, is_same=True), Result("3", *facts, INVALID)]
    assert "| intermediate/customers | 1 | 2 | 1 | 50% | 0 | 1 |" in table(results)
    page = tmp_path / "trust.md"
    page.write_text("before\n<!-- mutation: begin -->\nold\n<!-- mutation: end -->\nafter\n")
    write_page(page, results)
    text = page.read_text()
    assert "| int_spending | last select | `swapped: a -> b` | no |" in text
    assert text.startswith("before") and text.endswith("after\n") and "old" not in text and "50%" in text
    write_page(page, results[:1])
    assert "### Survivors\nNone.\n<!-- mutation: end -->" in page.read_text()


def test_a_change_touches_models_and_the_users_of_macros(tmp_path: Path) -> None:
    def model(name: str, *macros: str) -> dict[str, object]:
        return {
            "name": name, "alias": name, "schema": "intermediate", "database": "shop", "language": "sql",
            "resource_type": "model", "config": {"materialized": "table"},
            "depends_on": {"nodes": [], "macros": [f"macro.{one}" for one in macros]},
            "original_file_path": f"models/intermediate/customers/{name}.sql",
        }  # fmt: skip

    def macro(name: str, *macros: str, package: str = "p") -> dict[str, object]:
        return {
            "package_name": package, "original_file_path": f"macros/{name}.sql",
            "depends_on": {"macros": [f"macro.{one}" for one in macros]},
        }  # fmt: skip

    users = [f"int_user_{number}" for number in range(20)]
    nodes = [model("int_own"), model("int_other", "p.other", "dbt.inner"), *(model(name, "p.outer") for name in users)]
    manifest = {
        "metadata": {"project_name": "p"},
        "nodes": {f"model.p.{node['name']}": node for node in nodes},
        "macros": {
            "macro.p.outer": macro("outer", "p.inner"),
            "macro.p.inner": macro("inner", "dbt.gone"),
            "macro.p.other": macro("other"),
            "macro.dbt.inner": macro("inner", package="dbt"),
        },
    }
    files = {f"models/intermediate/customers/{node['name']}.sql": "select 1 as one" for node in nodes}
    files |= {f"macros/{name}.sql": "{# #}" for name in ("outer", "inner", "other")}
    for name, text in files.items():
        for folder in (tmp_path, tmp_path / "target/compiled/p"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    (tmp_path / "target/manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@shop.example")
    for command in (("init", "-q"), ("add", "models", "macros"), ("commit", "-q", "-m", "first")):
        subprocess.run([*git, *command], check=True)
    built = Built(tmp_path / "target", tmp_path)
    assert touched(built, tmp_path, "HEAD") == []
    (tmp_path / "models/intermediate/customers/int_own.sql").write_text("select 2 as one", encoding="utf-8")
    (tmp_path / "macros/inner.sql").write_text("{# changed #}", encoding="utf-8")
    found = touched(built, tmp_path, "HEAD")
    assert found[0] == "int_own"
    assert len(found) == 13 and len(set(found)) == 13 and "int_other" not in found
    assert found == touched(Built(tmp_path / "target", tmp_path), tmp_path, "HEAD")
    with pytest.raises(BadInput, match="changed-since"):
        touched(built, tmp_path, "no-such-commit")


def test_what_is_known_as_equal_must_still_be_a_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(mutants("int_own", parsed(MODEL)))
    monkeypatch.setattr(results, "known_as_equal", lambda: {"int_own": {found[0].text, "0 → 1 as it was"}})
    assert results.stale(found) == ["int_own 0 → 1 as it was"]
