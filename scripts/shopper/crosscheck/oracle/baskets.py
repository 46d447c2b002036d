"""Baskets, pairs and recommendations by brute force: counts the pairs of every basket, one customer at a time."""

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
    """The distinct items of a valid order, by level. `rank` sorts the baskets of a customer by time."""

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
    """Baskets of the valid orders with at least one product. `tiers`: city tier by customer."""
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
    """Counts over some baskets at one level: baskets, capped baskets, orders by item, orders by pair (smaller item
    first).
    """

    baskets: int = 0
    capped_baskets: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    together: Counter[Pair] = field(default_factory=Counter)


def count_pairs(
    baskets: Sequence[Basket], level: str, minimum: int, cap: int, among: Sequence[Basket] | None = None
) -> Counts:
    """Count pairs of items that each occur in at least `minimum` baskets; a basket keeps its `cap` most bought items.

    Counted over the baskets in `among`; None means all. A pair itself may occur in fewer than `minimum` orders.
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
    """Lift and its 95 % interval, by the delta method on the logarithm of lift."""
    lift = both * baskets / (first * second)
    variance = 1 / both - 1 / first - 1 / second + 2 * both / (first * second) - 1 / baskets
    spread = exp(_QUANTILE * sqrt(max(variance, 0.0)))
    return lift, lift / spread, lift * spread


def rounded_share(part: Any, whole: Any) -> Decimal:
    """A share, divided as a double and rounded half up to nine places."""
    return Decimal(float(part) / float(whole) * _BILLION).quantize(Decimal(1), ROUND_HALF_UP).scaleb(-9)


def cutoff_of(baskets: Sequence[Basket], percent: int) -> date | None:
    """The earliest day with at least that percentage of the baskets before it; None if there is none."""
    days = Counter(basket.order_date for basket in baskets)
    before = 0
    for day in sorted(days):
        if 100 * before >= percent * len(baskets):
            return day
        before += days[day]
    return None


@dataclass
class RecommendationModel:
    """The statistics behind recommendations: orders by product and category, neighbours, repeat chances, and the
    products on sale, most popular first.
    """

    baskets: int
    orders: Counter[str]
    category_orders: Counter[str]
    categories: Mapping[str, str | None]
    on_sale: set[str]
    replenishable: set[str]
    popular: list[str]
    neighbours: dict[str, list[tuple[str, Decimal]]]
    names: Mapping[str, str]

    def popular_chance(self, product: str) -> Decimal:
        return rounded_share(self.orders[product], self.baskets)


def train(
    shop: Shop, baskets: Sequence[Basket], training: Sequence[Basket], at: datetime, rules: Row
) -> RecommendationModel:
    """Build the statistics from the baskets in `training`. `at`: the time at which products must be on sale."""
    settings, rows = shop.staged.settings, shop.staged.rows["products"]
    minimum = settings.basket_min_orders
    counts = count_pairs(baskets, "product", minimum, settings.max_basket_items, training)
    days: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for basket in training:
        for product in basket.products if basket.customer_id != UNKNOWN else ():
            days[product][basket.customer_id].add(basket.order_date)
    gone = {row["product_id"] for row in rows if row["discontinued_at"] is not None and row["discontinued_at"] < at}
    catalogue = {row["product_id"] for row in rows} or set(counts.orders)
    on_sale = {product for product in counts.orders if product in catalogue and product not in gone}
    names = {row["product_id"]: row["product_name"] or row["product_id"] for row in rows}
    popular = sorted(
        on_sale,
        key=lambda product: (-counts.orders[product], -len(days[product]), names.get(product, product), product),
    )
    return RecommendationModel(
        len(training), counts.orders,
        Counter(category for basket in training for category in basket.items["category"]),
        {row["product_id"]: row["category"] for row in rows},
        on_sale,
        {
            product for product, buyers in days.items()
            if len(buyers) >= rules["repeat_min_buyers"]
            and 100 * sum(len(on) > 1 for on in buyers.values()) >= rules["repeat_percent"] * len(buyers)
        },
        popular, _neighbours(counts, popular, minimum, rules["neighbours"]), names,
    )  # fmt: skip


def _neighbours(
    counts: Counts, popular: Sequence[str], minimum: int, most: int
) -> dict[str, list[tuple[str, Decimal]]]:
    """Neighbours on sale with their cosine similarity by product, best first; of equal ones the most popular."""
    places = {product: place for place, product in enumerate(popular)}
    found: dict[str, list[tuple[Decimal, int, int]]] = defaultdict(list)
    for pair, both in counts.together.items():
        first, second = (counts.orders[item] for item in pair)
        if both >= minimum and lift_interval(both, first, second, counts.baskets)[1] > 1 + 5e-10:
            cosine = Decimal(both / sqrt(float(first) * float(second)) * _BILLION)
            for product, neighbour in (pair, pair[::-1]):
                if neighbour in places:
                    similarity = cosine.quantize(Decimal(1), ROUND_HALF_UP).scaleb(-9)
                    found[product].append((-similarity, -both, places[neighbour]))
    return {
        product: [(popular[place], -negated) for negated, _, place in sorted(of_product)[:most]]
        for product, of_product in found.items()
    }


@dataclass
class Candidate:
    """A product that can be recommended to a customer, with the parts of its score."""

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
    """Purchases of a customer: baskets with each product, days, and the last day."""

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

    def newest_first(self, names: Mapping[str, str]) -> list[str]:
        """Products by last purchase; of one day those of more baskets, then by name."""
        often = sorted(self.orders, key=lambda product: (-self.orders[product], names.get(product, product), product))
        return sorted(often, key=lambda product: max(self.days[product]), reverse=True)


def candidates(model: RecommendationModel, history: History, rules: Row) -> list[Candidate]:
    """All products that can be recommended to a customer, unsorted."""
    found: dict[str, Candidate] = {}

    def offer(product: str) -> Candidate:
        return found.setdefault(product, Candidate(product, model.popular_chance(product)))

    for product in history.orders:
        one = offer(product)
        one.repeat = rounded_share(history.orders[product], len(history.baskets))
        one.days_bought, one.last_order_date = len(history.days[product]), max(history.days[product])
    _relate(model, history, rules, offer)
    by_category: dict[str, list[str]] = defaultdict(list)
    for product in model.popular:
        category = model.categories.get(product)
        if category is not None and category in history.categories:
            by_category[category].append(product)
    for category, products in by_category.items():
        for product in products[: rules["category_products"]]:
            offer(product).category = rounded_share(
                history.categories[category] * model.orders[product],
                len(history.baskets) * model.category_orders[category],
            )
    for product in model.popular[: rules["popular_products"]]:
        offer(product)
    return [
        one for name, one in found.items()
        if name in model.on_sale and (one.days_bought != 1 or name in model.replenishable)
    ]  # fmt: skip


def _relate(model: RecommendationModel, history: History, rules: Row, offer: Any) -> None:
    """Set the mean similarity to the last purchases, and the newest purchase that contributes to it."""
    recent = history.newest_first(model.names)[: rules["profile_products"]]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for product in recent:
        for neighbour, similarity in model.neighbours.get(product, []):
            sums[neighbour] += similarity
            one = offer(neighbour)
            one.anchor = one.anchor or product
    for neighbour, whole in sums.items():
        offer(neighbour).related = rounded_share(whole, len(recent))


def best(found: Iterable[Candidate], popular: Sequence[str], weights: Row, most: int) -> list[Candidate]:
    """The best candidates by the weights of a method; of equal scores the most popular."""
    places = {product: place for place, product in enumerate(popular)}
    return sorted(found, key=lambda one: (-one.score(weights), places[one.product_id]))[:most]


def reasons(one: Candidate, history: History, names: Mapping[str, str | None], category: str | None) -> tuple[str, str]:
    """The reason of a recommendation, in English and in Chinese."""
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
