"""Source columns of a declared type: JSON text and nested columns become structs, lists or other DuckDB types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from shopper.errors import BadInput
from shopper.load.named_columns import NamedColumns
from shopper.load.shapes import FILE_COLUMN, columns_of
from shopper.sql import literal, quoted, reason
from shopper.suggestions import listed

_NESTED = frozenset({"list", "struct", "map", "array"})
_LONGEST_SHOWN = 120
_NOTHING = "('', 'null')"


@dataclass(frozen=True)
class Place:
    """The source of a relation, for messages. `shown`: the path of a file by that of the copy that was read."""

    source: str
    shown: Mapping[str, str]

    def of(self, file: str) -> str:
        """The source and the file."""
        return f"source {self.source}: {self.shown.get(file, file)}"


def typed_columns(
    connection: duckdb.DuckDBPyConnection, relation: str, named: NamedColumns, place: Place
) -> dict[str, str]:
    """SQL by column of a relation for the columns with a declared type.

    Keys that the type does not have are left out, keys that a value does not have are null. Raises BadInput for a
    column that does not exist or a value that does not have the type, with its file.
    """
    types = {name.lower(): (name, found) for name, found in columns_of(connection, relation).items()}
    typed = {}
    for column, wanted in named.types:
        if column.lower() not in types:
            raise BadInput(f"source {place.source}: types: no column {column}; it has {listed(tuple(types))}")
        name, found = types[column.lower()]
        is_text = found in {"VARCHAR", "JSON"}
        nested = duckdb.sqltype(wanted)
        value = quoted(name)
        if is_text and nested.id in _NESTED:
            _check_shape(connection, relation, name, wanted, nested, place)
            value = f"json_transform({_json(name)}, {literal(json.dumps(_texts(nested)))})"
        elif is_text:
            value = f"nullif(trim({value}), '')"
        typed[name] = f"cast({value} as {wanted})"
        _check_values(connection, relation, name, wanted, typed[name], place)
    return typed


def _json(name: str) -> str:
    """SQL for the JSON of a text column, null where it holds nothing."""
    return f"case when lower(trim({quoted(name)})) not in {_NOTHING} then {quoted(name)} end"


def _texts(nested: Any) -> Any:
    """The type as a structure of `json_transform` whose inner values are text: the cast to the type is then strict."""
    if nested.id == "struct":
        return {name: _texts(child) for name, child in nested.children}
    if nested.id in {"list", "array"}:
        return [_texts(nested.children[0][1])]
    return "MAP(VARCHAR, VARCHAR)" if nested.id == "map" else "VARCHAR"


def _check_shape(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, wanted: str, nested: Any, place: Place
) -> None:
    """Raises BadInput for a value that is no JSON, or an object, list or plain value where the type has another."""
    conditions = " and ".join(_is_of(quoted(name), path, kind) for path, kind in _paths(nested, "$"))
    row = connection.execute(
        f"select {FILE_COLUMN}, {quoted(name)} from {relation} where {_json(name)} is not null"
        f" and not case when json_valid({quoted(name)}) then {conditions} else false end limit 1"
    ).fetchone()
    if row:
        raise BadInput(f"{place.of(row[0])}, column {name}: {_shown(row[1])} is not a {wanted}")


def _is_of(value: str, path: str, kind: str) -> str:
    """SQL: whether all parts at a path are of a JSON kind or absent."""
    part = f"json_extract({value}, {literal(path)})"
    is_kind = f"coalesce(json_type(%s), 'NULL') in ({literal(kind)}, 'NULL')"
    if "*" not in path:
        return is_kind % part
    return f"list_bool_and(list_transform({part}, lambda part: {is_kind % 'part'})) is not false"


def _paths(nested: Any, path: str) -> list[tuple[str, str]]:
    """The path of each object and list of a type, with the JSON kind that it must have."""
    if nested.id == "struct":
        inner = [one for key, child in nested.children for one in _paths(child, f'{path}."{key}"')]
        return [(path, "OBJECT"), *inner]
    if nested.id in {"list", "array"}:
        return [(path, "ARRAY"), *_paths(nested.children[0][1], f"{path}[*]")]
    return [(path, "OBJECT")] if nested.id == "map" else []


def _check_values(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, wanted: str, expression: str, place: Place
) -> None:
    files = connection.execute(f"select distinct {FILE_COLUMN} from {relation} order by all").fetchall()
    for (file,) in files:
        try:
            connection.execute(
                f"select count(value) from (select {expression} as value from {relation}"
                f" where {FILE_COLUMN} = {literal(file)})"
            )
        except duckdb.Error as error:
            raise BadInput(f"{place.of(file)}, column {name}: not a {wanted}: {reason(error)}") from error


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
