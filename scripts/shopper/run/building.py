"""dbt's part of a run: parse once, check the vars, resolve the selection, build and test in the working file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shopper.dbt import FAILED, Invoked, first_error, invoke_dbt
from shopper.errors import BadInput, CheckFailed, Locked, NothingSelected
from shopper.publish.publishing import SCHEMAS
from shopper.run.config import RunConfig
from shopper.sql import is_lock_conflict, lock_holder
from shopper.stopping import was_stopped

# Unit tests test the code on rows of their own; they belong to `dbt build` and to the project's own tests.
_RESOURCES: Final = ("--exclude-resource-type", "unit_test")
_BUILT: Final = ("model.", "seed.", "test.", "snapshot.")
_ENDINGS: Final = frozenset({"LogModelResult", "LogSeedResult", "LogTestResult", "LogSnapshotResult"})
# What checks vars and inputs before the first model.
_HOOK: Final = "on-run-start"
_SLOWEST: Final = 15


@dataclass(frozen=True)
class Ended:
    """A node that ran: its short name, kind (model, seed, test), status, seconds, and what dbt says of it."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str
    failing_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Built:
    """What a build did; `failed` is empty where all is well."""

    counts: Mapping[str, int]
    failed: tuple[Ended, ...]
    warned: tuple[Ended, ...]
    skipped: tuple[str, ...]
    slowest: tuple[Ended, ...]
    notes: tuple[str, ...]


class Builder:
    """dbt for one run: its own folder for artifacts, the project parsed once."""

    def __init__(self, config: RunConfig, target: Path) -> None:
        """`target` is the folder for dbt's artifacts."""
        self._config = config
        self._target = target
        self._manifest: Any = None
        self._selected: list[str] = []

    def check(self) -> list[str]:
        """Parse the project, check the vars and resolve the selection; the ids of what will be built.

        Raises BadInput for a project that does not parse, a wrong var, or a selection that leaves out what selected
        models read; NothingSelected when nothing that is published would be built; CheckFailed when the machine fails.
        """
        parsed = self._invoke(["parse"])
        if not parsed.success:
            said = _said(parsed)
            if isinstance(parsed.exception, OSError) or "[Errno" in said:
                raise CheckFailed(f"the project could not be parsed: {said}")
            raise BadInput(f"the project does not parse: {said}")
        self._manifest = parsed.result
        checked = self._invoke(["run-operation", "check_vars"])
        if not checked.success:
            raise BadInput(_var_problem(_said(checked)))
        self._selected = self._resolve()
        return self._selected

    @property
    def published(self) -> list[str]:
        """Selected tables that readers get, as `marts.orders`."""
        nodes = [self._manifest.nodes[node] for node in self._selected if not node.startswith("test.")]
        return [f"{node.schema}.{node.alias}" for node in nodes if node.schema in SCHEMAS]

    def has_built(self, name: str) -> bool:
        """A model of this short name is selected."""
        return any(node.startswith("model.") and node.split(".")[2] == name for node in self._selected)

    def build(self, full_refresh: bool, progress: Callable[[str], None]) -> Built:
        """Build and test what was selected.

        Raises BadInput when the raw tables don't fit the contract, Locked when another process has the warehouse,
        CheckFailed when dbt itself ends early. Models and tests that fail are in the result.
        """
        arguments = ["build", *self._selection(), *(["--full-refresh"] if full_refresh else [])]
        invoked = self._invoke(arguments, _Listener(progress, len(self._selected)))
        ended = [_ended(row, invoked) for row in invoked.results]
        failed = tuple(node for node in ended if node.status in FAILED)
        for text in [node.message for node in failed] + ([] if ended else [_said(invoked)]):
            if is_lock_conflict(text):
                raise Locked(f"{self._config.warehouse} is open in {lock_holder(text)}")
        if not invoked.success and not failed:
            said = _said(invoked)
            if _HOOK in said:
                raise BadInput(said.partition("\n")[2] or said)
            raise CheckFailed(f"dbt build ended early: {said}")
        return Built(
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
            raise NothingSelected(f"{_asked(self._config)}: no mart is selected, so there is nothing to publish")
        if missing:
            names = sorted(node.split(".")[2] for node in missing)
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            raise BadInput(
                f"{_asked(self._config)}: what is selected reads {', '.join(names[:5])}{more}, which is not;"
                " a run builds all that it publishes from the same input: write +name for a model and what it reads"
            )
        return selected

    def _listed(self) -> list[str]:
        """Ids of what the selection names, by dbt's own reading of it."""
        listed = self._invoke(["list", "--output", "json", "--output-keys", "unique_id", *self._selection()])
        if not listed.success:
            raise BadInput(f"{_asked(self._config)}: {_said(listed)}")
        return [json.loads(line)["unique_id"] for line in listed.result]

    def _selection(self) -> list[str]:
        chosen = ["--select", *self._config.select, "--indirect-selection", "cautious"] if self._config.select else []
        left_out = ["--exclude", *self._config.exclude] if self._config.exclude else []
        return [*_RESOURCES, *chosen, *left_out]

    def _invoke(self, arguments: Sequence[str], on_event: Callable[[Any], None] | None = None) -> Invoked:
        config = self._config
        command = [*arguments, "--target", config.target, "--log-level-file", "none"]
        if arguments[0] != "build":
            # The manifest is handed on in memory; writing it takes longer than all else here.
            command.append("--no-write-json")
        invoked = invoke_dbt(
            command,
            variables=config.variables,
            warehouse=config.warehouse,
            target=self._target,
            threads=config.threads,
            project=config.root,
            manifest=self._manifest,
            on_event=on_event,
        )
        stopped = was_stopped()
        if stopped:
            raise stopped
        return invoked


class _Listener:
    """Turns dbt's events into a line such as `120 of 912: int_orders`."""

    def __init__(self, progress: Callable[[str], None], total: int) -> None:
        self._progress = progress
        self._total = total
        self._ended = 0

    def __call__(self, event: Any) -> None:
        if event.info.name in _ENDINGS:
            self._ended += 1
            self._progress(f"{self._ended} of {self._total}: {event.data.node_info.node_name}")


def _ended(row: Any, invoked: Invoked) -> Ended:
    node = row.node
    status = str(row.status)
    rows = tuple(invoked.failing_rows(node.name)) if status in {"fail", "warn"} else ()
    kind = str(node.resource_type)
    return Ended(node.name, kind, status, round(float(row.execution_time), 3), _plain(row.message or ""), rows)


def _said(invoked: Invoked) -> str:
    return _plain(first_error(invoked))


def _plain(message: str) -> str:
    """A message without dbt's indentation and pointers into macros."""
    lines = [line.strip() for line in message.splitlines()]
    return "\n".join(
        line for line in lines if line and not line.startswith(("> in macro", "> called by", "compiled code at"))
    )


def _var_problem(message: str) -> str:
    """The line that names the var."""
    found = re.search(r"^var \w+ is .*$", message, re.MULTILINE)
    return found.group(0) if found else message


def _asked(config: RunConfig) -> str:
    """The selection as it was written."""
    exclude = f", exclude: {' '.join(config.exclude)}" if config.exclude else ""
    return f"select: {' '.join(config.select) or 'everything'}{exclude}"
