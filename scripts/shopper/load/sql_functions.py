"""The SQL functions that queries and expressions of a mapping may use."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from shopper.casts import CastRules
from shopper.load.shop_settings import ShopSettings, require_zone
from shopper.sql import literal

# Their values depend on the arguments and the settings of the shop only.
NAMES: Final = frozenset({"shop_timezone", "shop_currency", "shop_prices_include_tax", "person_key", "number_of",
                          "decimal_sign", "moment_of"})  # fmt: skip
_BLANKS: Final = " \t\r\n\u00a0\u2009\u202f"
_BLANK: Final = r"[\s\x{00A0}\x{2009}\x{202F}]"
_SIGN: Final = r"(?:[A-Z]{3}|[A-Z]{0,3}\p{Sc}|kr|zł|Kč|Ft|lei|元|円)"


def create_functions(connection: duckdb.DuckDBPyConnection, settings: ShopSettings, where: str, root: Path) -> None:
    """Create the SQL functions of mappings in a database. Raises BadInput for an unknown time zone."""
    if settings.timezone is not None:
        require_zone(connection, settings.timezone, f"{where}: shop.timezone")
    prices = settings.prices_include_tax
    two, three = _decimal_sign(2), _decimal_sign(3)
    functions = {
        "shop_timezone()": _text(settings.timezone),
        "shop_currency()": _text(settings.currency),
        "shop_prices_include_tax()": f"cast({'null' if prices is None else str(prices).lower()} as boolean)",
        "person_key(email)": f"sha256(nullif(lower(trim(cast(email as varchar), {literal(_BLANKS)})), ''))",
        "number_of(value)": f"{_number('value', '.')}, (value, decimal_mark) as case decimal_mark"
        f" when '.' then {_number('value', '.')} when ',' then {_number('value', ',')}"
        " else error('number_of: expected a comma or a point, got ' || decimal_mark) end",
        "decimal_sign(amounts, counts)": f"{two}, (amounts, counts, decimals) as case decimals when 3 then {three}"
        f" else {two} end",
        "moment_of(value)": _moment(CastRules(root, {"reporting_timezone": settings.timezone or "UTC"})),
    }
    for head, body in functions.items():
        connection.execute(f"create or replace macro {head} as {body}")


def _text(value: str | None) -> str:
    return f"cast({'null' if value is None else literal(value)} as varchar)"


def _moment(rules: CastRules) -> str:
    """SQL that reads a moment as staging does; a date alone is midnight in the shop's time zone, or UTC without one.
    Blank is null; text that is no moment is an error that names it.
    """
    read = rules.typed("cast(value as varchar)", "timestamp")
    failed = "cast(error('not a date or time: ' || cast(value as varchar)) as timestamp)"
    return f"case when {rules.clean('cast(value as varchar)')} is not null then coalesce({read}, {failed}) end"


def _decimal_sign(decimals: int) -> str:
    """SQL of the decimal sign that texts of one row show: by the end of an amount, or the thousands of a count."""

    def shown(sign: str, other: str) -> str:
        amount = rf"[{sign}][0-9]{{1,{decimals}}}[^0-9]*$"
        count = rf"^[^0-9]*[0-9]{{1,3}}(?:[{other}][0-9]{{3}})+[^0-9]*$"
        return " or ".join(
            f"len(list_filter({texts}, lambda one: coalesce(regexp_matches(cast(one as varchar), {literal(pattern)}),"
            " false))) > 0"
            for texts, pattern in (("amounts", amount), ("counts", count))
        )

    return f"case when {shown(',', '.')} then ',' when {shown('.', ',')} then '.' end"


def _number(value: str, decimal: str) -> str:
    """SQL that reads a decimal number. Blank is null; text that is no number is an error that names it."""
    text = f"trim(cast({value} as varchar), {literal(_BLANKS)})"
    mark = "[.]" if decimal == "," else ","
    groups = "|".join(f"[0-9]{{1,3}}(?:{separator}[0-9]{{3}})+" for separator in (mark, _BLANK, "['\u2019]"))
    sign = f"{_BLANK}*{_SIGN}?{_BLANK}*"
    amount = f"(?:(?:{groups}|[0-9]+)(?:[{decimal}][0-9]+)?|[{decimal}][0-9]+)"
    number = f"(?:[-+\u2212]{sign}|{sign}[-+\u2212]?){amount}{sign}"
    digits = f"regexp_replace(replace({text}, '\u2212', '-'), '[^-0-9{decimal}]', '', 'g')"
    plain = f"try_cast(replace({digits}, {literal(decimal)}, '.') as decimal(38, 8))"
    if decimal == ".":
        plain = f"case when typeof({value}) in ('DOUBLE', 'FLOAT') then try_cast({value} as decimal(38, 8))" \
                f" when regexp_full_match({text}, {literal(number)}) then {plain} end"  # fmt: skip
    else:
        plain = f"case when regexp_full_match({text}, {literal(number)}) then {plain} end"
    failed = f"cast(error('not a number (decimal sign {decimal}): ' || cast({value} as varchar)) as decimal(38, 8))"
    # Most numbers are short and plain, and decimals of up to 18 digits are read far faster than wider ones.
    short = rf"-?[0-9]{{1,10}}(?:[{decimal}][0-9]{{1,8}})?"
    quick = f"cast(cast(replace({text}, {literal(decimal)}, '.') as decimal(18, 8)) as decimal(38, 8))"
    return (
        f"case when regexp_full_match({text}, {literal(short)}) then {quick}"
        f" when {text} <> '' then coalesce({plain}, {failed}) end"
    )
