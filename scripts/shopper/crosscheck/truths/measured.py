"""Measures the planted truths of the sample shop in the marts."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from shopper.crosscheck.oracle.raw import table_columns
from shopper.crosscheck.truths import OTHERS, SINGLE
from shopper.planted_truths import Truth, truths
from shopper.sql import reason


@dataclass(frozen=True)
class Measured:
    """A measured truth. `value` is None if it could not be measured; `note` is the reason of a failure, else empty."""

    truth: Truth
    value: float | None
    note: str
    is_pending: bool

    @property
    def passed(self) -> bool:
        """Whether the value is within tolerance. A truth whose mart is missing is pending, not failed."""
        return self.is_pending or (self.value is not None and not self.note and self.truth.holds(self.value))

    @property
    def verdict(self) -> str:
        return "not yet measured" if self.is_pending else "holds" if self.passed else "OFF"


def measure_truths(connection: duckdb.DuckDBPyConnection) -> list[Measured]:
    """Measure every planted truth, in the order of the file. A truth whose mart is missing is pending."""
    return [_measure(truth, connection) for truth in truths().values()]


def _measure(truth: Truth, connection: duckdb.DuckDBPyConnection) -> Measured:
    if not table_columns(connection, "marts", truth.mart):
        return Measured(truth, None, f"needs {truth.mart}", is_pending=True)
    try:
        value, note = _value(truth, connection)
    except duckdb.CatalogException as error:
        # The query may also read other marts than `truth.mart`.
        value, note = None, reason(error)
    return Measured(truth, value, note, is_pending=False)


def _value(truth: Truth, connection: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """The measured value (None if there is none), and the reason of a failure."""
    if truth.name in OTHERS:
        return OTHERS[truth.name](connection)
    if truth.name not in SINGLE:
        return None, f"no query for it in {truth.mart}"
    row = connection.execute(SINGLE[truth.name]).fetchone()
    if row is None or row[0] is None:
        return None, "no value"
    return float(row[0]), ""
