"""Lifetime value (BG/NBD and Gamma-Gamma, fit and a year's prediction), compared with the package `lifetimes`.

Both get the histories of the as-of date in the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shopper.bench.beside.sides import Step

PACKAGE: Final = "lifetimes"
_HORIZON_WEEKS: Final = 365 / 7


def export(warehouse: Path, folder: Path) -> None:
    """Write the histories, one row per customer, as arrays to a file that both sides read."""
    import duckdb
    import numpy as np

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns: dict[str, Any] = connection.execute(
            """
            select repeat_days, recency_days, age_days, positive_repeat_days,
                cast(positive_repeat_value as double) as positive_repeat_value
            from intermediate.int_clv_histories
            inner join intermediate.int_clv_cutoffs using (cutoff_date)
            where is_as_of
            order by customer_id
            """
        ).fetchnumpy()
    np.savez(folder / "histories.npz", **columns)


def ours(folder: Path) -> Step:
    """Group the histories, fit both models, and predict one year for every customer."""
    import numpy as np

    from shopper.estimators import bg_nbd, gamma_gamma

    rows = np.load(folder / "histories.npz")

    def step() -> Mapping[str, float]:
        key = np.stack([rows["repeat_days"], rows["recency_days"], rows["age_days"]], axis=1)
        rhythms, places, customers = np.unique(key, axis=0, return_inverse=True, return_counts=True)
        frequency, recency, age = rhythms[:, 0].astype(float), rhythms[:, 1] / 7, rhythms[:, 2] / 7
        model, found = bg_nbd.fit(bg_nbd.Histories(frequency, recency, age, customers.astype(float)))
        days, value = rows["positive_repeat_days"], rows["positive_repeat_value"]
        paid = days > 0
        gamma_gamma.fit(gamma_gamma.Spendings(days[paid].astype(float), value[paid], np.ones(int(paid.sum()))))
        expected = bg_nbd.expected_purchases(model, frequency, recency, age, _HORIZON_WEEKS)[places.reshape(-1)]
        return {"log_likelihood": found.log_likelihood * len(key), "orders": float(expected.sum())}

    return step


def theirs(folder: Path) -> Step:
    """The same with `lifetimes`."""
    import numpy as np
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    rows = np.load(folder / "histories.npz")

    def step() -> Mapping[str, float]:
        frequency, recency, age = rows["repeat_days"].astype(float), rows["recency_days"] / 7, rows["age_days"] / 7
        model = BetaGeoFitter()
        model.fit(frequency, recency, age)
        paid = rows["positive_repeat_days"] > 0
        orders = rows["positive_repeat_days"][paid].astype(float)
        GammaGammaFitter().fit(orders, rows["positive_repeat_value"][paid] / orders)
        expected = model.conditional_expected_number_of_purchases_up_to_time(_HORIZON_WEEKS, frequency, recency, age)
        # lifetimes scales time, so its log-likelihood contains the scale once per purchase.
        likelihood = -model._negative_log_likelihood_ * len(frequency) + frequency.sum() * np.log(model._scale)
        return {"log_likelihood": float(likelihood), "orders": float(np.sum(expected))}

    return step
