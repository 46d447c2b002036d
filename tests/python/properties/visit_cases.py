"""Generated visits in detail: pages, searches, recommendations, carts, load times, checkouts, payments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from generated import AS_OF, END, FIRST, Cases
from order_cases import add_order

_CATEGORIES: Final = ["beauty", "books", "food", None]
_KINDS: Final = [
    "page_view", "page_view", "product_view", "product_view", "search", "search", "add_to_cart", "add_to_cart",
    "remove_from_cart", "buy_now", "begin_checkout", "place_order", "purchase", "recommendation_impression",
    "recommendation_impression", "recommendation_click", "category_view", "login",
]  # fmt: skip
_PAGES: Final = ["home", "product", "content", "checkout", "payment", "cart", None]
_LOADS: Final = [None, 0, 999, 1000, 1999, 2000, 3000, 3001, 9000]


def add_shelf(cases: Cases) -> list[str]:
    """Products with content, reviews and stock, so few that visits, reviews and snapshots overlap."""
    chance, shelf = cases.chance, [f"w{place:02d}" for place in range(8)]
    for product in shelf:
        cases.add(
            "products", product_id=product, category=chance.choice(_CATEGORIES),
            image_count=chance.choice([None, 0, 1, 3, 6]),
            description_length=chance.choice([None, 0, 199, 200, 500]), list_price=chance.choice([None, "19.9", "7"]),
            currency=chance.choice(["CNY", "USD"]),
        )  # fmt: skip
        for number in range(chance.randint(0, 25)):
            cases.add(
                "reviews", review_id=f"{product}-r{number}", product_id=product, rating=chance.randint(1, 5),
                reviewed_at=cases.moment(),
            )  # fmt: skip
        for day in sorted(chance.sample(range(540), 9)):
            cases.add(
                "inventory_snapshots", snapshot_date=(AS_OF - timedelta(days=day)).isoformat(), product_id=product,
                on_hand_quantity=chance.choice([0, 1, 9, 10, 400]),
            )  # fmt: skip
    return [*shelf, "w-unknown"]


def add_visits(cases: Cases, shelf: list[str], count: int) -> None:
    """Visits with any sequence of events, with ties; orders in and after them; payment attempts, also failed ones."""
    for _ in range(count):
        prefix, chance = cases.begin("w"), cases.chance
        moment = chance.choice([cases.moment(FIRST, END - timedelta(days=40)), cases.moment(END - timedelta(hours=2))])
        for place in range(chance.randint(1, 2)):
            session = f"{prefix}-s{place}"
            if moment >= END - timedelta(minutes=5):
                break
            cases.add(
                "sessions", session_id=session, visitor_id=f"{prefix}-v", started_at=moment,
                customer_id=chance.choice([None, f"{prefix}-c"]), platform=chance.choice(["web", "ios_app"]),
                device_type=chance.choice(["mobile", "mobile", "desktop", None]),
                landing_page_url=chance.choice([None, "https://shop.example/", "/c/food/?utm_term=Oat%20Milk"]),
            )  # fmt: skip
            for number in range(chance.randint(1, 12)):
                moment += timedelta(seconds=chance.choice([0, 0, 1, 2, 3, 9]))
                _add_event(cases, f"{prefix}-{place}-{number:02d}", session, f"{prefix}-v", moment, shelf)
            if chance.random() < 0.4:
                _add_paid_order(cases, f"{prefix}-{place}", session, f"{prefix}-v", moment, shelf)
            moment += chance.choice([timedelta(hours=1), timedelta(days=30), timedelta(days=31)])


def _add_event(cases: Cases, event_id: str, session: str, visitor: str, moment: datetime, shelf: list[str]) -> None:
    chance = cases.chance
    kind = chance.choice(_KINDS)
    is_slot = kind.startswith("recommendation")
    cases.add(
        "events", event_id=event_id, session_id=session, visitor_id=visitor, event_type=kind, occurred_at=moment,
        page_type=chance.choice(_PAGES), page_url=chance.choice([None, "/p/1", "/p/1/?a=b"]),
        product_id=chance.choice([*shelf, None]), quantity=chance.choice([None, 1, 2, 3]),
        search_term=chance.choice([None, "Tea", "tea", "茶"]) if kind == "search" else None,
        search_result_count=chance.choice([None, 0, 1, 9, 10]) if kind == "search" else None,
        content_category=chance.choice([None, None, "tech"]), page_load_ms=chance.choice(_LOADS),
        payment_methods_offered=chance.choice([None, 2, 3, 4]) if kind == "begin_checkout" else None,
        promised_delivery_days=chance.choice([None, 2]) if kind == "begin_checkout" else None,
        placement=chance.choice(["home", "product", None]) if is_slot else None,
        anchor_product_id=chance.choice([*shelf, None]) if is_slot else None,
    )  # fmt: skip


def _add_paid_order(cases: Cases, prefix: str, session: str, visitor: str, moment: datetime, shelf: list[str]) -> None:
    """An order of the session with one line, and up to three payment attempts in several currencies."""
    chance = cases.chance
    order_id, ordered_at = add_order(
        cases, prefix, visitor_id=visitor, session_id=chance.choice([session, None]), ordered_at=moment, paid_at=None,
        customer_id=chance.choice([None, f"{prefix[:-2]}-c"]), is_test=chance.random() < 0.1,
        status=chance.choice(["placed", "paid", "cancelled"]),
    )  # fmt: skip
    cases.add(
        "order_items", order_item_id=f"{prefix}-i", order_id=order_id, product_id=chance.choice(shelf), quantity=1,
        unit_price="10",
    )  # fmt: skip
    for number in range(chance.randint(0, 3)):
        cases.add(
            "payments", payment_id=f"{prefix}-p{number}", order_id=order_id,
            attempted_at=ordered_at + timedelta(seconds=chance.choice([0, 5, 60])),
            payment_method=chance.choice(["card", "gift_card", None]), amount=chance.choice([None, "10", "3.333"]),
            status=chance.choice(["succeeded", "failed", "failed", "pending", "refunded"]),
            currency=chance.choice(["CNY", "USD", "JPY"]),
        )  # fmt: skip
