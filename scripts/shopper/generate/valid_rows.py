"""Reads raw files as valid rows, in plain Python: an implementation of the input contract independent of the models."""

from __future__ import annotations

import csv
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from shopper.generate.clock import AS_OF, day_of, local_day

Cells = dict[str, str | None]
_NOTHING: Final = {"", "null", "undefined", "(not set)", "nan"}
_BOT_WORDS: Final = ("bot", "spider", "headless", "curl/", "python-requests")
_EPOCH_UNITS: Final = {10: 1, 13: 1_000, 16: 1_000_000}
"""Units per second of an epoch, by its number of digits."""
EARLIEST_DAY: Final = day_of(date(1990, 1, 1))


def read(folder: Path, table: str) -> Iterator[Cells]:
    """Rows of `raw_<table>.csv`, trimmed, in Unicode NFC; placeholders of missing values are None."""
    with (folder / f"raw_{table}.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {column: _clean(value) for column, value in row.items()}


def _clean(value: str | None) -> str | None:
    text = unicodedata.normalize("NFC", value or "").strip()
    return None if text.lower() in _NOTHING else text


def moment_of(text: str | None) -> int | None:
    """UTC epoch seconds of a timestamp in any format of the contract; None if there is none."""
    if text is None:
        return None
    if text.isdigit() and len(text) in _EPOCH_UNITS:
        return int(text) // _EPOCH_UNITS[len(text)]
    try:
        when = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


def number_of(text: str | None) -> Decimal | None:
    """A finite decimal number in the range of money; None if there is none."""
    try:
        value = Decimal(text or "")
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**12 else None


def is_bot(session: Cells) -> bool:
    """Whether the user agent is a bot."""
    agent = (session["user_agent"] or "").lower()
    return any(word in agent for word in _BOT_WORDS)


def newest(rows: Iterable[Cells], key: str, order: Callable[[Cells], int]) -> dict[str, Cells]:
    """One row per key: the one with the highest `order`."""
    kept: dict[str, Cells] = {}
    for row in rows:
        name = row[key]
        if name is not None and (name not in kept or order(row) > order(kept[name])):
            kept[name] = row
    return kept


def is_in_time(text: str | None) -> bool:
    """Whether a timestamp is between 1990 and the end of the as-of date."""
    when = moment_of(text)
    return when is not None and EARLIEST_DAY <= local_day(when) <= AS_OF


@dataclass(slots=True, eq=False)
class Order:
    """A valid order with its money in CNY."""

    row: Cells
    placed_at: int
    day: int
    is_valid: bool
    rate: Decimal
    lines: list[tuple[str, Decimal, Decimal]] = field(default_factory=list)
    """(product id, quantity, net in CNY before the order's discount)"""
    discount: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    customer: str | None = None

    @property
    def net(self) -> Decimal:
        return sum((line[2] for line in self.lines), Decimal(0)) - self.discount

    @property
    def kept(self) -> Decimal:
        return self.net - self.refunded

    def line_nets(self) -> Iterator[tuple[str, Decimal]]:
        """(product id, net revenue) by line, with the order's discount split by value."""
        gross = self.net + self.discount
        for product, _, net in self.lines:
            yield product, net * self.net / gross if gross else Decimal(0)


class Rates:
    """Exchange rates: the latest on or before a day."""

    def __init__(self, rows: Iterable[Cells]) -> None:
        self.by_currency: dict[str, dict[int, Decimal]] = {}
        for row in rows:
            rate = number_of(row["rate"])
            if rate is not None and rate > 0 and row["rate_date"] and row["currency"]:
                self.by_currency.setdefault(row["currency"], {})[day_of(date.fromisoformat(row["rate_date"]))] = rate
        self.days = {currency: sorted(rates) for currency, rates in self.by_currency.items()}

    def on(self, currency: str | None, day: int) -> Decimal | None:
        if currency in (None, "CNY"):
            return Decimal(1)
        place = bisect_right(self.days.get(currency or "", []), day)
        return self.by_currency[currency or ""][self.days[currency or ""][place - 1]] if place else None


def read_orders(folder: Path) -> dict[str, Order]:
    """Valid orders by id, with lines and goods refunds."""
    rates = Rates(read(folder, "exchange_rates"))
    orders: dict[str, Order] = {}
    for key, row in newest(read(folder, "orders"), "order_id", lambda row: moment_of(row["updated_at"]) or 0).items():
        placed = moment_of(row["ordered_at"])
        if placed is None or not is_in_time(row["ordered_at"]) or number_of(row["total_amount"] or "0") is None:
            continue
        rate = rates.on(row["currency"], local_day(placed))
        if rate is None:
            continue
        is_valid = (
            row["paid_at"] is not None
            and (row["status"] or "").lower() not in ("cancelled", "failed")
            and row["is_test"] != "true"
        )
        order = Order(row, placed, local_day(placed), is_valid, rate)
        order.discount = (number_of(row["discount_amount"]) or Decimal(0)) * rate
        orders[key] = order
    for item in newest(
        read(folder, "order_items"), "order_item_id", lambda row: moment_of(row["updated_at"]) or 0
    ).values():
        quantity, price = number_of(item["quantity"]), number_of(item["unit_price"])
        owner = orders.get(item["order_id"] or "")
        if owner is not None and quantity is not None and price is not None and quantity >= 0:
            net = quantity * price - (number_of(item["discount_amount"]) or Decimal(0))
            owner.lines.append((item["product_id"] or "", quantity, net * owner.rate))
    for refund in newest(read(folder, "refunds"), "refund_id", lambda row: 0).values():
        parts = [
            number_of(refund[column] or "0") or Decimal(0) for column in ("amount", "shipping_amount", "tax_amount")
        ]
        owner = orders.get(refund["order_id"] or "")
        if owner is not None and parts[1] + parts[2] <= parts[0]:
            owner.refunded += (parts[0] - parts[1] - parts[2]) * owner.rate
    return orders
