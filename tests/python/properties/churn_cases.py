"""Customers who stay or churn: orders, visits, carts and messages around month ends, at every threshold."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from generated import AS_OF, Cases
from order_cases import add_lines, add_order

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_ENDS: Final = ["2024-08-31", "2024-11-30", "2024-12-31", "2025-01-31", "2025-02-28", "2025-03-31", AS_OF.isoformat()]
_ORDER_AGES: Final = [-91, -90, -89, -30, -1, 0, 1, 6, 10, 20, 20, 45, 89, 90, 91, 120, 179, 180, 181, 364, 365]
_VISIT_AGES: Final = [-3, 0, 1, 5, 6, 7, 8, 20, 28, 29, 30, 31, 34, 35, 36, 37, 38, 45, 58, 59, 60, 61, 200]
_CAMPAIGNS: Final = ["email", "sms", "push", "coupon"]


def _moment(cases: Cases, end: str, age: int) -> datetime:
    """A UTC timestamp some local days before a day, sometimes at the edge of the day."""
    clock = cases.chance.choice([time(0), time(12), time(21, 30), time(23, 59, 59)])
    day = datetime.fromisoformat(end).date() - timedelta(days=age)
    return datetime.combine(day, clock, tzinfo=_ZONE).astimezone(UTC).replace(tzinfo=None)


def add_churn(cases: Cases, products: list[str], count: int) -> None:
    """Customers with orders and visits around a cut-off, opt-ins, messages, reviews, referrers."""
    for campaign in _CAMPAIGNS:
        cases.add("campaigns", campaign_id=f"k-{campaign}", campaign_type=campaign)
    people: list[str] = []
    for _ in range(count):
        prefix, chance = cases.begin("l"), cases.chance
        account, end = f"{prefix}-c", chance.choice(_ENDS)
        ages = [age for age in _VISIT_AGES if end != AS_OF.isoformat() or age >= 0]
        cases.add(
            "customers", customer_id=account, registered_at=chance.choice([None, cases.moment()]),
            referrer_customer_id=chance.choice([None, None, account, *people[-3:]]),
            **{f"{channel}_opt_in": chance.choice([True, True, False, None]) for channel in ("email", "sms", "push")},
        )  # fmt: skip
        people.append(account)
        _add_orders(cases, prefix, account, end, products)
        for number in range(chance.randint(0, 5)):
            _add_visit(cases, f"{prefix}-s{number}", account, _moment(cases, end, chance.choice(ages)))
        for number in range(chance.choice([0, 0, 1, 3])):
            _add_message(cases, f"{prefix}-m{number}", account)
        _add_opinions(cases, prefix, account)


def _add_orders(cases: Cases, prefix: str, account: str, end: str, products: list[str]) -> None:
    chance = cases.chance
    ages = [age for age in _ORDER_AGES if end != AS_OF.isoformat() or age >= 0]
    price = cases.money(50, 4000)
    for number, age in enumerate(chance.sample(ages, chance.randint(0, 6))):
        status = chance.choices(["paid", "cancelled"], [9, 1])[0]
        order_id, _moment_of = add_order(
            cases, f"{prefix}-{number}", customer_id=account, ordered_at=_moment(cases, end, age), status=status
        )
        if chance.random() < 0.7:
            quantity = chance.choice([1, 1, 1, 2, 3])
            item_id = f"{order_id}-i"
            cases.add("order_items", order_item_id=item_id, order_id=order_id, quantity=quantity, unit_price=price)
        else:
            add_lines(cases, f"{prefix}-{number}", order_id, products, 1)


def _add_visit(cases: Cases, session_id: str, account: str, began: datetime) -> None:
    """A session with some events, of the customer or someone else, sometimes of a bot."""
    chance = cases.chance
    visitor, customer = f"{session_id[:6]}-v", chance.choice([account, account, account, None])
    cases.add(
        "sessions", session_id=session_id, visitor_id=visitor, started_at=began, customer_id=customer,
        user_agent=chance.choice([None] * 9 + ["Googlebot/2.1"]),
    )  # fmt: skip
    kinds = ["page_view", "product_view", "add_to_cart", "login", "share", "follow", "add_to_wishlist", "buy_now"]
    for number in range(chance.randint(0, 4)):
        seconds = chance.choice([0, 30, 60, 120, 240]) * number
        cases.add(
            "events", event_id=f"{session_id}-e{number}", session_id=session_id, visitor_id=visitor,
            event_type=chance.choice(kinds), occurred_at=began + timedelta(seconds=seconds),
            product_id=chance.choice([None, "p001", "p002", "p003", "p004"]),
        )  # fmt: skip


def _add_message(cases: Cases, message_id: str, account: str) -> None:
    chance, sent = cases.chance, cases.moment()
    cases.add(
        "messages", message_id=message_id, campaign_id=f"k-{chance.choice([*_CAMPAIGNS, 'unknown'])}",
        customer_id=account, sent_at=sent, delivered_at=sent, opened_at=chance.choice([None, sent]),
        clicked_at=chance.choice([None, None, sent]), unsubscribed_at=chance.choice([None] * 5 + [sent]),
    )  # fmt: skip


def _add_opinions(cases: Cases, prefix: str, account: str) -> None:
    chance = cases.chance
    for number in range(chance.choice([0, 0, 1, 2])):
        cases.add(
            "survey_responses", response_id=f"{prefix}-r{number}", customer_id=chance.choice([account, None]),
            order_id=f"{prefix}-0-o", survey_type="brand_intent", aspect="overall",
            score=chance.choice([None, 1, 3, 5]), invited_at=cases.moment(),
        )  # fmt: skip
    for number in range(chance.choice([0, 0, 1, 3])):
        cases.add(
            "support_tickets", ticket_id=f"{prefix}-t{number}", customer_id=chance.choice([account, None]),
            order_id=f"{prefix}-0-o", topic="delivery", is_complaint=chance.choice([True, False, None]),
            opened_at=cases.moment(),
        )  # fmt: skip
