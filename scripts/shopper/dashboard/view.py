"""What one rerun of a page shows: a generation, a language, and the values chosen on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

from shopper.dashboard.catalogue import Query, column, label_queries, query, text, value_name
from shopper.dashboard.charts import Names
from shopper.dashboard.reading import ROWS_SHOWN, Generation, NotHeld

_FORMATS = {
    "money": "{:,.2f}",
    "rate": "{:.1%}",
    "count": "{:,.0f}",
    "number": "{:,.3f}",
    "points": "{:.1f}",
}
_MOMENTS = {"month": "%Y-%m", "date": "%Y-%m-%d", "moment": "%Y-%m-%d %H:%M"}
Draw = Callable[[pd.DataFrame, Names], Any]
_KEY = "view"
_CODES = {"from_tier": "customer_tier", "to_tier": "customer_tier", "reason": "signal", "sales_channel": "channel"}
# Columns whose values texts.yml names where no seed does.
_NAMED = frozenset(
    {
        "churn_risk",
        "part",
        "experiment_verdict",
        "price_verdict",
        "device_type",
        "handled_by",
        "activity",
        "best_channel",
    }
    | {"from_page_type", "to_page_type", "offer"}
)


@dataclass
class View:
    """The generation is the same for all that a rerun reads, even when another is published meanwhile."""

    generation: Generation
    language: str
    values: dict[str, Any] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    """Panels of the page so far."""

    def text(self, key: str, **values: object) -> str:
        """A text of texts.yml."""
        return text(key, self.language, **values)

    def title(self, name: str) -> str:
        """Title of a column, with the currency of an amount."""
        found = column(name)
        currency = self.generation.currency
        return (
            f"{found.names[self.language]} ({currency})"
            if found.unit == "money" and currency
            else found.names[self.language]
        )

    def value(self, value: Any, unit: str) -> str:
        """A value in its unit, as a text; the word for null."""
        if pd.isna(value):
            return self.text("ui.unknown")
        form = _FORMATS.get(unit)
        if form:
            return form.format(value)
        return f"{value:{_MOMENTS[unit]}}" if unit in _MOMENTS else str(value)

    def flag(self, value: Any) -> str:
        """Yes, no, or the word for null."""
        return self.text("ui.unknown" if pd.isna(value) else "ui.yes" if value else "ui.no")

    def names(self, frame: pd.DataFrame) -> Names:
        """Titles and units of the columns of a frame."""
        return Names({one: self.title(one) for one in frame}, {one: column(one).unit for one in frame})

    def frame(self, name: str) -> pd.DataFrame:
        """The first rows of a panel, codes replaced by their names. Raises NotHeld."""
        rows = self.generation.frame(query("panels", name), {**self.values, "language": self.language}, ROWS_SHOWN + 1)
        for one in rows:
            if one in _NAMED or one in _CODES or one in label_queries():
                known = self._labels(_CODES.get(one, one))
                rows[one] = [self.name_of(code, known) for code in rows[one]]
        return rows

    def csv(self, name: str) -> bytes:
        """All rows of a panel as CSV."""
        found = query("panels", name)
        values = {**self.values, "language": self.language}
        columns = self.generation.frame(found, values, 0).columns
        return self.generation.csv(found, values, {one: self.title(one) for one in columns})

    def choices(self, name: str) -> list[Any]:
        """What can be chosen, newest or first first; empty where the publication has nothing to choose."""
        return self.generation.choices(query("choices", name), self.values)

    def name_of(self, code: Any, known: dict[str, str] | None = None) -> Any:
        """The name of a code in the language; the code itself where it has none. Null stays null."""
        if code is None or pd.isna(code):
            return None
        return (known or {}).get(code) or value_name(code, self.language) or code

    def coded(self, name: str, code: str) -> Any:
        """The name of a value of a column that holds codes; of any other column, the value."""
        is_coded = name in _NAMED or name in _CODES or name in label_queries()
        return self.label(_CODES.get(name, name), code) if is_coded else code

    def label(self, kind: str, code: str) -> Any:
        """The name of one code of a seed."""
        return self.name_of(code, self._labels(kind))

    def _labels(self, kind: str) -> dict[str, str]:
        found = label_queries().get(kind)
        if not found:
            return {}
        try:
            rows = self.generation.frame(found, {}, None).itertuples(index=False, name=None)
        except NotHeld:
            return {}
        return {code: english if self.language == "en" else chinese for code, english, chinese in rows}

    def absent(self, found: Query) -> list[str]:
        """Tables of the input contract that a query needs and the shop lands no row of."""
        try:
            rows = self.generation.frame(query("panels", "ledger"), {}, None)
        except NotHeld:
            return []
        landed = set(rows.loc[rows["rows_in"] > 0, "table_name"])
        return [table for table in found.needs if table not in landed]

    def missing(self, found: Query) -> str:
        """Why a panel is empty, and what to do."""
        absent = self.absent(found)
        if absent:
            return self.text("ui.empty_absent", tables=", ".join(absent))
        return self.text("ui.empty", tables=", ".join(found.needs)) if found.needs else self.text("ui.empty_simple")


def set_view(view: View) -> None:
    """Keep the view for the page of this rerun."""
    st.session_state[_KEY] = view


def current_view() -> View:
    """The view of this rerun."""
    view: View = st.session_state[_KEY]
    return view
