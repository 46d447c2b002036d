"""One run, from input to publication. The published data changes in one atomic step at the end, or not at all.

The state of runs is kept in the folder `<stem>.run` beside the working file `<stem>.duckdb`: `reports/<run>/` with a
link `latest`, dbt's artifacts, DuckDB's spill files, and the marker file `unfinished` while a build is running. A run
that finds the marker does a full refresh.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.casts import CastRules
from shopper.change_log import compare_all, has_changes, move_mark_after_build
from shopper.contract import load_contract
from shopper.erasure.rewriting import keep_out_of_raw, remove_copies
from shopper.errors import BadInput, CheckFailed, Locked, ShopperError
from shopper.locks import warehouse_lock
from shopper.progress import Progress
from shopper.project import run_folder
from shopper.publish.generations import JSON_REPORT, Generations
from shopper.publish.publishing import publish
from shopper.run.building import Builder, BuildResult
from shopper.run.changes import compare
from shopper.run.config import RunConfig
from shopper.run.gates import check_gates
from shopper.run.notify import send
from shopper.run.overview import read_overview
from shopper.run.report import Facts, Step, keep_report, new_run_id, read_audit, write_report
from shopper.run.unchanged import LastRun, inputs_digest, last_run, raw_digest, record_run
from shopper.sql import is_lock_conflict, lock_holder, reason
from shopper.stopping import Stopped, finishing, stoppable

_STATUS: Final = {1: "failed", 2: "refused", 3: "nothing_selected", 75: "locked"}
_SHOWN_FAILURES: Final = 10
_DISK_FULL: Final = "No space left on device"


@dataclass(frozen=True)
class RunResult:
    """How a run ended.

    status: published, failed (a model, a test or the operating system), refused (configuration or input),
    nothing_selected, locked, stopped, checked (only the checks were asked for), or unchanged (code, settings, raw rows
    and labels are those of the published generation, which stays). exit_code: 0, 1, 2, 3, 75, or 130 and 143 after a
    signal. generation: id of the published generation, also when it stays; None if nothing was published. report: path
    of report.html, None if there is none. facts: the content of report.json.
    """

    status: str
    exit_code: int
    message: str
    generation: str | None
    labels: tuple[str, ...]
    report: Path | None
    facts: Mapping[str, Any]


def run(
    config: RunConfig, *, now: datetime | None = None, progress: Progress | None = None, check_only: bool = False
) -> RunResult:
    """Run a configuration. Expected failures are returned as a RunResult, not raised.

    now: time from which gates measure age, with a time zone; None is the current time. progress: receives every step.
    check_only: stop after the checks; nothing is loaded, built or published.
    """
    reporter = progress or Progress()
    state = run_folder(config.warehouse)
    with stoppable(reporter.log):
        try:
            with (
                warehouse_lock(config.warehouse, "shopper run", lent=True),
                _environment(config, state),
            ):
                ended = _Run(config, now, reporter, state, check_only)
                result = ended.result()
            if config.notify and not check_only:
                # The run has ended: a signal now must not change how.
                with finishing():
                    send(config.notify, ended.told, result.report, reporter.log)
            return result
        except (ShopperError, Stopped) as error:
            # The lock was not taken, so nothing has started, and only its holder may write reports.
            return RunResult(_status(error), error.exit_code, str(error), None, (), None, {})
        finally:
            reporter.close()


class _Run:
    """The steps in order, and the facts for the report. Requires the lock on the warehouse."""

    def __init__(
        self, config: RunConfig, now: datetime | None, progress: Progress, state: Path, check_only: bool
    ) -> None:
        started_at = datetime.now(UTC)
        self._config = config
        self._progress = progress
        self._check_only = check_only
        self._unfinished = state / "unfinished"
        self._reports = state / "reports"
        self._started = time.monotonic()
        self._contract = load_contract(config.root)
        self._builder = Builder(config, state / "target")
        self._inputs = self._raw = ""
        self._last: LastRun | None = None
        run_id = new_run_id(self._reports, started_at)
        self._facts = Facts(run_id, config, started_at, now or started_at)
        shutil.rmtree(state / "spill", ignore_errors=True)

    def result(self) -> RunResult:
        """Run the steps and write the report, also after a failure."""
        facts = self._facts
        try:
            self._take_steps()
        except (ShopperError, Stopped) as error:
            # A full disk is a failure of the machine, whichever step reports it, not bad input.
            ended = CheckFailed(str(error)) if _DISK_FULL in str(error) else error
            facts.status, facts.exit_code, facts.message = _status(ended), ended.exit_code, _final_message(ended)
        except (OSError, duckdb.Error) as error:
            text = str(error)
            ended = Locked(text) if is_lock_conflict(text) else CheckFailed(text)
            error_text = reason(error) if isinstance(error, duckdb.Error) else text
            if is_lock_conflict(text):
                error_text = f"{self._config.warehouse} is open in {lock_holder(text)}"
            facts.status, facts.exit_code = _status(ended), ended.exit_code
            facts.message = f"{error_text}; nothing was published"
        facts.seconds = time.monotonic() - self._started
        page: Path | None = None
        if not self._check_only:
            try:
                page = keep_report(facts, self._reports, self._config.keep_reports)
            except OSError as error:
                self._progress.log(f"the report could not be written: {error}")
        return RunResult(
            facts.status, facts.exit_code, facts.message, facts.generation, tuple(facts.labels), page, facts.as_json()
        )

    @property
    def told(self) -> dict[str, Any]:
        """The facts of the report, for whoever is to hear of the run."""
        return self._facts.as_json()

    def _take_steps(self) -> None:
        with self._step("check") as step:
            step.note = self._check()
        if self._check_only:
            self._facts.status = "checked"
            return
        if self._config.load:
            with self._step("load") as step:
                step.note = self._load()
        self._keep_out_forgotten()
        if self._config.gates:
            with self._step("gates") as step:
                self._pass_gates(step)
        if self._reads_raw:
            self._raw = raw_digest(self._config.warehouse)
        # Comparing reads every key, so the digest of raw tells first whether it can find a change. What an earlier
        # comparison found may have been changed back.
        is_same = self._last and (self._last.raw, self._last.labels) == (self._raw, tuple(self._facts.labels))
        if not is_same or (self._reads_raw and has_changes(self._config.warehouse)):
            self._compare_keys()
        if self._last and is_same:
            self._stay_with(self._last.generation)
            return
        if self._last:
            # The check was left out, because the last run passed it.
            self._builder.check()
        with self._step("build") as step:
            step.note = self._build()
        with self._step("publish") as step:
            step.note = self._publish(step)
        self._move_mark()
        self._record()

    @contextmanager
    def _step(self, name: str) -> Iterator[Step]:
        step = Step(name, "ok", 0.0)
        began = time.monotonic()
        self._facts.steps.append(step)
        self._progress.step(name)
        try:
            yield step
        except BaseException as error:
            if step.outcome == "ok":
                step.outcome = "stopped" if isinstance(error, KeyboardInterrupt) else "failed"
            raise
        finally:
            step.seconds = round(time.monotonic() - began, 3)
            self._progress.done(name, step.outcome, step.seconds, step.note)

    def _check(self) -> str:
        """Check all that can be checked before the first change: folders, locks, project, vars, selection."""
        Generations(self._config.publish).require_own(self._config.warehouse.stem)
        _require_writable(self._config.publish)
        _require_free(self._config.warehouse)
        self._facts.is_full_refresh = self._unfinished.exists()
        self._inputs = inputs_digest(self._config)
        self._last = None if self._check_only or self._facts.is_full_refresh else self._same_as_last()
        if self._last:
            return f"code and settings are those of {self._last.generation}"
        selected = self._builder.check()
        return f"{len(selected):,} models, seeds and tests"

    def _same_as_last(self) -> LastRun | None:
        """The last run, if its code and settings are those of this one, and what it published is what readers see."""
        last = last_run(self._config.warehouse)
        generations = Generations(self._config.publish)
        if last is None or last.inputs != self._inputs or generations.current() != last.generation:
            return None
        return last if generations.manifest(last.generation) else None

    @property
    def _reads_raw(self) -> bool:
        return self._config.variables.get("raw_data") == "source"

    def _stay_with(self, generation: str) -> None:
        """End as unchanged. What was left out of the published generation is told from its own report."""
        facts = self._facts
        facts.status, facts.generation = "unchanged", generation
        facts.message = f"nothing changed since {generation}, which stays published"
        with suppress(OSError, ValueError, KeyError):
            text = (Generations(self._config.publish).path(generation) / JSON_REPORT).read_text(encoding="utf-8")
            report = json.loads(text)
            facts.ledger, facts.quarantine = report["ledger"], report["quarantine"]
            facts.as_of_date = date.fromisoformat(report["as_of_date"]) if report["as_of_date"] else None

    def _record(self) -> None:
        """Note what this run read and published. Without the note, the next run does everything."""
        facts = self._facts
        try:
            record_run(
                self._config.warehouse,
                LastRun(self._inputs, self._raw, str(facts.generation), tuple(facts.labels)),
            )
        except duckdb.Error as error:
            self._progress.log(f"the run could not be noted for the next one: {reason(error)}")

    def _load(self) -> str:
        from shopper.load.landing import load
        from shopper.load.mapping import read_mapping
        from shopper.load.report import notes

        config = self._config
        assert config.load is not None
        report = load(
            read_mapping(config.load, self._contract, config.also_read),
            self._contract,
            config.root,
            config.warehouse,
            allowed_rejects=config.allow_rejects,
            accept_drift=config.accept_drift,
            progress=self._progress.detail,
        )
        self._facts.load = {
            "sources": [
                {"name": source.name, "files": len(source.files), "rows": source.rows, "rejects": source.rejects}
                for source in report.sources
            ],
            "tables": [{"name": table.name, "rows": table.rows} for table in report.tables],
            "notes": notes(report),
        }
        self._facts.masked_notes = notes(report, masked=True)
        return f"{sum(table.rows for table in report.tables):,} rows in {len(report.tables)} tables"

    def _keep_out_forgotten(self) -> None:
        """Delete rows of erased customers: a tool other than the loader may have delivered them again. Copies that a
        killed erasure left go too.
        """
        config = self._config
        if not self._reads_raw or not config.warehouse.is_file():
            return
        remove_copies(config.warehouse)
        kept_out = keep_out_of_raw(config.warehouse, self._contract, CastRules(config.root, config.variables))
        if kept_out:
            self._progress.log(f"erasures: {kept_out:,} raw rows of erased customers removed")

    def _compare_keys(self) -> None:
        """Find the keys that changed since the last successful run, whichever tool wrote them."""
        config = self._config
        if self._reads_raw and config.warehouse.is_file():
            self._facts.key_changes = compare_all(config.warehouse, self._contract, config.root)

    def _move_mark(self) -> None:
        """Make the rows that this run read those of the last successful run."""
        config = self._config
        if self._reads_raw:
            problem = move_mark_after_build(config.warehouse, self._contract, config.root)
            if problem:
                self._progress.log(problem)

    def _pass_gates(self, step: Step) -> None:
        config, facts = self._config, self._facts
        facts.gates = check_gates(
            config.gates, config.warehouse, config.root, self._contract, config.variables, facts.now
        )
        held = [problem for gate in facts.gates if gate.outcome == "held" for problem in gate.problems]
        facts.labels = [problem for gate in facts.gates if gate.outcome == "labelled" for problem in gate.problems]
        if held:
            step.outcome = "held"
            raise BadInput("held by a gate: " + "; ".join(held))
        step.outcome = "labelled" if facts.labels else "ok"
        step.note = "; ".join(facts.labels)

    def _build(self) -> str:
        facts = self._facts
        self._unfinished.parent.mkdir(exist_ok=True)
        self._unfinished.write_text(f"run {facts.run_id}, process {os.getpid()}\n", encoding="utf-8")
        facts.built = self._builder.build(facts.is_full_refresh, self._progress)
        # After a failed build too: the report shows what was quarantined.
        with suppress(duckdb.Error):
            read_audit(
                self._config.warehouse,
                facts,
                self._builder.is_selected("stg_run_period"),
                self._builder.is_selected("row_ledger"),
            )
        if facts.built.failed:
            raise CheckFailed(_failures(facts.built))
        self._unfinished.unlink()
        counts = facts.built.counts
        return f"{counts['model']:,} models, {counts['seed']:,} seeds, {counts['test']:,} tests"

    def _publish(self, step: Step) -> str:
        config, facts = self._config, self._facts
        before_id = Generations(config.publish).current()
        began = time.monotonic()

        def complete(building: Path, generation: str, rows: dict[str, int]) -> None:
            """Write the report into the generation, so that both become visible together."""
            before = config.publish / "current" / f"{config.warehouse.stem}.duckdb"
            made = building / f"{config.warehouse.stem}.duckdb"
            facts.overview = read_overview(made, config.currency)
            facts.changes = compare(
                made,
                before if before_id and before.exists() else None,
                before_id,
                config.unusual,
            )
            facts.generation, facts.published_rows = generation, rows
            step.seconds = round(time.monotonic() - began, 3)
            facts.seconds = time.monotonic() - self._started
            write_report(facts, building, is_published=True)

        try:
            published = publish(
                config.warehouse,
                config.publish,
                config.keep,
                datetime.now(UTC),
                only=frozenset(self._builder.published),
                ducklake=config.ducklake,
                artifacts=self._builder.artifacts,
                labels=facts.labels,
                complete=complete,
            )
        except BaseException:
            facts.generation = facts.published_rows = facts.overview = None
            raise
        facts.removed = published.removed
        return f"generation {published.id}, {len(published.rows)} tables, {sum(published.rows.values()):,} rows"


@contextmanager
def _environment(config: RunConfig, state: Path) -> Iterator[None]:
    """Set the environment variables that profiles.yml and the loader read, for the time of the run."""
    values = {"SHOPPER_TEMP": str(state / "spill")}
    if config.memory:
        values["SHOPPER_MEMORY_LIMIT"] = config.memory
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _require_writable(folder: Path) -> None:
    """Check permissions without writing. Raises BadInput if the folder can't be written or created."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise BadInput(f"publish: {folder} can't be written ({there} is not a writable folder)")


