"""Service: net promoter score, response times, deliveries and returns."""

from shopper.dashboard.charts import bars, intervals, lines
from shopper.dashboard.frame import choose_month
from shopper.dashboard.panel import panel
from shopper.dashboard.view import current_view
from shopper.dashboard.why import why

DRAWN = 20

view = current_view()
panel(view, "nps_months", lambda frame, names: lines(frame, names, "month", "nps"))
panel(
    view,
    "nps_channels",
    lambda frame, names: intervals(frame[:DRAWN], names, "group", "nps", "nps_low", "nps_high", zero=0),
)
panel(view, "deliveries", lambda frame, names: lines(frame, names, "month", "return_rate"))
why(view, "order_fulfilment")
choose_month(view)
panel(
    view,
    "responses",
    lambda frame, names: intervals(
        frame,
        names,
        "group",
        "share_within_5_minutes",
        "share_within_5_minutes_low",
        "share_within_5_minutes_high",
    ),
)
panel(view, "returns", lambda frame, names: bars(frame, names, "return_reason", "amount"))
