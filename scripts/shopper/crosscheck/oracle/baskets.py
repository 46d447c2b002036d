"""Baskets, pairs and recommendations by brute force: every basket's pairs counted one by one, every customer alone."""

from __future__ import annotations

from calendar import month_name
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from math import exp, sqrt
from typing import Any, Final

from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop

ALL_TIERS: Final = "all"
LEVELS: Final = ("product", "category")
_QUANTILE: Final = 1.959963984540054
_BILLION: Final = 1_000_000_000
_COMMA: Final = "\N{FULLWIDTH COMMA}"

Pair = tuple[str, str]


@dataclass(frozen=True)
class Basket:
    """The distinct items of a valid order, by level; `rank` orders a customer's baskets in time."""

    order_id: str
    customer_id: str
    city_tier: str
    items: Mapping[str, frozenset[str]]
    order_date: date
    ordered_at: datetime

    @property
    def products(self) -> frozenset[str]:
        return self.items["product"]

    @property
    def rank(self) -> tuple[datetime, str]:
        return self.ordered_at, self.order_id


def baskets_of(shop: Shop, tiers: Mapping[str, str | None]) -> list[Basket]:
    """Baskets of the shop's valid orders with at least a product; `tiers` is customer to city tier."""
    categories = {row["product_id"]: row["category"] for row in shop.staged.rows["products"]}
    found = []
    for order in shop.orders:
        products = {line.product_id for line in order.lines if line.quantity > 0 and line.product_id is not None}
        if order.is_valid and products:
            of_products = {categories.get(product) for product in products} - {None}
            found.append(
                Basket(
                    order.order_id, order.customer_id, tiers.get(order.customer_id) or UNKNOWN,
                    {"product": frozenset(products), "category": frozenset(of_products)},  # type: ignore[arg-type]
                    order.order_date, order.ordered_at,
                )
            )  # fmt: skip
    return found


@dataclass
class Counts:
    """What was counted over some baskets of one level: baskets, capped ones, items, pairs (the smaller item first)."""

    baskets: int = 0
    capped_baskets: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    together: Counter[Pair] = field(default_factory=Counter)


def count_pairs(
    baskets: Sequence[Basket], level: str, minimum: int, cap: int, among: Sequence[Basket] | None = None
) -> Counts:
    """Pairs of items that are each in `minimum` of all baskets, of each basket its `cap` most bought ones.

    Counted over the baskets of `among`, all of them where it is None. Pairs may be in fewer than `minimum` orders.
    """
    everywhere = Counter(item for basket in baskets for item in basket.items[level])
    counts = Counts()
    for basket in baskets if among is None else among:
        items = basket.items[level]
        counts.orders.update(items)
        counts.baskets += bool(items)
        kept = sorted((item for item in items if everywhere[item] >= minimum), key=lambda one: (-everywhere[one], one))
        counts.capped_baskets += len(kept) > cap
        counts.together.update(combinations(sorted(kept[:cap]), 2))
    return counts


def lift_interval(both: int, first: int, second: int, baskets: int) -> tuple[float, float, float]:
    """Lift and the ends of its 95 % interval, by the delta method on its logarithm."""
    lift = both * baskets / (first * second)
    variance = 1 / both - 1 / first - 1 / second + 2 * both / (first * second) - 1 / baskets
    spread = exp(_QUANTILE * sqrt(max(variance, 0.0)))
    return lift, lift / spread, lift * spread


def nine(part: Any, whole: Any) -> Decimal:
    """A share to nine places, half up, divided as a double."""
    return Decimal(float(part) / float(whole) * _BILLION).quantize(Decimal(1), ROUND_HALF_UP).scaleb(-9)


def cutoff_of(baskets: Sequence[Basket], percent: int) -> date | None:
    """The earliest day before which that share of the baskets lies; None: no such day."""
    days = Counter(basket.order_date for basket in baskets)
    before = 0
    for day in sorted(days):
        if 100 * before >= percent * len(baskets):
            return day
        before += days[day]
    return None


@dataclass
class Learnt:
    """What recommendations know of everybody: orders of products and categories, neighbours, who buys again."""

    baskets: int
    orders: Counter[str]
    category_orders: Counter[str]
    categories: Mapping[str, str | None]
    on_sale: set[str]
    replenishable: set[str]
    neighbours: dict[str, list[tuple[str, Decimal]]]
    popular: list[str]

    def popular_chance(self, product: str) -> Decimal:
        return nine(self.orders[product], self.baskets)


def learn(shop: Shop, baskets: Sequence[Basket], learnt_from: Sequence[Basket], at: datetime, rules: Row) -> Learnt:
    """Count some of all baskets, for a moment at which products must be on sale."""
    settings, rows = shop.staged.settings, shop.staged.rows["products"]
    minimum = settings.basket_min_orders
    counts = count_pairs(baskets, "product", minimum, settings.max_basket_items, learnt_from)
    days: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for basket in learnt_from:
        for product in basket.products if basket.customer_id != UNKNOWN else ():
            days[product][basket.customer_id].add(basket.order_date)
    gone = {row["product_id"] for row in rows if row["discontinued_at"] is not None and row["discontinued_at"] < at}
    catalogue = {row["product_id"] for row in rows} or set(counts.orders)
    learnt = Learnt(
        len(learnt_from), counts.orders,
        Counter(category for basket in learnt_from for category in basket.items["category"]),
        {row["product_id"]: row["category"] for row in rows},
        {product for product in counts.orders if product in catalogue and product not in gone},
        {
            product for product, buyers in days.items()
            if len(buyers) >= rules["repeat_min_buyers"]
            and 100 * sum(len(on) > 1 for on in buyers.values()) >= rules["repeat_percent"] * len(buyers)
        },
        {}, [],
    )  # fmt: skip
    learnt.neighbours = _neighbours(counts, learnt.on_sale, minimum, rules["neighbours"])
    learnt.popular = sorted(learnt.on_sale, key=lambda product: (-counts.orders[product], product))
    return learnt


