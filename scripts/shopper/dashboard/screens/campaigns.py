"""Campaigns and experiments: effects with their intervals, and verdicts in words."""

import pandas as pd
import streamlit as st

from shopper.dashboard.charts import intervals
from shopper.dashboard.frame import choose, plain
from shopper.dashboard.panel import panel
from shopper.dashboard.view import View, current_view
from shopper.dashboard.why import why


def verdicts(view: View, frame: pd.DataFrame) -> None:
    """What to do with each experiment, in words."""
    for row in frame.itertuples():
        verdict = plain(row.experiment_verdict or view.text("ui.unknown"))
        st.markdown(f"- {plain(row.test)}: **{verdict}** ({plain(row.finding_label)})")


view = current_view()
view.values["metric"] = choose(view, "metric", "ui.chosen_metric", view.choices("experiment_metrics"), view.name_of)
panel(
    view,
    "experiments",
    lambda frame, names: intervals(frame, names, "test", "difference", "difference_low", "difference_high", zero=0),
    above=verdicts,
)
why(view, "experiment_results")
panel(
    view,
    "campaign_effects",
    lambda frame, names: intervals(
        frame,
        names,
        "campaign_name",
        "incremental_conversion_rate",
        "incremental_conversion_rate_low",
        "incremental_conversion_rate_high",
        zero=0,
    ),
)
panel(view, "campaigns")
panel(
    view,
    "promotions",
    lambda frame, names: intervals(
        frame,
        names,
        "promotion_code",
        "net_effect_amount",
        "net_effect_amount_low",
        "net_effect_amount_high",
        zero=0,
    ),
)
