"""Today: key figures of a month, what needs attention, and why revenue moved."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from shopper.dashboard.charts import bars, lines, months
from shopper.dashboard.figures import figure_cards
from shopper.dashboard.frame import choose_month, plain
from shopper.dashboard.panel import panel
from shopper.dashboard.view import View, current_view
from shopper.dashboard.why import why


def attention_cards(view: View, frame: pd.DataFrame) -> None:
    """Each finding with its evidence and what to do."""
    for row in frame.itertuples():
        with st.container(border=True, key=f"finding-{row.rank}"):
            st.markdown(f"**{plain(row.kind_label)}: {plain(row.subject_label)}**")
            st.markdown(plain(row.evidence))
            st.markdown(f"→ {plain(row.suggested_action)}")


view = current_view()
choose_month(view)
panel(view, "kpis", above=figure_cards)
panel(view, "attention", above=attention_cards, none="panels.attention.none")
panel(view, "revenue_months", lambda frame, names: months(frame, names, "net_revenue", "target"))
panel(view, "revenue_parts", lambda frame, names: bars(frame, names, "part", "amount"))
panel(view, "revenue_days", lambda frame, names: lines(frame, names, "date", "net_revenue"))
why(view, "kpi_daily")
