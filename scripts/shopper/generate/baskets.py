"""The lines of each order: close to the planned amount, with category preferences by customer group.

Planted shares of revenue are reached by exchanging lines for others of about the same value, so that the planned
spending of customers is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from shopper.generate.catalogue import COMPANIONS, PRICE_MOVES, PROMOTION, weekly_units
from shopper.generate.chance import Chance
from shopper.generate.clock import DAYS, WEEKS, WINDOW_START, date_of
from shopper.generate.entities import Line, Order, Person, Product
from shopper.generate.people import is_low_frequency

_BASE: Final = {
    "beauty": 1.2, "clothing": 1.3, "digital": 0.9, "sports": 0.8, "home": 0.9, "daily_goods": 1.0, "food": 1.1,
    "books": 0.8, "baby": 0.5,
}  # fmt: skip
_BY_GENDER: Final = {
    "female": {"beauty": 2.0, "clothing": 1.8, "digital": 0.45, "sports": 0.55},
    "male": {"beauty": 0.3, "clothing": 0.5, "digital": 2.2, "sports": 2.1},
}
_BY_PLAN: Final = {"frequent": {"daily_goods": 6, "food": 4, "beauty": 4, "digital": 0.1, "home": 0.2, "baby": 0.6}}
_BY_PERSONA: Final = {"sportster": {"sports": 3.0, "books": 2.5, "daily_goods": 0.4}}
_OLDER_MEN: Final = {"digital": 1.9, "home": 2.2}
_FAVOURED: Final = 12.0
_OFTEN: Final = {"digital": 0.45, "home": 0.45}
_BY_AGE: Final = {"31-35": {"baby": 2.5}, "18-24": {"books": 1.6, "digital": 1.3}}
_MOST: Final = {"daily_goods": 6, "food": 5, "books": 4, "beauty": 3, "baby": 3}
_PLANTED: Final = {moves.product_id for moves in PRICE_MOVES}


class Shelf:
    """Products by category; finds lines of about a given value."""

    def __init__(self, chance: Chance, products: Sequence[Product]) -> None:
        self.chance = chance
        self.by_id = {product.product_id: product for product in products}
        self.by_category: dict[str, list[tuple[float, Product, int]]] = {}
        for product in products:
            if product.product_id in _PLANTED:
                continue
            for quantity in range(1, _MOST.get(product.category, 2) + 1):
                row = (product.price * quantity, product, quantity)
                self.by_category.setdefault(product.category, []).append(row)

    def near(self, category: str, value: float, day: int, spread: float = 0.25) -> Line | None:
        """A line of the category with a value within the relative `spread`; None if there is none."""
        able = [
            (abs(total - value), product, quantity)
            for total, product, quantity in self.by_category[category]
            if abs(total - value) <= spread * value and _is_sold(product, day)
        ]
        if not able:
            return None
        _, product, quantity = self.chance.choice(sorted(able, key=lambda row: (row[0], row[1].product_id))[:6])
        return Line(product, quantity, product.price)

    def nearest(self, value: float, day: int) -> Line:
        """The line of any category that is closest to the value."""
        rows = (row for rows in self.by_category.values() for row in rows if _is_sold(row[1], day))
        _, product, quantity = min(rows, key=lambda row: (abs(row[0] - value), row[1].product_id))
        return Line(product, quantity, product.price)


def _is_sold(product: Product, day: int) -> bool:
    return product.discontinued_day is None or day <= product.discontinued_day


def make_orders(chance: Chance, people: Sequence[Person], products: Sequence[Product]) -> list[Order]:
    """All valid orders with their lines, by day and person."""
    for person in people:
        if person.persona == "routiner":
            person.favourites = (chance.one(category_weights(person)),)
    orders = []
    for person in people:
        for place, (day, target) in enumerate(zip(person.order_days, person.targets, strict=True)):
            order = Order(person, day, target, is_first=place == 0)
            person.orders.append(order)
            orders.append(order)
    orders.sort(key=lambda order: (order.day, order.person.number))
    shelf = Shelf(chance, products)
    _plant_price_moves(chance, orders, shelf)
    for order in orders:
        _fill(chance, order, shelf)
    return orders


def category_weights(person: Person) -> dict[str, float]:
    """Weights of the categories in a person's baskets."""
    weights = dict(_BASE)
    changes = [
        _BY_GENDER.get(person.gender or "", {}),
        _BY_PLAN.get(person.plan, {}),
        _BY_PERSONA.get(person.persona, {}),
        _BY_AGE.get(person.age_band or "", {}),
        _OLDER_MEN
        if person.gender == "male" and person.age_band in ("36-44", "45+") and is_low_frequency(person)
        else {},
        {} if is_low_frequency(person) or person.plan == "early" else _OFTEN,
    ]
    for change in changes:
        for category, factor in change.items():
            weights[category] *= factor
    for category in person.favourites:
        weights[category] *= _FAVOURED
    return weights


