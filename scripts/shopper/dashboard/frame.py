"""What every page shows around its panels: as-of date, state of the data, definitions, and what can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from shopper.dashboard.catalogue import query, unit_name
from shopper.dashboard.panel import download_frame, table
from shopper.dashboard.reading import NotHeld
from shopper.dashboard.view import View

_DAYS = (30, 90, 365)


def header(view: View) -> None:
    """As-of date, publication, warnings and currency."""
    as_of = view.values["as_of"]
    known = view.text("ui.as_of", date=f"{as_of:%Y-%m-%d}") if as_of is not None else view.text("ui.as_of_unknown")
    manifest, currency = view.generation.manifest, view.generation.currency
    moment = str(manifest.get("created_at", "-"))[:16].replace("T", " ")
    with st.container(key="state"):
        st.markdown(f"**{known}**")
        state = view.text("ui.state", generation=view.generation.folder.name, moment=moment)
        money = view.text("ui.currency", currency=currency) if currency else view.text("ui.currency_unknown")
        st.caption(" ".join([state, _quarantined(view), money, view.text("ui.unknown_rule")]))
        labels = manifest.get("labels") or []
        if labels:
            st.warning(view.text("ui.state_labels", labels=plain("; ".join(map(str, labels)))))


def _quarantined(view: View) -> str:
    try:
        rows = view.generation.frame(query("panels", "ledger"), {}, None)
    except NotHeld:
        return ""
    counts = {"rows": f"{int(rows['quarantined'].sum()):,}", "all": f"{int(rows['rows_in'].sum()):,}"}
    return view.text("ui.state_quarantined", **counts)


def definitions(view: View) -> None:
    """What the publication says of the marts and columns of the page."""
    marts = sorted({mart for name in view.shown for mart in query("panels", name).marts})
    if not marts:
        return
    with st.expander(view.text("ui.definitions"), icon=":material/menu_book:", key="panel-definitions"):
        metrics = view.generation.metrics(marts, view.language)
        if not metrics.empty:
            _defined(view, "metrics", metrics.assign(unit=[unit_name(unit, view.language) for unit in metrics["unit"]]))
        meanings = view.generation.meanings(marts, view.language)
        _defined(view, "columns", pd.DataFrame(meanings, columns=["mart", "column", "meaning"]))


def _defined(view: View, name: str, frame: pd.DataFrame) -> None:
    st.markdown(f"**{view.text(f'ui.defined_{name}')}**")
    table(view, frame)
    download_frame(view, f"definitions-{name}", frame)


def plain(text: str) -> str:
    """Text of the data as Markdown that shows it as it is."""
    return "".join(f"\\{one}" if one in "\\`*_{}[]()<>#+-.!|~$:&" else one for one in text)


def choose(view: View, key: str, label: str, options: list[Any], name: Callable[[Any], str]) -> Any:
    """A choice that keeps its value while it can be chosen; None without options."""
    if not options:
        return None
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    return st.selectbox(view.text(label), options, format_func=name, key=key)


def choose_month(view: View) -> None:
    """Choose the month of the page. A month that is not over says so."""
    months = view.choices("months")
    as_of = view.values["as_of"]

    def name(month: date) -> str:
        end = (pd.Timestamp(month) + pd.offsets.MonthEnd(0)).date()
        is_open = as_of is not None and end > pd.Timestamp(as_of).date()
        return f"{month:%Y-%m}" + (f" ({view.text('ui.incomplete')})" if is_open else "")

    view.values["month"] = choose(view, "month", "ui.chosen_month", months, name)


def choose_period(view: View) -> None:
    """Choose the days up to the as-of date."""
    days = choose(view, "days", "ui.chosen_days", list(_DAYS), lambda one: view.text("ui.days", days=one))
    as_of = view.values["as_of"]
    view.values["since"] = None if as_of is None else pd.Timestamp(as_of).date() - timedelta(days=days)
