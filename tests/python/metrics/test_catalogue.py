"""The catalogue of metrics: complete, in both languages, and in each publication for readers without dbt."""

from __future__ import annotations

import copy
import csv
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from metricflow.converters.models import OSIDocument

from running import ROOT, rows
from shopper.errors import BadInput, CheckFailed
from shopper.metrics.catalogue import GRAINS, catalogue
from shopper.metrics.page import page
from shopper.metrics.question import Question, question_sql
from shopper.publish.generations import Keep
from shopper.publish.publishing import publish

NOW = datetime(2024, 1, 31, 3, 0, tzinfo=UTC)
UNITS = {"money", "count", "share", "ratio", "points", "stars", "seconds", "hours", "days", "months"}
CHINESE = re.compile(r"[\u4e00-\u9fff]|NPS|CSAT")


@pytest.fixture(scope="module")
def artifacts(sample_warehouse: Path) -> Path:
    return sample_warehouse.parent / "target"


@pytest.fixture(scope="module")
def manifest(artifacts: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((artifacts / "manifest.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def document(manifest: dict[str, Any]) -> dict[str, Any]:
    return catalogue(manifest)


@pytest.fixture(scope="module")
def published(sample_warehouse: Path, artifacts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    publish(sample_warehouse, folder, Keep(), NOW, artifacts=artifacts)
    return folder / "current"


def test_every_metric_is_described_in_both_languages(document: dict[str, Any]) -> None:
    wrong = [
        metric["name"]
        for metric in document["metrics"]
        if metric["unit"] not in UNITS
        or not isinstance(metric["decimals"], int)
        or not metric["description"].endswith(".")
        or not metric["label"]
        or not CHINESE.search(metric["description_zh"])
        or not metric["description_zh"].endswith("。")
        or re.search(r"[,:;] ", metric["description_zh"])
        or not CHINESE.search(metric["formula_zh"])
        or not CHINESE.search(metric["label_zh"])
        or (metric["currency"] is not None) != (metric["unit"] == "money")
        or not (ROOT / metric["definition"]["file"]).is_file()
        or not metric["definition"]["text"]
    ]
    assert wrong == []
    assert len([metric for metric in document["metrics"] if not metric["is_part"]]) >= 50
    assert [
        saved["name"] for saved in document["saved_queries"] if not saved["description_zh"].endswith("\uff1f")
    ] == []


def test_a_metric_has_one_name_in_each_language(document: dict[str, Any]) -> None:
    for language in ("label", "label_zh"):
        labels = [metric[language] for metric in document["metrics"]]
        assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_a_shops_own_metrics_need_no_meta_and_may_be_more_than_the_catalogue_can_say(manifest: dict[str, Any]) -> None:
    own = copy.deepcopy(manifest)
    sums, rates = (copy.deepcopy(own["metrics"][f"metric.shopper_analytics.{name}"]) for name in ("gmv", "aov"))
    changes: dict[str, dict[str, Any]] = {
        "plain": {"config": {"meta": {}}, "filter": None},
        "median": {"agg": "median"},
        "joined": {
            "filter": {"where_filters": [{"where_sql_template": "{{ Dimension('customer__gender') }} = 'male'"}]}
        },
    }
    for name, change in changes.items():
        added = own["metrics"][name] = copy.deepcopy(sums) | {"name": name}
        added["type_params"]["metric_aggregation_params"]["agg"] = change.pop("agg", "sum")
        added |= change
    rates["type_params"]["numerator"]["filter"] = changes["joined"]["filter"]
    own["metrics"]["filtered"] = rates | {"name": "filtered"}
    own["metrics"]["running"] = copy.deepcopy(sums) | {"name": "running", "type": "cumulative"}
    added_names = {metric["name"] for metric in catalogue(own)["metrics"]} - {
        metric["name"] for metric in catalogue(manifest)["metrics"]
    }
    assert added_names == {"plain"}
    plain = next(metric for metric in catalogue(own)["metrics"] if metric["name"] == "plain")
    assert (plain["label_zh"], plain["unit"], plain["definition"]) == (plain["label"], "number", None)


def test_kpis_have_the_labels_of_their_metrics(document: dict[str, Any]) -> None:
    labels = {metric["name"]: (metric["label"], metric["label_zh"]) for metric in document["metrics"]}
    with (ROOT / "seeds/reference/kpis.csv").open(encoding="utf-8", newline="") as file:
        kpis = {row["kpi"]: (row["label"], row["label_zh"]) for row in csv.DictReader(file)}
    assert {name: labels.get(name) for name in kpis} == kpis


def test_dimensions_have_labels_or_serve_filters(manifest: dict[str, Any], document: dict[str, Any]) -> None:
    labelled = set(yaml.safe_load((ROOT / "scripts/shopper/metrics/dimensions.yml").read_text(encoding="utf-8")))
    categories = {
        row["name"]
        for model in manifest["semantic_models"].values()
        for row in model["dimensions"]
        if row["type"] == "categorical"
    }
    filters = " ".join(part["filter"] or "" for metric in document["metrics"] for part in metric["parts"])
    assert categories - labelled - set(re.findall(r"\w+", filters)) == set()
    assert labelled - categories == set()
    assert {name.rpartition("__")[2] for name in document["dimensions"]} <= labelled


def test_no_metric_is_cut_by_what_its_filter_fixes(document: dict[str, Any]) -> None:
    by_name = {metric["name"]: metric for metric in document["metrics"]}
    assert by_name["nps"]["dimensions"] == ["sales_channel"]
    assert "customer__customer_tier" in by_name["net_revenue"]["dimensions"]
    assert by_name["nps"]["grains"] == ["month", "quarter", "year"]
    assert by_name["aov"]["grains"] == list(GRAINS)


def test_metrics_fix_the_columns_that_must_be_fixed(manifest: dict[str, Any], document: dict[str, Any]) -> None:
    """A step of a funnel is fixed by its name too."""
    fixed = {
        node["name"]: {
            column["name"].replace("step_number", "step_name")
            for column in node["columns"].values()
            if column["config"]["meta"].get("fix_to_one_value")
        }
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    parts = {part["name"]: part for metric in document["metrics"] for part in metric["parts"]}
    wrong = {
        name: part["mart"]
        for name, part in parts.items()
        if not set(re.findall(r"\w+", part["filter"] or "")) >= fixed[part["mart"]]
    }
    assert fixed["funnel_daily"] and wrong == {}


def test_the_page_says_what_the_yaml_says(document: dict[str, Any]) -> None:
    """Else: python -m shopper.metrics.page target/manifest.json > docs/metrics.md."""
    assert (ROOT / "docs/metrics.md").read_text(encoding="utf-8") == page(document)


def test_a_publication_holds_the_catalogue(published: Path, document: dict[str, Any]) -> None:
    assert json.loads((published / "metrics.json").read_text(encoding="utf-8")) == document
    listed = rows(
        published / "shop.duckdb",
        "select name, label_zh, marts, dimensions, description_zh, formula_zh from meta.metrics order by name",
    )
    assert [row[0] for row in listed] == [metric["name"] for metric in document["metrics"]]
    aov = next(row for row in listed if row[0] == "aov")
    assert aov[1:3] == ("客单价", "orders") and "customer__customer_tier" in str(aov[3])
    assert aov[4:] == ("平均每个有效订单的净销售额。", "净销售额 ÷ 订单数")


def test_a_publication_holds_the_open_interchange_document(published: Path, document: dict[str, Any]) -> None:
    described = json.loads((published / "osi_document.json").read_text(encoding="utf-8"))
    model = described["semantic_model"][0]
    assert described["version"] == "0.1.1"
    assert {metric["name"] for metric in model["metrics"]} == {metric["name"] for metric in document["metrics"]}
    assert {dataset["name"] for dataset in model["datasets"]} == set(document["marts"])


def test_the_expressions_of_the_open_document_are_the_metrics(published: Path, document: dict[str, Any]) -> None:
    """Each expression over the fields of one dataset, computed as SQL on the published file."""
    described = json.loads((published / "osi_document.json").read_text(encoding="utf-8"))
    parsed = OSIDocument.parse_raw(json.dumps(described))
    expressions = {
        metric.name: metric.expression.dialects[0].expression for metric in parsed.semantic_model[0].metrics or []
    }
    wrong, tried = {}, 0
    with duckdb.connect(str(published / "shop.duckdb"), read_only=True) as connection:
        for metric in document["metrics"]:
            marts = {part["mart"] for part in metric["parts"]}
            if len(marts) == 1:
                tried += 1
                found = connection.execute(f"select {expressions[metric['name']]} from marts.{marts.pop()}").fetchone()
                given = connection.execute(question_sql(document, Question([metric["name"]]))).fetchone()
                assert found and given
                if float(found[0]) != pytest.approx(float(given[0]), rel=1e-12):
                    wrong[metric["name"]] = (found, given)
    assert wrong == {} and tried > 100


def test_relationships_of_the_open_document_end_at_keys(published: Path) -> None:
    model = json.loads((published / "osi_document.json").read_text(encoding="utf-8"))["semantic_model"][0]
    ends = {(join["from"], join["to"]) for join in model["relationships"]}
    assert ("orders", "customers") in ends and ("order_items", "orders") in ends
    assert not ends & {("order_items", "refunds"), ("orders", "sessions")}


def test_only_metrics_of_published_marts_are_in_the_catalogue(
    sample_warehouse: Path, artifacts: Path, tmp_path: Path
) -> None:
    publish(sample_warehouse, tmp_path, Keep(), NOW, only={"marts.orders", "marts.kpi_daily"}, artifacts=artifacts)
    document = json.loads((tmp_path / "current/metrics.json").read_text(encoding="utf-8"))
    names = {metric["name"] for metric in document["metrics"]}
    assert {"net_revenue", "aov"} <= names and not names & {"refund_share", "sessions"}
    # The mart customers is not there to join.
    assert set(document["dimensions"]) == {"channel", "is_first_order", "payment_method", "sales_channel"}
    assert not (tmp_path / "current/osi_document.json").exists()


def test_without_artifacts_there_is_no_catalogue(sample_warehouse: Path, tmp_path: Path) -> None:
    publish(sample_warehouse, tmp_path, Keep(), NOW, only={"marts.orders"}, artifacts=tmp_path / "none")
    assert not (tmp_path / "current/metrics.json").exists()


def test_artifacts_that_cannot_be_read_publish_nothing(sample_warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(CheckFailed, match=r"artifacts of dbt can't be read.*Nothing was published"):
        publish(sample_warehouse, tmp_path / "published", Keep(), NOW, artifacts=tmp_path)
    assert not (tmp_path / "published/current").exists()


def answer(file: Path, document: dict[str, Any], question: Question) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(question_sql(document, question)).fetchall()


def test_a_question_is_answered_from_the_published_file_alone(published: Path) -> None:
    document = json.loads((published / "metrics.json").read_text(encoding="utf-8"))
    file = published / "shop.duckdb"
    answers = answer(file, document, Question(["net_revenue", "spend"], grain="month"))
    marts = rows(
        file,
        "select date_trunc('month', date)::date, sum(net_revenue), sum(spend) from marts.kpi_daily group by 1",
    )
    assert {row[0]: row[1] or 0 for row in answers} == {row[0]: row[1] for row in marts}
    spent = rows(file, "select sum(spend) from marts.channel_efficiency where channel = 'paid_search'")
    assert answer(file, document, Question(["spend"], only={"channel": ["paid_search"]})) == spent


def test_a_question_about_some_days_and_a_joined_dimension(published: Path, document: dict[str, Any]) -> None:
    first, last = date(2025, 1, 1), date(2025, 1, 31)
    question = Question(["orders"], ["customer__customer_tier"], first=first, last=last)
    expected = rows(
        published / "shop.duckdb",
        "select customer_tier, count(*) from marts.orders inner join marts.customers using (customer_id)"
        " where is_valid and order_date between date '2025-01-01' and date '2025-01-31' group by 1 order by 1",
    )
    assert len(expected) > 1 and answer(published / "shop.duckdb", document, question) == expected


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Question(["net_revenues"]), "net_revenues is no metric; did you mean net_revenue"),
        (Question(["nps"], ["channel"]), "channel is no dimension of nps; did you mean sales_channel"),
        (Question(["spend"], grain="day"), "day is no grain of spend; expected one of month, quarter, year"),
        (Question([]), "no metric is asked for"),
    ],
)
def test_a_wrong_question_gets_one_sentence(document: dict[str, Any], question: Question, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        question_sql(document, question)
    assert str(raised.value).startswith(sentence)
