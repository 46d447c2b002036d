"""Lifetime value on Arrow tables, for the Python models int_clv_fits and int_clv_rhythm_predictions.

The tables are small: a row is a distinct history with its number of customers. Inputs are whole days; the models use
weeks. Results have ten significant digits, with rows sorted by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shopper.estimators import bg_nbd, gamma_gamma
from shopper.estimators.likelihood import FITTED, TOO_FEW, Floats, Maximum
from shopper.estimators.rounding import ten_digits

DAYS_PER_WEEK: Final = 7
# Discounting uses months of 365 / 12 days.
YEAR_DAYS: Final = 365
MONTHS_PER_YEAR: Final = 12

_MODELS: Final = (("bg_nbd", ("r", "alpha", "a", "b")), ("gamma_gamma", ("p", "q", "v")))
FITS: Final = pa.schema(
    [pa.field("cutoff_date", pa.date32())]
    + [
        pa.field(name, kind)
        for model, parameters in _MODELS
        for name, kind in (
            (f"{model}_status", pa.string()),
            (f"{model}_customers", pa.int64()),
            *((parameter, pa.float64()) for parameter in parameters),
            (f"{model}_log_likelihood", pa.float64()),
        )
    ]
)
RHYTHM_PREDICTIONS: Final = pa.schema(
    [
        ("cutoff_date", pa.date32()),
        ("repeat_days", pa.int64()),
        ("recency_days", pa.int64()),
        ("age_days", pa.int64()),
        ("probability_alive", pa.float64()),
        ("predicted_orders", pa.float64()),
        ("discounted_orders", pa.float64()),
    ]
)


def rhythms(histories: pa.Table) -> pa.Table:
    """Number of customers by cutoff_date, repeat_days, recency_days and age_days."""
    return _counted(histories, ("repeat_days", "recency_days", "age_days"))


def spendings(histories: pa.Table) -> pa.Table:
    """Number of customers by cutoff_date, repeat days with value above 0, and their total value."""
    paid = histories.filter(pc.greater(histories["positive_repeat_days"], 0))
    counted = _counted(paid, ("positive_repeat_days", "positive_repeat_value"))
    return counted.rename_columns(["cutoff_date", "repeat_days", "repeat_value", "customers"])


def _counted(histories: pa.Table, keys: Sequence[str]) -> pa.Table:
    names = ["cutoff_date", *keys]
    counted = histories.group_by(names).aggregate([([], "count_all")])
    return counted.select([*names, "count_all"]).rename_columns([*names, "customers"])


def fits(cutoffs: pa.Table, rhythm_counts: pa.Table, spending_counts: pa.Table) -> pa.Table:
    """Fit both models at each cut-off. The columns of `FITS`, one row per cut-off.

    cutoffs: cutoff_date, min_repeat_customers. rhythm_counts: result of `rhythms`. spending_counts: result of
    `spendings`. Parameters are null if a model was not fitted, because too few customers bought again.
    """
    rows = []
    for cutoff in sorted(cutoffs.to_pylist(), key=lambda row: row["cutoff_date"]):
        day, least = cutoff["cutoff_date"], cutoff["min_repeat_customers"]
        rhythm = _fit_rhythms(_of(rhythm_counts, day), least)
        spending = _fit_spendings(_of(spending_counts, day), least)
        rows.append({"cutoff_date": day, **rhythm, **spending})
    return pa.Table.from_pylist(rows, FITS)


def _of(table: pa.Table, day: date) -> pa.Table:
    """The rows of one cut-off, sorted by all columns."""
    names = [name for name in table.column_names if name != "cutoff_date"]
    chosen = table.filter(pc.equal(table["cutoff_date"], pa.scalar(day, table.schema.field("cutoff_date").type)))
    return chosen.select(names).sort_by([(name, "ascending") for name in names])


def _fit_rhythms(rhythms: pa.Table, least: int) -> dict[str, Any]:
    histories = _histories(rhythms)
    repeating = int(histories.customers[histories.frequency > 0].sum())
    customers = int(histories.customers.sum())
    if customers == 0 or repeating < least:
        return {"bg_nbd_status": TOO_FEW, "bg_nbd_customers": customers}
    model, found = bg_nbd.fit(histories)
    return _fitted("bg_nbd", vars(model), found, customers)


def _fit_spendings(spendings: pa.Table, least: int) -> dict[str, Any]:
    orders, total, weights = (_floats(spendings, name) for name in ("repeat_days", "repeat_value", "customers"))
    customers = int(weights.sum())
    if customers == 0 or customers < least:
        return {"gamma_gamma_status": TOO_FEW, "gamma_gamma_customers": customers}
    model, found = gamma_gamma.fit(gamma_gamma.Spendings(orders, total, weights))
    return _fitted("gamma_gamma", vars(model), found, customers)


def _fitted(model: str, parameters: dict[str, float], found: Maximum, customers: int) -> dict[str, Any]:
    values = {**parameters, f"{model}_log_likelihood": found.log_likelihood * customers}
    return {
        f"{model}_status": found.status,
        f"{model}_customers": customers,
        **dict(zip(values, _rounded(values.values()), strict=True)),
    }


def rhythm_predictions(cutoffs: pa.Table, rhythm_counts: pa.Table, fitted: pa.Table) -> pa.Table:
    """BG/NBD predictions for each history in the horizon of its cut-off. The columns of `RHYTHM_PREDICTIONS`.

    cutoffs: cutoff_date, horizon_days, monthly_discount_rate. rhythm_counts: result of `rhythms`. fitted: result of
    `fits`; a cut-off whose BG/NBD status is not `fitted` has no rows. probability_alive is null without a repeat
    purchase. discounted_orders counts the orders of month m as 1 / (1 + monthly_discount_rate)^m.
    """
    models = {row["cutoff_date"]: row for row in fitted.to_pylist() if row["bg_nbd_status"] == FITTED}
    tables = []
    for cutoff in sorted(cutoffs.to_pylist(), key=lambda row: row["cutoff_date"]):
        day = cutoff["cutoff_date"]
        if day in models:
            model = bg_nbd.BgNbd(*(models[day][name] for name in ("r", "alpha", "a", "b")))
            rate = float(cutoff["monthly_discount_rate"])
            tables.append(_predicted(day, _of(rhythm_counts, day), model, cutoff["horizon_days"], rate))
    return pa.concat_tables([RHYTHM_PREDICTIONS.empty_table(), *tables])


def _predicted(day: date, rhythms: pa.Table, model: bg_nbd.BgNbd, horizon_days: int, discount_rate: float) -> pa.Table:
    histories = _histories(rhythms)
    alive = bg_nbd.probability_alive(model, histories.frequency, histories.recency, histories.age)
    ends = _month_ends(horizon_days)
    # Expected purchases of active customers only depend on x and T, so each pair is computed once.
    pairs, places = np.unique(np.stack([histories.frequency, histories.age], axis=1), axis=0, return_inverse=True)
    gained = [bg_nbd.expected_purchases_if_alive(model, pairs[:, 0], pairs[:, 1], end / DAYS_PER_WEEK) for end in ends]
    by_month = np.diff(np.stack([np.zeros(len(pairs)), *gained], axis=1), axis=1)
    discounted = np.zeros(len(pairs))
    for month in range(len(ends)):
        discounted += by_month[:, month] / (1 + discount_rate) ** (month + 1)
    places = places.reshape(-1)
    return pa.table(
        [
            pa.array([day] * rhythms.num_rows, pa.date32()),
            *(rhythms[name].combine_chunks() for name in ("repeat_days", "recency_days", "age_days")),
            pa.array(_rounded(alive), mask=histories.frequency == 0),
            pa.array(_rounded(alive * gained[-1][places])),
            pa.array(_rounded(alive * discounted[places])),
        ],
        schema=RHYTHM_PREDICTIONS,
    )


def _month_ends(horizon_days: int) -> list[float]:
    """The end of each month of the horizon, in days; a partial last month ends with the horizon."""
    month = YEAR_DAYS / MONTHS_PER_YEAR
    whole = int(horizon_days / month + 1e-9)
    ends = [month * number for number in range(1, whole + 1)]
    return ends if ends and horizon_days - ends[-1] < 1e-6 else [*ends, float(horizon_days)]


def _histories(rhythms: pa.Table) -> bg_nbd.Histories:
    """Histories in weeks."""
    return bg_nbd.Histories(
        _floats(rhythms, "repeat_days"),
        _floats(rhythms, "recency_days") / DAYS_PER_WEEK,
        _floats(rhythms, "age_days") / DAYS_PER_WEEK,
        _floats(rhythms, "customers"),
    )


def _floats(table: pa.Table, name: str) -> Floats:
    return np.asarray(pc.cast(table[name], pa.float64()).to_numpy(), dtype=np.float64)


def _rounded(values: Iterable[float] | Sequence[float]) -> Floats:
    """Round to ten significant digits; nan stays nan."""
    return np.asarray([ten_digits(value) for value in values], dtype=np.float64)
