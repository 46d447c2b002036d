"""Values of fitted models and tests by name, computed again from the parameters and the inputs of one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scipy import stats

from shopper.explain import experiment_tests, lifetimes, markov_shares
from shopper.explain.computing import Compute, Computed, Fitted
from shopper.explain.rules import ColumnRule
from shopper.explain.warehouse import Warehouse


def _wilson(successes: str, trials: str, side: str) -> Compute:
    """One end of the 95 % interval of a share."""

    def compute(_: Warehouse, row: Mapping[str, Any]) -> Computed:
        hits, count = row[successes], row[trials]
        inputs = {successes: hits, trials: count, "confidence": 0.95}
        if not count or hits is None:
            return inputs, None
        interval = stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")
        return inputs, float(getattr(interval, side))

    return compute


_SHARE: Final = ("kept_promises", "eligible_promises")
_FITTED: Final = {
    **{f"wilson_{side}": Fitted(_wilson(*_SHARE, side), (), _SHARE) for side in ("low", "high")},
    **markov_shares.FITTED,
    **lifetimes.FITTED,
    **experiment_tests.FITTED,
}


def computed(name: str, warehouse: Warehouse, row: Mapping[str, Any]) -> Computed:
    """The inputs and the value of a fitted model for one row of its mart."""
    return _FITTED[name].compute(warehouse, row)


def relations(rule: ColumnRule) -> tuple[str, ...]:
    """The relations that a fitted value reads; none of other kinds."""
    return _FITTED[rule.content].relations if rule.kind == "fitted" else ()


def terms(name: str) -> tuple[str, ...]:
    """The columns of the mart that a fitted value is made of."""
    return _FITTED[name].terms
