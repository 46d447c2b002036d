"""dbt in process: one call, its own warehouse and target folder, connections closed, errors as one message."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shopper.errors import CheckFailed

PROJECT: Final = Path(__file__).resolve().parents[2]
_SELECTING: Final = frozenset({"build", "run", "test", "seed", "compile", "show", "list", "ls"})


class DbtError(CheckFailed):
    """A dbt call that failed; the text is dbt's first error message."""


@dataclass(frozen=True)
class DbtRun:
    """What a successful call did: status by node id (`success`, `pass`, `skipped`, `warn` ...) and the log's lines."""

    statuses: dict[str, str]
    messages: tuple[str, ...]

    def names(self, *statuses: str) -> set[str]:
        """Short names (`stg_orders`) of the nodes that ended with one of the statuses."""
        return {node.split(".")[2] for node, status in self.statuses.items() if status in statuses}


def run_dbt(
    arguments: Sequence[str],
    *,
    variables: Mapping[str, object] | None = None,
    warehouse: Path | str | None = None,
    target: Path | str | None = None,
    threads: int = 2,
    project: Path = PROJECT,
) -> DbtRun:
    """Run dbt, as `run_dbt(["build", "--select", "stg_orders"], variables={"raw_data": "source"}, ...)`.

    `warehouse` is the DuckDB file (default: `SHOPPER_WAREHOUSE`, else the project's), `target` the folder of dbt's
    artifacts and logs (default: the project's own). Keep one target folder per set of variables: dbt then parses only
    once. All connections are closed on return, so that the file can be opened by others.

    Raises DbtError with the first error message; of a failed test, with its first failing rows.
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
    if arguments[0] in _SELECTING:
        command += ["--threads", str(threads)]
    if variables:
        command += ["--vars", json.dumps(dict(variables), default=str)]
    if target:
        command += ["--target-path", str(target), "--log-path", str(Path(target) / "logs")]
    with _environment(warehouse):
        try:
            result = dbtRunner(callbacks=[listen]).invoke(
                ["--log-level", "none", "--no-use-colors", "--no-version-check", *command]
            )
        finally:
            _close_connections()
    if not result.success:
        raise DbtError(_first_error(result, messages, errors))
    return DbtRun(_statuses(result), tuple(messages))


@contextmanager
def _environment(warehouse: Path | str | None) -> Iterator[None]:
    """The environment with `SHOPPER_WAREHOUSE` set, for the time of one call."""
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
    """Close the file: dbt-duckdb keeps it open for as long as the process lives."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    environment = DuckDBConnectionManager._ENV
    # Ignored below: these functions of dbt carry no annotations.
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if environment is not None:
        environment.close()  # type: ignore[no-untyped-call]
    reset_adapters()  # type: ignore[no-untyped-call]


def _statuses(result: Any) -> dict[str, str]:
    """Status by node id of a call that ran nodes; none for others (parse, list)."""
    results = getattr(result.result, "results", None) or []
    return {row.node.unique_id: str(row.status) for row in results if getattr(row, "node", None) is not None}


def _first_error(result: Any, messages: list[str], errors: list[str]) -> str:
    """The message of the first node that failed, with the failing rows of a test, else of the exception or the log."""
    for row in getattr(result.result, "results", None) or []:
        if str(row.status) in {"error", "fail", "runtime error"}:
            rows = [message for message in messages if message.startswith(f"{row.node.name}: ")]
            return "\n".join([f"{row.node.unique_id}: {row.message}", *rows])
    if result.exception is not None:
        return str(result.exception)
    return errors[0] if errors else "dbt failed without a message"
