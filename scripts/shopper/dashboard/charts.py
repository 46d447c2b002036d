"""Charts of named frames. Every mark is a row of the frame: nothing is added up or averaged here."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

BLUE: Final = "#0b5cad"
INK: Final = "#1f2430"
ORANGE: Final = "#b45309"
PALE: Final = "#9db8d6"
GREY: Final = "#d5d8de"
_PALETTE: Final = ["#0b5cad", "#b45309", "#15803d", "#7c3aed", "#be123c", "#0e7490", "#57534e", "#a16207", "#9d174d"]
_SHORT: Final = {"rate": ".0%", "number": ".3~g", "points": ".3~g"}
_EXACT: Final = {"money": ",.2f", "rate": ".1%", "count": ",.0f", "number": ",.3~f", "points": ".1f"}
_TICKS: Final = 6
_ROW: Final = 42
"""Height of a row whose label stands above its mark, where no label is cut however narrow the screen is."""
_LINE: Final = 15
_CELL: Final = 24
_NARROW: Final = 30
"""Width of a cell below which its value is left to the tooltip and the table."""


class Names:
    """Titles and units of columns in one language."""

    def __init__(self, titles: dict[str, str], units: dict[str, str]) -> None:
        """`titles` and `units` are by column."""
        self.titles, self.units = titles, units

    def axis(self, name: str, **more: Any) -> Any:
        """Axis of a quantity, in its unit."""
        return alt.Axis(title=self.titles[name], format=self.short(name), tickCount=_TICKS, labelOverlap=True, **more)

    def short(self, name: str) -> str:
        """Format of a quantity on an axis and in a cell."""
        return _SHORT.get(self.units[name], ".3~s")

    def exact(self, name: str) -> str:
        """Format of a quantity where it is read alone."""
        return _EXACT[self.units[name]]

    def tooltip(self, frame: pd.DataFrame, *names: str) -> list[Any]:
        """Tooltip with the exact values of the named columns."""
        return [
            alt.Tooltip(name, title=self.titles[name], format=_EXACT.get(self.units[name], ""))
            if self.units[name] in _EXACT
            else alt.Tooltip(name, title=self.titles[name], **_moment(self.units[name]))
            for name in names
            if name in frame
        ]


def _moment(unit: str) -> dict[str, str]:
    kinds = {"month": "%Y-%m", "date": "%Y-%m-%d", "moment": "%Y-%m-%d %H:%M"}
    return {"format": kinds[unit], "type": "temporal"} if unit in kinds else {}


def bars(frame: pd.DataFrame, names: Names, label: str, value: str, lost: str | None = None) -> Any:
    """Horizontal bars in the order of the frame, each below its label and value; `lost` stands beside the value."""
    text = f"datum.{label} + ': ' + ({_text(names, value)})"
    if lost:
        text += f" + (datum.{lost} ? ' (-' + format(datum.{lost}, ',.0f') + ')' : '')"
    base = alt.Chart(frame).encode(
        y=_rows(label), tooltip=names.tooltip(frame, label, value, *([lost] if lost else []))
    )
    drawn = base.mark_bar(color=BLUE, height=14).encode(x=alt.X(f"{value}:Q", axis=names.axis(value)))
    return (drawn + _above(base, text)).properties(height=alt.Step(_ROW))


def _rows(label: str) -> Any:
    return alt.Y(f"{label}:N", sort=None, axis=None)


def _above(base: Any, text: str, lines: int = 1) -> Any:
    """The label of each row above its mark; a pair of names stands on two lines."""
    return (
        base.transform_calculate(row_text=f"replace({text}, ' + ', '\\n+ ')")
        .mark_text(align="left", baseline="bottom", dy=-9 - 15 * (lines - 1), fontSize=12, color=INK, lineBreak="\n")
        .encode(x=alt.value(2), text="row_text:N")
    )


def _text(names: Names, value: str) -> str:
    return f"isValid(datum.{value}) ? format(datum.{value}, '{names.exact(value)}') : '?'"


def months(frame: pd.DataFrame, names: Names, value: str, target: str) -> Any:
    """Columns by month, pale where the month is not over, with the target as a line over its month."""
    x = alt.X("yearmonth(month):O", axis=alt.Axis(title=None, format="%Y-%m", labelAngle=-60))
    base = alt.Chart(frame).encode(x=x, tooltip=names.tooltip(frame, "month", value, target, "is_complete"))
    columns = base.mark_bar().encode(
        y=alt.Y(f"{value}:Q", axis=names.axis(value)),
        color=alt.condition("datum.is_complete", alt.value(BLUE), alt.value(PALE)),
    )
    return (columns + base.mark_tick(color=ORANGE, thickness=3).encode(y=f"{target}:Q")).properties(height=260)


def lines(frame: pd.DataFrame, names: Names, x: str, value: str, color: str | None = None) -> Any:
    """Lines over time or months since, one for each value of `color`. A gap is an unknown value."""
    is_time = names.units[x] in {"date", "month"}
    axis = (
        alt.Axis(
            title=None, labelOverlap=True, tickCount=_TICKS, format="%Y-%m" if names.units[x] == "month" else "%m-%d"
        )
        if is_time
        else alt.Axis(title=names.titles[x], format="d", tickMinStep=1, labelOverlap=True)
    )
    encoding: dict[str, Any] = {"color": alt.value(BLUE)}
    if color:
        legend = alt.Legend(orient="bottom", columns=2, labelLimit=160, title=None)
        encoding["color"] = alt.Color(f"{color}:N", legend=legend, scale=alt.Scale(range=_PALETTE))
        encoding["strokeDash"] = alt.StrokeDash(f"{color}:N", legend=legend)
    return (
        alt.Chart(frame)
        .mark_line(point=len(frame) < 200)
        .encode(
            x=alt.X(f"{x}:{'T' if is_time else 'Q'}", axis=axis),
            y=alt.Y(f"{value}:Q", axis=names.axis(value)),
            tooltip=names.tooltip(frame, x, value, *([color] if color else [])),
            **encoding,
        )
        .properties(height=320 if color else 260)
    )


def grid(frame: pd.DataFrame, names: Names, x: str, y: str, value: str, *, is_month: bool = False) -> Any:
    """Cells shaded by a value that stands in them; a cell without a known value is grey."""
    across = alt.Axis(title=names.titles[x], labelAngle=0 if is_number(frame, x) else -40, labelLimit=280)
    down = alt.Axis(title=names.titles[y], labelLimit=130, **({"format": "%Y-%m"} if is_month else {}))
    base = alt.Chart(frame).encode(
        x=alt.X(f"{x}:O", sort=None, axis=across),
        y=alt.Y(f"yearmonth({y}):O" if is_month else f"{y}:O", sort="ascending" if is_month else None, axis=down),
        tooltip=names.tooltip(frame, *frame.columns),
    )
    top = float(frame[value].max()) if frame[value].notna().any() else 1.0
    known = base.transform_filter(f"isValid(datum.{value})")
    shade = alt.Color(f"{value}:Q", legend=None, scale=alt.Scale(range=["#eaf2fb", "#08407a"], domain=[0, top or 1]))
    cells = known.mark_rect(stroke="white").encode(color=shade)
    is_wide = f"width / {frame[x].nunique()} > {_NARROW}"
    texts = known.mark_text(fontSize=11).encode(
        opacity=alt.condition(is_wide, alt.value(1), alt.value(0)),
        text=alt.Text(f"{value}:Q", format=names.short(value)),
        color=alt.condition(f"datum.{value} > {top * 0.45}", alt.value("white"), alt.value(INK)),
    )
    return (base.mark_rect(color=GREY, stroke="white") + cells + texts).properties(height=alt.Step(_CELL))


def intervals(
    frame: pd.DataFrame, names: Names, label: str, value: str, low: str, high: str, zero: float | None = None
) -> Any:
    """A point and its interval for each row, below its label; `zero` is drawn as the line of no difference.

    Rows without a value are left out; None where no row has one.
    """
    frame = frame.dropna(subset=[value])
    if frame.empty:
        return None
    lines = 2 if any(" + " in text for text in frame[label]) else 1
    base = alt.Chart(frame).encode(y=_rows(label), tooltip=names.tooltip(frame, label, value, low, high))
    scale = alt.Scale(zero=False)
    span = base.mark_rule(color=BLUE, strokeWidth=3).encode(
        x=alt.X(f"{low}:Q", axis=names.axis(value), scale=scale), x2=f"{high}:Q"
    )
    point = base.mark_point(color=BLUE, filled=True, opacity=1, size=80).encode(x=alt.X(f"{value}:Q", scale=scale))
    drawn = span + point + _above(base, f"datum.{label} + ': ' + ({_text(names, value)})", lines)
    if zero is not None:
        line = alt.Chart(pd.DataFrame({"at": [zero]})).mark_rule(color=ORANGE, strokeDash=[4, 3]).encode(x="at:Q")
        drawn = line + drawn
    return drawn.properties(height=alt.Step(_ROW + _LINE * (lines - 1)))


def styled(chart: Any) -> Any:
    """A chart with text that is dark and large enough to read."""
    axis = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return (
        chart.configure(font="Source Sans, Noto Sans CJK SC, sans-serif", background="transparent")
        .configure_axis(**axis, gridColor="#e4e7ec")
        .configure_legend(labelColor=INK, titleColor=INK, labelFontSize=12)
        .configure_view(stroke=None)
    )


def is_number(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column holds numbers."""
    return bool(pd.api.types.is_numeric_dtype(frame[name]))
