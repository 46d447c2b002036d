"""Settings of the shop in a mapping (`shop:`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import duckdb

from shopper.errors import BadInput
from shopper.load.entries import only_keys, text_of
from shopper.suggestions import closest

_KEYS = ("timezone", "currency", "prices_include_tax")
_CURRENCY = re.compile(r"[A-Z]{3}")


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
        close = closest(zone, known)
        hint = f"; did you mean {' or '.join(close)}?" if close else "; expected an IANA name such as Europe/London"
        raise BadInput(f"{where}: unknown time zone {zone}{hint}")
