"""Generated baskets: few products with many pairs, equal counts, capped baskets, discontinued products."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from generated import END, FIRST, Cases
from order_cases import add_order

_TIERS: Final = ["tier_1", "Tier_2", "lower", "new_tier_1", None]
_CATEGORIES: Final = ["hot_drinks", "snacks", "toys", None]
_LARGE: Final = 130
_AGES: Final = [0, 1, 1, 20, 60, 100, 110, 120, 200, 400]


def add_baskets(cases: Cases, count: int) -> None:
    """People with some baskets of a dozen products, with companion products; some are bought on every visit."""
    shelf = [f"b{place:02d}" for place in range(14)]
    for place, product in enumerate(shelf):
        cases.add(
            "products", product_id=product, product_name=cases.chance.choice([None, f"Product {place}"]),
            category=_CATEGORIES[place % len(_CATEGORIES)],
            discontinued_at={3: END, 4: END - timedelta(seconds=1), 5: FIRST, 6: END + timedelta(days=9)}.get(place),
        )  # fmt: skip
    for _ in range(count):
        prefix, chance = cases.begin("b"), cases.chance
        account = f"{prefix}-c"
        if chance.random() < 0.9:
            cases.add("customers", customer_id=account, city_tier=chance.choice(_TIERS))
        habit = chance.sample(shelf, 2)
        for number, age in enumerate(chance.sample(_AGES, chance.choice([1, 1, 2, 3, 5]))):
            ordered_at = min(END - timedelta(days=age, seconds=chance.choice([1, 60, 86_400])), END)
            _add_basket(cases, f"{prefix}-{number}", chance.choice([account, account, account, None]), ordered_at, [
                *habit, *_companions(cases, shelf),
            ])  # fmt: skip
    _add_large_baskets(cases)


def _companions(cases: Cases, shelf: list[str]) -> list[str]:
    """A product, mostly with its neighbour, and some others."""
    place = cases.chance.randrange(len(shelf) - 1)
    pair = shelf[place : place + (2 if cases.chance.random() < 0.7 else 1)]
    return [*pair, *cases.chance.sample([*shelf, "b-unlisted"], cases.chance.choice([0, 0, 1, 3]))]


def _add_basket(cases: Cases, prefix: str, account: str | None, ordered_at: object, products: list[str]) -> None:
    """A paid order (sometimes invalid) with one unit per line; some lines have no units or no product."""
    chance = cases.chance
    order_id, _moment = add_order(
        cases, prefix, customer_id=account, ordered_at=ordered_at,
        status=chance.choices(["paid", "cancelled"], [12, 1])[0],
    )  # fmt: skip
    for number, product in enumerate(products):
        cases.add(
            "order_items", order_item_id=f"{prefix}-i{number}", order_id=order_id,
            product_id=chance.choices([product, None], [20, 1])[0],
            quantity=chance.choices([1, 2, 0], [10, 3, 1])[0], unit_price="3",
        )  # fmt: skip


def _add_large_baskets(cases: Cases) -> None:
    """Equal baskets with more products than the cap, bought just often enough."""
    products = [f"bl{place:03d}" for place in range(_LARGE)]
    for number in range(6):
        prefix = cases.begin("bl")
        _add_basket(cases, prefix, f"{prefix}-c", END - timedelta(days=30 * number + 1), products)