def _neighbours(counts: Counts, on_sale: set[str], minimum: int, most: int) -> dict[str, list[tuple[str, Decimal]]]:
    """Product to its neighbours on sale with their cosines, best first."""
    found: dict[str, list[tuple[Decimal, int, str]]] = defaultdict(list)
    for pair, both in counts.together.items():
        first, second = (counts.orders[item] for item in pair)
        if both >= minimum and lift_interval(both, first, second, counts.baskets)[1] > 1 + 5e-10:
            cosine = Decimal(both / sqrt(float(first) * float(second)) * _BILLION)
            for product, neighbour in (pair, pair[::-1]):
                if neighbour in on_sale:
                    similarity = cosine.quantize(Decimal(1), ROUND_HALF_UP).scaleb(-9)
                    found[product].append((-similarity, -both, neighbour))
    return {
        product: [(neighbour, -negated) for negated, _, neighbour in sorted(of_product)[:most]]
        for product, of_product in found.items()
    }


@dataclass
class Offer:
    """A product that can be recommended to a customer, and what speaks for it."""

    product_id: str
    popular: Decimal
    repeat: Decimal = Decimal(0)
    related: Decimal = Decimal(0)
    category: Decimal = Decimal(0)
    days_bought: int = 0
    last_order_date: date | None = None
    anchor: str | None = None

    def score(self, weights: Row) -> Decimal:
        chances = (self.repeat, self.related, self.category, self.popular)
        parts = zip(("repeat", "related", "category", "popular"), chances, strict=True)
        whole = sum((weights[f"{name}_weight"] * chance for name, chance in parts), Decimal(0))
        return whole.quantize(Decimal("1e-9"), ROUND_HALF_UP)

    @property
    def reason_type(self) -> str:
        if self.days_bought:
            return "bought_before"
        return "bought_with" if self.related else "popular_in_category" if self.category else "popular"


@dataclass
class History:
    """What a customer bought: baskets with each product, days, and the last of them."""

    baskets: list[Basket]
    days: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    orders: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for basket in self.baskets:
            self.orders.update(basket.products)
            self.categories.update(basket.items["category"])
            for product in basket.products:
                self.days[product].add(basket.order_date)

    @property
    def newest_first(self) -> list[str]:
        names = sorted(self.orders, key=lambda product: (-self.orders[product], product))
        return sorted(names, key=lambda product: max(self.days[product]), reverse=True)


def offers(learnt: Learnt, history: History, rules: Row) -> list[Offer]:
    """Everything that can be recommended to a customer, in no order."""
    found: dict[str, Offer] = {}

    def offer(product: str) -> Offer:
        return found.setdefault(product, Offer(product, learnt.popular_chance(product)))

    for product in history.orders:
        one = offer(product)
        one.repeat = nine(history.orders[product], len(history.baskets))
        one.days_bought, one.last_order_date = len(history.days[product]), max(history.days[product])
    _relate(learnt, history, rules, offer)
    by_category: dict[str, list[str]] = defaultdict(list)
    for product in learnt.popular:
        category = learnt.categories.get(product)
        if category is not None and category in history.categories:
            by_category[category].append(product)
    for category, products in by_category.items():
        for product in products[: rules["category_products"]]:
            offer(product).category = nine(
                history.categories[category] * learnt.orders[product],
                len(history.baskets) * learnt.category_orders[category],
            )
    for product in learnt.popular[: rules["popular_products"]]:
        offer(product)
    return [
        one for name, one in found.items()
        if name in learnt.on_sale and (one.days_bought != 1 or name in learnt.replenishable)
    ]  # fmt: skip


def _relate(learnt: Learnt, history: History, rules: Row, offer: Any) -> None:
    """The mean similarity to what was bought last, and the newest product that it comes from."""
    recent = history.newest_first[: rules["profile_products"]]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for product in recent:
        for neighbour, similarity in learnt.neighbours.get(product, []):
            sums[neighbour] += similarity
            one = offer(neighbour)
            one.anchor = one.anchor or product
    for neighbour, whole in sums.items():
        offer(neighbour).related = nine(whole, len(recent))


def best(found: Iterable[Offer], weights: Row, most: int) -> list[Offer]:
    """The first of the offers by a method."""
    return sorted(found, key=lambda one: (-one.score(weights), -one.popular, one.product_id))[:most]


def reasons(one: Offer, history: History, names: Mapping[str, str | None], category: str | None) -> tuple[str, str]:
    """Why, in English and in Chinese."""
    if one.reason_type == "bought_before":
        assert one.last_order_date
        english, chinese = _month(one.last_order_date)
        days = one.days_bought
        if days > 1:
            return f"you bought it on {days} days, last in {english}", f"您在 {days} 天买过{_COMMA}最近一次是 {chinese}"
        return f"you bought it in {english}, and many buy it again", f"您在 {chinese}买过{_COMMA}很多顾客会再次购买"
    if one.reason_type == "bought_with":
        assert one.anchor
        name = names.get(one.anchor) or one.anchor
        english, chinese = _month(max(history.days[one.anchor]))
        return f"bought with {name}, which you bought in {english}", f"常与您在 {chinese}购买的“{name}”一起购买"
    if one.reason_type == "popular_in_category":
        words = str(category).replace("_", " ")
        return f"popular in {words}", f"{words} 类热销商品"
    return "popular with all customers", "全店热销商品"


def _month(day: date) -> tuple[str, str]:
    return f"{month_name[day.month]} {day.year}", f"{day.year} 年 {day.month} 月"
