"""Lets one SELECT over published tables through, and nothing else. DuckDB's own parser reads it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

from shopper.ask.columns import is_additive
from shopper.errors import BadInput
from shopper.suggestions import suggestion
from shopper.yaml_files import StrictLoader, read_yaml

SCHEMAS: Final = ("marts", "reference", "audit", "meta")
_RELATIONS: Final = frozenset({"BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF"})
_AGGREGATES: Final = frozenset({"sum", "sum_no_overflow", "fsum", "kahan_sum", "count", "count_star", "avg", "mean"})
_SUMS: Final = frozenset({"sum", "sum_no_overflow", "fsum", "kahan_sum"})


@dataclass(frozen=True)
class Published:
    """What may be read: relations as `schema.name`, and by mart the columns that must be fixed to one value."""

    relations: Collection[str]
    fixed: Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Select:
    """A query that may run, without a semicolon at its end. tables: read ones as `schema.name`. columns: named ones."""

    sql: str
    tables: tuple[str, ...]
    columns: frozenset[str]


def checked(connection: duckdb.DuckDBPyConnection, sql: str, published: Published, longest: int) -> Select:
    """The query as one that may run. Raises BadInput, one sentence, for whatever is not one harmless SELECT."""
    text = sql.strip().rstrip(";").strip()
    if len(text) > longest:
        raise BadInput(f"the query has {len(text):,} characters; at most {longest:,} are read")
    tree = _parsed(connection, text)
    own = {row["key"].lower() for found in _all(tree, "cte_map") for row in found["map"]}
    relations = list(_relations(tree))
    for relation in relations:
        _check_relation(relation, own, published)
    sources = [one["function"] for one in relations if one["type"] == "TABLE_FUNCTION"]
    functions = [one for one in _nodes(tree) if one.get("class") in ("FUNCTION", "WINDOW") and one not in sources]
    for name in map(_function, functions):
        if not any(name in _allowed()[kind] for kind in ("aggregates", "windows", "scalars")):
            raise BadInput(f"the function {name} is not allowed: it is not needed to read published values")
    _check_sums(tree, functions, published)
    tables = {f"{one.get('schema_name')}.{one.get('table_name')}".lower() for one in relations}
    return Select(text, tuple(sorted(tables & set(published.relations))), _columns(tree))


def _parsed(connection: duckdb.DuckDBPyConnection, text: str) -> Mapping[str, Any]:
    try:
        row = connection.execute("select json_serialize_sql(?)", [text]).fetchone()
        tree: Mapping[str, Any] = json.loads(row[0]) if row else {"error": True}
    except (duckdb.Error, RecursionError, ValueError) as error:
        raise BadInput("the query can't be read; send one plain SELECT") from error
    if tree["error"]:
        message = str(tree.get("error_message", ""))
        if "Only SELECT" in message:
            raise BadInput("only one SELECT is allowed: data can be read, and nothing else")
        raise BadInput(f"the query can't be read: {message.splitlines()[0] if message else 'no SQL'}")
    if len(tree["statements"]) != 1:
        raise BadInput(f"one SELECT is allowed at a time, not {len(tree['statements'])} statements")
    return tree


def _check_relation(relation: Mapping[str, Any], own: Collection[str], published: Published) -> None:
    if relation["type"] == "SHOW_REF":
        raise BadInput("SHOW, DESCRIBE and SUMMARIZE are not allowed; list_marts and describe_mart say what there is")
    if relation["type"] == "TABLE_FUNCTION":
        name = _function(relation["function"])
        if name not in _allowed()["tables"]:
            raise BadInput(f"the function {name} is not allowed: only published tables are read, no files and servers")
        return
    catalog, schema, name = (str(relation[part]).lower() for part in ("catalog_name", "schema_name", "table_name"))
    if not catalog and not schema and name in own:
        if name.startswith(("duckdb_", "pragma_", "sqlite_", "pg_")):
            raise BadInput(f"{name} can't be the name of a WITH query; take another one")
        return
    if catalog or schema not in SCHEMAS:
        place = ".".join(part for part in (catalog, schema, name) if part)
        near = suggestion(f"marts.{name}", published.relations) if not catalog and not schema else ""
        raise BadInput(f"{place} is no published table; name it with its schema, such as marts.kpi_daily{near}")
    table = f"{schema}.{name}"
    if table not in published.relations:
        raise BadInput(f"there is no published table {table}{suggestion(table, published.relations)}")


def _check_sums(tree: Mapping[str, Any], functions: list[Mapping[str, Any]], published: Published) -> None:
    """Refuse sums that would count the same thing several times."""
    for function in functions:
        if _function(function) in _SUMS:
            for child in function.get("children", ()):
                column = child["column_names"][-1].lower() if child.get("class") == "COLUMN_REF" else ""
                if column and not is_additive(column):
                    raise BadInput(
                        f"{column} does not add up over rows: the same people, or rates, would be added; ask"
                        " query_metric for the total, or compute it from counts and sums"
                    )
    if not any(_function(function) in _AGGREGATES for function in functions):
        return
    named = _columns(tree)
    for relation in _relations(tree):
        mart = str(relation.get("table_name", "")).lower()
        missing = [name for name in published.fixed.get(mart, ()) if name not in named]
        if missing and relation.get("schema_name") == "marts":
            raise BadInput(
                f"rows of {mart} repeat for each {missing[0]}: fix {', '.join(missing)} to one value, or group by it,"
                " before anything is added up"
            )


@cache
def _allowed() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = read_yaml(Path(__file__).with_name("functions.yml"), StrictLoader)
    return loaded


def _function(node: Mapping[str, Any]) -> str:
    return str(node.get("function_name", "")).lower()


def _relations(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Everything that the query reads from."""
    return (one for one in _nodes(tree) if "sample" in one and one.get("type") in _RELATIONS)


def _columns(tree: Any) -> frozenset[str]:
    return frozenset(str(name).lower() for names in _all(tree, "column_names") for name in names[-1:])


def _all(tree: Any, key: str) -> Iterator[Any]:
    return (one[key] for one in _nodes(tree) if key in one)


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """All objects of a parsed query."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