def _require_free(warehouse: Path) -> None:
    """Raises Locked if another process has the file open, CheckFailed if it is not a DuckDB database."""
    if not warehouse.exists():
        return
    try:
        duckdb.connect(str(warehouse)).close()
    except duckdb.Error as error:
        if is_lock_conflict(str(error)):
            raise Locked(
                f"{warehouse} is open in {lock_holder(str(error))}; readers should open the published file, not"
                " the working file. Nothing has changed, try again later"
            ) from error
        raise CheckFailed(f"{warehouse} can't be opened: {reason(error)}; nothing has changed") from error


def _failures(built: BuildResult) -> str:
    """One line for each failed node, followed by its first failing rows."""
    lines = [f"{len(built.failed)} failed, {len(built.skipped)} skipped; nothing was published"]
    for node in built.failed[:_SHOWN_FAILURES]:
        lines += [f"{node.kind} {node.name}: {node.message}", *(f"  {row}" for row in node.failing_rows)]
    if len(built.failed) > _SHOWN_FAILURES:
        lines.append(f"and {len(built.failed) - _SHOWN_FAILURES} more")
    return "\n".join(lines)


def _status(error: ShopperError | Stopped) -> str:
    return "stopped" if isinstance(error, Stopped) else _STATUS[error.exit_code]


def _final_message(error: ShopperError | Stopped) -> str:
    text = f"stopped by {error}" if isinstance(error, Stopped) else str(error)
    if "othing was published" in text or "keep what they had" in text:
        return text
    return f"{text} Nothing was published" if text.endswith("?") else f"{text}; nothing was published"
