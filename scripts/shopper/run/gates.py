"""Checks of raw tables before a build: they must be fresh, not empty, and complete for their last day.

Raw columns are text, so timestamps are parsed with the project's own cast rules. Rows dated after `now` come from wrong
clocks and do not count as fresh. The checked day is the last complete day with rows, in the reporting time zone. Its
usual number of rows is the median of the same weekday in the eight weeks before, of which at least three need rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

import duckdb

from shopper.casts import CastRules
from shopper.contract import Contract
from shopper.errors import CheckFailed, Locked
from shopper.run.config import LABEL, Gate
from shopper.sql import is_lock_conflict, literal, lock_holder, quoted, reason

USUAL_WEEKS: Final = 8
_WEEKS_NEEDED: Final = 3
_DEFAULT_ZONE: Final = "Asia/Shanghai"


@dataclass(frozen=True)
class GateResult:
    """Result of a gate: `problems` is empty if it passed; `newest` is the newest timestamp in UTC, None if none."""

    table: str
    then: str
    rows: int
    newest: datetime | None
    problems: tuple[str, ...]

    @property
    def outcome(self) -> str:
        """passed, held or labelled."""
        if not self.problems:
            return "passed"
        return "labelled" if self.then == LABEL else "held"


def check_gates(
    gates: Sequence[Gate],
    warehouse: Path,
    root: Path,
    contract: Contract,
    variables: Mapping[str, object],
    now: datetime,
) -> list[GateResult]:
    """The result of every gate, in their order. `now` must have a time zone.

    Raises Locked if another process has the warehouse open, CheckFailed if it can't be read.
    """
    if not gates:
        return []
    rules = CastRules(root, variables)
    zone = ZoneInfo(str(variables.get("reporting_timezone") or _DEFAULT_ZONE))
    is_sample = variables.get("raw_data", "sample") == "sample"
    with duckdb.connect() as connection:
        try:
            connection.execute("set TimeZone = 'UTC'")
            if not is_sample and warehouse.exists():
                connection.execute(f"attach {literal(str(warehouse))} as landed (read_only)")
            return [
                _TableGate(connection, rules, contract, gate, _relation(connection, gate, root, is_sample), zone).check(
                    now
                )
                for gate in gates
            ]
        except duckdb.Error as error:
            if is_lock_conflict(str(error)):
                raise Locked(f"{warehouse} is open in {lock_holder(str(error))}") from error
            raise CheckFailed(f"{warehouse} can't be read: {reason(error)}") from error


def _relation(connection: duckdb.DuckDBPyConnection, gate: Gate, root: Path, is_sample: bool) -> str | None:
    """SQL for the raw table (for the sample shop: its seed file); None if the table does not exist."""
    if is_sample:
        seed = root / "seeds" / "raw" / f"raw_{gate.table}.csv"
        return f"read_csv({literal(str(seed))}, header=true, all_varchar=true, delim=',')" if seed.exists() else None
    found = connection.execute(
        "select 1 from information_schema.tables where table_catalog = 'landed' and table_schema = 'raw'"
        " and table_name = ?",
        [gate.table],
    ).fetchone()
    return f"landed.raw.{quoted(gate.table)}" if found else None


class _TableGate:
    """One gate on one raw table."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        rules: CastRules,
        contract: Contract,
        gate: Gate,
        relation: str | None,
        zone: ZoneInfo,
    ) -> None:
        self._connection = connection
        self._gate = gate
        self._relation = relation
        self._zone = zone
        self._is_date = False
        self._moment = "null::timestamp"
        if relation and gate.column and gate.column in self._columns():
            self._is_date = contract.by_name[gate.table].by_name[gate.column].type == "date"
            text = rules.clean(f"cast({quoted(gate.column)} as varchar)")
            self._moment = rules.typed(f"({text})", "date" if self._is_date else "timestamp")

    def check(self, now: datetime) -> GateResult:
        """Check every condition of the gate."""
        gate = self._gate
        if self._relation is None:
            return GateResult(gate.table, gate.then, 0, None, (f"{gate.table}: not landed",))
        rows = self._count()
        newest = self._newest(now)
        problems = []
        if gate.min_rows is not None and rows < gate.min_rows:
            problems.append(f"{gate.table}: {rows:,} rows, expected at least {gate.min_rows:,}")
        if gate.stale_after is not None:
            problems += self._stale_problems(newest, now, gate.stale_after)
        if gate.min_day_share is not None:
            problems += self._partial_day_problems(now, gate.min_day_share)
        return GateResult(gate.table, gate.then, rows, newest, tuple(problems))

    def _stale_problems(self, newest: datetime | None, now: datetime, allowed: timedelta) -> list[str]:
        where = f"{self._gate.table}.{self._gate.column}"
        if newest is None:
            return [f"{where}: no row has a timestamp before {now:%Y-%m-%d %H:%M %Z}, so nothing is fresh"]
        age = now - newest
        if age <= allowed:
            return []
        return [
            f"{where}: the newest row is from {newest:%Y-%m-%d %H:%M} UTC, {_age(age)} old; allowed {_age(allowed)}"
        ]

    def _partial_day_problems(self, now: datetime, share: float) -> list[str]:
        days = self._days(now)
        today = now.astimezone(self._zone).date()
        over = [day for day in days if day < today]
        if not over:
            return []
        last = max(over)
        before = [days.get(last - timedelta(weeks=week), 0) for week in range(1, USUAL_WEEKS + 1)]
        if sum(count > 0 for count in before) < _WEEKS_NEEDED:
            return []
        usual = median(before)
        if days[last] >= share * usual:
            return []
        return [
            f"{self._gate.table}: {days[last]:,} rows on {last:%A} {last}, {days[last] / usual:.0%} of the usual"
            f" {usual:,.0f}; expected {share:.0%} or more"
        ]

    def _newest(self, now: datetime) -> datetime | None:
        """The newest timestamp up to `now`, in UTC. A date counts as the end of that day, but not after `now`."""
        limit = now.astimezone(self._zone).date() if self._is_date else now.astimezone(UTC).replace(tzinfo=None)
        row = self._connection.execute(
            f"select max(moment) from (select {self._moment} as moment from {self._relation}) where moment <= ?",
            [limit],
        ).fetchone()
        found = row[0] if row else None
        if found is None:
            return None
        if self._is_date:
            day_end = datetime.combine(found + timedelta(days=1), datetime.min.time(), self._zone)
            return min(day_end, now).astimezone(UTC)
        return datetime.combine(found.date(), found.time(), UTC)

    def _days(self, now: datetime) -> dict[date, int]:
        """Number of rows per day in the reporting time zone, up to the day of `now`."""
        local = "moment" if self._is_date else f"moment at time zone 'UTC' at time zone {literal(self._zone.key)}"
        rows = self._connection.execute(
            f"select cast({local} as date) as day, count(*) from"
            f" (select {self._moment} as moment from {self._relation}) where moment is not null group by day"
        ).fetchall()
        today = now.astimezone(self._zone).date()
        return {day: int(count) for day, count in rows if day <= today}

    def _columns(self) -> set[str]:
        return {
            row[0].lower() for row in self._connection.execute(f"describe select * from {self._relation}").fetchall()
        }

    def _count(self) -> int:
        row = self._connection.execute(f"select count(*) from {self._relation}").fetchone()
        return int(row[0]) if row else 0


def _age(age: timedelta) -> str:
    """A duration in words, such as `36 hours` or `12 days`."""
    hours = age.total_seconds() / 3600
    if hours < 1:
        return f"{age.total_seconds() / 60:.0f} minutes"
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"
