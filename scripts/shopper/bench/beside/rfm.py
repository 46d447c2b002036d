"""Recency, frequency, monetary value and their scores on each RFM date, compared with pandas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shopper.bench.beside.models import built_figures, export_models
from shopper.bench.beside.sides import Step

PACKAGE: Final = "pandas"
_ENTRIES: Final = "intermediate.int_customer_revenue_entries"
_DATES: Final = "intermediate.int_rfm_dates"
_RULES: Final = "reference.customer_rules"
_SCORES: Final = "intermediate.int_customer_rfm_scores"


def export(warehouse: Path, folder: Path) -> None:
    """Write what customers ordered and got back, and the dates."""
    models = ["intermediate.int_customer_rfm_measures", _SCORES]
    export_models(models, [_ENTRIES, _DATES, _RULES], warehouse, folder)


def ours(folder: Path) -> Step:
    """The project's two models."""
    return built_figures(
        folder,
        f"select count(*) as rows, sum(recency_days) as recency_days, sum(frequency) as frequency,"
        f" sum(monetary) as monetary, sum(r_score) as r, sum(f_score) as f, sum(m_score) as m from {_SCORES}",
    )


def theirs(folder: Path) -> Step:
    """The same with groups and ranks of a data frame, one date after another."""
    import pandas as pd

    entries, dates, rules = (pd.read_parquet(folder / f"{name}.parquet") for name in (_ENTRIES, _DATES, _RULES))
    entries = entries[entries["is_known_customer"]]
    for column in ("entry_date", "known_date"):
        entries[column] = pd.to_datetime(entries[column])
    entries["amount"] = entries["amount"].astype(float)
    least = int(rules["min_scored_customers"].iloc[0])

    def step() -> Mapping[str, float]:
        found = pd.concat([_on_date(entries, row, least) for row in dates.itertuples()])
        sums = found.sum(numeric_only=True)
        return {"rows": float(len(found)), **{name: float(sums[name]) for name in sums.index}}

    return step


def _on_date(entries: Any, date: Any, least: int) -> Any:
    """One row per customer with an order in the window of the date."""
    import pandas as pd

    day, first = pd.Timestamp(date.rfm_date), pd.Timestamp(date.window_start_date)
    known = entries[entries["entry_date"].between(first, day) & (entries["known_date"] <= day)]
    orders = known[known["entry_type"] == "order"].groupby("customer_id")["entry_date"].agg(["max", "size"])
    frame = pd.DataFrame({"recency_days": (day - orders["max"]).dt.days, "frequency": orders["size"]})
    frame["monetary"] = known.groupby("customer_id")["amount"].sum().round(2)
    measures = {"r": -frame["recency_days"], "f": frame["frequency"], "m": frame["monetary"]}
    for score, measure in measures.items():
        worse = measure.rank(method="min") - 1
        frame[score] = 1 + 5 * worse // len(frame) if len(frame) >= least else None
    return frame
