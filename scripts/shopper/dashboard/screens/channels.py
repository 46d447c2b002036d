"""Channels: efficiency, months, attribution models side by side, and when channels pay back."""

import pandas as pd

from shopper.dashboard.charts import bars, grid, lines
from shopper.dashboard.frame import choose_month
from shopper.dashboard.panel import panel
from shopper.dashboard.view import current_view
from shopper.dashboard.why import why

LARGEST = 8


def largest(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the channels with most revenue: more lines can't be told apart."""
    order = frame.groupby("channel")["net_revenue"].sum().nlargest(LARGEST).index
    return frame[frame["channel"].isin(order)]


view = current_view()
panel(view, "channels", lambda frame, names: bars(frame, names, "channel", "net_revenue"))
why(view, "channel_efficiency_overall")
choose_month(view)
panel(view, "attribution", lambda frame, names: grid(frame, names, "model", "channel", "credited_revenue"))
why(view, "channel_attribution")
panel(view, "channel_months", lambda frame, names: lines(largest(frame), names, "month", "net_revenue", "channel"))
why(view, "channel_efficiency")
panel(
    view,
    "payback",
    lambda frame, names: lines(frame, names, "months_since", "margin_less_cac", "acquisition_channel"),
)
why(view, "retention_cohorts")
