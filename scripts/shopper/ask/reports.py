"""What the last run says of the data, and why a number is what it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from shopper.ask.answers import Answer, answer, plain
from shopper.ask.limits import Limits, stopped_after
from shopper.ask.marts import known_mart, select_shown
from shopper.ask.publication import Publication, rows_of
from shopper.conditions import bracketed, is_condition
from shopper.errors import BadInput
from shopper.explain.explaining import explain
from shopper.explain.explanation import Parts
from shopper.explain.lineage import Lineage
from shopper.explain.rendering import rendered

_RUN: Final = ("run_id", "status", "message", "started_at", "seconds", "is_full_refresh")
_GATE: Final = ("table", "outcome", "problems", "rows")


def data_state(publication: Publication) -> Answer:
    """The ledger of rows, quarantine by reason, missing inputs, and what the run's checks said."""
    tables = {
        name: [{key: plain(value) for key, value in row.items()} for row in _rows(publication, f"audit.{name}")]
        for name in ("row_ledger", "quarantine_reasons", "inputs", "reporting_settings")
    }
    report = publication.report
    run = {name: report.get(name) for name in _RUN} if report else None
    gates = [{name: gate.get(name) for name in _GATE} for gate in report.get("gates") or ()]
    warnings = [f"No rows of {row['table_name']} are landed." for row in tables["inputs"] if not row.get("rows_in")]
    if not report:
        warnings.append("This generation was published without a run's report: its checks are not known here.")
    return answer(publication, {**tables, "run": run, "gates": gates}, warnings)


def explain_number(
    publication: Publication,
    lineage: Lineage,
    limits: Limits,
    mart: str,
    column: str,
    where: str | None = None,
    language: str = "en",
) -> Answer:
    """Takes one cell of a mart apart. Personal columns of the rows that it is made of are left out.

    Raises BadInput, one sentence, if the cell can't be found.
    """
    mart = known_mart(publication, mart)
    if publication.kept_back.get(f"marts.{mart}"):
        raise BadInput(f"a row of {mart} tells of one person; `shopper mcp --personal` would explain it")
    if where:
        _check_condition(publication, mart, where, limits)
    cursor = publication.whole.cursor()
    with stopped_after(cursor, limits.seconds):
        found = explain(cursor, mart, column, where, lineage=lineage)
    kept_back = {name for names in publication.kept_back.values() for name in names}
    shown = _without(found, kept_back) if kept_back else found
    chinese = {row["column_name"]: row.get("description_zh") for row in publication.columns.get(f"marts.{mart}", ())}
    notes = [f"Does not add up: {name}." for name in dict.fromkeys(found.measure.broken)]
    return answer(
        publication,
        {"value": plain(found.measure.value), "row": plain(dict(shown.key)), "explanation": rendered(shown, language)},
        [*notes, *found.notes],
        definitions={column: found.description},
        definitions_zh={column: chinese.get(column)},
        formula=found.measure.formula,
        adds_up=found.adds_up,
    )


def _check_condition(publication: Publication, mart: str, where: str, limits: Limits) -> None:
    """Try the condition where only visible columns are known, so that it can't ask for those that are kept back."""
    if not is_condition(publication.shown.cursor(), where):
        raise BadInput(f"where {where!r} is not one condition on columns of {mart}, such as \"channel = 'app'\"")
    select_shown(publication, f"select 1 from marts.{mart} where {bracketed(where)}", limits, 1)


def _rows(publication: Publication, table: str) -> list[dict[str, Any]]:
    if table not in publication.tables:
        return []
    return rows_of(publication.whole, f"from {table} order by all")


def _without(value: Any, names: Collection[str]) -> Any:
    """The same without columns of these names and without landed rows, at any depth."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = {one.name: _without(getattr(value, one.name), names) for one in fields(value)}
        return replace(value, **{**kept, "raw": ()} if isinstance(value, Parts) else kept)
    if isinstance(value, dict):
        return {name: _without(one, names) for name, one in value.items() if name not in names}
    return tuple(_without(one, names) for one in value) if isinstance(value, tuple) else value
