"""A panel: title, meaning, source, chart, table and download."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from shopper.dashboard.catalogue import column, query
from shopper.dashboard.charts import styled
from shopper.dashboard.reading import ROWS_SHOWN, NotHeld, csv_of
from shopper.dashboard.view import Draw, View

Cards = Callable[[View, pd.DataFrame], None]


def panel(
    view: View, name: str, draw: Draw | None = None, *, above: Cards | None = None, none: str | None = None
) -> None:
    """Show a panel: its chart, or its table, and the download. Without rows it says why, or the text `none`.

    above: shows the rows as cards, with the table folded below them.
    """
    found = query("panels", name)
    view.shown.append(name)
    with st.container(border=True, key=f"panel-{name}"):
        heading(view, name, found.marts)
        try:
            frame = view.frame(name)
        except NotHeld as lacking:
            st.info(view.text("ui.not_held", marts=lacking))
            return
        if frame.empty:
            st.info(view.text(none) if none and not view.absent(found) else view.missing(found))
            return
        is_drawn = draw is not None and chart(view, name, frame, draw)
        if above:
            above(view, frame)
        if is_drawn or above:
            with st.expander(view.text("ui.table"), key=f"table-{name}"):
                table(view, frame)
        else:
            table(view, frame)
        download(view, name)


def heading(view: View, name: str, marts: tuple[str, ...]) -> None:
    """Title, meaning, grain and source of a panel."""
    st.subheader(view.text(f"panels.{name}.title"), anchor=False)
    st.caption(view.text(f"panels.{name}.about"))
    st.caption(view.text("ui.source", grain=view.text(f"panels.{name}.grain"), marts=", ".join(marts)))


def chart(view: View, name: str, frame: pd.DataFrame, draw: Draw) -> bool:
    """The chart of a frame; its text alternative is the title of the panel. False where it has nothing to draw."""
    drawn = draw(frame.iloc[:ROWS_SHOWN], view.names(frame))
    if drawn is None:
        return False
    title = view.text(f"panels.{name}.title")
    st.altair_chart(styled(drawn), width="stretch", theme=None, alt=title, key=f"chart-{name}")
    return True


def table(view: View, frame: pd.DataFrame) -> None:
    """A table with titles, values in their units and the word for null."""
    shown = frame.iloc[:ROWS_SHOWN].copy()
    for name in shown:
        if column(name).unit == "flag":
            shown[name] = [view.flag(value) for value in shown[name]]
    units = shown["unit"].tolist() if "unit" in shown else []
    styled_rows = shown.style
    for name in shown:
        unit = column(name).unit
        if unit == "by_unit":
            for place, of_row in enumerate(units):
                styled_rows = styled_rows.format(partial(view.value, unit=of_row), subset=(shown.index[place], name))
        else:
            styled_rows = styled_rows.format(partial(view.value, unit=unit), subset=[name])
    st.dataframe(
        styled_rows,
        hide_index=True,
        width="stretch",
        height="auto" if len(shown) <= 10 else 388,
        placeholder=view.text("ui.unknown"),
        column_config={name: st.column_config.Column(view.title(name)) for name in shown},
    )
    if len(frame) > ROWS_SHOWN:
        st.caption(view.text("ui.first_rows", rows=ROWS_SHOWN))


def download(view: View, name: str) -> None:
    """The button that makes the CSV of a panel when it is pressed, from the generation that is shown."""
    _button(view, name, lambda: view.csv(name))


def download_frame(view: View, name: str, frame: pd.DataFrame) -> None:
    """The button for the CSV of a frame that no query of its own makes."""
    _button(view, name, lambda: csv_of(frame, {one: view.title(one) for one in frame}))


def _button(view: View, name: str, data: Callable[[], bytes]) -> None:
    st.download_button(
        view.text("ui.download"),
        data=data,
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"download-{name}",
        on_click="ignore",
        icon=":material/download:",
    )
