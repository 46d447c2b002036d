"""Baskets and recommendations: pairs, neighbours, customers' lists, the backtest."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from math import sqrt
from typing import Final

from shopper.crosscheck.check import Check, Reader, Rows, Sides
from shopper.crosscheck.comparisons.churn import profiles
from shopper.crosscheck.oracle.baskets import (
    ALL_TIERS,
    LEVELS,
    Basket,
    Candidate,
    History,
    baskets_of,
    best,
    candidates,
    count_pairs,
    cutoff_of,
    lift_interval,
    reasons,
    train,
)
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.table_diff import keyed

_AT: Final = (5, 10)
_NAMING: Final = (
    "customers", "orders", "refunds", "sessions", "events", "messages", "reviews", "survey_responses",
    "support_tickets",
)  # fmt: skip


def _baskets(shop: Shop) -> list[Basket]:
    return baskets_of(shop, profiles(shop, "city_tier"))


def _rules(reader: Reader) -> tuple[Row, list[Row]]:
    methods = reader.rows("recommendation_methods", "reference")
    return reader.rows("recommendation_rules", "reference")[0], methods


def _affinity(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "orders_together", "orders_a", "orders_b", "baskets", "capped_baskets", "support", "confidence_a_to_b",
        "confidence_b_to_a", "lift", "lift_low", "lift_high",
    )  # fmt: skip
    settings, baskets = shop.staged.settings, _baskets(shop)
    tiers: dict[str, list[Basket]] = defaultdict(list, {ALL_TIERS: baskets})
    for basket in baskets:
        tiers[basket.city_tier].append(basket)
    expected: Rows = {}
    for level in LEVELS:
        for tier, of_tier in tiers.items():
            counts = count_pairs(baskets, level, settings.basket_min_orders, settings.max_basket_items, of_tier)
            least = max(Decimal(settings.basket_min_orders), settings.basket_min_support * counts.baskets)
            for (first, second), both in counts.together.items():
                if both >= least:
                    one, other = counts.orders[first], counts.orders[second]
                    expected[level, tier, first, second] = (
                        both, one, other, counts.baskets, counts.capped_baskets, both / counts.baskets, both / one,
                        both / other, *lift_interval(both, one, other, counts.baskets),
                    )  # fmt: skip
    keys = ["level", "city_tier", "product_a", "product_b"]
    marts = {"product_affinity": {"city_tier": ALL_TIERS}, "product_affinity_by_city_tier": {}}
    return columns, expected, keyed(reader.together(marts), keys, columns)


def _neighbours(shop: Shop, reader: Reader) -> Sides:
    columns = ("recommended_product_id", "recommended_product_name", "product_orders", "score")
    names = {row["product_id"]: row["product_name"] for row in shop.staged.rows["products"]}
    baskets, (rules, _) = _baskets(shop), _rules(reader)
    expected: Rows = {}
    if baskets:
        assert shop.staged.period.as_of_end_at
        model = train(shop, baskets, baskets, shop.staged.period.as_of_end_at, rules)
        for product in model.on_sale:
            found = model.neighbours.get(product, [])[: rules["list_products"]]
            for rank, (neighbour, similarity) in enumerate(found, 1):
                expected[product, rank] = (
                    neighbour, names.get(neighbour), model.orders[product], float(similarity),
                )  # fmt: skip
    return columns, expected, keyed(reader.rows("product_recommendations"), ["product_id", "rank"], columns)


def _cosines(shop: Shop, reader: Reader) -> Sides:
    """Recompute every neighbour's score directly from the baskets with one, the other, and both products."""
    holding: dict[str, set[str]] = defaultdict(set)
    for basket in _baskets(shop):
        for product in basket.products:
            holding[product].add(basket.order_id)
    columns = ("orders_together", "confidence", "lift", "is_cosine")
    expected: Rows = {}
    actual: Rows = {}
    for row in reader.rows("product_recommendations"):
        key = row["product_id"], row["recommended_product_id"]
        one, other = holding[key[0]], holding[key[1]]
        both = len(one & other)
        expected[key] = (both, both / len(one), both * row["baskets"] / (len(one) * len(other)), True)
        cosine = both / sqrt(len(one) * len(other))
        actual[key] = (
            row["orders_together"], row["confidence"], row["lift"], abs(row["score"] - cosine) < 1e-9,
        )  # fmt: skip
    return columns, expected, actual if not _has_capped(shop, reader) else expected


def _has_capped(shop: Shop, reader: Reader) -> bool:
    return any(row["capped_baskets"] for row in reader.rows("int_basket_counts", "intermediate"))


