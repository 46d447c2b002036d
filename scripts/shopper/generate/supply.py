"""Stock counts and competitors' prices, shared by all blocks. Stock increases with the number of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shopper.generate.chance import Chance
from shopper.generate.clock import AS_OF, MONTHS, month_days
from shopper.generate.entities import Product

_LAST_WEEKS: Final = 6
_OUT_OF_STOCK: Final = {"0101": (10, 11), "0304": (13,), "0507": (16, 17), "0701": (12,), "0803": (8,)}
"""Months (since 2024-01) at whose start a product was out of stock."""
_COMPETITORS: Final = {"Jingpin": 0.97, "Haowu": 1.04}


@dataclass(frozen=True, slots=True)
class Stock:
    day: int
    product: Product
    on_hand: int
    on_order: int


@dataclass(frozen=True, slots=True)
class CompetitorPrice:
    day: int
    product: Product
    competitor: str
    price: float


def count_stock(chance: Chance, products: Sequence[Product]) -> list[Stock]:
    """Stock counts on the first of each month, and weekly in the last weeks."""
    days = [month_days(month)[0] for month in MONTHS]
    weekly = range(AS_OF - 7 * _LAST_WEEKS + 7, AS_OF + 1, 7)
    stocks = []
    for place, day in enumerate(sorted({*days, *weekly})):
        month = days.index(day) if day in days else None
        for product in products:
            if product.discontinued_day is not None and day > product.discontinued_day:
                continue
            is_out = month is not None and month in _OUT_OF_STOCK.get(product.product_id, ())
            level = 70 if product.weekly_prices else 26 if product.price < 200 else 10
            on_hand = 0 if is_out else chance.randint(level // 3, level)
            stocks.append(Stock(day, product, on_hand, chance.choice([0, 0, level]) if place % 2 else level // 2))
    return stocks


def competitor_prices(chance: Chance, products: Sequence[Product]) -> list[CompetitorPrice]:
    """Monthly prices of some products at two competitors."""
    watched = [product for product in products if product.weekly_prices or product.product_id.endswith(("02", "07"))]
    prices = []
    for month in MONTHS:
        day = month_days(month)[0]
        for product in watched:
            for competitor, level in _COMPETITORS.items():
                price = round(product.price * level * chance.uniform(0.95, 1.05), 1)
                prices.append(CompetitorPrice(day, product, competitor, price))
    return prices
