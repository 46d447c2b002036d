"""An explanation as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from textwrap import fill
from typing import Any, Final

import yaml

from shopper.explain.explanation import Explanation, LeftOut, Measure, Parts

LANGUAGES: Final = ("en", "zh")
_WIDTH: Final = 120
_WIDEST: Final = 40
_MOST_LEFT_OUT: Final = 12


def rendered(explanation: Explanation, language: str = "en") -> str:
    """The explanation as lines of text, in a language of `LANGUAGES`. Formulas and reasons stay English."""
    say = _phrases()[language]
    key = ", ".join(f"{name} = {_text(value)}" for name, value in explanation.key.items())
    lines = [
        f"{explanation.mart}.{explanation.column}  {key}".rstrip(),
        f"  = {_text(explanation.measure.value)}",
        *fill(explanation.description, _WIDTH, initial_indent="  ", subsequent_indent="  ").splitlines(),
        *([f"  {say['as_of']} {explanation.as_of_date}"] if explanation.as_of_date else []),
        "",
        *_measure(explanation.measure, "", say, set()),
    ]
    if explanation.measure.kind == "described":
        lines += ["", f"{say['row']}: {_fields(explanation.row)}"]
    if explanation.lineage:
        lines += ["", say["lineage"]]
        lines += [f"  {model} <- {', '.join(parents) or say['raw']}" for model, parents in explanation.lineage]
    if explanation.variables:
        named = (f"{name} {_text(value)}" for name, value in explanation.variables.items())
        lines += ["", f"{say['vars']}: {', '.join(named)}"]
    lines += [f"{say['note']}: {note}" for note in explanation.notes]
    return "\n".join([*lines, "", _verdict(explanation, say)])


@cache
def _phrases() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        Path(__file__).with_name("phrases.yml").read_text(encoding="utf-8")
    )
    return found


def _verdict(explanation: Explanation, say: Mapping[str, str]) -> str:
    measure = explanation.measure
    if measure.broken:
        return f"{say['broken']}: {', '.join(dict.fromkeys(measure.broken))}"
    if measure.kind in ("key", "dimension"):
        return say["nothing_to_add"]
    unchecked = list(dict.fromkeys(measure.unchecked))
    if measure.adds_up is None:
        return f"{say['unchecked']}: {', '.join(unchecked)}"
    return say["adds_up"] + (f" {say['but_unchecked']}: {', '.join(unchecked)}" if unchecked else "")


def _measure(measure: Measure, indent: str, say: Mapping[str, str], told: set[str]) -> Iterator[str]:
    """A measure and what it is made of. One that was told above is only named."""
    mark = {True: say["ok"], False: say["bad"], None: ""}[measure.adds_up]
    yield f"{indent}{measure.name} = {_text(measure.value)}  {mark}".rstrip()
    if measure.name in told:
        yield f"{indent}  {say['above']}"
        return
    told.add(measure.name)
    if measure.kind not in ("key", "dimension"):
        yield f"{indent}  {say['formula']}: {measure.formula}"
    if measure.inputs:
        yield f"{indent}  " + ", ".join(f"{name} {_text(value)}" for name, value in measure.inputs.items())
    if measure.adds_up is False:
        yield f"{indent}  {say['recomputed']}: {_text(measure.recomputed)}"
    if measure.note:
        yield f"{indent}  {measure.note}"
    for parts in measure.parts:
        yield from _parts(parts, indent + "  ", say)
    for rule in measure.rules:
        for row in rule.rows:
            yield f"{indent}  {say['rule']} {rule.seed}: {_fields(row)}"
    for term in measure.terms:
        yield from _measure(term, indent + "  ", say, told)


def _parts(parts: Parts, indent: str, say: Mapping[str, str]) -> Iterator[str]:
    total = f" = {_text(parts.total)}" if parts.total is not None else ""
    yield f"{indent}{parts.title} ({', '.join(parts.relations)}): {parts.count:,}{total}"
    for row in _table(parts.rows):
        yield f"{indent}  {row}"
    if parts.rest_count > 0:
        rest = f" = {_text(parts.rest_total)}" if parts.rest_total is not None else ""
        yield f"{indent}  {say['rest'].format(count=f'{parts.rest_count:,}')}{rest}"
    for left in parts.left_out[:_MOST_LEFT_OUT]:
        yield f"{indent}  {say['left_out']}: {_left_out(left)}"
    if len(parts.left_out) > _MOST_LEFT_OUT:
        yield f"{indent}  {say['left_out']}: {say['more'].format(count=len(parts.left_out) - _MOST_LEFT_OUT)}"
    for one in (rejected for rejected in parts.quarantined if rejected.possible):
        words = say["quarantined"].format(named=f"{one.table} {one.reason}", rows=one.rows, possible=one.possible)
        yield f"{indent}  {words}"
    for raw in parts.raw:
        yield f"{indent}  {say['raw_row']} {raw.table}: {_fields(raw.row)}"


def _left_out(one: LeftOut) -> str:
    return f"{one.rows:,} {one.reason}" + (f" ({_text(one.amount)})" if one.amount is not None else "")


def _fields(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_text(value)}" for name, value in row.items() if value is not None)


def _table(rows: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    """Rows with columns of equal width, under their names. Columns without any value are left out."""
    if not rows:
        return
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    cells = [[name if name != "part" else "=" for name in names]]
    cells += [[_text(row[name])[:_WIDEST] for name in names] for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    for line in cells:
        yield "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
