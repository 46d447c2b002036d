"""Marts: what there are, what their columns mean, and their rows; checked queries over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from shopper.ask.answers import Answer, answer, fetched
from shopper.ask.columns import is_additive
from shopper.ask.limits import Limits
from shopper.ask.publication import Publication
from shopper.ask.selects import Select, checked
from shopper.conditions import bracketed, is_condition
from shopper.errors import BadInput
from shopper.sql import quoted
from shopper.suggestions import suggestion


def list_marts(publication: Publication, search: str = "") -> Answer:
    """Names and grains of the marts whose name or description, in either language, holds the text."""
    marts = [table.removeprefix("marts.") for table in publication.tables if table.startswith("marts.")]
    kept = [mart for mart in marts if search.casefold() in _words(publication, mart)]
    if not kept:
        raise BadInput(f"no mart holds {search!r}{suggestion(search, marts)}")
    short = ("grain", "label_zh", "description_zh")
    found = [{"mart": mart, **{name: _described(publication, mart).get(name) for name in short}} for mart in kept]
    return answer(publication, [], marts=found)


def describe_mart(publication: Publication, mart: str) -> Answer:
    """Grain, key and columns of a mart, with unit, currency and meaning; and what is kept back."""
    mart = known_mart(publication, mart)
    table = f"marts.{mart}"
    columns = [
        {
            "name": row["column_name"],
            "type": row["data_type"],
            "currency": row["currency"],
            "meaning": row["description"],
            "meaning_zh": row.get("description_zh"),
            "is_key": row["key_position"] is not None,
            "fix_to_one_value": row["fix_to_one_value"],
            "adds_up": is_additive(row["column_name"]),
        }
        for row in publication.columns.get(table, [])
    ] or [{"name": name} for name in publication.tables[table]]
    said = _described(publication, mart)
    return answer(
        publication,
        [],
        _repeating(publication, mart),
        definition={
            "mart": mart,
            "grain": said.get("grain"),
            "label_zh": said.get("label_zh"),
            "description": said.get("description"),
            "description_zh": said.get("description_zh"),
            "key": said.get("key_columns"),
            "columns": columns,
            "kept_back": list(publication.kept_back.get(table, ())),
        },
    )


def read_mart(
    publication: Publication,
    mart: str,
    limits: Limits,
    columns: Sequence[str] = (),
    where: str | None = None,
    order_by: Sequence[str] = (),
    most: int | None = None,
) -> Answer:
    """The first rows of a mart. where: one SQL condition. order_by: columns, each with ` desc` for the largest first.

    Raises BadInput, one sentence, for a column or condition that is not there, or kept back.
    """
    mart = known_mart(publication, mart)
    table = f"marts.{mart}"
    chosen = [_column(publication, mart, name) for name in columns] or list(publication.tables[table])
    key = str(_described(publication, mart).get("key_columns") or "").split(", ")
    order = [_order(publication, mart, one) for one in order_by]
    order += [quoted(name) for name in key if name in publication.tables[table]]
    text = f"select {', '.join(map(quoted, chosen))} from {table}"
    if where and where.strip():
        if not is_condition(publication.shown.cursor(), where):
            raise BadInput(f"where {where!r} is not one condition on columns of {mart}, such as \"channel = 'app'\"")
        text += f" where {bracketed(where)}"
    if order:
        text += f" order by {', '.join(order)}"
    data, warnings = select_shown(publication, text, limits, most)[:2]
    meanings = {row["column_name"]: row for row in publication.columns.get(table, [])}
    defined = {
        language: {name: meanings.get(name, {}).get(column) for name in chosen}
        for language, column in (("en", "description"), ("zh", "description_zh"))
    }
    return answer(
        publication,
        data,
        [*warnings, *_repeating(publication, mart)],
        definitions={"grain": _described(publication, mart).get("grain"), **defined["en"]},
        definitions_zh={"grain": _described(publication, mart).get("description_zh"), **defined["zh"]},
    )


def query_sql(publication: Publication, sql: str, limits: Limits, most: int | None = None) -> Answer:
    """Rows of one SELECT over published tables. Raises BadInput, one sentence, if it is anything else."""
    data, warnings, select = select_shown(publication, sql, limits, most)
    grains = {table: publication.described.get(table, {}).get("grain") for table in select.tables}
    chinese = {table: publication.described.get(table, {}).get("description_zh") for table in select.tables}
    return answer(publication, data, warnings, definitions=grains, definitions_zh=chinese, sql=select.sql)


def select_shown(
    publication: Publication, sql: str, limits: Limits, most: int | None = None
) -> tuple[dict[str, Any], list[str], Select]:
    """Columns and rows of a query from outside, warnings, and the query. It sees no column that is kept back.

    Raises BadInput, one sentence, if it may not run or fails.
    """
    select = checked(publication.shown.cursor(), sql, publication.published, limits.sql)
    try:
        return *fetched(publication.shown, select.sql, limits, most), select
    except BadInput as error:
        if isinstance(error.__cause__, duckdb.BinderException):
            for table in select.tables:
                for name in sorted(select.columns & set(publication.kept_back.get(table, ()))):
                    refuse_kept_back(publication, table.removeprefix("marts."), name)
        raise


def known_mart(publication: Publication, name: str) -> str:
    """The mart of this name. Raises BadInput with the nearest names."""
    mart = name.strip().lower().removeprefix("marts.")
    marts = [table.removeprefix("marts.") for table in publication.tables if table.startswith("marts.")]
    if mart not in marts:
        raise BadInput(f"there is no mart {name}{suggestion(mart, marts)}")
    return mart


def refuse_kept_back(publication: Publication, mart: str, name: str) -> None:
    """Raises BadInput for a column that is kept back."""
    if name in publication.kept_back.get(f"marts.{mart}", ()):
        raise BadInput(f"{name} of {mart} is kept back: it tells of one person; `shopper mcp --personal` would show it")


def _column(publication: Publication, mart: str, name: str) -> str:
    refuse_kept_back(publication, mart, name)
    columns = publication.tables[f"marts.{mart}"]
    if name not in columns:
        raise BadInput(f"{mart} has no column {name}{suggestion(name, columns)}")
    return name


def _order(publication: Publication, mart: str, text: str) -> str:
    words = text.split()
    if not words or len(words) > 2 or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
        raise BadInput(f"order_by {text!r} is not a column, or a column and desc")
    direction = f" {words[1].lower()} nulls last" if len(words) == 2 else ""
    return quoted(_column(publication, mart, words[0])) + direction


def _described(publication: Publication, mart: str) -> dict[str, Any]:
    return publication.described.get(f"marts.{mart}", {})


def _repeating(publication: Publication, mart: str) -> list[str]:
    fixed = publication.published.fixed.get(mart, ())
    return [f"Rows repeat for each {' and '.join(fixed)}: fix it to one value before you add rows."] if fixed else []


def _words(publication: Publication, mart: str) -> str:
    said = _described(publication, mart)
    named = ("description", "label_zh", "description_zh")
    return " ".join([mart, *(str(said.get(name) or "") for name in named)]).casefold()
