"""Data: the ledger of rows, quarantine by reason, freshness, publications and runs."""

from shopper.dashboard.panel import panel
from shopper.dashboard.runs import runs_panel
from shopper.dashboard.view import current_view

view = current_view()
panel(view, "freshness")
panel(view, "ledger")
panel(view, "quarantine")
runs_panel(view)
