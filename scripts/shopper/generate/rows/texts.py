"""Values as raw text."""

from __future__ import annotations

from shopper.generate.catalogue import CURRENCY_DECIMALS, rate_on
from shopper.generate.entities import Order

Row = dict[str, object]
Rates = dict[str, dict[int, float]]


def money(amount: float, currency: str = "CNY") -> str:
    """An amount with its currency's decimals."""
    return f"{amount:.{CURRENCY_DECIMALS[currency]}f}"


def in_currency(rates: Rates, order: Order, amount: float) -> str:
    """A CNY amount of an order in the order's currency, at the rate of its day."""
    return money(amount / rate_on(rates, order.currency, order.day), order.currency)


def boolean_text(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"
