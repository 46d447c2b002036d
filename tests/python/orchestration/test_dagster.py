"""The warehouse in Dagster: its assets, a complete run, a partial run, a failure, a lock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from shopper.dbt import PROJECT
from shopper.locks import exclusive
from shopper.publish.generations import Generations
from shopper.run.config import Gate, RunConfig, default_config

dg = pytest.importorskip("dagster", reason="Dagster is not installed (make dagster has an environment for it)")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> RunConfig:
    """A run of some marts in its own folder."""
    folder = tmp_path_factory.mktemp("dagster")
    whole = default_config(PROJECT, warehouse=folder / "shop.duckdb", publish=folder / "published")
    return replace(whole, select=("+kpi_daily",))


@pytest.fixture(scope="module")
def definitions(config: RunConfig) -> Any:
    from orchestration.warehouse import build_definitions

    return build_definitions(config)


@pytest.fixture
def instance() -> Iterator[Any]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def job(definitions: Any) -> Any:
    return definitions.resolve_job_def("nightly")


def nodes(config: RunConfig) -> dict[str, Any]:
    manifest = json.loads((config.root / "target/dagster/manifest.json").read_text(encoding="utf-8"))
    return dict(manifest["nodes"])


def _reads(node: dict[str, Any]) -> bool:
    return bool(node["depends_on"]["nodes"])


def test_every_model_is_an_asset_and_every_test_a_check(config: RunConfig) -> None:
    from orchestration.warehouse import build_definitions

    graph = build_definitions(replace(config, select=())).resolve_asset_graph()
    kinds = [node["resource_type"] for node in nodes(config).values()]
    assert len(graph.materializable_asset_keys) == kinds.count("model") + kinds.count("seed")
    # Tests of macros have no model.
    tests = {node["name"] for node in nodes(config).values() if node["resource_type"] == "test" and _reads(node)}
    assert {check.name for check in graph.asset_check_keys} == tests
    marts = {node["name"] for node in nodes(config).values() if node["schema"] == "marts"}
    published = graph.get(dg.AssetKey("published"))
    assert {key.path[-1] for key in published.parent_keys} == marts
    assert published.freshness_policy is not None


def test_a_schedule_runs_every_night(definitions: Any) -> None:
    (schedule,) = definitions.schedules
    assert (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name) == (
        "10 3 * * *", "Asia/Shanghai", "nightly",
    )  # fmt: skip


def test_a_complete_run_is_published(config: RunConfig, definitions: Any, instance: Any) -> None:
    result = job(definitions).execute_in_process(instance=instance)
    assert result.success
    built = {event.asset_key.path[-1] for event in result.get_asset_materialization_events()}
    assert {"kpi_daily", "stg_orders", "raw_orders", "published"} <= built
    checks = result.get_asset_check_evaluations()
    assert len(checks) > 50
    assert all(check.passed for check in checks)
    assert Generations(config.publish).current()


def test_a_partial_run_is_built_but_not_published(config: RunConfig, definitions: Any, instance: Any) -> None:
    before = Generations(config.publish).ids()
    result = job(definitions).execute_in_process(
        instance=instance, asset_selection=[dg.AssetKey(["marts", "kpi_daily"])]
    )
    built = {event.asset_key.path[-1] for event in result.get_asset_materialization_events()}
    assert result.success
    assert built == {"kpi_daily"}
    assert Generations(config.publish).ids() == before


def test_a_failing_run_fails_and_publishes_nothing(config: RunConfig, instance: Any) -> None:
    from orchestration.warehouse import build_definitions

    before = Generations(config.publish).ids()
    gate = Gate("orders", None, "hold", min_rows=10**9)
    wrong = build_definitions(replace(config, gates=(gate,)))
    result = job(wrong).execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    assert Generations(config.publish).ids() == before


def test_a_locked_run_is_retried(config: RunConfig, definitions: Any, instance: Any) -> None:
    lock = config.warehouse.with_name(config.warehouse.name + ".lock")
    with exclusive(lock, "another run"):
        part = job(definitions).execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(["marts", "kpi_daily"])], raise_on_error=False
        )
    assert not part.success
