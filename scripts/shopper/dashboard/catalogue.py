"""The queries and texts of the dashboard: queries.yml and texts.yml, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

LANGUAGES: Final = {"en": "English", "zh": "中文"}


@dataclass(frozen=True)
class Query:
    """SQL over published tables; `needs`: tables of the input contract without which it has no rows."""

    marts: tuple[str, ...]
    sql: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """How a column is shown. unit: money, count, number, rate, points, text, flag, date, month, moment or by_unit."""

    names: Mapping[str, str]
    unit: str


@cache
def _file(name: str) -> dict[str, Any]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@cache
def query(group: str, name: str) -> Query:
    """A query of queries.yml, in the group choices or panels."""
    entry = _file("queries.yml")[group][name]
    return Query(tuple(entry["marts"]), entry["sql"].strip(), tuple(entry.get("needs", ())))


@cache
def why_query(mart: str) -> tuple[Query, tuple[str, ...]]:
    """The rows of a mart that can be taken apart, by their keys, and the columns."""
    entry = _file("queries.yml")["why"][mart]
    return Query((f"marts.{mart}",), entry["sql"].strip()), tuple(entry["columns"])


def panel_names() -> tuple[str, ...]:
    """All panels, in the order of queries.yml."""
    return tuple(_file("queries.yml")["panels"])


@cache
def label_queries() -> dict[str, Query]:
    """By column, the query of the names of its codes: code, English, Chinese."""
    return {
        column: Query(tuple(word for word in sql.split() if word.startswith("reference.")), sql)
        for column, sql in _file("queries.yml")["labels"].items()
    }


@cache
def column(name: str) -> Column:
    """A column of a panel."""
    unit, english, chinese = _file("texts.yml")["columns"][name]
    return Column({"en": english, "zh": chinese}, unit)


def text(key: str, language: str, **values: object) -> str:
    """A text of texts.yml by its path, such as `panels.kpis.title`, with {names} filled in."""
    entry: Any = _file("texts.yml")
    for part in key.split("."):
        entry = entry[part]
    return str(entry[0 if language == "en" else 1]).format(**values)


def value_name(code: str, language: str) -> str | None:
    """Name of a code that no seed names; None where texts.yml has none."""
    return _name("values", code, language)


def unit_name(unit: str, language: str) -> str:
    """Name of the unit of a metric; the unit itself where texts.yml has none, as for a shop's own."""
    return _name("units", unit, language) or unit


def _name(group: str, code: str, language: str) -> str | None:
    pair = _file("texts.yml")[group].get(code)
    return str(pair[0 if language == "en" else 1]) if pair else None
