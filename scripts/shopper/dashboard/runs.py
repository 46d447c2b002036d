"""The publications in the folder, and what their runs say."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from shopper.dashboard.panel import download_frame, heading, table
from shopper.dashboard.reading import releases
from shopper.dashboard.view import View


def runs_panel(view: View) -> None:
    """Generations, the newest first, with the rows that they hold, warnings and the duration of their run."""
    with st.container(border=True, key="panel-runs"):
        heading(view, "runs", ("generation.json", "report.json"))
        rows = [
            {
                "generation": one.folder.name,
                "is_current": one.folder == view.generation.folder,
                "published_at": pd.to_datetime(one.manifest.get("created_at"), utc=True).tz_localize(None),
                "published_rows": sum(one.manifest.get("rows", {}).values()),
                "seconds": one.report.get("seconds"),
                "labels": "; ".join(one.manifest.get("labels") or []),
            }
            for one in releases(view.generation)
        ]
        frame = pd.DataFrame(rows)
        table(view, frame)
        download_frame(view, "runs", frame)
