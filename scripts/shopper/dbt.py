"""Runs dbt in this process, with its own warehouse and target folder; closes connections; returns errors as text."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shopper.errors import CheckFailed

PROJECT: Final = Path(__file__).resolve().parents[2]
WITHOUT_TESTS: Final = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
# Node statuses that make a call fail.
FAILED: Final = frozenset({"error", "fail", "runtime error"})
_SELECTING: Final = frozenset({"build", "run", "test", "seed", "compile", "show"})


class DbtError(CheckFailed):
    """A failed dbt call. The text is dbt's first error message."""


@dataclass(frozen=True)
class DbtRun:
    """Result of a successful call: status by node id (`success`, `pass`, `skipped`, `warn` ...) and the log lines."""

    statuses: dict[str, str]
    messages: tuple[str, ...]

    def names(self, *statuses: str) -> set[str]:
        """Short names (`stg_orders`) of the nodes with one of the statuses."""
        return {node.split(".")[2] for node, status in self.statuses.items() if status in statuses}


@dataclass(frozen=True)
class Invoked:
    """Result of a call: dbt's own result, all log messages, and the error messages among them."""

    success: bool
    result: Any
    exception: BaseException | None
    messages: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def results(self) -> list[Any]:
        """Node results in the order in which they finished; empty for calls that run no nodes (parse, list)."""
        return [row for row in getattr(self.result, "results", None) or [] if getattr(row, "node", None) is not None]

    def failing_rows(self, name: str) -> list[str]:
        """The first failing rows of a test, from the log, as `column=value, ...`."""
        start = f"{name}: "
        return [message.removeprefix(start) for message in self.messages if message.startswith(start)]


def run_dbt(
    arguments: Sequence[str],
    *,
    variables: Mapping[str, object] | None = None,
    warehouse: Path | str | None = None,
    target: Path | str | None = None,
    threads: int = 2,
    project: Path = PROJECT,
) -> DbtRun:
    """Run dbt, such as `run_dbt(["build", "--select", "stg_orders"], variables={"raw_data": "source"}, ...)`.

    warehouse: the DuckDB file; default: `SHOPPER_WAREHOUSE`, else the project's own. target: folder for dbt artifacts
    and logs; default: the project's own. Use one target folder per set of variables, so that dbt parses only once. All
    connections are closed on return, so that other processes can open the file.

    Raises DbtError with the first error message and, for a failed test, its first failing rows.
    """
    invoked = invoke_dbt(
        arguments, variables=variables, warehouse=warehouse, target=target, threads=threads, project=project
    )
    if not invoked.success:
        raise DbtError(first_error(invoked))
    return DbtRun({row.node.unique_id: str(row.status) for row in invoked.results}, invoked.messages)


def invoke_dbt(
    arguments: Sequence[str],
    *,
    variables: Mapping[str, object] | None = None,
    warehouse: Path | str | None = None,
    target: Path | str | None = None,
    threads: int | None = 2,
    project: Path = PROJECT,
    manifest: Any = None,
    on_event: Callable[[Any], None] | None = None,
) -> Invoked:
    """Run dbt like `run_dbt`, but return failures instead of raising them.

    threads: None leaves them to the profile. manifest: result of an earlier `parse` with the same variables, to avoid
    parsing again. on_event: called with every event of dbt's log.
    """
    from dbt.cli.main import dbtRunner

    messages: list[str] = []
    errors: list[str] = []

    def listen(event: Any) -> None:
        if event.info.level in {"info", "warn", "error"}:
            messages.append(event.info.msg)
        if event.info.level == "error":
            errors.append(event.info.msg)

    command = [*arguments, "--project-dir", str(project), "--profiles-dir", str(project / "profiles")]
    if arguments[0] in _SELECTING and threads:
        command += ["--threads", str(threads)]
    if arguments[0] == "build":
        # The same order of nodes by a sixth of the edges: each call takes a second less to begin.
        command.append("--use-fast-test-edges")
    if variables:
        command += ["--vars", json.dumps(dict(variables), default=str)]
    if target:
        command += ["--target-path", str(target), "--log-path", str(Path(target) / "logs")]
    listeners = [listen, *([on_event] if on_event else [])]
    with _environment(warehouse), _rare_collections():
        try:
            ended = dbtRunner(manifest=manifest, callbacks=listeners).invoke(
                ["--log-level", "none", "--no-use-colors", "--no-version-check", *command]
            )
        finally:
            _close_connections()
    return Invoked(ended.success, ended.result, ended.exception, tuple(messages), tuple(errors))


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let Python look for unused cycles of objects seldom: dbt makes hundreds of thousands of objects that stay, and
    looking through them again and again takes a third of its start.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _environment(warehouse: Path | str | None) -> Iterator[None]:
    """Set `SHOPPER_WAREHOUSE` during a call."""
    before = os.environ.get("SHOPPER_WAREHOUSE")
    if warehouse:
        Path(warehouse).parent.mkdir(parents=True, exist_ok=True)
        os.environ["SHOPPER_WAREHOUSE"] = str(warehouse)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("SHOPPER_WAREHOUSE", None)
        else:
            os.environ["SHOPPER_WAREHOUSE"] = before


def _close_connections() -> None:
    """Close the DuckDB file, which dbt-duckdb would keep open until the process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    environment = DuckDBConnectionManager._ENV
    # The ignores below: these dbt functions have no annotations.
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if environment is not None:
        environment.close()  # type: ignore[no-untyped-call]
    reset_adapters()  # type: ignore[no-untyped-call]


def first_error(invoked: Invoked) -> str:
    """The message of the first failed node, with a test's failing rows; else that of the exception or the log."""
    for row in invoked.results:
        if str(row.status) in FAILED:
            rows = [f"{row.node.name}: {found}" for found in invoked.failing_rows(row.node.name)]
            return "\n".join([f"{row.node.unique_id}: {row.message}", *rows])
    if invoked.exception is not None:
        return str(invoked.exception)
    return invoked.errors[0] if invoked.errors else "dbt failed without a message"
