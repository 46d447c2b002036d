"""Truths of customers and their purchases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from shopper.generate.clock import AS_OF, MONTH_DAYS, WINDOW_START
from shopper.generate.raw_shop import Customer, RawShop


def profiles(shop: RawShop, _: Path) -> dict[str, float]:
    """Shares of ages, and net revenue per order by age and city tier."""
    known = [customer for customer in shop.customers if customer.age is not None]
    young = [customer for customer in known if 25 <= (customer.age or 0) <= 35]
    older = [customer for customer in known if (customer.age or 0) >= 45]
    in_tier = {
        tier: [one for one in shop.buyers if one.row.get("city_tier") == tier] for tier in ("tier_1", "new_tier_1")
    }
    return {
        "young_share": len(young) / len(known),
        "older_share": len(older) / len(known),
        "older_aov_ratio": float(_mean_order(older) / _mean_order(young)),
        "tier_1_aov_ratio": float(_mean_order(in_tier["tier_1"]) / _mean_order(in_tier["new_tier_1"])),
    }


def _mean_order(customers: Iterable[Customer]) -> Decimal:
    orders = [order for customer in customers for order in customer.orders]
    return sum((order.net for order in orders), Decimal(0)) / len(orders)


def category_preferences(shop: RawShop, _: Path) -> dict[str, float]:
    """Category preferences by gender, city tier and region."""

    def index(gender: str, category: str) -> float:
        group = [customer for customer in shop.buyers if customer.row.get("gender") == gender]
        return share(shop, group, [category]) / share(shop, shop.buyers, [category])

    def in_tiers(*tiers: str) -> list[Customer]:
        return [customer for customer in shop.buyers if customer.row.get("city_tier") in tiers]

    both = ["home", "daily_goods"]
    northeast = [customer for customer in shop.buyers if customer.row.get("region") == "Northeast"]
    return {
        "lower_tier_home_share": share(shop, in_tiers("tier_2", "lower"), both),
        "women_beauty_index": index("female", "beauty"),
        "women_clothing_index": index("female", "clothing"),
        "men_digital_index": index("male", "digital"),
        "men_sports_index": index("male", "sports"),
        "region_clothing_northeast": share(shop, northeast, ["clothing"]) / share(shop, shop.buyers, ["clothing"]),
    }


def share(shop: RawShop, customers: Sequence[Customer], categories: Sequence[str], since: int = 0) -> float:
    inside = total = Decimal(0)
    for customer in customers:
        for order in customer.orders:
            for product, net in order.line_nets() if order.day >= since else ():
                total += net
                inside += net if shop.category(product) in categories else 0
    return float(inside / total)


def tiers(shop: RawShop, _: Path) -> dict[str, float]:
    """Shares of tiers in the RFM window."""
    inside = [result for result in map(tier, shop.buyers) if result[0] != "none"]
    money = {
        name: sum((value for one, value in inside if one == name), Decimal(0)) for name in ("loyal", "potential_churn")
    }
    total = sum((value for _, value in inside), Decimal(0))
    counts = Counter(name for name, _ in inside)
    return {
        "loyal_share": counts["loyal"] / len(inside),
        "loyal_revenue_share": float(money["loyal"] / total),
        "potential_churn_share": counts["potential_churn"] / len(inside),
    }


def tier(customer: Customer) -> tuple[str, Decimal]:
    """Tier, and revenue after refunds in the RFM window."""
    orders = [order for order in customer.orders if order.day >= WINDOW_START]
    money = sum((order.kept for order in orders), Decimal(0))
    if not orders:
        return "none", money
    recency = AS_OF - orders[-1].day
    if recency <= 30 and len(orders) >= 5 and money >= 5_000:
        return "loyal", money
    if recency > 90:
        return ("potential_churn" if len(orders) <= 2 and money < 1_000 else "valuable_lapsing"), money
    return "developing", money


def bands(shop: RawShop, _: Path) -> dict[str, float]:
    """Customers with high and low frequency, and their categories."""
    groups: dict[str, list[Customer]] = defaultdict(list)
    for customer in shop.buyers:
        groups[band(customer) or "none"].append(customer)
    everyone = [one for name in ("high", "medium", "low") for one in groups[name]]

    def index(name: str, is_one: Callable[[Customer], bool]) -> float:
        return sum(map(is_one, groups[name])) / len(groups[name]) / (sum(map(is_one, everyone)) / len(everyone))

    def taste(name: str, categories: Sequence[str]) -> float:
        return share(shop, groups[name], categories, WINDOW_START) / share(shop, everyone, categories, WINDOW_START)

    return {
        "frequent_women_index": index(
            "high", lambda one: one.row.get("gender") == "female" and 25 <= (one.age or 0) <= 30
        ),
        "frequent_fast_moving_index": taste("high", ["beauty", "daily_goods", "food"]),
        "seldom_older_men_index": index("low", lambda one: one.row.get("gender") == "male" and (one.age or 0) > 35),
        "seldom_durables_index": taste("low", ["digital", "home"]),
    }


def band(customer: Customer) -> str | None:
    """Frequency band over the window; None without orders in it."""
    orders = sum(order.day >= WINDOW_START for order in customer.orders)
    if not orders:
        return None
    monthly = orders / min(12.0, max(3.0, (AS_OF - customer.first.day) / MONTH_DAYS))
    return "high" if monthly >= 4 else "low" if monthly * 3 <= 1 else "medium"
