"""Metrics: what there are, what they mean, and their values by dimensions and time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from shopper.ask.answers import Answer, answer, fetched
from shopper.ask.limits import Limits
from shopper.ask.publication import Publication, rows_of
from shopper.errors import BadInput
from shopper.metrics.question import Question, question_sql
from shopper.suggestions import suggestion

_DENOMINATOR: Final = re.compile(r"nullif\(([^,]+), 0\)")
_MOST_NAMED: Final = 5
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


def list_metrics(publication: Publication, search: str = "") -> Answer:
    """Names, labels and units of the metrics whose name, label or description holds the text."""
    metrics = [metric for metric in publication.catalogue["metrics"] if not metric["is_part"]]
    kept = [metric for metric in metrics if search.casefold() in _words(metric)]
    if not kept:
        raise BadInput(f"no metric holds {search!r}{suggestion(search, (metric['name'] for metric in metrics))}")
    short = ("name", "label", "label_zh", "unit", "description", "description_zh")
    asked = [{name: query[name] for name in ("name", "label", "label_zh", "metrics", "dimensions", "grain")}
             for query in publication.catalogue["saved_queries"]]  # fmt: skip
    return answer(
        publication, [], metrics=[{name: metric[name] for name in short} for metric in kept], usual_questions=asked
    )


def describe_metric(publication: Publication, name: str) -> Answer:
    """What a metric means, in both languages, and how it can be cut."""
    metric = _metric(publication, name)
    return answer(publication, [], definition={**_meaning(publication, metric), **_cuts(publication, metric)})


def query_metric(publication: Publication, question: Question, limits: Limits, most: int | None = None) -> Answer:
    """Values of metrics, with a definition of each. Raises BadInput, one sentence, if the question is wrong."""
    metrics = [_metric(publication, name) for name in question.metrics]
    if question.first and question.last and question.first > question.last:
        raise BadInput(f"the first day {question.first} is after the last day {question.last}")
    question = _asking(question, [metric["name"] for metric in metrics])
    question_sql(publication.catalogue, question)
    question = _with_known_values(publication, question)
    bases = list(dict.fromkeys(base for metric in metrics for base in _bases(publication, metric)))
    more = [base for base in bases if base not in question.metrics]
    sql = question_sql(publication.catalogue, _asking(question, [*question.metrics, *more]))
    data, warnings = fetched(publication.whole, sql, limits, most)
    warnings += _small(metrics, data, {metric["name"]: _bases(publication, metric) for metric in metrics}, limits)
    warnings += _open_periods(publication, question, data)
    warnings += _sums(metrics, data)
    width = len(data["columns"]) - len(more)
    shown = {"columns": data["columns"][:width], "rows": [row[:width] for row in data["rows"]]}
    return answer(publication, shown, warnings, definitions=[_meaning(publication, metric) for metric in metrics])


def _metric(publication: Publication, name: str) -> Mapping[str, Any]:
    known: dict[str, Mapping[str, Any]] = {metric["name"]: metric for metric in publication.catalogue["metrics"]}
    if not known:
        raise BadInput("this publication has no catalogue of metrics; publish again with this release")
    if name in known:
        return known[name]
    labels = {metric[which].casefold(): metric for metric in known.values() for which in ("label", "label_zh")}
    if name.casefold() in labels:
        return labels[name.casefold()]
    listed = [metric["name"] for metric in known.values() if not metric["is_part"]]
    raise BadInput(f"{name} is no metric{suggestion(name, listed)}")


def _words(metric: Mapping[str, Any]) -> str:
    named = ("name", "label", "label_zh", "description", "description_zh")
    return " ".join(str(metric.get(name, "")) for name in named).casefold()


def _meaning(publication: Publication, metric: Mapping[str, Any]) -> dict[str, Any]:
    """What a metric means, in both languages. An older publication has no Chinese but the label."""
    kept = ("name", "label", "label_zh", "description", "description_zh", "unit", "decimals", "currency", "formula")
    return {
        **{name: metric.get(name) for name in (*kept, "formula_zh")},
        "definition": (metric["definition"] or {}).get("text"),
    }


def _cuts(publication: Publication, metric: Mapping[str, Any]) -> dict[str, Any]:
    """By what a metric can be cut, and which marts it is made of."""
    labels = publication.catalogue["dimensions"]
    return {
        "page": (metric["definition"] or {}).get("file"),
        "grains": metric["grains"],
        "dimensions": {name: labels.get(name, {}) for name in metric["dimensions"]},
        "marts": sorted({part["mart"] for part in metric["parts"]}),
        "parts": [{name: part[name] for name in ("name", "aggregate", "filter")} for part in metric["parts"]],
    }


def _asking(question: Question, metrics: Sequence[str], **change: Any) -> Question:
    kept = {"dimensions": question.dimensions, "grain": question.grain, "first": question.first}
    return Question(metrics, **{**kept, "last": question.last, "only": question.only, **change})


def _with_known_values(publication: Publication, question: Question) -> Question:
    """The question with values of filters as the marts write them. Raises BadInput for one that is nowhere."""
    only: dict[str, list[object]] = {}
    for dimension, values in question.only.items():
        sql = question_sql(publication.catalogue, Question(question.metrics[:1], [dimension]))
        known = {str(row[dimension]).casefold(): row[dimension] for row in rows_of(publication.whole, sql)}
        for value in values:
            if str(value).casefold() not in known:
                names = [str(one) for one in known.values() if one is not None]
                raise BadInput(f"{dimension} is never {value}{suggestion(str(value), names)}")
        only[dimension] = [known[str(value).casefold()] for value in values]
    return _asking(question, question.metrics, only=only)


def _bases(publication: Publication, metric: Mapping[str, Any]) -> list[str]:
    """The counts that a metric is divided by."""
    units = {one["name"]: one["unit"] for one in publication.catalogue["metrics"]}
    words = [word for found in _DENOMINATOR.findall(metric["formula"]) for word in re.findall(r"\w+", found)]
    return [word for word in dict.fromkeys(words) if units.get(word) == "count"]


def _small(
    metrics: Sequence[Mapping[str, Any]], data: Mapping[str, Any], bases: Mapping[str, Sequence[str]], limits: Limits
) -> Iterator[str]:
    """A warning for each metric that rests on few cases in some rows."""
    columns = data["columns"]
    keys = columns[: len(columns) - len({*bases, *(base for found in bases.values() for base in found)})]
    for metric in metrics:
        found = []
        for row in data["rows"]:
            cases = [row[columns.index(base)] for base in bases[metric["name"]]]
            if cases and any(0 < float(case or 0) < limits.sample for case in cases):
                place = ", ".join(f"{key} {row[at]}" for at, key in enumerate(keys)) or "the whole"
                found.append(f"{place} ({', '.join(map(str, cases))})")
        if found:
            more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
            yield (
                f"Small numbers: {metric['name']} rests on fewer than {limits.sample}"
                f" {' or '.join(bases[metric['name']])} in {'; '.join(found[:_MOST_NAMED])}{more}."
            )


def _open_periods(publication: Publication, question: Question, data: Mapping[str, Any]) -> Iterator[str]:
    """Warnings for periods that the data covers in part."""
    first, last = publication.settings.get("first_date"), publication.settings.get("as_of_date")
    if last and question.last and question.last > last:
        yield f"The data ends on {last}; days after it are not in these values."
    if first and question.first and question.first < first:
        yield f"The data begins on {first}; days before it are not in these values."
    if not question.grain:
        return
    for start in sorted({row[0] for row in data["rows"] if row[0]}):
        begin = date.fromisoformat(start)
        end = _end(begin, question.grain)
        if (last and end > last) or (question.last and end > question.last):
            yield f"Incomplete: the {question.grain} from {start} is not over in this answer (it ends on {end})."
        if (first and begin < first) or (question.first and begin < question.first):
            yield f"Incomplete: the {question.grain} from {start} begins before the days of this answer."


def _end(begin: date, grain: str) -> date:
    """The last day of a period."""
    if grain in ("day", "week"):
        return begin + timedelta(days=0 if grain == "day" else 6)
    month = begin.month - 1 + _MONTHS[grain]
    return date(begin.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _sums(metrics: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> Iterator[str]:
    """A warning for metrics whose rows must not be added."""
    names = [
        metric["name"]
        for metric in metrics
        if "/" in metric["formula"] or any(not part["aggregate"].startswith("sum(") for part in metric["parts"])
    ]
    if names and len(data["rows"]) > 1:
        yield f"Do not add rows of {', '.join(names)}: ask again without the cut for a total."
