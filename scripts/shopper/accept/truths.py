"""The planted truths of the sample shop, measured again from the marts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import duckdb

from shopper.accept import measures
from shopper.accept.measures import SINGLE
from shopper.accept.oracle.raw import table_columns
from shopper.generate.truths import Truth, truths
from shopper.sql import reason


def _cart_loss(connection: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """Loss from product to cart; a miss where another required step loses more."""
    rows = connection.execute(
        """
        select step_name, sum(dropped) / sum(entered) as loss
        from marts.funnel_daily
        where funnel = 'purchase' and scope = 'session' and is_required
        group by step_name
        """
    ).fetchall()
    losses = {step: float(loss) for step, loss in rows if loss is not None}
    if "cart" not in losses:
        return None, "no step cart"
    worst = max(losses, key=lambda step: losses[step])
    return losses["cart"], "" if worst == "cart" else f"{worst} loses more: {losses[worst]:.4f}"


OTHERS: Final[dict[str, Callable[[duckdb.DuckDBPyConnection], tuple[float | None, str]]]] = {
    "cart_loss": _cart_loss,
    **measures.OTHERS,
}
"""Truth to a measure that can also say why it misses."""


@dataclass(frozen=True)
class Measured:
    """A truth as the warehouse has it; `value` is None where it was not measured, `note` says why or what else."""

    truth: Truth
    value: float | None
    note: str
    is_pending: bool

    @property
    def passed(self) -> bool:
        """Within tolerance; what waits for its mart is no miss."""
        return self.is_pending or (self.value is not None and not self.note and self.truth.holds(self.value))

    @property
    def verdict(self) -> str:
        return "not yet measured" if self.is_pending else "holds" if self.passed else "OFF"


def measure_truths(connection: duckdb.DuckDBPyConnection) -> list[Measured]:
    """Every planted truth in the order of its file. A truth whose mart is not there yet is pending."""
    return [_measure(truth, connection) for truth in truths().values()]


def _measure(truth: Truth, connection: duckdb.DuckDBPyConnection) -> Measured:
    if not table_columns(connection, "marts", truth.mart):
        return Measured(truth, None, f"needs {truth.mart}", is_pending=True)
    try:
        value, note = _value(truth, connection)
    except duckdb.CatalogException as error:
        # A measure may read more than its mart.
        value, note = None, reason(error)
    return Measured(truth, value, note, is_pending=False)


def _value(truth: Truth, connection: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """The measured value, and why there is none or why it is a miss all the same."""
    if truth.name in OTHERS:
        return OTHERS[truth.name](connection)
    if truth.name not in SINGLE:
        return None, f"no measure for it from {truth.mart}"
    row = connection.execute(SINGLE[truth.name]).fetchone()
    if row is None or row[0] is None:
        return None, "no value"
    return float(row[0]), ""
