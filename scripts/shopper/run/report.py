"""The report of a run: report.json, and the same facts as report.html, a page without external resources."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
from jinja2 import Environment, StrictUndefined, Template

from shopper.change_log import KeyChanges
from shopper.publish.generations import JSON_REPORT, REPORT
from shopper.run.building import BuildResult
from shopper.run.changes import Changes
from shopper.run.config import RunConfig
from shopper.run.gates import GateResult
from shopper.run.overview import Overview
from shopper.sql import literal

_VERSION: Final = 1


@dataclass
class Step:
    """One step: its outcome (ok, labelled, held, failed, stopped), its duration, and a note, which may be empty."""

    name: str
    outcome: str
    seconds: float
    note: str = ""


@dataclass
class Facts:
    """The content of a report, filled during the run. What the run did not reach stays None or empty. `masked_notes`:
    the notes of the load without raw values.
    """

    run_id: str
    config: RunConfig
    started_at: datetime
    now: datetime
    status: str = "published"
    exit_code: int = 0
    message: str = ""
    seconds: float = 0.0
    generation: str | None = None
    as_of_date: date | None = None
    is_full_refresh: bool = False
    labels: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    load: Mapping[str, Any] | None = None
    masked_notes: list[str] = field(default_factory=list)
    key_changes: tuple[KeyChanges, ...] = ()
    gates: list[GateResult] = field(default_factory=list)
    built: BuildResult | None = None
    ledger: list[dict[str, Any]] | None = None
    quarantine: list[dict[str, Any]] | None = None
    published_rows: Mapping[str, int] | None = None
    removed: tuple[str, ...] = ()
    changes: Changes | None = None
    overview: Overview | None = None

    def as_json(self, *, is_published: bool = False) -> dict[str, Any]:
        """The content of report.json. is_published: without raw values and failing rows."""
        config, load, built = self.config, self.load, self.built
        if is_published and load:
            load = {**load, "notes": self.masked_notes}
        if is_published and built:
            built = replace(built, warned=tuple(replace(node, failing_rows=()) for node in built.warned))
        return {
            "version": _VERSION,
            "run_id": self.run_id,
            "name": config.name,
            "status": self.status,
            "exit_code": self.exit_code,
            "message": self.message,
            "generation": self.generation,
            "labels": self.labels,
            "as_of_date": self.as_of_date,
            "started_at": self.started_at,
            "gates_measured_at": self.now,
            "seconds": round(self.seconds, 3),
            "is_full_refresh": self.is_full_refresh,
            "configuration": {
                "file": config.path,
                "warehouse": config.warehouse,
                "publish": config.publish,
                "load": config.load,
                "vars": dict(config.variables),
                "select": config.select,
                "exclude": config.exclude,
                "target": config.target,
                "threads": config.threads,
                "memory": config.memory,
                "unusual": config.unusual,
            },
            "steps": self.steps,
            "load": load,
            "key_changes": [asdict(changes) for changes in self.key_changes],
            "gates": [{**asdict(gate), "outcome": gate.outcome} for gate in self.gates],
            "ledger": self.ledger,
            "quarantine": self.quarantine,
            "build": built,
            "published_rows": self.published_rows,
            "removed_generations": self.removed,
            "overview": self.overview,
            "changes": {**asdict(self.changes), "unusual": self.changes.unusual} if self.changes else None,
        }


def write_report(facts: Facts, folder: Path, *, is_published: bool = False) -> None:
    """Write report.json and report.html into an existing folder. Raises OSError."""
    text = json.dumps(facts.as_json(is_published=is_published), default=_plain, indent=2, ensure_ascii=False)
    (folder / JSON_REPORT).write_text(text + "\n", encoding="utf-8")
    # The page is rendered from the JSON, so that the two can't differ.
    (folder / REPORT).write_text(_page().render(json.loads(text)), encoding="utf-8")


def read_audit(warehouse: Path, facts: Facts, has_period: bool, has_audit: bool) -> None:
    """Add the as-of date, the row ledger and quarantined rows by reason, if built. Raises duckdb.Error."""
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(warehouse))} as built (read_only)")
        if has_period:
            row = connection.execute("select as_of_date from built.staging.stg_run_period").fetchone()
            facts.as_of_date = row[0] if row else None
        if has_audit:
            facts.ledger = _rows(
                connection,
                "select table_name, rows_in, staged, duplicates, quarantined from built.audit.row_ledger"
                " where rows_in > 0 order by table_name",
            )
            facts.quarantine = _rows(
                connection,
                "select table_name, rejection_reason, count(*) as row_count from built.audit.quarantined_rows"
                " group by all order by row_count desc, table_name, rejection_reason",
            )


def keep_report(facts: Facts, home: Path, keep: int) -> Path:
    """Write the report into its own folder under `home`, point the link `latest` to it, and keep only the newest
    `keep` reports. Returns the path of report.html. Raises OSError.
    """
    folder = home / facts.run_id
    folder.mkdir(parents=True, exist_ok=True)
    write_report(facts, folder)
    fresh = home / ".latest.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(facts.run_id)
    fresh.replace(home / "latest")
    for old in sorted(path for path in home.iterdir() if path.is_dir() and not path.is_symlink())[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return folder / REPORT


def new_run_id(home: Path, started_at: datetime) -> str:
    """The start time to the second, and a number that makes the id unique."""
    stamp = started_at.strftime("%Y%m%dT%H%M%SZ")
    number = 1 + sum(path.name.startswith(stamp) for path in home.glob(f"{stamp}-*"))
    return f"{stamp}-{number:03d}"


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _plain(value: object) -> object:
    """Convert a value that JSON can't represent."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


@cache
def _page() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(count=_count, share=_share, moment=_moment, compact=_compact)
    environment.tests.update(intended=_is_intended, unused_columns=lambda note: note.startswith("not used: "))
    return environment.from_string((Path(__file__).parent / "report.html").read_text(encoding="utf-8"))


def _count(value: float | None) -> str:
    """A number with thousands separators; a dash for None."""
    if value is None:
        return "-"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _share(after: float | None, before: float | None) -> str:
    """Relative change in percent; a dash if there is no base."""
    if after is None or not before:
        return "-"
    return f"{(after - before) / abs(before):+.1%}"


def _moment(text: str | None) -> str:
    """An ISO timestamp, cut to the second; a dash for None."""
    return "-" if text is None else text[:19].replace("T", " ")


def _compact(value: float | None) -> str:
    """A number for the end of a bar: 950, 12.3k, 4.5M; a dash for None."""
    if value is None:
        return "-"
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if abs(value) >= size:
            return f"{value / size:,.1f}{unit}"
    return f"{value:,.0f}"


def _is_intended(reason: str) -> bool:
    """Whether rows with this reason are left out because the shop says so, not because something is wrong."""
    return reason.endswith("_ignored") or reason == "deleted_at_source"
