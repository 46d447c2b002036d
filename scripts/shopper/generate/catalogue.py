"""Products, their planted price moves, promotions and exchange rates: shared by all blocks of customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from shopper.generate.assortment import ASSORTMENT, BRANDS
from shopper.generate.chance import Chance
from shopper.generate.clock import DAYS, WEEKS, date_of, day_of, month_number
from shopper.generate.entities import Product

COMPANIONS: Final = {"0109": "0110", "0309": "0311", "0503": "0502", "0908": "0909", "0801": "0802"}
"""Products often bought together: shampoo and conditioner, case and charger, quilt and pillow ..."""


@dataclass(frozen=True, slots=True)
class PriceMoves:
    """A planted elasticity: weekly units are `weekly_units` x (price / list price) ** elasticity."""

    product_id: str
    elasticity: float
    weekly_units: float
    prices: tuple[float, ...]
    first_week: int
    pack: int


PRICE_MOVES: Final = (
    PriceMoves("0101", -2.2, 3.6, (128.0, 108.0, 88.0), 0, 1),
    PriceMoves("0406", -2.6, 4.4, (79.0, 69.0, 55.0), 13, 2),
    PriceMoves("0601", -0.4, 8.0, (39.9, 33.9, 27.9), 0, 4),
    PriceMoves("0701", -1.0, 5.0, (69.0, 59.0, 49.0), 26, 2),
)
_PRICE_WEEKS: Final = (5, 4, 6, 3, 5, 4)


def make_products(chance: Chance) -> list[Product]:
    """The assortment, by id (two digits for the category, two for the product)."""
    products = []
    for group, (category, listing) in enumerate(ASSORTMENT.items(), 1):
        for place, row in enumerate(listing.split("\n")[1:-1], 1):
            subcategory, name, price = (part.strip() for part in row.split("|"))
            products.append(_product(chance, f"{group:02d}{place:02d}", category, subcategory, name, float(price)))
    by_id = {product.product_id: product for product in products}
    for moves in PRICE_MOVES:
        by_id[moves.product_id].weekly_prices = weekly_prices(moves)
    for product_id in ("0812", "0911"):
        by_id[product_id].cost = None
    for product_id in ("0212", "0412", "0912"):
        by_id[product_id].discontinued_day = day_of(date(2025, 3, 31))
    return products


def _product(chance: Chance, product_id: str, category: str, subcategory: str, name: str, price: float) -> Product:
    is_complete = chance.yes(0.8)
    return Product(
        product_id=product_id,
        name=name,
        category=category,
        subcategory=subcategory,
        brand=chance.choice(BRANDS[category]),
        price=price,
        cost=round(price * chance.uniform(0.48, 0.7), 2),
        images=chance.randint(4, 9) if is_complete else chance.randint(0, 2),
        description=chance.randint(300, 900) if is_complete else chance.randint(0, 80),
        listed_day=-chance.randint(20, 400),
    )


def weekly_prices(moves: PriceMoves) -> list[float]:
    """Price of each ISO week: first the list price, then changes that last some weeks and do not follow months."""
    prices = [moves.prices[0]] * moves.first_week
    turn = 0
    while len(prices) < WEEKS + 1:
        prices += [moves.prices[turn % len(moves.prices)]] * _PRICE_WEEKS[turn % len(_PRICE_WEEKS)]
        turn += 1
    return prices[: WEEKS + 1]


def weekly_units(moves: PriceMoves, prices: list[float]) -> list[int]:
    """Units to sell in each full week; rounding errors are carried to the next week."""
    units, owed = [], 0.0
    for week in range(WEEKS):
        if week < moves.first_week:
            units.append(0)
            continue
        season = 1 + 0.06 * ((month_number(week * 7) * 5) % 3 - 1)
        owed += moves.weekly_units * season * (prices[week] / moves.prices[0]) ** moves.elasticity
        whole = max(1, round(owed))
        units.append(whole)
        owed -= whole
    return units


@dataclass(frozen=True, slots=True)
class Promotion:
    code: str
    name: str
    kind: str
    first_day: int
    last_day: int
    rate: float | None
    threshold: int | None = None
    amount: int | None = None


PROMOTIONS: Final = (
    Promotion("NEW15", "New customer coupon 新人券", "coupon", 0, 729, 0.15),
    Promotion("FLASH20", "Thursday flash sale 限时抢购", "time_limited", 0, 729, 0.20),
    Promotion("FULL300", "30 off 300 满减", "threshold", 0, 729, None, 300, 30),
    Promotion("VIP8", "Member price 会员价", "member", 90, 729, 0.08),
    Promotion("GIFT", "Gift with purchase 满赠", "gift", 60, 729, None, 199, 0),
    Promotion("618-2024", "Mid-year festival 618", "time_limited", 152, 171, 0.12),
    Promotion("D11-2024", "Singles' Day 双11", "time_limited", 298, 315, 0.18),
    Promotion("618-2025", "Mid-year festival 618", "time_limited", 516, 535, 0.12),
)
PROMOTION: Final = {promotion.code: promotion for promotion in PROMOTIONS}

CURRENCY_DECIMALS: Final = {"CNY": 2, "USD": 2, "JPY": 0, "KWD": 3}
_BASE_RATES: Final = {"USD": 7.18, "JPY": 0.0478, "KWD": 23.4}
_RATE_WEEKDAYS: Final = (0, 3)


def exchange_rates(chance: Chance) -> dict[str, dict[int, float]]:
    """Rates by currency and day, only on Mondays and Thursdays, and none in the first week of October (a holiday)."""
    rates: dict[str, dict[int, float]] = {currency: {} for currency in _BASE_RATES}
    for currency, base in _BASE_RATES.items():
        level = base
        for day in range(DAYS):
            when = date_of(day)
            if when.weekday() not in _RATE_WEEKDAYS or (when.month == 10 and when.day <= 7):
                continue
            level += (base - level) * 0.1 + base * chance.uniform(-0.004, 0.004)
            rates[currency][day] = round(level, 6 if currency == "JPY" else 4)
    return rates


def rate_on(rates: dict[str, dict[int, float]], currency: str, day: int) -> float:
    """The latest rate on or before the day; 1 for CNY."""
    if currency == "CNY":
        return 1.0
    return rates[currency][max(known for known in rates[currency] if known <= day)]
