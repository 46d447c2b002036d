"""Casts from raw text to typed values, by the rules of the input contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from shopper.crosscheck.oracle.redaction import redacted_text, redacted_url
from shopper.crosscheck.oracle.settings import Settings

NOTHING: Final = frozenset({"", "null", "undefined", "(not set)", "nan"})
_WHITE: Final = "\t\n\r \u00a0\u200b\u202f\u3000\ufeff"
_NUMBER: Final = re.compile(r"[+-]?(\d+(_\d+)*\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d*))?)?)?\s*"
    r"(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
_TRUE: Final = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_FALSE: Final = frozenset({"false", "f", "no", "n", "0", "0.0"})
_EPOCH: Final = datetime(1970, 1, 1)
# Microseconds from then to 1990 and to 2101.
_FIRST_EPOCH: Final = 631_152_000 * 10**6
_LAST_EPOCH: Final = 4_133_980_800 * 10**6

PLACES: Final = {"money": (18, 6), "number": (18, 6), "share": (18, 6), "rate": (28, 12), "quantity": (18, 3)}


def clean(text: str | None) -> str | None:
    """Text, trimmed and in Unicode NFC; None for placeholders of missing values."""
    if text is None:
        return None
    trimmed = unicodedata.normalize("NFC", text).strip(_WHITE)
    return None if trimmed.lower() in NOTHING else trimmed


def caster(kind: str, settings: Settings) -> Callable[[str], object]:
    """The function that casts clean text to a contract type. It returns None for text that does not cast."""
    if kind in PLACES:
        digits, places = PLACES[kind]
        return lambda text: exact_number(text, digits, places)
    casters: dict[str, Callable[[str], object]] = {
        "text": redacted_text,
        "url_text": redacted_text,
        "label": lambda text: text,
        "id": lambda text: text,
        "person_id": lambda text: None if text == "0" else text,
        "code": lambda text: redacted_text(text).lower().replace(" ", "_").replace("-", "_"),
        "url": redacted_url,
        "currency": str.upper,
        "integer": whole_number,
        "boolean": boolean,
        "date": calendar_date,
        "timestamp": lambda text: utc_timestamp(text, settings),
    }
    return casters[kind]


@lru_cache(maxsize=200_000)
def exact_number(text: str, digits: int, places: int) -> Decimal | None:
    """A decimal with that precision and scale, rounded half away from zero; None for text, NaN, Inf and overflow."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text.replace("_", "")).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:
        return None
    return value if abs(value) < Decimal(10) ** (digits - places) else None


def whole_number(text: str) -> int | None:
    """A whole number; None for fractions."""
    value = exact_number(text, 20, 4)
    return int(value) if value is not None and value == int(value) else None


def boolean(text: str) -> bool | None:
    """True or False for the usual words; None for other text."""
    word = text.lower()
    return True if word in _TRUE else False if word in _FALSE else None


@lru_cache(maxsize=50_000)
def calendar_date(text: str) -> date | None:
    """The date at the start of the text, as 2024-01-31 or 20240131, alone or before a time."""
    if len(text) == 8 and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if len(text) != 10 and _iso_timestamp(text) is None:
        return None
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text[:10], re.ASCII)
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def utc_timestamp(text: str, settings: Settings) -> datetime | None:
    """A UTC timestamp (naive) from ISO text, from an epoch in seconds, milliseconds or microseconds, or from a date.

    The unit of an epoch follows from its size; an epoch lies in the years 1990 to 2100 or is 0. A date means midnight
    in the reporting time zone. Text without offset is UTC.
    """
    if _is_date_alone(text):
        day = calendar_date(text)
        return settings.midnight(day) if day else None
    number = exact_number(text, 28, 6)
    return _iso_timestamp(text) if number is None else _epoch_timestamp(number)


def _is_date_alone(text: str) -> bool:
    if len(text) == 10 and text[4] == text[7] == "-":
        return True
    return len(text) == 8 and text.isdigit() and 19000101 <= int(text) <= 21001231


def _epoch_timestamp(number: Decimal) -> datetime | None:
    """The moment, if it lies in the years 1990 to 2100 in one of the units, or is 0: these ranges do not overlap."""
    if not number:
        return _EPOCH
    for factor in (10**6, 10**3, 1):
        microseconds = int((number * factor).to_integral_value(ROUND_HALF_UP))
        if _FIRST_EPOCH <= microseconds < _LAST_EPOCH:
            return _EPOCH + timedelta(microseconds=microseconds)
    return None


def _iso_timestamp(text: str) -> datetime | None:
    match = _ISO.fullmatch(text.upper())
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "").ljust(6, "0")[:6]), tzinfo=_offset(offset),
        )  # fmt: skip
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> timezone:
    if not text or text in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span)
