"""The Dagster definitions of a run: assets, checks, a job and a schedule."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from shopper.locks import warehouse_lock
from shopper.progress import Progress
from shopper.project import run_folder
from shopper.run.config import RunConfig
from shopper.run.runner import RunResult, run

PUBLISHED: Final = dg.AssetKey("published")
SCHEDULE: Final = "10 3 * * *"
ZONE: Final = "Asia/Shanghai"
_LOCKED: Final = 75
_WAIT_SECONDS: Final = 900


def build_definitions(config: RunConfig, schedule: str = SCHEDULE, zone: str = ZONE) -> dg.Definitions:
    """The definitions of a run: its models, seeds and tests, the published data, and the schedule.

    Materialising all assets is one `shopper run`: load, gates, build, tests, publication, report. A manual selection of
    assets is built and tested in the working file, but not published. A run that finds the warehouse locked is retried
    up to three times, after 15 minutes each.
    """
    project = _project(config)
    manifest = _with_checks_on_models(json.loads(project.manifest_path.read_text(encoding="utf-8")))

    @dbt_assets(
        manifest=manifest,
        project=project,
        select=" ".join(config.select) or "fqn:*",
        exclude=" ".join(config.exclude),
        dagster_dbt_translator=DagsterDbtTranslator(),
    )
    def warehouse(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        if context.is_subset:
            with warehouse_lock(config.warehouse, "dagster"):
                # Without this, tests on models that were never built here would fail.
                build = ["build", "--indirect-selection", "buildable", "--vars", _variables(config)]
                yield from dbt.cli(build, context=context).stream()
            return
        result = run(config, progress=_Log(context))
        if result.exit_code == _LOCKED:
            raise dg.RetryRequested(max_retries=3, seconds_to_wait=_WAIT_SECONDS)
        yield from _events(context, config, result, manifest)
        if result.exit_code != 0:
            raise dg.Failure(result.message, metadata={"exit_code": result.exit_code, **_report(result)})
        yield dg.AssetMaterialization(PUBLISHED, metadata={"generation": result.generation, **_report(result)})

    published = dg.AssetSpec(
        PUBLISHED,
        deps=[key for key in warehouse.keys if key.path[0] == "marts"],
        description="The published data for BI: the newest generation, behind the link `current`.",
        group_name="published",
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(hours=36), warn_window=timedelta(hours=26)
        ),
    )
    nightly = dg.define_asset_job("nightly", selection=dg.AssetSelection.assets(*warehouse.keys))
    return dg.Definitions(
        assets=[warehouse, published],
        jobs=[nightly],
        schedules=[dg.ScheduleDefinition(job=nightly, cron_schedule=schedule, execution_timezone=zone)],
        resources={"dbt": DbtCliResource(project_dir=project)},
    )


class _Log(Progress):
    """Writes the steps of a run to Dagster's log."""

    def __init__(self, context: dg.AssetExecutionContext) -> None:
        self._log = context.log

    def step(self, name: str) -> None:
        self._log.info(f"{name} ...")

    def done(self, name: str, outcome: str, seconds: float, note: str) -> None:
        self._log.info(f"{name}: {outcome}, {seconds:.1f} s. {note}")

    def log(self, text: str) -> None:
        self._log.info(text)


def _events(
    context: dg.AssetExecutionContext, config: RunConfig, result: RunResult, manifest: Mapping[str, Any]
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Events of the build: a materialisation for each built model and seed, a check result for each test."""
    if not any(step.name == "build" for step in result.facts.get("steps", ())):
        return
    ended = json.loads((run_folder(config.warehouse) / "target" / "run_results.json").read_text("utf-8"))
    keys = {"/".join(key.path): key for key in context.selected_asset_keys}
    checks = {check.name: check for check in context.selected_asset_check_keys}
    for row in ended["results"]:
        node = manifest["nodes"].get(row["unique_id"], {})
        if node.get("resource_type") in {"model", "seed"} and row["status"] == "success":
            key = keys[f"{node['schema']}/{node['name']}"]
            yield dg.MaterializeResult(asset_key=key, metadata={"seconds": row["execution_time"]})
        elif node.get("resource_type") == "test" and node["name"] in checks:
            check = checks[node["name"]]
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=row["status"] in {"pass", "warn"},
                metadata={"status": row["status"], "message": row["message"] or ""},
            )


def _with_checks_on_models(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest with every test attached to one model: a test of several models to the one that is built last."""
    depths: dict[str, int] = {}

    def depth(node: str) -> int:
        if node not in depths:
            depths[node] = 1 + max((depth(parent) for parent in manifest["parent_map"].get(node, ())), default=0)
        return depths[node]

    for name, node in manifest["nodes"].items():
        parents = [parent for parent in manifest["parent_map"].get(name, ()) if parent in manifest["nodes"]]
        if node["resource_type"] == "test" and not node.get("attached_node") and parents:
            last = manifest["nodes"][max(parents, key=lambda parent: (depth(parent), parent))]
            node["config"]["meta"] = {**node["config"].get("meta", {}), "dagster": {"ref": {"name": last["name"]}}}
    return manifest


def _project(config: RunConfig) -> DbtProject:
    """The dbt project, parsed with the vars of the run. Its artifacts are separate from those of the command line."""
    project = DbtProject(
        project_dir=config.root,
        profiles_dir=config.root / "profiles",
        target=config.target,
        target_path=Path("target") / "dagster",
        prepare_project_cli_args=["parse", "--quiet", "--vars", _variables(config)],
    )
    os.environ["SHOPPER_WAREHOUSE"] = str(config.warehouse)
    config.warehouse.parent.mkdir(parents=True, exist_ok=True)
    project.preparer.prepare(project)
    return project


def _variables(config: RunConfig) -> str:
    return json.dumps(dict(config.variables), default=str)


def _report(result: RunResult) -> dict[str, Any]:
    return {"report": dg.MetadataValue.path(str(result.report))} if result.report else {}
