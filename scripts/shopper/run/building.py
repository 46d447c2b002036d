"""The dbt part of a run: parse once, check the vars, resolve the selection, build and test in the working file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shopper.dbt import FAILED, Invoked, first_error, invoke_dbt
from shopper.errors import BadInput, CheckFailed, Locked, NothingSelected
from shopper.progress import Progress
from shopper.publish.publishing import SCHEMAS
from shopper.run.config import RunConfig
from shopper.run.selecting import require_known_names
from shopper.sql import is_lock_conflict, lock_holder
from shopper.stopping import was_stopped

# Unit tests use mocked rows, so they test the code, not the data. `dbt build` and the project's tests run them.
# Exposures and saved queries build nothing.
_RESOURCES: Final = tuple(
    word for kind in ("unit_test", "exposure", "saved_query") for word in ("--exclude-resource-type", kind)
)
_BUILT: Final = ("model.", "seed.", "test.", "snapshot.")
ENDINGS: Final = frozenset({"LogModelResult", "LogSeedResult", "LogTestResult", "LogSnapshotResult"})
# dbt's name for the hook that checks vars and inputs before the first model.
_HOOK: Final = "on-run-start"
_SLOWEST: Final = 15


@dataclass(frozen=True)
class NodeResult:
    """A dbt node that ran: short name, kind (model, seed, test), status, run time in seconds, dbt's message."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str
    failing_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuildResult:
    """Result of a build. `failed` is empty when every model and test passed."""

    counts: Mapping[str, int]
    failed: tuple[NodeResult, ...]
    warned: tuple[NodeResult, ...]
    skipped: tuple[str, ...]
    slowest: tuple[NodeResult, ...]
    notes: tuple[str, ...]


