"""Staging: raw rows are cast, rejected with a reason, deduplicated, cut at the as-of date and counted in a ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from shopper.contract import Column
from shopper.crosscheck.oracle.casts import caster, clean
from shopper.crosscheck.oracle.contract import (
    CHECKS,
    KNOWN_WITH,
    LATER_FACTS,
    MAY_BE_NEGATIVE,
    ORDER_CHILDREN,
    RATE_AMOUNTS,
    RATE_DAYS,
    TIMES,
    can_fail,
    is_key,
    refunds_taken_back,
    with_signs,
)
from shopper.crosscheck.oracle.settings import Row, Settings

DELETED: Final = "deleted_at_source"

Mappings = Mapping[str, Mapping[str, str | None]]
_FAILURES = {
    "money": "not_a_number", "rate": "not_a_number", "number": "not_a_number", "share": "not_a_number",
    "quantity": "not_a_number", "integer": "not_an_integer", "date": "not_a_date", "timestamp": "not_a_timestamp",
    "boolean": "not_a_boolean", "enum": "unmapped",
}  # fmt: skip


@dataclass
class Base:
    """A checked raw table: every cast row with its rejection reason (None if accepted), and the current versions."""

    rows: list[Row]
    reasons: list[str | None]
    current: list[Row]


@dataclass
class Ledger:
    """The ledger of a raw table: numbers of rows by outcome. `reasons` counts the quarantined rows by reason code."""

    rows_in: int
    staged: int = 0
    duplicates: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def quarantined(self) -> int:
        return self.reasons.total()


def check_rows(
    table: str,
    rows: Iterable[Row],
    columns: Sequence[Column],
    settings: Settings,
    mappings: Mappings,
    parents: set[str],
    first_rates: Mapping[str, date],
) -> Base:
    """Cast, check and deduplicate the rows of a raw table.

    parents: accepted order ids. first_rates: the first day with a rate, by currency. Of several versions of a key, the
    one with the newest `updated_at` is kept (for events the earliest `received_at`); ties are broken by content.
    """
    readers = [(column, _reader(column, settings, mappings)) for column in columns]
    checked, reasons, flags = [], [], []
    for raw in rows:
        row: Row = {}
        failed: list[tuple[Column, str]] = []
        for column, read in readers:
            text = clean(raw[column.name])
            value = read(text) if text is not None else None
            if column.enumeration == "event_type" and _lacks_product(text, raw, mappings):
                value = None
            if column.type == "currency" and value is None and not is_key(column):
                value = settings.reporting_currency
            elif value is None and text is not None and can_fail(column):
                failed.append((column, _failure(column, text, mappings)))
            row[column.name] = value
        if table == "orders":
            row["is_status_unknown"] = any(column.name == "status" for column, _what in failed)
        checked.append(row)
        reasons.append(_reason(table, row, columns, failed, settings, parents, first_rates))
        flags.append(",".join(column.name for column, _what in failed if column.presence == "optional"))
    if table == "refunds":
        for place, is_taken_back in enumerate(refunds_taken_back(checked)):
            if is_taken_back and reasons[place] in {None, "order_id_orphan"}:
                reasons[place] = "amount_negative"
    _delete_older_versions(checked, reasons, columns)
    return Base(checked, reasons, _current(table, checked, reasons, flags, columns))


def _reader(column: Column, settings: Settings, mappings: Mappings) -> Callable[[str], Any]:
    if column.enumeration is None:
        return caster(column.type, settings)
    mapping = mappings[column.enumeration]
    return lambda text: mapping.get(text.lower())


def _lacks_product(event_name: str | None, raw: Row, mappings: Mappings) -> bool:
    """Whether the event name has its type only with a product, and the row has none."""
    names = mappings.get("product_event_names", {})
    return (event_name or "").lower() in names and clean(raw["product_id"]) is None


def _failure(column: Column, text: str, mappings: Mappings) -> str:
    """The reason why text does not cast; different if a mapping drops the value on purpose."""
    is_known = column.enumeration is not None and text.lower() in mappings[column.enumeration]
    return "ignored" if is_known else _FAILURES[column.type]


def _reason(
    table: str,
    row: Row,
    columns: Sequence[Column],
    failed: Sequence[tuple[Column, str]],
    settings: Settings,
    parents: set[str],
    first_rates: Mapping[str, date],
) -> str | None:
    """The first failed check, in this order: deleted, cast, missing, range, exchange rate, table, orphan."""
    if row["is_deleted"]:
        return DELETED
    for column, failure in failed:
        if column.presence != "optional":
            return f"{column.name}_{failure}"
    for column in columns:
        if column.presence in {"key", "required"} and row[column.name] is None:
            return f"{column.name}_missing"
    for column in columns:
        reason = _range_reason(table, column, row[column.name], settings)
        if reason:
            return reason
    if _lacks_rate(table, row, settings, first_rates):
        return "currency_without_rate"
    if table == "exchange_rates" and row["currency"] == settings.reporting_currency and row["rate"] != 1:
        return CHECKS[table](row) or "reporting_currency_not_one"
    own = CHECKS[table](row) if table in CHECKS else None
    if own:
        return own
    if table in ORDER_CHILDREN and row["order_id"] is not None and row["order_id"] not in parents:
        return "order_id_orphan"
    return None


def _lacks_rate(table: str, row: Row, settings: Settings, first_rates: Mapping[str, date]) -> bool:
    """Whether a row with an amount in a foreign currency has no rate by its day (products: no rate at all)."""
    if row.get("currency", settings.reporting_currency) == settings.reporting_currency:
        return False
    if table in RATE_AMOUNTS and all(row[name] is None for name in RATE_AMOUNTS[table]):
        return False
    if table not in RATE_DAYS and table not in RATE_AMOUNTS:
        return False
    first = first_rates.get(row["currency"])
    if first is None or table == "products":
        return first is None
    moment = row[RATE_DAYS[table]] or row.get("ended_at")
    if moment is None:
        return True
    return first > (settings.local_date(moment) if isinstance(moment, datetime) else moment)


def _range_reason(table: str, column: Column, value: Any, settings: Settings) -> str | None:
    if value is None:
        return None
    if column.type in {"money", "rate", "quantity", "integer", "number"}:
        is_checked = column.name not in MAY_BE_NEGATIVE.get(table, ())
        return f"{column.name}_negative" if value < 0 and is_checked else None
    if column.type == "share":
        return None if 0 <= value <= 1 else f"{column.name}_out_of_range"
    if (column.type == "timestamp" and column.presence != "optional") or (column.type == "date" and is_key(column)):
        day = value.date() if isinstance(value, datetime) else value
        return f"{column.name}_before_earliest_date" if day < settings.earliest_date else None
    return None


def _delete_older_versions(checked: list[Row], reasons: list[str | None], columns: Sequence[Column]) -> None:
    """Reject the accepted versions of a key that are not newer than its deletion.

    Without `updated_at`, in the table or in one of the two rows, no version is known to be newer.
    """
    keys = [column.name for column in columns if is_key(column)]
    deletions: dict[tuple[Any, ...], list[datetime | None]] = {}
    for row, reason in zip(checked, reasons, strict=True):
        if reason == DELETED:
            deletions.setdefault(tuple(row[key] for key in keys), []).append(row.get("updated_at"))
    for place, row in enumerate(checked):
        times = deletions.get(tuple(row[key] for key in keys))
        if times and reasons[place] is None:
            updated = row.get("updated_at")
            is_newer = updated is not None and all(time is not None and time < updated for time in times)
            reasons[place] = None if is_newer else DELETED


def _current(
    table: str, checked: list[Row], reasons: list[str | None], flags: list[str], columns: Sequence[Column]
) -> list[Row]:
    """The current version of each key, among the accepted rows."""
    keys = [column.name for column in columns if is_key(column)]
    others = [column.name for column in columns if not is_key(column)]
    groups: dict[tuple[Any, ...], list[tuple[str, Row]]] = {}
    for row, reason, flag in zip(checked, reasons, flags, strict=True):
        if reason is None:
            groups.setdefault(tuple(row[key] for key in keys), []).append((flag, row))
    return [
        group[0][1] if len(group) == 1 else min(group, key=lambda pair: _version(table, pair[0], pair[1], others))[1]
        for group in groups.values()
    ]


def _version(table: str, flag: str, row: Row, others: list[str]) -> tuple[Any, ...]:
    """Sort key of the versions of one key, best first. On a tie, a version whose values all cast comes first."""
    if table == "events":
        received = row["received_at"]
        first: tuple[Any, ...] = (received is None, received or datetime.min)
    else:
        updated = row.get("updated_at")
        first = (updated is None, datetime.max - updated if updated else None)
    content = tuple((row[name] is None, row[name] if row[name] is not None else 0) for name in others)
    return (*first, flag, content)


def cut_at_as_of(
    table: str, base: Base, settings: Settings, as_of: date | None, late_orders: set[str]
) -> tuple[list[Row], Ledger]:
    """The staged rows of a table as of the end of the as-of date, and its ledger.

    Later rows are quarantined as `<time column>_after_as_of`, and so are rows of a later order. Other later timestamps
    become None, since they are not known yet.
    """
    ledger = Ledger(rows_in=len(base.rows))
    ledger.reasons.update(reason for reason in base.reasons if reason)
    accepted = sum(reason is None for reason in base.reasons)
    ledger.duplicates = accepted - len(base.current)
    staged: list[Row] = []
    time = TIMES.get(table)
    end = settings.end_of(as_of) if as_of else None
    for row in base.current:
        moment = row[time] if time else None
        if end and moment is not None and (moment >= end if isinstance(moment, datetime) else moment > as_of):
            ledger.reasons[f"{time}_after_as_of"] += 1
        elif table in ORDER_CHILDREN and row["order_id"] in late_orders:
            ledger.reasons["order_id_after_as_of"] += 1
        else:
            late = [name for name in LATER_FACTS.get(table, ()) if end and row[name] is not None and row[name] >= end]
            late += [KNOWN_WITH[table, name] for name in late if (table, name) in KNOWN_WITH]
            staged.append(with_signs(table, {**row, **dict.fromkeys(late)} if late else row))
    ledger.staged = len(staged)
    return staged, ledger
