"""People who return through many channels on several devices, and sometimes order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from generated import END, FIRST, Cases
from order_cases import add_lines, add_order

_WINDOW: Final = timedelta(days=30)
_PAUSES: Final = [
    timedelta(0), timedelta(minutes=5), timedelta(hours=9), timedelta(days=1), timedelta(days=7), timedelta(days=11),
    _WINDOW - timedelta(seconds=1), _WINDOW, _WINDOW + timedelta(seconds=1), timedelta(days=70),
]  # fmt: skip
_TAGS: Final = [
    (None, None), (None, None), ("google", "cpc"), ("google", "organic"), ("facebook", "cpc"), ("newsletter", "email"),
    ("partner", "affiliate"),
]  # fmt: skip
_BOT: Final = "Mozilla/5.0 (compatible; Googlebot/2.1)"


def add_journeys(cases: Cases, products: list[str], count: int) -> None:
    """Up to nine visits with gaps of about zero, the half-life or the window; orders in visits, between them,
    simultaneous.
    """
    for _ in range(count):
        prefix, chance = cases.begin("t"), cases.chance
        moment = chance.choice([cases.moment(FIRST, END - timedelta(days=200)), cases.moment(END - timedelta(days=70))])
        customers = [f"{prefix}-c", f"{prefix}-c", chance.choice([f"{prefix}-c", f"{prefix}-d"]), None]
        for place in range(chance.randint(1, 9)):
            moment += chance.choice(_PAUSES)
            if moment >= END - timedelta(minutes=30):
                break
            visitor, (source, medium) = f"{prefix}-v{chance.choice([0, 0, 1])}", chance.choice(_TAGS)
            session = f"{prefix}-s{place}"
            cases.add(
                "sessions", session_id=session, visitor_id=visitor, customer_id=chance.choice(customers),
                started_at=moment, platform=chance.choice(["web", "web", "ios_app"]), utm_source=source,
                utm_medium=medium, user_agent=_BOT if chance.random() < 0.04 else None,
            )  # fmt: skip
            for number in range(chance.choice([0, 0, 0, 1, 1, 2])):
                customer = chance.choice(customers)
                _add_order(cases, f"{prefix}-{place}-{number}", customer, visitor, session, moment, products)


def _add_order(
    cases: Cases, prefix: str, customer: str | None, visitor: str, session: str, began: datetime, products: list[str]
) -> None:
    """An order around a session: in it, at its start, before it by a wrong clock, days later with its id or without a
    link.
    """
    chance = cases.chance
    after = chance.choice([0, 0, 0, 420, -5, 2 * 86400, 30 * 86400])
    ordered_at = min(began + timedelta(seconds=after), END - timedelta(seconds=1))
    order_id, _moment = add_order(
        cases, prefix, customer_id=customer, visitor_id=chance.choice([visitor, None]), ordered_at=ordered_at,
        paid_at=ordered_at, session_id=chance.choice([session, session, None]),
        status=chance.choice(["paid", "paid", "paid", "cancelled"]),
    )  # fmt: skip
    add_lines(cases, prefix, order_id, products, chance.choice([1, 1, 2]))
