"""Products: ABC classes, what is bought together, stock and prices."""

from shopper.dashboard.charts import bars, intervals
from shopper.dashboard.panel import panel
from shopper.dashboard.view import current_view
from shopper.dashboard.why import why

DRAWN = 20

view = current_view()
panel(view, "abc_classes", lambda frame, names: bars(frame, names, "abc_class", "net_revenue"))
panel(view, "products")
why(view, "product_performance")
panel(
    view,
    "affinity",
    lambda frame, names: intervals(frame[:DRAWN], names, "pair", "lift", "lift_low", "lift_high", zero=1),
)
panel(view, "stock")
panel(view, "replenishment")
panel(
    view,
    "prices",
    lambda frame, names: intervals(
        frame[:DRAWN], names, "product_label", "elasticity", "elasticity_low", "elasticity_high", zero=-1
    ),
)
