"""Why this number: one cell of a mart taken apart, with `shopper.explain` on the published file."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from shopper.dashboard.catalogue import column, why_query
from shopper.dashboard.frame import choose
from shopper.dashboard.view import View
from shopper.errors import BadInput
from shopper.explain.explaining import explain
from shopper.explain.lineage import read_lineage
from shopper.explain.rendering import rendered
from shopper.explain.warehouse import as_literal
from shopper.project import project_root
from shopper.sql import quoted


def why(view: View, mart: str) -> None:
    """Offer to take apart a number of a mart, of the rows and columns of queries.yml. It is done when asked for."""
    found, columns = why_query(mart)
    rows = view.generation.rows(found, view.values)
    if not rows:
        return
    with st.expander(view.text("ui.why", mart=mart), icon=":material/help:", key=f"why-{mart}"):
        names = [_row_name(view, row) for row in rows]
        chosen_row = choose(view, f"why-row-{mart}", "ui.why_row", names, str)
        chosen = choose(view, f"why-column-{mart}", "ui.why_column", list(columns), partial(_name, view))
        if st.button(view.text("ui.why_now"), key=f"why-now-{mart}"):
            row = rows[names.index(chosen_row)]
            where = " and ".join(f"{quoted(key)} is not distinct from {as_literal(row[key])}" for key in row)
            connection = view.generation.connection.cursor()
            try:
                explained = explain(connection, mart, chosen, where, lineage=read_lineage(project_root()))
            except BadInput as error:
                st.info(view.text("ui.why_not", reason=str(error)))
            else:
                st.code(rendered(explained, view.language), language=None, wrap_lines=True)


def _name(view: View, name: str) -> str:
    return column(name).names[view.language]


def _row_name(view: View, row: dict[str, Any]) -> str:
    """The keys of a row, codes by their names."""
    return " · ".join(
        view.text("ui.unknown")
        if value is None
        else str(view.coded(key, value))
        if isinstance(value, str)
        else view.value(value, column(key).unit)
        for key, value in row.items()
    )
