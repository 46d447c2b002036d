"""Explains one cell of a mart. Callable by other programs on any read-only connection."""

from __future__ import annotations

import re
from typing import Any, Final

import duckdb

from shopper.errors import BadInput
from shopper.explain.cells import Cell, find_cell
from shopper.explain.explanation import Explanation, Measure, Rule
from shopper.explain.lineage import Lineage
from shopper.explain.measuring import Measuring, relations_read
from shopper.explain.rules import MartRule, mart_rules
from shopper.explain.warehouse import Warehouse
from shopper.sql import reason

SHOWN: Final = 5
"""Parts that are shown of each value, unless told otherwise."""
_NO_MODELS: Final = "the models below are not listed: the project folder has no model of this mart"
_MOST_RULES: Final = 20
_NO_PARTS: Final = "only what is published is in this file; the models below the marts are in the working warehouse"


def explain(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    column: str,
    where: str | None = None,
    rows: int = SHOWN,
    lineage: Lineage | None = None,
) -> Explanation:
    """Explain one cell: how it is made, of which rows, what was left out, which rules decided, whether it adds up.

    connection: its current database is a working warehouse, or a published file. where: one SQL condition on columns of
    the mart that holds for one row. rows: how many parts to show of each value. lineage: see `read_lineage`.
    Raises BadInput with one sentence if the cell cannot be found.
    """
    warehouse = Warehouse(connection)
    cell = find_cell(warehouse, mart, column, where)
    rules = mart_rules().get(cell.mart)
    columns = warehouse.columns(f"marts.{cell.mart}")
    if rules:
        measure = _measured(warehouse, Measuring(warehouse, rules, cell.row, rows), cell)
    else:
        measure = _unruled(warehouse, cell, columns[column], lineage)
    description = warehouse.comment(f"marts.{cell.mart}")
    models = _models(cell, rules, measure, lineage)
    return Explanation(
        cell.mart,
        column,
        re.split(r"(?<=\.)\s", description, maxsplit=1)[0],
        columns[column],
        {name: cell.row.get(name) for name in cell.key},
        cell.row,
        _as_of(warehouse),
        measure,
        tuple((name, lineage.parents[name]) for name in models) if lineage else (),
        lineage.variables_of(models) if lineage else {},
        _notes(warehouse, models),
    )


def _measured(warehouse: Warehouse, measuring: Measuring, cell: Cell) -> Measure:
    """The measure. A model below that is missing or of another release is bad input, not a broken sum."""
    try:
        return measuring.measure(cell.column)
    except duckdb.Error as error:
        raise BadInput(
            f"{cell.mart}.{cell.column}: the models below are not those of this release, or the file was renamed"
            f" ({reason(error)}); run `make build` again"
        ) from error
    finally:
        warehouse.forget()


def _as_of(warehouse: Warehouse) -> Any:
    known = "staging.stg_run_period"
    return warehouse.value(f"select as_of_date from {known}") if warehouse.has(known) else None


def _unruled(warehouse: Warehouse, cell: Cell, description: str, lineage: Lineage | None) -> Measure:
    """What can be said of a mart without rules: the description, and the seeds that it reads."""
    below = lineage.parents.get(cell.mart, ()) if lineage else ()
    rules = tuple(
        Rule(name, tuple(warehouse.rows(f"select * from reference.{name} limit {_MOST_RULES}")))
        for name in below
        if warehouse.has(f"reference.{name}")
    )
    note = f"not checked: {cell.mart} has no rules of explanation, only its description"
    return Measure(cell.column, "described", cell.row[cell.column], description, note=note, rules=rules)


def _models(cell: Cell, rules: MartRule | None, measure: Measure, lineage: Lineage | None) -> list[str]:
    """The mart, and the models on the paths down to the rows that the column is made of."""
    if not lineage or cell.mart not in lineage.parents:
        return []
    read = [*(relations_read(rules, cell.column) if rules else ()), *_relations(measure)]
    paths = [lineage.path(cell.mart, _model_of(one, lineage)) for one in dict.fromkeys(read)]
    named = dict.fromkeys([cell.mart, *(name for path in paths for name in path[1:])])
    return [name for name in named if name in lineage.parents]


def _relations(measure: Measure) -> list[str]:
    """The relations of all parts of a measure and its terms."""
    below = [one for term in measure.terms for one in _relations(term)]
    return [one for parts in measure.parts for one in parts.relations] + below


def _model_of(relation: str, lineage: Lineage) -> str:
    """The model behind a relation. Of facts that are a mart, the model that other marts read as well."""
    schema, name = relation.split(".")
    behind = (
        [one for one in lineage.parents.get(name, ()) if one.startswith(f"int_{name}")] if schema == "marts" else []
    )
    return behind[0] if behind else name


def _notes(warehouse: Warehouse, models: list[str]) -> tuple[str, ...]:
    notes = [] if warehouse.names("intermediate") else [_NO_PARTS]
    return tuple(notes if models else [*notes, _NO_MODELS])
