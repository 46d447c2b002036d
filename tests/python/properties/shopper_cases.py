"""People with habits: visit intervals, lists sorted by price, content, brands, promotion codes, reviews."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from generated import END, FIRST, Cases
from order_cases import add_order

_CATEGORIES: Final = ["sports", "Sports", "books", "beauty", "food", None]
_BRANDS: Final = ["Anta", "Muji", None]
_CONTENT: Final = ["fitness", "Fitness", "outdoor", "tech", None]
_SORTS: Final = ["price_asc", "price_desc", "newest", None]
_SOURCES: Final = [("weibo", "social"), ("wechat", "social"), ("newsletter", "email"), (None, None)]
_KINDS: Final = ["page_view", "category_view", "product_view", "product_view", "search", "add_to_cart", "buy_now"]
_GAPS: Final = [0, 1, 7, 7, 7, 8, 30, 95]


def add_shoppers(cases: Cases, count: int) -> None:
    """People with some visits each; views, carts and orders of few products, so that they overlap."""
    shelf = [f"q{place:02d}" for place in range(12)]
    for product in shelf:
        cases.add(
            "products", product_id=product, category=cases.chance.choice(_CATEGORIES),
            brand=cases.chance.choice(_BRANDS),
        )  # fmt: skip
    for _ in range(count):
        prefix, chance = cases.begin("q"), cases.chance
        account = f"{prefix}-c"
        cases.add(
            "customers", customer_id=account, city=chance.choice(["Wuhan", None]),
            region=chance.choice(["Central", None]), registered_at=cases.moment(),
        )  # fmt: skip
        long_ago, lately = cases.moment(FIRST, END - timedelta(days=250)), END - timedelta(days=chance.randint(40, 95))
        begin = chance.choice([long_ago, lately])
        steady = chance.choice([7, None])
        for number in range(chance.choice([1, 2, 3, 5, 8])):
            begin += timedelta(days=steady or chance.choice(_GAPS))
            if begin < END - timedelta(hours=2):
                named = chance.choice([account, account, None])
                _add_visit(cases, f"{prefix}-{number}", named, f"{prefix}-v", begin, shelf)
        _add_opinions(cases, prefix, account)


def _add_visit(
    cases: Cases, prefix: str, account: str | None, visitor: str, moment: datetime, shelf: list[str]
) -> None:
    chance = cases.chance
    source, medium = chance.choice(_SOURCES)
    cases.add(
        "sessions", session_id=f"{prefix}-s", visitor_id=visitor, customer_id=account, started_at=moment,
        platform="web", utm_source=source, utm_medium=medium,
    )  # fmt: skip
    for number in range(chance.choice([0, 1, 2, 6, 14])):
        moment += timedelta(seconds=chance.choice([0, 1, 9, 60]))
        kind = chance.choice(_KINDS)
        cases.add(
            "events", event_id=f"{prefix}-{number:02d}", session_id=f"{prefix}-s", visitor_id=visitor, event_type=kind,
            page_type=chance.choice(["content", "product", "home"]) if kind == "page_view" else None,
            product_id=chance.choice([*shelf, None]), occurred_at=moment,
            sort_order=chance.choice(_SORTS) if kind != "product_view" else None,
            content_category=chance.choice(_CONTENT) if kind == "page_view" else None,
        )  # fmt: skip
    for number in range(chance.choice([0, 0, 1, 2])):
        order_id, _moment = add_order(
            cases, f"{prefix}-{number}", visitor_id=visitor, session_id=f"{prefix}-s", customer_id=account,
            ordered_at=moment + timedelta(seconds=number), promotion_code=chance.choice(["SPRING", None]),
            status=chance.choice(["paid", "paid", "cancelled"]),
        )  # fmt: skip
        for line in range(chance.randint(1, 2)):
            cases.add(
                "order_items", order_item_id=f"{order_id}-{line}", order_id=order_id, product_id=chance.choice(shelf),
                quantity=1, unit_price=chance.choice(["25", "50", "200", "700"]),
                discount_amount=chance.choice([None, "5"]),
            )  # fmt: skip


def _add_opinions(cases: Cases, prefix: str, account: str) -> None:
    """Survey answers, complaints and reviews; some only have the first order of the first visit, if it exists."""
    chance = cases.chance
    links = {"order_id": f"{prefix}-0-0-o"}
    for number in range(chance.choice([0, 0, 1, 2])):
        cases.add(
            "survey_responses", response_id=f"{prefix}-q{number}", customer_id=chance.choice([account, None]), **links,
            survey_type=chance.choice(["csat", "csat", "nps"]), aspect=chance.choice(["logistics", "price", "overall"]),
            score=chance.choice([None, 1, 2, 3, 5]), invited_at=cases.moment(),
        )  # fmt: skip
        cases.add(
            "support_tickets", ticket_id=f"{prefix}-k{number}", customer_id=chance.choice([account, None]), **links,
            topic=chance.choice(["delivery", "Delivery", "refund", "other", None]),
            is_complaint=chance.choice([True, None]), opened_at=cases.moment(),
        )  # fmt: skip
        cases.add(
            "reviews", review_id=f"{prefix}-w{number}", customer_id=chance.choice([account, None]), **links,
            product_id="q00", rating=chance.choice([1, 2, 3, 5]), reviewed_at=cases.moment(),
        )  # fmt: skip
