"""Why this number: one cell of a mart taken apart, with `shopper.explain` on the published file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from shopper.dashboard.catalogue import column
from shopper.dashboard.frame import choose
from shopper.dashboard.view import View
from shopper.errors import BadInput
from shopper.explain.explaining import explain
from shopper.explain.lineage import read_lineage
from shopper.explain.rendering import rendered
from shopper.project import project_root
from shopper.sql import literal, quoted


def why(view: View, mart: str, row: dict[str, object], columns: tuple[str, ...]) -> None:
    """Offer to explain a column of the row of a mart that has these keys. It is computed when asked for."""
    with st.expander(view.text("ui.why"), icon=":material/help:", key=f"why-{mart}"):
        chosen = choose(view, f"why-column-{mart}", "ui.why_column", list(columns), partial(_name, view))
        if st.button(view.text("ui.why_now"), key=f"why-now-{mart}"):
            where = " and ".join(f"{quoted(key)} = {literal(str(value))}" for key, value in row.items())
            connection = view.generation.connection.cursor()
            try:
                found = explain(connection, mart, chosen, where, lineage=read_lineage(project_root()))
            except BadInput as error:
                st.info(view.text("ui.why_not", reason=str(error)))
            else:
                st.code(rendered(found, view.language), language=None, wrap_lines=True)


def _name(view: View, name: str) -> str:
    return column(name).names[view.language]
