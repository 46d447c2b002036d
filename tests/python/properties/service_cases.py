"""Service after orders: parcels and promises, returns, surveys, reviews and tickets, at the edge of every rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from generated import AS_OF, END, Cases
from order_cases import add_lines, add_order

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_AGES: Final = [0, 1, 13, 14, 15, 29, 30, 31, 45, 89, 90, 91, 120, 179, 180, 181, 300, 365, 366]
_WAITS: Final = [0, 1, 3600, 86_400, 86_400, 172_800, 172_800, 250_000, -60]
_SPANS: Final = [0, 1, 20, 299, 300, 300, 301, 600, 4_000, 90_000, -1]
_TEXTS: Final = [
    None, "Great quality, fast delivery", "priceless", "PRICE/price", "没有质量问题 物流也快", "评价 服务态度差", "价",
    "don't worth the money", "no words here", "包装完好 会回购", "Refund!refund", "délivery",
]  # fmt: skip
_SCORES: Final[dict[str, list[object]]] = {
    "nps": [0, 5, 6, "6.5", 7, 8, 9, 10, 10, 11],
    "csat": [1, 2, "2.5", 3, 4, 5, 0],
    "ces": [1, 3, 4, 5, 7, 7],
    "brand_intent": [1, 2, 3, 4, 5],
}


def _at(cases: Cases, day: date) -> datetime:
    """A UTC timestamp in a day of the reporting time zone, often its first or last second."""
    clock = cases.chance.choice([time(0), time(0, 0, 1), time(12), time(23, 59, 59)])
    return datetime.combine(day, clock, tzinfo=_ZONE).astimezone(UTC).replace(tzinfo=None)


def add_service(cases: Cases, count: int) -> None:
    """Customers with some orders each, and their parcels, refunds, surveys, reviews and tickets."""
    shelf = [f"z{place}" for place in range(6)]
    for place, product in enumerate(shelf):
        cases.add("products", product_id=product, category=[None, "books", "books", "food", "Food", "toys"][place])
    for _ in range(count):
        prefix, chance = cases.begin("z"), cases.chance
        account = f"{prefix}-c"
        if chance.random() < 0.8:
            cases.add(
                "customers", customer_id=account, gender=chance.choice(["female", "m", None]),
                birth_date=chance.choice([None, "1980-02-29", "2000-06-30", "2007-07-01", "2030-01-01"]),
            )  # fmt: skip
        orders = [
            _add_order(cases, f"{prefix}-{number}", chance.choice([account, account, None]), [*shelf, "p-unknown"])
            for number in range(chance.choice([0, 1, 1, 2, 4]))
        ]
        for number in range(chance.choice([0, 1, 2, 4])):
            links = {"customer_id": chance.choice([account, None]), "order_id": chance.choice([None, "gone", *orders])}
            _add_survey(cases, f"{prefix}-q{number}", links)
            _add_review(cases, f"{prefix}-q{number}", links)
            _add_ticket(cases, f"{prefix}-t{number}", links)


def _add_order(cases: Cases, prefix: str, account: str | None, products: list[str]) -> str:
    """An order with any status, with parcels and refunds."""
    chance = cases.chance
    day = AS_OF - timedelta(days=chance.choice(_AGES))
    ordered_at = _at(cases, day)
    order_id, _moment = add_order(
        cases, prefix, customer_id=account, ordered_at=ordered_at,
        status=chance.choice(["completed", "completed", "shipped", "paid", "cancelled", "failed", "refunded", None]),
        completed_at=chance.choice([None, ordered_at + timedelta(days=4)]),
        sales_channel=chance.choice(["web", "app", None]), is_test=chance.choice([None, False, False, True]),
    )  # fmt: skip
    value = add_lines(cases, prefix, order_id, products, chance.randint(1, 3))
    for number in range(chance.choice([0, 1, 1, 2, 3])):
        wait = timedelta(seconds=chance.choice(_WAITS))
        promised = chance.choice(
            [None, ordered_at + wait, ordered_at + timedelta(days=2), _at(cases, day + timedelta(days=1)), END]
        )
        cases.add(
            "shipments", shipment_id=f"{prefix}-h{number}", order_id=order_id,
            delivery_method=chance.choice(["standard", "standard", "Pickup", None]),
            shipping_cost=chance.choice([None, Decimal("7.5"), Decimal("1.005"), 0]),
            shipped_at=ordered_at, promised_at=promised, delivered_at=chance.choice([None, ordered_at + wait]),
        )  # fmt: skip
    lines = [row for row in cases.tables["order_items"] if row["order_id"] == order_id]
    for number in range(chance.choice([0, 0, 1, 2])):
        asked = _at(cases, day + timedelta(days=chance.choice([0, 5, 29, 30, 31, 60])))
        refunded = min(asked + timedelta(days=chance.choice([0, 3])), END - timedelta(seconds=1))
        line = chance.choice([None, *lines])
        cases.add(
            "refunds", refund_id=f"{prefix}-r{number}", order_id=order_id, refunded_at=refunded,
            order_item_id=line and line["order_item_id"], requested_at=chance.choice([None, min(asked, refunded)]),
            amount=chance.choice([Decimal(0), Decimal("0.01"), round(value / 3, 2), value]),
            reason=chance.choice(["Quality", "quality ", "wrong size", None]),
            is_return=chance.choice([True, True, False, None]), is_exchange=chance.choice([True, False, False, None]),
        )  # fmt: skip
    return order_id


def _add_survey(cases: Cases, response_id: str, links: dict[str, object]) -> None:
    """A survey of any age; answered or not, sometimes after the as-of date, sometimes without an invitation."""
    chance = cases.chance
    kind = chance.choice([*_SCORES, "nps", "mood"])
    invited = _at(cases, AS_OF - timedelta(days=chance.choice(_AGES)))
    answered = chance.choice(
        [None, invited, invited + timedelta(days=2), invited + timedelta(days=33), END, END - timedelta(seconds=1)]
    )
    cases.add(
        "survey_responses", response_id=response_id, **links, survey_type=kind,
        aspect=chance.choice(["overall", "logistics", "Product", None]),
        invited_at=chance.choice([invited, invited, invited, None]), responded_at=answered,
        score=chance.choice([None, *_SCORES.get(kind, [3])]),
    )  # fmt: skip


def _add_review(cases: Cases, review_id: str, links: dict[str, object]) -> None:
    chance = cases.chance
    if chance.random() < 0.6:
        cases.add(
            "reviews", review_id=review_id, **links, product_id="z1", review_text=chance.choice(_TEXTS),
            rating=chance.choice([1, 2, "2.5", 3, 4, "4.5", 5]),
            reviewed_at=_at(cases, AS_OF - timedelta(days=chance.choice(_AGES))),
        )  # fmt: skip


def _add_ticket(cases: Cases, ticket_id: str, links: dict[str, object]) -> None:
    """A ticket answered after about five minutes, before it was opened, or not; some just before the as-of end."""
    chance = cases.chance
    opened = chance.choice(
        [
            _at(cases, AS_OF - timedelta(days=chance.choice(_AGES))),
            END - timedelta(seconds=chance.choice([1, 299, 300, 301, 302])),
        ]
    )
    cases.add(
        "support_tickets", ticket_id=ticket_id, **links, opened_at=opened,
        topic=chance.choice(["delivery", "Refund", "moon", None]), handled_by=chance.choice(["bot", "human", None]),
        is_complaint=chance.choice([True, False, None]),
        first_response_at=chance.choice([None, opened + timedelta(seconds=chance.choice(_SPANS))]),
        resolved_at=chance.choice([None, opened + timedelta(seconds=chance.choice(_SPANS), milliseconds=500)]),
        satisfaction_score=chance.choice([None, None, 1, 4, "4.5", 5]),
    )  # fmt: skip
