"""Conversion: what is lost in each step and where, paths, obstacles, search and carts."""

from shopper.dashboard.charts import bars, grid, intervals
from shopper.dashboard.frame import choose, choose_month, choose_period
from shopper.dashboard.panel import panel
from shopper.dashboard.view import current_view
from shopper.dashboard.why import why

view = current_view()
choose_period(view)
view.values["funnel"] = choose(view, "funnel", "ui.chosen_funnel", view.choices("funnels"), view.name_of)
panel(view, "funnel_steps", lambda frame, names: bars(frame, names, "funnel_step", "reached", "dropped"))
panel(view, "funnel_by_device", lambda frame, names: grid(frame, names, "funnel_step", "device_type", "drop_rate"))
panel(view, "funnel_by_channel", lambda frame, names: grid(frame, names, "funnel_step", "channel", "drop_rate"))
why(view, "funnel_daily")
panel(view, "carts", lambda frame, names: bars(frame, names, "funnel_step", "carts"))
panel(view, "order_paths")
choose_month(view)
panel(view, "page_paths", lambda frame, names: grid(frame, names, "to_page_type", "from_page_type", "share"))
view.values["factor"] = choose(
    view, "factor", "ui.chosen_factor", view.choices("factors"), lambda code: view.label("factor", code)
)
panel(
    view,
    "friction",
    lambda frame, names: intervals(
        frame, names, "level_label", "next_step_rate", "next_step_rate_low", "next_step_rate_high"
    ),
)
panel(view, "searches")
