"""Each metric, asked through MetricFlow's engine, beside the same number written again over the marts."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.errors.error_classes import InvalidQueryException
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from shopper.metrics.catalogue import catalogue
from shopper.metrics.question import Question, question_sql
from shopper.sql import literal, quoted

Rows = dict[tuple[Any, ...], Any]
Ask = Callable[..., list[tuple[Any, ...]]]
EXPECTED: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("expected.yml").read_text(encoding="utf-8"))


class DuckDbDialect:
    """What the engine must know of the database to write SQL. It runs nothing."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


@pytest.fixture(scope="module")
def document(sample_warehouse: Path) -> dict[str, Any]:
    return catalogue(json.loads((sample_warehouse.parent / "target/manifest.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def semantic_manifest(sample_warehouse: Path) -> str:
    return (sample_warehouse.parent / "target/semantic_manifest.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def connection(sample_warehouse: Path, semantic_manifest: str) -> duckdb.DuckDBPyConnection:
    """The sample, under the name by which the queries call its database."""
    name = json.loads(semantic_manifest)["semantic_models"][0]["node_relation"]["database"]
    connection = duckdb.connect()
    connection.execute(f"attach {literal(str(sample_warehouse))} as {quoted(name)} (read_only)")
    connection.execute(f"use {quoted(name)}")
    return connection


@pytest.fixture(scope="module")
def ask(semantic_manifest: str, connection: duckdb.DuckDBPyConnection) -> Ask:
    """Rows of a query as MetricFlow writes it: the group-bys, then the metrics as asked."""
    lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(semantic_manifest))
    engine = MetricFlowEngine(lookup, DuckDbDialect())  # type: ignore[arg-type]

    def run(metrics: Sequence[str], group_by: Sequence[str] = (), saved: str | None = None) -> list[tuple[Any, ...]]:
        request = MetricFlowQueryRequest.create(
            saved_query_name=saved, metric_names=None if saved else metrics, group_by_names=list(group_by)
        )
        answer = connection.sql(engine.explain(request).sql_statement.sql)
        return answer.project(
            ", ".join([*(name for name in answer.columns if name not in metrics), *metrics])
        ).fetchall()

    return run


def by_key(found: Sequence[tuple[Any, ...]]) -> Rows:
    """The last column by the others; moments as dates; a row without a value says nothing, like a missing row."""
    keyed = {tuple(key.date() if isinstance(key, datetime) else key for key in row[:-1]): row[-1] for row in found}
    assert len(keyed) == len(found)
    return {key: value for key, value in keyed.items() if value is not None and value != 0}


def differences(found: Rows, expected: Rows, rounding: float = 1e-9) -> dict[tuple[Any, ...], tuple[Any, Any]]:
    """Cells that differ: amounts and counts at all, quotients beyond what rounding in a mart explains."""
    return {
        key: (found.get(key), expected.get(key))
        for key in found.keys() | expected.keys()
        if not is_equal(found.get(key), expected.get(key), rounding)
    }


def is_equal(found: Any, expected: Any, rounding: float) -> bool:
    if isinstance(found, Decimal | int) and isinstance(expected, Decimal | int):
        return found == expected
    if found is None or expected is None:
        return found is expected
    # Ratios in marts have 10 significant digits.
    return math.isclose(float(found), float(expected), rel_tol=1e-8, abs_tol=rounding)


def plain(connection: duckdb.DuckDBPyConnection, mart: str, value: str, by: str | None) -> Rows:
    """The expectation; a quotient by 0 is none."""
    source = mart if mart.startswith("(") else f"marts.{mart}"
    query = f"select {by + ', ' if by else ''}{value} from {source}{' group by 1' if by else ''}"
    expected = by_key(connection.execute(query).fetchall())
    return {key: cell for key, cell in expected.items() if math.isfinite(cell)}


def test_each_listed_metric_has_an_expectation(document: Mapping[str, Any]) -> None:
    assert {metric["name"] for metric in document["metrics"] if not metric["is_part"]} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_metric_is_what_the_marts_say(name: str, ask: Ask, connection: duckdb.DuckDBPyConnection) -> None:
    mart, value, month, dimension, column = EXPECTED[name]
    month_start = f"cast(date_trunc('month', {month}) as date)"
    cuts = [((), None), (("metric_time__month",), month_start), *([((dimension,), column)] if dimension else [])]
    for group_by, by in cuts:
        found, expected = by_key(ask([name], group_by)), plain(connection, mart, value, by)
        assert differences(found, expected) == {}, (group_by, value)
        assert found or name in {"products_out_of_stock", "out_of_stock_rate"}  # every sample product is in stock


def test_the_monthly_kpis_are_the_metrics(ask: Ask, connection: duckdb.DuckDBPyConnection) -> None:
    names = [row[0] for row in connection.execute("select distinct kpi from marts.kpi_monthly order by 1").fetchall()]
    wrong = {
        name: differences(
            by_key(ask([name], ["metric_time__month"])),
            by_key(connection.execute("select month, value from marts.kpi_monthly where kpi = ?", [name]).fetchall()),
            0.005001 if name in {"aov", "arpu"} else 1e-9,  # the mart rounds means of money to the cent
        )
        for name in names
    }
    assert len(names) > 10 and {name: cells for name, cells in wrong.items() if cells} == {}


def test_the_catalogue_gives_the_same_numbers(
    ask: Ask, document: Mapping[str, Any], connection: duckdb.DuckDBPyConnection
) -> None:
    """For parts of metrics too: a reader without MetricFlow gets what MetricFlow says."""
    wrong = {}
    for metric in document["metrics"]:
        name = metric["name"]
        found = by_key(ask([name], ["metric_time__month"]))
        given = by_key(connection.execute(question_sql(document, Question([name], grain="month"))).fetchall())
        if cells := differences(given, found):
            wrong[name] = cells
    assert wrong == {}


def test_the_usual_questions_have_one_answer(
    ask: Ask, document: Mapping[str, Any], connection: duckdb.DuckDBPyConnection
) -> None:
    """Saved queries: MetricFlow's answer and that of the catalogue, cell by cell."""
    assert len(document["saved_queries"]) > 10
    wrong = {}
    for saved in document["saved_queries"]:
        keys = len(saved["dimensions"]) + bool(saved["grain"])
        question = Question(saved["metrics"], saved["dimensions"], saved["grain"])
        given = connection.execute(question_sql(document, question)).fetchall()
        found = ask(saved["metrics"], saved=saved["name"])
        for place, name in enumerate(saved["metrics"], start=keys):
            cells = differences(*(by_key([(*row[:keys], row[place]) for row in answer]) for answer in (given, found)))
            if cells:
                wrong[saved["name"], name] = cells
    assert wrong == {}


def test_a_metric_that_is_not_there_is_named(ask: Ask) -> None:
    with pytest.raises(InvalidQueryException, match=r"(?s)does not exactly match any known metrics.*net_revenue"):
        ask(["net_revenues"])


def test_a_dimension_that_the_metric_does_not_have_is_named(ask: Ask) -> None:
    with pytest.raises(InvalidQueryException, match=r"(?s)does not match any of the available.*order__channel"):
        ask(["nps"], ["order__channel"])
