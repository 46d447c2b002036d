"""Customers: RFM, tiers and their moves, cohorts, value, churn, and whom to win back."""

from shopper.dashboard.charts import bars, grid, intervals
from shopper.dashboard.panel import panel
from shopper.dashboard.view import current_view
from shopper.dashboard.why import why

view = current_view()
panel(view, "rfm_grid", lambda frame, names: grid(frame, names, "f_score", "r_score", "customers"))
panel(view, "rfm_segments", lambda frame, names: bars(frame, names, "rfm_segment", "customers"))
why(view, "customer_rfm")
panel(view, "tiers", lambda frame, names: bars(frame, names, "tier_label", "customers"))
panel(view, "tier_moves", lambda frame, names: grid(frame, names, "to_tier", "from_tier", "customers"))
panel(
    view,
    "cohorts",
    lambda frame, names: grid(
        frame[frame["months_since"] > 0], names, "months_since", "cohort_month", "retention_rate", is_month=True
    ),
)
why(view, "retention_cohorts_overall")
panel(view, "value_tiers", lambda frame, names: bars(frame, names, "value_tier", "clv"))
why(view, "customer_lifetime_value")
panel(view, "churn_risks", lambda frame, names: bars(frame, names, "churn_risk", "customers"))
panel(
    view,
    "churn_signals",
    lambda frame, names: intervals(
        frame, names, "signal", "churn_rate_with", "churn_rate_with_low", "churn_rate_with_high"
    ),
)
panel(view, "winback")
why(view, "customers")
