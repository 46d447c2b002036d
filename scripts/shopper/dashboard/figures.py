"""The key figures of a month as cards: value, month before, year before, target."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from shopper.dashboard.view import View

_SHOWN = ("net_revenue", "orders", "aov", "buyers", "new_buyers", "conversion_rate", "refund_share", "spend")
_PER_ROW = 4


def figure_cards(view: View, frame: pd.DataFrame) -> None:
    """Cards of the most important figures; the table below has all."""
    first = frame.iloc[0]
    if not first["is_complete"]:
        st.warning(view.text("ui.open_month", month=f"{view.values['month']:%Y-%m}", days=int(first["days"])))
    rows = [row for row in frame.to_dict("records") if row["kpi"] in _SHOWN]
    for start in range(0, len(rows), _PER_ROW):
        for place, row in zip(st.columns(_PER_ROW), rows[start : start + _PER_ROW], strict=False):
            with place:
                _card(view, row)


def _card(view: View, row: dict[str, Any]) -> None:
    good = row["is_higher_better"]
    st.metric(
        row["kpi_label"],
        amount(view, row["value"], row["unit"]),
        f"{_change(view, row['change'])} {view.text('ui.against_previous')}",
        delta_color="off" if pd.isna(good) or pd.isna(row["change"]) else "normal" if good else "inverse",
        delta_arrow="off" if pd.isna(row["change"]) else "auto",
        border=True,
    )
    lines = [view.text("ui.against_year", change=_change(view, row["year_change"]))]
    if pd.isna(row["target"]):
        lines.append(view.text("ui.no_target"))
    else:
        target = amount(view, row["target"], row["unit"])
        lines.append(view.text("ui.against_target", share=view.value(row["target_share"], "rate"), target=target))
    st.caption(" · ".join(lines))


def amount(view: View, value: Any, unit: str) -> str:
    """A value of a KPI, money with its currency; the word for null."""
    text = view.value(value, unit)
    return f"{text} {view.generation.currency or ''}".strip() if unit == "money" and not pd.isna(value) else text


def _change(view: View, value: Any) -> str:
    return view.text("ui.unknown") if pd.isna(value) else f"{value:+.1%}"
