"""Lifetime value compared with the package `lifetimes`: processor time and memory of fit and prediction.

    python -m shopper.bench.clv warehouse/shopper.duckdb [python of an environment with lifetimes]

Both run on the histories of the as-of date in the warehouse, each in its own process. Prints one JSON line for each.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

HORIZON_DAYS: Final = 365
_THIS: Final = Path(__file__).resolve()


def export(warehouse: Path, folder: Path) -> Path:
    """Write the histories of the as-of date, one row per customer, as arrays to a file that both sides read."""
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
    path = folder / "histories.npz"
    np.savez(path, **columns)
    return path


def ours(path: Path) -> dict[str, Any]:
    """Group the histories, fit both models, and predict one year for every customer."""
    import numpy as np

    from shopper.estimators import bg_nbd, gamma_gamma

    rows = np.load(path)
    started = time.process_time()
    key = np.stack([rows["repeat_days"], rows["recency_days"], rows["age_days"]], axis=1)
    rhythms, places, customers = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    frequency, recency, age = rhythms[:, 0].astype(float), rhythms[:, 1] / 7, rhythms[:, 2] / 7
    model, found = bg_nbd.fit(bg_nbd.Histories(frequency, recency, age, customers.astype(float)))
    paid = rows["positive_repeat_days"] > 0
    spendings = gamma_gamma.Spendings(
        rows["positive_repeat_days"][paid].astype(float), rows["positive_repeat_value"][paid], np.ones(int(paid.sum()))
    )
    spending_fit, valued = gamma_gamma.fit(spendings)
    fitted = time.process_time()
    expected = bg_nbd.expected_purchases(model, frequency, recency, age, HORIZON_DAYS / 7)[places.reshape(-1)]
    return {
        "who": "shopper",
        "fit_cpu_seconds": fitted - started,
        "predict_cpu_seconds": time.process_time() - fitted,
        "bg_nbd": [*vars(model).values()],
        "bg_nbd_status": found.status,
        "log_likelihood": found.log_likelihood * len(key),
        "gamma_gamma": [*vars(spending_fit).values()],
        "gamma_gamma_status": valued.status,
        "predicted_orders": float(expected.sum()),
    }


def theirs(path: Path) -> dict[str, Any]:
    """The same with `lifetimes`."""
    import numpy as np
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    rows = np.load(path)
    frequency, recency, age = rows["repeat_days"].astype(float), rows["recency_days"] / 7, rows["age_days"] / 7
    started = time.process_time()
    model = BetaGeoFitter()
    model.fit(frequency, recency, age)
    paid = rows["positive_repeat_days"] > 0
    orders = rows["positive_repeat_days"][paid].astype(float)
    spending_fit = GammaGammaFitter()
    spending_fit.fit(orders, rows["positive_repeat_value"][paid] / orders)
    fitted = time.process_time()
    expected = model.conditional_expected_number_of_purchases_up_to_time(HORIZON_DAYS / 7, frequency, recency, age)
    return {
        "who": "lifetimes",
        "fit_cpu_seconds": fitted - started,
        "predict_cpu_seconds": time.process_time() - fitted,
        "bg_nbd": [float(model.params_[name]) for name in ("r", "alpha", "a", "b")],
        # lifetimes scales time, so its log-likelihood contains the scale once per purchase.
        "log_likelihood": float(
            -model._negative_log_likelihood_ * len(frequency) + frequency.sum() * np.log(model._scale)
        ),
        "gamma_gamma": [float(spending_fit.params_[name]) for name in ("p", "q", "v")],
        "predicted_orders": float(np.sum(expected)),
    }


def _child(side: str, path: str) -> None:
    """Run one side in this process. Prints its result with its peak memory."""
    try:
        result = (ours if side == "ours" else theirs)(Path(path))
    except Exception as error:
        result = {"who": side, "error": f"{type(error).__name__}: {error}"}
    result["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


def main(warehouse: str, other_python: str = sys.executable) -> None:
    """Run both sides, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        path = export(Path(warehouse), Path(folder))
        for python, side in ((sys.executable, "ours"), (other_python, "theirs")):
            done = subprocess.run(
                [python, str(_THIS), "--child", side, str(path)], capture_output=True, text=True, check=False
            )
            print(done.stdout.strip() or done.stderr.strip().splitlines()[-1])


if __name__ == "__main__":
    _child(*sys.argv[2:]) if sys.argv[1:2] == ["--child"] else main(*sys.argv[1:])
