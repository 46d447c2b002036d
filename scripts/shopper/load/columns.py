"""One part of a mapping as SQL over its source: every contract column as text, defined as the mapping says."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from shopper.casts import CastRules
from shopper.contract import Column, Table
from shopper.errors import BadInput
from shopper.file_keys import FILE_KEY
from shopper.load.closing import refusal
from shopper.load.mapping import ColumnMapping, Part, require_columns
from shopper.load.shapes import ROW_KEY
from shopper.sql import literal, quoted
from shopper.suggestions import closest, suggestion

# A timestamp with its own offset needs no time zone. The day at the end of a date is no offset.
_HAS_OFFSET = r"[:T ]\d.*(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
_WHOLE_IDS = frozenset({"id", "person_id"})
_SPACE = r"[\s\x{00A0}\x{2009}\x{202F}]"
# What staging removes around an id.
_AROUND = r"[\s\p{Z}\x{200B}\x{FEFF}]*"
_NESTED = ("STRUCT", "MAP", "UNION")


@dataclass(frozen=True)
class PartSelect:
    """The rows of one part: `query` returns its columns as text, `where` is its filter (None without one), `relation`
    is what it filters.
    """

    source: str
    columns: tuple[str, ...]
    query: str
    where: str | None
    relation: str


class PartBuilder:
    """Builds the SQL of mapping parts, checked against the sources in a scratch database."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rules: CastRules) -> None:
        """`rules` are the cast rules; they also redact URLs before anything is stored."""
        self._connection = connection
        self._rules = rules

    def select(self, table: Table, part: Part, rows: str | None = None) -> PartSelect:
        """The SQL of a part. `rows`: SQL of the rows to take, with the columns of the source and the key of their
        file (`__file_key`), which the query then has as `_file_key`; None for all rows of the source.

        Raises BadInput with table and column if a source column does not exist, an expression is invalid, or a required
        column is missing.
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
        relation = quoted(part.source) if rows is None else f"({rows}) as {quoted(part.source)}"
        key = "" if rows is None else f", {ROW_KEY} as {FILE_KEY}"
        query = f"select {columns}{key} from {relation}{where}"
        return PartSelect(part.source, tuple(expressions), query, part.where, relation)

    def _by_name(self, table: Table, part: Part, types: dict[str, str]) -> tuple[ColumnMapping, ...]:
        lower = {name.lower(): name for name in types}
        found = tuple(ColumnMapping(c.name, column=lower[c.name]) for c in table.columns if c.name in lower)
        require_columns(table, (mapping.target for mapping in found), f"{table.name} from source {part.source}")
        return found

    def _expression(
        self, table: Table, part: Part, mapping: ColumnMapping, types: dict[str, str], zones: frozenset[str]
    ) -> str:
        """A contract column as a SQL expression that returns text."""
        place = f"{table.name}.{mapping.target}"
        if mapping.timezone and mapping.timezone not in zones:
            close = closest(mapping.timezone, zones)
            hint = f"; did you mean {' or '.join(close)}?" if close else "; expected an IANA name such as Europe/London"
            raise BadInput(f"{place}: unknown time zone {mapping.timezone}{hint}")
        if mapping.value is not None:
            return literal(mapping.value)
        column = table.by_name[mapping.target]
        if mapping.timezone and column.type == "date":
            raise BadInput(f"{place}: a date has no time zone, and `timezone` could move it by a day; leave it out")
        made_of, source_type = self._source_expression(place, part, mapping, types)
        text = _as_text(made_of, source_type, column)
        if mapping.decimal:
            text = plain_number(text, mapping.decimal)
        if mapping.format:
            text = _formatted(text, mapping.format, column)
        if mapping.timezone:
            text = _as_utc(text, mapping.timezone)
        return self._rules.redacted(f"({text})") if column.type in {"url", "url_text"} else text

    def _source_expression(
        self, place: str, part: Part, mapping: ColumnMapping, types: dict[str, str]
    ) -> tuple[str, str]:
        """SQL of the source column or expression, and its type."""
        if mapping.column is not None:
            name = _source_column(mapping.column, types)
            if name is None:
                raise BadInput(
                    f"{place}: source {part.source} has no column {mapping.column}{suggestion(mapping.column, types)}"
                )
            return quoted(name), types[name]
        # The line break ends a comment, in case the expression ends with one.
        query = f"select ({mapping.expression}\n) as expression from {quoted(part.source)}"
        self._check(query, f"{place}: expression {mapping.expression}")
        return f"({mapping.expression}\n)", next(iter(self._types(query).values()))

    def _check(self, query: str, place: str) -> None:
        try:
            check_query(self._connection, query)
        except duckdb.Error as error:
            raise BadInput(f"{place}: {refusal(error)}") from error

    def _types(self, query: str) -> dict[str, str]:
        """DuckDB type by column name."""
        return {row[0]: row[1] for row in self._connection.execute(f"describe {query}").fetchall()}

    def _zones(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._connection.execute("select name from pg_timezone_names()").fetchall())


def check_query(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Raises duckdb.Error unless the text is a single valid query over existing relations. Does not run it."""
    if len(connection.extract_statements(query)) != 1:
        raise duckdb.ParserException("expected one expression or query, found several statements")
    connection.execute(f"describe {query}")