def _people(shop: Shop) -> set[str]:
    """The canonical customers of all ids in any table."""
    rows, identities = shop.staged.rows, shop.staged.identities
    accounts = {row["customer_id"] for table in _NAMING for row in rows[table]}
    accounts |= {row["merged_into_customer_id"] for row in rows["customers"]}
    by_customer = {row["experiment_id"] for row in rows["experiment_variants"] if row["unit_type"] == "customer"}
    accounts |= {row["unit_id"] for row in rows["experiment_assignments"] if row["experiment_id"] in by_customer}
    named = {identities.customer(account) or account for account in accounts - {None}}
    return (named | {order.customer_id for order in shop.orders}) - {UNKNOWN}


def _by_customer(baskets: list[Basket]) -> dict[str, list[Basket]]:
    found: dict[str, list[Basket]] = defaultdict(list)
    for basket in sorted(baskets, key=lambda one: one.rank):
        if basket.customer_id != UNKNOWN:
            found[basket.customer_id].append(basket)
    return found


def _lists(shop: Shop, reader: Reader) -> Sides:
    columns = (
        "product_id", "reason_type", "reason", "reason_zh", "anchor_product_id", "days_bought", "score",
        "repeat_chance", "related_chance", "category_chance", "popular_chance", "last_order_date",
    )  # fmt: skip
    rows = shop.staged.rows["products"]
    names, categories = ({row["product_id"]: row[name] for row in rows} for name in ("product_name", "category"))
    baskets, (rules, methods) = _baskets(shop), _rules(reader)
    weights = next(row for row in methods if row["is_used"])
    expected: Rows = {}
    if baskets:
        assert shop.staged.period.as_of_end_at
        model = train(shop, baskets, baskets, shop.staged.period.as_of_end_at, rules)
        bought = _by_customer(baskets)
        for person in _people(shop):
            history = History(bought.get(person, []))
            found = best(candidates(model, history, rules), model.popular, weights, rules["list_products"])
            for rank, one in enumerate(found, 1):
                expected[person, rank] = (
                    one.product_id, one.reason_type, *reasons(one, history, names, categories.get(one.product_id)),
                    one.anchor if one.reason_type == "bought_with" else None, one.days_bought,
                    float(one.score(weights)), float(one.repeat), float(one.related),
                    float(one.category) if categories.get(one.product_id) is not None else None,
                    float(one.popular), one.last_order_date,
                )  # fmt: skip
    return columns, expected, keyed(reader.rows("customer_recommendations"), ["customer_id", "rank"], columns)


def _backtest(shop: Shop, reader: Reader) -> Sides:
    """Lists by method for each tested customer, from the days before the cut-off and their own earlier baskets."""
    columns = ("customers", "hits", "products_hit", "recommended_products", "products", "hit_rate", "coverage")
    baskets, (rules, methods) = _baskets(shop), _rules(reader)
    cutoff = cutoff_of(baskets, rules["training_percent"])
    training = [basket for basket in baskets if cutoff and basket.order_date < cutoff]
    expected: Rows = {}
    if cutoff and training:
        model = train(shop, baskets, training, shop.staged.settings.midnight(cutoff), rules)
        tested = [
            (candidates(model, History(history), rules), last.products)
            for *history, last in _by_customer(baskets).values()
            if history and last.order_date >= cutoff
        ]
        for method in methods if tested else ():
            lists = [(best(found, model.popular, method, max(_AT)), bought) for found, bought in tested]
            for k in _AT:
                expected[method["method"], k] = _tally(lists, k, len(model.on_sale))
    return columns, expected, keyed(reader.rows("recommendation_backtest"), ["method", "k"], columns)


def _tally(lists: list[tuple[list[Candidate], frozenset[str]]], k: int, products: int) -> tuple[float, ...]:
    hits = [sum(one.product_id in bought for one in found[:k]) for found, bought in lists]
    offered = {one.product_id for found, _ in lists for one in found[:k]}
    lucky = sum(hit > 0 for hit in hits)
    return len(lists), lucky, sum(hits), len(offered), products, lucky / len(lists), len(offered) / products


CHECKS: Final = (
    Check(
        "baskets",
        "pairs, support, confidence, lift",
        "marts",
        "product_affinity",
        _affinity,
        "orders_together",
        also=("product_affinity_by_city_tier",),
    ),
    Check("baskets", "neighbours and their order", "marts", "product_recommendations", _neighbours),
    Check("baskets", "neighbours by their baskets", "marts", "product_recommendations", _cosines, "orders_together"),
    Check("baskets", "lists, scores and reasons", "marts", "customer_recommendations", _lists),
    Check("baskets", "hits and coverage", "marts", "recommendation_backtest", _backtest, "hits"),
)
