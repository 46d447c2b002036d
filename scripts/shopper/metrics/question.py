"""SQL for a question over the catalogue of metrics: readers of a published file need neither dbt nor MetricFlow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shopper.errors import BadInput
from shopper.sql import literal, quoted
from shopper.suggestions import suggestion


@dataclass(frozen=True)
class Question:
    """Metrics, cut by dimensions and by time.

    grain: day, week, month, quarter or year; None: the whole time. first, last: days included. only: values of
    dimensions to keep.
    """

    metrics: Sequence[str]
    dimensions: Sequence[str] = ()
    grain: str | None = None
    first: date | None = None
    last: date | None = None
    only: Mapping[str, Sequence[object]] = field(default_factory=dict)


def question_sql(document: Mapping[str, Any], question: Question) -> str:
    """One select on a published file: `period` (first day), the dimensions, and a column for each metric, sorted.

    Raises BadInput, one sentence, for a metric, dimension or grain that is not there.
    """
    known = {metric["name"]: metric for metric in document["metrics"]}
    if not question.metrics:
        raise BadInput("no metric is asked for")
    asked = [known[_found("metric", name, known)] for name in question.metrics]
    for metric in asked:
        for name in (*question.dimensions, *question.only):
            _found(f"dimension of {metric['name']}", name, metric["dimensions"])
        if question.grain:
            _found(f"grain of {metric['name']}", question.grain, metric["grains"])
    parts = {part["name"]: part for metric in asked for part in metric["parts"]}
    keys = [*(["period"] if question.grain else []), *map(quoted, question.dimensions)]
    sums = [_part_sql(document["marts"], part, question, keys, list(parts)) for part in parts.values()]
    columns = [*keys, *(f"{metric['formula']} as {quoted(metric['name'])}" for metric in asked)]
    merged = [*keys, *(f"max({name}) as {name}" for name in parts)]
    grouped = f" group by {', '.join(keys)}" if keys else ""
    ordered = f" order by {', '.join(keys)}" if keys else ""
    return (
        f"with parts as ({' union all '.join(sums)}), merged as (select {', '.join(merged)} from parts{grouped})"
        f" select {', '.join(columns)} from merged{ordered}"
    )


def _part_sql(
    marts: Mapping[str, Any], part: Mapping[str, Any], question: Question, keys: Sequence[str], names: Sequence[str]
) -> str:
    """One part by the keys, beside a null for each other part."""
    mart = marts[part["mart"]]
    source = "mart_rows"
    time = f"{source}.{quoted(mart['time_column'])}"
    joins: dict[str, str] = {}
    columns = [f"{source}.*"]
    for name in dict.fromkeys((*question.dimensions, *question.only)):
        column = mart["dimensions"][name]
        home = source
        if "mart" in column:
            home = quoted(name.partition("__")[0])
            joins[home] = (
                f" left join marts.{quoted(column['mart'])} as {home}"
                f" on {home}.{quoted(column['to'])} = {source}.{quoted(column['from'])}"
            )
        columns.append(f"{home}.{quoted(column['column'])} as {quoted('by__' + name)}")
    if question.grain:
        columns.append(f"cast(date_trunc({literal(question.grain)}, {time}) as date) as by__period")
    conditions = [f"({part['filter']})"] if part["filter"] else []
    conditions += [f"{quoted('by__' + name)} in ({_values(kept)})" for name, kept in question.only.items()]
    for bound, sign in ((question.first, ">="), (question.last, "<=")):
        if bound:
            conditions.append(f"cast({quoted(mart['time_column'])} as date) {sign} date {literal(bound.isoformat())}")
    where = f" where {' and '.join(conditions)}" if conditions else ""
    chosen = [f"{quoted('by__' + key.strip(chr(34)))} as {key}" for key in keys]
    chosen += [f"{part['aggregate'] if name == part['name'] else 'null'} as {name}" for name in names]
    grouped = f" group by {', '.join(str(place) for place in range(1, len(keys) + 1))}" if keys else ""
    rows = f"select {', '.join(columns)} from marts.{quoted(part['mart'])} as {source}{''.join(joins.values())}"
    return f"select {', '.join(chosen)} from ({rows}){where}{grouped}"


def _values(values: Sequence[object]) -> str:
    return ", ".join(literal(str(value)) for value in values)


def _found(kind: str, name: str, known: Collection[str]) -> str:
    if name not in known:
        raise BadInput(f"{name} is no {kind}{suggestion(name, known)}")
    return name