class Builder:
    """dbt for one run, with its own artifacts folder. The project is parsed once."""

    def __init__(self, config: RunConfig, target: Path) -> None:
        """`target` is the folder for dbt artifacts."""
        self._config = config
        self.artifacts = target
        self._manifest: Any = None
        self._selected: list[str] = []

    def check(self) -> list[str]:
        """Parse the project, check the vars and resolve the selection. Returns the ids of the nodes to build.

        Raises BadInput if a selected name is unknown, the project does not parse, a var is invalid, or a selected model
        reads a model that is not selected; NothingSelected if no published table is selected; CheckFailed on an
        operating system error.
        """
        require_known_names(self._config.select, self._config.root)
        parsed = self._invoke(["parse"])
        if not parsed.success:
            error_text = _error_text(parsed)
            if isinstance(parsed.exception, OSError) or "[Errno" in error_text:
                raise CheckFailed(f"the project could not be parsed: {error_text}")
            raise BadInput(f"the project does not parse: {error_text}")
        self._manifest = parsed.result
        checked = self._invoke(["run-operation", "check_vars"])
        if not checked.success:
            raise BadInput(_var_problem(_error_text(checked)))
        self._selected = self._resolve()
        return self._selected

    @property
    def published(self) -> list[str]:
        """Selected tables that are published, such as `marts.orders`."""
        nodes = [self._manifest.nodes[node] for node in self._selected if not node.startswith("test.")]
        return [f"{node.schema}.{node.alias}" for node in nodes if node.schema in SCHEMAS]

    def is_selected(self, name: str) -> bool:
        """Whether the model with this short name is selected."""
        return any(node.startswith("model.") and node.split(".")[2] == name for node in self._selected)

    def build(self, full_refresh: bool, progress: Progress) -> BuildResult:
        """Build and test the selected nodes. Failed models and tests are part of the result.

        Raises BadInput if the raw tables violate the contract, Locked if another process has the warehouse open,
        CheckFailed if dbt itself ends early.
        """
        arguments = ["build", *self._selection(), *(["--full-refresh"] if full_refresh else [])]
        invoked = self._invoke(arguments, _Listener(progress, len(self._selected)))
        ended = [node_result(row, invoked) for row in invoked.results]
        failed = tuple(node for node in ended if node.status in FAILED)
        if not invoked.success and not failed:
            error_text = _error_text(invoked)
            if _HOOK in error_text:
                raise BadInput(error_text.partition("\n")[2] or error_text)
            raise CheckFailed(f"dbt build ended early: {error_text}")
        return BuildResult(
            {kind: sum(node.kind == kind for node in ended) for kind in ("seed", "model", "test")},
            failed,
            tuple(node for node in ended if node.status == "warn"),
            tuple(node.name for node in ended if node.status == "skipped"),
            tuple(sorted((n for n in ended if n.kind == "model"), key=lambda n: -n.seconds)[:_SLOWEST]),
            tuple(message for message in invoked.messages if message.startswith(("Inputs absent", "Columns outside"))),
        )

    def _resolve(self) -> list[str]:
        selected = self._listed() if self._config.select or self._config.exclude else list(self._manifest.nodes)
        selected = [node for node in selected if node.startswith(_BUILT)]
        chosen = set(selected)
        missing = {
            parent
            for node in selected
            if node.startswith("model.")
            for parent in self._manifest.nodes[node].depends_on.nodes
            if parent.startswith(("model.", "seed.")) and parent not in chosen
        }
        self._selected = selected
        if not any(name.startswith("marts.") for name in self.published):
            raise NothingSelected(f"{_selection_text(self._config)}: no mart is selected, nothing to publish")
        if missing:
            names = sorted(node.split(".")[2] for node in missing)
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            raise BadInput(
                f"{_selection_text(self._config)}: selected models read {', '.join(names[:5])}{more}, not selected;"
                " a run must build all that it publishes from the same input: +name selects a model with its parents"
            )
        return selected

    def _listed(self) -> list[str]:
        """Ids of the selected nodes, as dbt resolves the selection."""
        listed = self._invoke(["list", "--output", "json", "--output-keys", "unique_id", *self._selection()])
        if not listed.success:
            raise BadInput(f"{_selection_text(self._config)}: {_error_text(listed)}")
        return [json.loads(line)["unique_id"] for line in listed.result]

    def _selection(self) -> list[str]:
        chosen = ["--select", *self._config.select, "--indirect-selection", "cautious"] if self._config.select else []
        left_out = ["--exclude", *self._config.exclude] if self._config.exclude else []
        return [*_RESOURCES, *chosen, *left_out]

    def _invoke(self, arguments: Sequence[str], on_event: Callable[[Any], None] | None = None) -> Invoked:
        config = self._config
        command = [*arguments, "--target", config.target, "--log-level-file", "none"]
        if arguments[0] != "build":
            # The manifest is passed on in memory; writing it to disk would take longer than the command.
            command.append("--no-write-json")
        invoked = invoke_dbt(
            command,
            variables=config.variables,
            warehouse=config.warehouse,
            target=self.artifacts,
            threads=config.threads,
            project=config.root,
            manifest=self._manifest,
            on_event=on_event,
        )
        stopped = was_stopped()
        if stopped:
            raise stopped
        if not invoked.success:
            for text in (first_error(invoked), *invoked.errors, *(str(row.message) for row in invoked.results)):
                if is_lock_conflict(text):
                    raise Locked(f"{config.warehouse} is open in {lock_holder(text)}")
        return invoked


class _Listener:
    """Turns dbt's events into parts of the step, such as `120 of 912: int_orders`."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._ended = 0

    def __call__(self, event: Any) -> None:
        if event.info.name in ENDINGS:
            self._ended += 1
            self._progress.part(self._ended, self._total, event.data.node_info.node_name)


def node_result(row: Any, invoked: Invoked) -> NodeResult:
    """A row of dbt's results, with the failing rows of a test."""
    node = row.node
    status = str(row.status)
    rows = tuple(invoked.failing_rows(node.name)) if status in {"fail", "warn"} else ()
    kind = str(node.resource_type)
    return NodeResult(
        node.name, kind, status, round(float(row.execution_time), 3), plain_message(row.message or ""), rows
    )


def _error_text(invoked: Invoked) -> str:
    return plain_message(first_error(invoked))


def plain_message(message: str) -> str:
    """The message without dbt's indentation and macro stack."""
    lines = [line.strip() for line in message.splitlines()]
    return "\n".join(
        line for line in lines if line and not line.startswith(("> in macro", "> called by", "compiled code at"))
    )


def _var_problem(message: str) -> str:
    """The line of dbt's message that names the invalid var; the whole message if there is none."""
    found = re.search(r"^var \w+ is .*$", message, re.MULTILINE)
    return found.group(0) if found else message


def _selection_text(config: RunConfig) -> str:
    """The selection as configured."""
    exclude = f", exclude: {' '.join(config.exclude)}" if config.exclude else ""
    return f"select: {' '.join(config.select) or 'everything'}{exclude}"
