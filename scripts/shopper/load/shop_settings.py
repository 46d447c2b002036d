"""Settings of the shop in a mapping (`shop:`), and the SQL functions that queries and expressions may use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import duckdb

from shopper.errors import BadInput
from shopper.load.entries import only_keys, text_of
from shopper.sql import literal

_KEYS = ("timezone", "currency", "prices_include_tax")
_CURRENCY = re.compile(r"[A-Z]{3}")
_BLANKS = " \t\r\n\u00a0\u2009\u202f"
_BLANK = r"[\s\x{00A0}\x{2009}\x{202F}]"
_SIGN = r"(?:[A-Z]{3}|[A-Z]{0,3}\p{Sc}|kr|zł|Kč|Ft|lei|元|円)"


@dataclass(frozen=True)
class ShopSettings:
    """timezone: IANA zone of local times; currency: ISO 4217 code of amounts without one; None if not set."""

    timezone: str | None = None
    currency: str | None = None
    prices_include_tax: bool | None = None


def shop_settings_of(entry: Any, where: str) -> ShopSettings:
    """Read the section `shop`. Raises BadInput with the position, the value and what was expected."""
    if entry is None:
        return ShopSettings()
    if not isinstance(entry, dict):
        raise BadInput(f"{where}: expected {', '.join(_KEYS)}, each with its value")
    only_keys(entry, _KEYS, where)
    values = {key: text_of(entry, key, where) or None for key in _KEYS}
    for key, value in values.items():
        if value is not None and value.startswith("<"):
            raise BadInput(f"{where}.{key}: still to be decided, {value}")
    currency, prices = values["currency"], values["prices_include_tax"]
    if currency is not None and not _CURRENCY.fullmatch(currency):
        raise BadInput(f"{where}.currency: expected a code such as EUR, got {currency!r}")
    if prices not in {None, "true", "false"}:
        raise BadInput(f"{where}.prices_include_tax: expected true or false, got {prices!r}")
    return ShopSettings(values["timezone"], currency, None if prices is None else prices == "true")


def require_zone(connection: duckdb.DuckDBPyConnection, zone: str, where: str) -> None:
    """Raises BadInput for a name that is no time zone."""
    known = [row[0] for row in connection.execute("select name from pg_timezone_names()").fetchall()]
    if zone not in known:
        close = get_close_matches(zone, known, n=3)
        hint = f"; did you mean {' or '.join(close)}?" if close else "; expected an IANA name such as Europe/London"
        raise BadInput(f"{where}: unknown time zone {zone}{hint}")


def create_functions(connection: duckdb.DuckDBPyConnection, settings: ShopSettings, where: str) -> None:
    """Create the SQL functions of mappings in a database. Raises BadInput for an unknown time zone."""
    if settings.timezone is not None:
        require_zone(connection, settings.timezone, f"{where}: shop.timezone")
    prices = settings.prices_include_tax
    functions = {
        "shop_timezone()": _text(settings.timezone),
        "shop_currency()": _text(settings.currency),
        "shop_prices_include_tax()": f"cast({'null' if prices is None else str(prices).lower()} as boolean)",
        "person_key(email)": f"sha256(nullif(lower(trim(cast(email as varchar), {literal(_BLANKS)})), ''))",
        "number_of(value)": f"{_number('value', '.')}, (value, decimal_mark) as case decimal_mark"
        f" when '.' then {_number('value', '.')} when ',' then {_number('value', ',')}"
        " else error('number_of: expected a comma or a point, got ' || decimal_mark) end",
    }
    for head, body in functions.items():
        connection.execute(f"create or replace macro {head} as {body}")


def _text(value: str | None) -> str:
    return f"cast({'null' if value is None else literal(value)} as varchar)"


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
    return f"case when {text} <> '' then coalesce({plain}, {failed}) end"
