"""The period of the run."""

from __future__ import annotations

from typing import Final

from shopper.crosscheck.check import Check, Reader, Sides
from shopper.crosscheck.oracle.shop import Shop


def _period(shop: Shop, reader: Reader) -> Sides:
    columns = ("first_date", "as_of_date", "as_of_end_at")
    expected = tuple(getattr(shop.staged.period, column) for column in columns)
    rows = reader.rows("stg_run_period", "staging")
    return (
        columns,
        {0: expected},
        {position: tuple(row[column] for column in columns) for position, row in enumerate(rows)},
    )


CHECKS: Final = (Check("run", "first day, as-of day and its end", "staging", "stg_run_period", _period),)