def _source_column(name: str, types: dict[str, str]) -> str | None:
    """The source column of this name, ignoring case; None if there is none."""
    return next((column for column in types if column == name), None) or next(
        (column for column in types if column.lower() == name.lower()), None
    )


def _as_text(expression: str, source_type: str, column: Column) -> str:
    """A typed value as text. Ids in a float column are written without the fraction (17850.0 becomes 17850); one that a
    float does not hold exactly is an error, since two ids may be one there.
    """
    if source_type == "VARCHAR" and column.type in _WHOLE_IDS:
        return _id_of_text(expression)
    if source_type in {"DOUBLE", "FLOAT"} and column.type in _WHOLE_IDS:
        limit = 2**53 if source_type == "DOUBLE" else 2**24
        lost = f"an id of {limit:,} or more in a column of floating-point numbers has lost its last digits"
        inexact = f"error({literal(lost + '; deliver it as text or as whole numbers in every file')})"
        whole = f"cast(try_cast({expression} as bigint) as varchar)"
        text = f"cast({expression} as varchar)"
        return (
            f"case when abs({expression}) >= {limit} and isfinite({expression}) then {inexact}"
            f" when {expression} = floor({expression}) then coalesce({whole}, {text}) else {text} end"
        )
    if source_type.startswith(_NESTED) or source_type.endswith("[]"):
        return f"cast(to_json({expression}) as varchar)"
    return f"cast({expression} as varchar)"


def _id_of_text(text: str) -> str:
    """Text of an id without the fraction of a float (tools that hold ids as floats write 17850.0 for 17850). One that a
    float does not hold exactly is an error, and one in scientific notation, as spreadsheets write long numbers.
    """
    lost = f"error('an id of a float has lost its last digits; deliver it as text: ' || trim({text}))"
    exact = f"try_cast(regexp_extract({text}, '[0-9]+') as double) < {2**53}"
    short = f"{_AROUND}[0-9]([.,][0-9]+)?[eE][+][0-9]{{2,3}}{_AROUND}"
    without_plus = f"{_AROUND}[0-9][.,][0-9]{{3,}}[eE][0-9]{{2,3}}{_AROUND}"
    # The plain conditions leave nearly all texts out, since regular expressions take longer.
    return (
        f"case when {text} like '%.0%' and regexp_full_match({text}, '{_AROUND}[0-9]+[.]0{_AROUND}')"
        f" then if({exact}, replace({text}, '.0', ''), {lost})"
        f" when ({text} like '%+%' or {text} like '%.%' or {text} like '%,%')"
        f" and regexp_full_match({text}, '{short}|{without_plus}') then {lost} else {text} end"
    )


def plain_number(text: str, decimal: str) -> str:
    """SQL that turns the text of a number into `1234.50`: without spaces, currency symbols and thousands separators.

    A separator counts only before groups of three digits. A currency code is data, so text with one stays unchanged, as
    does all text that is not a number. Text that would be a number only with the other separator (`12.50` with a
    decimal comma) is marked, so that it does not cast.
    """
    mark = "[.]" if decimal == "," else ","
    groups = "|".join(f"[0-9]{{1,3}}(?:{separator}[0-9]{{3}})+" for separator in (mark, _SPACE, "['\u2019]"))
    symbol = rf"{_SPACE}*\p{{Sc}}?{_SPACE}*"
    number = f"[-+\u2212]?{symbol}[-+\u2212]?(?:{groups}|[0-9]+)(?:[{decimal}][0-9]+)?{symbol}"
    digits = f"regexp_replace(replace({text}, '\u2212', '-'), '[^-+0-9{decimal}]', '', 'g')"
    plain = f"replace({digits}, {literal(decimal)}, '.')"
    otherwise = text
    if decimal == ",":
        marked = f"{text} || ' (not with decimal comma)'"
        otherwise = f"if(contains({text}, '.') and try_cast({text} as double) is not null, {marked}, {text})"
    return f"case when regexp_full_match({text}, {literal(number)}) then {plain} else {otherwise} end"


def _formatted(text: str, pattern: str, column: Column) -> str:
    """SQL that turns text in the given pattern into ISO text. Other text stays unchanged, for staging to report."""
    parsed = f"try_strptime({text}, {literal(pattern)})"
    iso = f"cast({parsed} as date)" if column.type == "date" else parsed
    return f"coalesce(cast({iso} as varchar), {text})"


def _as_utc(text: str, zone: str) -> str:
    """SQL that turns local time of a zone into UTC. Text with its own offset, or no timestamp, stays unchanged."""
    utc = f"cast((try_cast({text} as timestamp) at time zone {literal(zone)}) at time zone 'UTC' as varchar)"
    return f"case when regexp_matches({text}, {literal(_HAS_OFFSET)}) then {text} else coalesce({utc}, {text}) end"