def _plant_price_moves(chance: Chance, orders: Sequence[Order], shelf: Shelf) -> None:
    """Put the planned units of each week into orders of that week, in packs."""
    by_week: dict[int, list[Order]] = {}
    for order in orders:
        by_week.setdefault(order.day // 7, []).append(order)
    for moves in PRICE_MOVES:
        product = shelf.by_id[moves.product_id]
        prices = product.weekly_prices or []
        for week, units in enumerate(weekly_units(moves, prices)):
            left, able = units, list(by_week.get(week, []))
            chance.shuffle(able)
            able.sort(key=lambda order: len(order.lines))
            while left and week < WEEKS:
                order = able.pop(0)
                quantity = left if left < 2 * moves.pack or not able else moves.pack + chance.randint(0, 1)
                order.lines.append(Line(product, min(quantity, left), prices[week], planted=True))
                left -= min(quantity, left)


def _fill(chance: Chance, order: Order, shelf: Shelf) -> None:
    rate = _choose_promotion(chance, order)
    left = (order.target - sum(line.net for line in order.lines)) / (1 - rate)
    if left < 0.3 * order.target and order.lines:
        left = 0.0
    count = 1 if left < 130 else chance.choice([1, 2]) if left < 420 else chance.choice([2, 2, 3])
    weights = category_weights(order.person)
    while left > 0 and count > 0:
        value = left / count * (chance.uniform(0.75, 1.25) if count > 1 else 1.0)
        line = _some_line(chance, weights, value, order.day, shelf)
        if any(line.product is other.product for other in order.lines):
            line = shelf.nearest(value * 1.07, order.day)
        order.lines.append(line)
        left -= line.net
        count -= 1
        companion = COMPANIONS.get(line.product.product_id)
        if companion and chance.yes(0.55) and all(other.product.product_id != companion for other in order.lines):
            order.lines.append(Line(shelf.by_id[companion], 1, shelf.by_id[companion].price))
            left -= shelf.by_id[companion].price
    order.lines = _merged(order.lines)
    discount(order)


def _some_line(chance: Chance, weights: dict[str, float], value: float, day: int, shelf: Shelf) -> Line:
    for _ in range(6):
        line = shelf.near(chance.one(weights), value, day)
        if line is not None:
            return line
    return shelf.nearest(value, day)


def _merged(lines: list[Line]) -> list[Line]:
    """Merge lines of the same product."""
    kept: dict[str, Line] = {}
    for line in lines:
        if line.product.product_id not in kept:
            kept[line.product.product_id] = line
    return list(kept.values())


def _choose_promotion(chance: Chance, order: Order) -> float:
    """Choose a promotion code that runs that day, or none. Returns its discount as a share of the price."""
    likes = 0.8 if order.person.persona == "bargainer" else 0.1
    if not chance.yes(likes):
        return 0.0
    running = [promotion for promotion in PROMOTION.values() if promotion.first_day <= order.day <= promotion.last_day]
    festival = [promotion for promotion in running if "-" in promotion.code]
    chosen = festival[0] if festival and chance.yes(0.7) else chance.choice(running)
    if chosen.code == "NEW15" and not order.is_first and order.person.persona != "bargainer":
        return 0.0
    order.promotion = chosen.code
    return chosen.rate or 0.0


def discount(order: Order) -> None:
    """Set the discounts of the order's promotion. Lines with planted prices get none."""
    for line in order.lines:
        line.discount = 0.0
    order.discount = 0.0
    if order.promotion is None:
        return
    promotion = PROMOTION[order.promotion]
    gross = sum(line.net for line in order.lines)
    has_planted = any(line.planted for line in order.lines)
    if promotion.kind in ("coupon", "threshold") and not has_planted:
        if promotion.rate is not None:
            order.discount = round(gross * promotion.rate, 2)
        elif promotion.threshold is not None and gross >= promotion.threshold:
            order.discount = float(promotion.amount or 0)
    elif promotion.rate is not None:
        for line in order.lines:
            if not line.planted:
                line.discount = round(line.quantity * line.unit_price * promotion.rate, 2)


def steer(
    chance: Chance,
    shelf: Shelf,
    orders: Sequence[Order],
    categories: Sequence[str],
    measure: Callable[[], float],
    target: float,
    tolerance: float,
) -> None:
    """Exchange lines of these orders for lines inside or outside the categories until the measure is on target."""
    others = [category for category in shelf.by_category if category not in categories]
    short = target - measure()
    for _ in range(5_000):
        if abs(short) <= tolerance:
            return
        order = chance.choice(orders)
        place = chance.randrange(len(order.lines))
        line = order.lines[place]
        if line.planted or order.is_settled or (line.product.category in categories) == (short > 0):
            continue
        wanted = chance.choice(list(categories) if short > 0 else others)
        new = shelf.near(wanted, line.quantity * line.unit_price, order.day, 0.1)
        if new is None or any(new.product is other.product for other in order.lines):
            continue
        order.lines[place] = new
        discount(order)
        short = target - measure()
    raise RuntimeError(f"generate: {'/'.join(categories)} remains {short:+.3f} from its target {target}")


def category_revenue(orders: Sequence[Order], categories: Sequence[str]) -> tuple[float, float]:
    """Net revenue of the categories, and of all lines, in these orders (CNY, order discounts split by value)."""
    inside = total = 0.0
    for order in orders:
        gross = sum(line.net for line in order.lines)
        part = order.net / gross if gross else 0.0
        total += order.net
        inside += part * sum(line.net for line in order.lines if line.product.category in categories)
    return inside, total


def plant_category_shares(
    chance: Chance,
    products: Sequence[Product],
    orders: Sequence[Order],
    lower_tier_share: float,
    seasons: dict[tuple[str, int], float],
    regions: dict[tuple[str, str], float],
) -> None:
    """Plant the shares of home and daily goods in lower tiers, of categories by calendar month, and by region."""
    shelf = Shelf(chance, products)
    for _ in range(6):
        for tier in ("tier_2", "lower"):
            pool = [order for order in orders if order.person.city_tier == tier]
            steer(
                chance,
                shelf,
                pool,
                ("home", "daily_goods"),
                _share_of(pool, ("home", "daily_goods")),
                lower_tier_share,
                0.004,
            )
        for (category, month), index in seasons.items():
            pool = [order for order in orders if date_of(order.day).month == month]
            steer(chance, shelf, pool, (category,), _season_of(orders, pool, category, month), index, 0.02)
        for (category, region), index in regions.items():
            pool = [order for order in orders if order.person.region == region]
            steer(chance, shelf, pool, (category,), _region_of(orders, pool, category), index, 0.02)


def _share_of(pool: Sequence[Order], categories: tuple[str, ...]) -> Callable[[], float]:
    def measure() -> float:
        inside, total = category_revenue(pool, categories)
        return inside / total

    return measure


def _season_of(orders: Sequence[Order], pool: Sequence[Order], category: str, month: int) -> Callable[[], float]:
    """Revenue per day in the month, relative to revenue per day over the whole period."""
    days = sum(date_of(day).month == month for day in range(DAYS))

    def measure() -> float:
        return category_revenue(pool, (category,))[0] / days / (category_revenue(orders, (category,))[0] / DAYS)

    return measure


def _region_of(orders: Sequence[Order], pool: Sequence[Order], category: str) -> Callable[[], float]:
    """Share of the region's revenue, relative to the share of all revenue."""

    def measure() -> float:
        inside, total = category_revenue(pool, (category,))
        all_inside, all_total = category_revenue(orders, (category,))
        return inside / total / (all_inside / all_total)

    return measure


def plant_loyal_revenue(chance: Chance, products: Sequence[Product], orders: Sequence[Order], share: float) -> None:
    """Make the orders of developing customers larger or smaller until loyal customers have their planted share."""
    shelf = Shelf(chance, products)
    window = [order for order in orders if order.day >= WINDOW_START]
    loyal = sum(order.kept for order in window if order.person.plan == "loyal")
    pool = [order for order in window if order.person.plan == "developing" and not order.is_settled]
    total = sum(order.kept for order in window)
    for _ in range(5_000):
        excess = loyal / share - total
        if abs(excess) <= 0.0005 * total:
            return
        order = chance.choice(pool)
        place = chance.randrange(len(order.lines))
        line = order.lines[place]
        if line.planted:
            continue
        new = shelf.near(
            line.product.category, line.quantity * line.unit_price * (1.2 if excess > 0 else 0.84), order.day, 0.12
        )
        if new is None or any(new.product is other.product for other in order.lines):
            continue
        before = order.kept
        order.lines[place] = new
        discount(order)
        if (order.kept - before) * excess <= 0 or (order.kept > before and order.kept > 1.5 * order.target + 40):
            order.lines[place] = line
            discount(order)
            continue
        total += order.kept - before
    raise RuntimeError(f"generate: the share of loyal customers' revenue does not reach {share}")
