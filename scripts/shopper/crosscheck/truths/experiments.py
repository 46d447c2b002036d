"""Planted truths of experiments: the measured difference or split, with a check of the verdict."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import duckdb

Measure = Callable[[duckdb.DuckDBPyConnection], tuple[float | None, str]]


def _difference(experiment_id: str, is_found: bool, verdicts: set[str], warehouse: duckdb.DuckDBPyConnection) -> tuple[
    float | None, str
]:  # fmt: skip
    """Difference of conversion rates of the only other variant. A failure if the test or the verdict is wrong."""
    row = warehouse.execute(
        """
        select difference, p_value_adjusted, verdict from marts.experiment_results
        where experiment_id = ? and metric = 'conversion_rate' and not is_control
        """,
        [experiment_id],
    ).fetchone()
    if row is None or row[0] is None or row[1] is None:
        return None, "no difference"
    difference, p_value, verdict = row
    if (p_value < 0.05) is not is_found:
        return difference, f"p-value {p_value:.4f}"
    return difference, "" if verdict in verdicts else f"verdict {verdict}"


def _broken_split(warehouse: duckdb.DuckDBPyConnection) -> tuple[float | None, str]:
    """Share of units assigned to the control. A failure if the mismatch is not detected."""
    row = warehouse.execute(
        """
        select
            sum(units) filter (where is_control) / sum(units),
            bool_and(has_srm and verdict = 'invalid')
        from marts.experiment_results
        where experiment_id = 'exp-banner-split' and metric = 'conversion_rate'
        """
    ).fetchone()
    if row is None or row[0] is None:
        return None, "no units"
    return float(row[0]), "" if row[1] else "the broken split is not detected"


OTHERS: Final[dict[str, Measure]] = {
    "experiment_effect": partial(_difference, "exp-one-page-checkout", True, {"ship"}),
    "aa_difference": partial(_difference, "exp-aa-2024", False, {"stop", "underpowered"}),
    "broken_split_share": _broken_split,
}
"""By truth, a function that returns the measured value and the reason of a failure (empty if none)."""
