"""One part of a mapping as SQL over its source: every contract column as text, each made of what the mapping says."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import duckdb

from shopper.casts import CastRules
from shopper.contract import Column, Table
from shopper.errors import BadInput
from shopper.load.entries import suggestion
from shopper.load.mapping import ColumnMapping, Part, require_columns
from shopper.sql import literal, quoted, reason

# A wall clock that says its own offset needs no time zone.
_HAS_OFFSET = r"(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
_WHOLE_IDS = frozenset({"id", "person_id"})
_NESTED = ("STRUCT", "MAP", "UNION")


@dataclass(frozen=True)
class PartSelect:
    """The rows of one part: `query` gives its columns as text, `filtered` says whether `where` leaves rows out."""

    source: str
    columns: tuple[str, ...]
    query: str
    where: str | None


class PartBuilder:
    """Builds the SQL of mapping parts against the sources of a scratch connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rules: CastRules) -> None:
        """`rules` redacts URLs before they are stored anywhere."""
        self._connection = connection
        self._rules = rules

    def select(self, table: Table, part: Part) -> PartSelect:
        """The SQL of a part.

        Raises BadInput naming table and column where a source column does not exist, an expression is not valid, or
        a column that the table needs is absent.
        """
        types = self._types(f"select * from {quoted(part.source)}")
        mappings = part.columns if part.columns is not None else self._by_name(table, part, types)
        known_zones = self._zones() if any(mapping.timezone for mapping in mappings) else frozenset()
        expressions = {
            mapping.target: self._expression(table, part, mapping, types, known_zones) for mapping in mappings
        }
        if part.where:
            self._check(f"select 1 from {quoted(part.source)} where ({part.where}\n)", f"{table.name}: where")
        columns = ", ".join(f"{expression} as {name}" for name, expression in expressions.items())
        where = f" where ({part.where}\n)" if part.where else ""
        return PartSelect(
            part.source, tuple(expressions), f"select {columns} from {quoted(part.source)}{where}", part.where
        )

    def _by_name(self, table: Table, part: Part, types: dict[str, str]) -> tuple[ColumnMapping, ...]:
        lower = {name.lower(): name for name in types}
        found = tuple(ColumnMapping(c.name, column=lower[c.name]) for c in table.columns if c.name in lower)
        require_columns(table, (mapping.target for mapping in found), f"{table.name} from source {part.source}")
        return found

    def _expression(
        self, table: Table, part: Part, mapping: ColumnMapping, types: dict[str, str], zones: frozenset[str]
    ) -> str:
        """A contract column as a SQL expression of text."""
        place = f"{table.name}.{mapping.target}"
        if mapping.timezone and mapping.timezone not in zones:
            close = get_close_matches(mapping.timezone, zones, n=3)
            hint = f"; did you mean {' or '.join(close)}?" if close else "; expected an IANA name such as Europe/London"
            raise BadInput(f"{place}: unknown time zone {mapping.timezone}{hint}")
        if mapping.value is not None:
            return literal(mapping.value)
        made_of, made_type = self._made_of(place, part, mapping, types)
        column = table.by_name[mapping.target]
        text = _as_text(made_of, made_type, column)
        if mapping.decimal:
            text = plain_number(text, mapping.decimal)
        if mapping.format:
            text = _formatted(text, mapping.format, column)
        if mapping.timezone:
            text = _as_utc(text, mapping.timezone)
        return self._rules.redacted(f"({text})") if column.type == "url" else text

    def _made_of(self, place: str, part: Part, mapping: ColumnMapping, types: dict[str, str]) -> tuple[str, str]:
        """The SQL of the source column or expression and its type."""
        if mapping.column is not None:
            name = _found(mapping.column, types)
            if name is None:
                raise BadInput(
                    f"{place}: source {part.source} has no column {mapping.column}{suggestion(mapping.column, types)}"
                )
            return quoted(name), types[name]
        # The line end closes a comment that the expression may end in.
        query = f"select ({mapping.expression}\n) as expression from {quoted(part.source)}"
        self._check(query, f"{place}: expression {mapping.expression}")
        return f"({mapping.expression}\n)", next(iter(self._types(query).values()))

    def _check(self, query: str, place: str) -> None:
        try:
            check_query(self._connection, query)
        except duckdb.Error as error:
            raise BadInput(f"{place}: {reason(error)}") from error

    def _types(self, query: str) -> dict[str, str]:
        """Column name to DuckDB type."""
        return {row[0]: row[1] for row in self._connection.execute(f"describe {query}").fetchall()}

    def _zones(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._connection.execute("select name from pg_timezone_names()").fetchall())


def check_query(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Raises duckdb.Error where the text is not one query over what is there; nothing is run."""
    if len(connection.extract_statements(query)) != 1:
        raise duckdb.ParserException("expected one expression or query, found several statements")
    connection.execute(f"describe {query}")


def _found(name: str, types: dict[str, str]) -> str | None:
    """The source column of this name, in any case."""
    return next((column for column in types if column == name), None) or next(
        (column for column in types if column.lower() == name.lower()), None
    )


def _as_text(expression: str, made_type: str, column: Column) -> str:
    """Text of a typed value. Whole numbers in a float column are ids without a fraction (17850.0 is 17850)."""
    if made_type in {"DOUBLE", "FLOAT"} and column.type in _WHOLE_IDS:
        whole = f"cast(try_cast({expression} as bigint) as varchar)"
        text = f"cast({expression} as varchar)"
        return f"case when {expression} = floor({expression}) then coalesce({whole}, {text}) else {text} end"
    if made_type.startswith(_NESTED) or made_type.endswith("[]"):
        return f"cast(to_json({expression}) as varchar)"
    return f"cast({expression} as varchar)"


def plain_number(text: str, decimal: str) -> str:
    """Text of a number as `1234.50`, without spaces, signs of currencies and separators of thousands; what is no number
    stays as it is.
    """
    thousands = "." if decimal == "," else ","
    bare = rf"regexp_replace({text}, '[\s\x{{00A0}}\x{{202F}}''\p{{Sc}}]|[A-Z]{{3}}', '', 'g')"
    plain = f"replace(replace({bare}, {literal(thousands)}, ''), {literal(decimal)}, '.')"
    return f"case when regexp_full_match({plain}, '[+-]?[0-9]+([.][0-9]+)?') then {plain} else {text} end"


def _formatted(text: str, pattern: str, column: Column) -> str:
    """Text of the pattern as ISO text; what does not fit stays as it is, for staging to name."""
    parsed = f"try_strptime({text}, {literal(pattern)})"
    iso = f"cast({parsed} as date)" if column.type == "date" else parsed
    return f"coalesce(cast({iso} as varchar), {text})"


def _as_utc(text: str, zone: str) -> str:
    """Wall-clock text of a zone as UTC; text with an offset of its own, and what is no timestamp, stays as it is."""
    utc = f"cast((try_cast({text} as timestamp) at time zone {literal(zone)}) at time zone 'UTC' as varchar)"
    return f"case when regexp_matches({text}, {literal(_HAS_OFFSET)}) then {text} else coalesce({utc}, {text}) end"
