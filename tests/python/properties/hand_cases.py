"""Cases with expected results computed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from generated import Cases

_NOON: Final = datetime(2024, 5, 5, 12)


@dataclass(frozen=True)
class Journey:
    """Events (second, type) of a session, the steps that it reaches in order, and the steps reached out of order."""

    name: str
    events: tuple[tuple[int, str], ...]
    reached: frozenset[str]
    out_of_order: frozenset[str] = frozenset()


JOURNEYS: Final = (
    Journey("nothing but a visit", ((0, "page_view"),), frozenset({"visit"})),
    Journey(
        "every step in order",
        (
            (1, "category_view"), (2, "product_view"), (3, "add_to_cart"), (4, "begin_checkout"), (5, "place_order"),
            (6, "pay_order"),
        ),
        frozenset({"visit", "category", "product", "cart", "checkout", "order", "payment"}),
    ),
    Journey(
        "an optional step skipped",
        ((1, "product_view"), (2, "add_to_cart")),
        frozenset({"visit", "product", "cart"}),
    ),
    Journey(
        "an optional step after its required neighbour",
        ((1, "product_view"), (2, "category_view"), (3, "add_to_cart")),
        frozenset({"visit", "product", "cart"}),
        frozenset({"category"}),
    ),
    Journey(
        "all in one second count in step order",
        ((0, "pay_order"), (0, "place_order"), (0, "begin_checkout"), (0, "add_to_cart"), (0, "product_view")),
        frozenset({"visit", "product", "cart", "checkout", "order", "payment"}),
    ),
    Journey(
        "cart before product",
        ((1, "add_to_cart"), (2, "product_view")),
        frozenset({"visit", "product"}),
        frozenset({"cart"}),
    ),
    Journey(
        "a repeat puts it right",
        ((1, "add_to_cart"), (2, "product_view"), (3, "add_to_cart")),
        frozenset({"visit", "product", "cart"}),
    ),
    Journey(
        "buy now is cart and checkout",
        ((1, "product_view"), (2, "buy_now"), (3, "purchase")),
        frozenset({"visit", "product", "cart", "checkout", "order", "payment"}),
    ),
    Journey(
        "purchase without checkout",
        ((1, "product_view"), (2, "add_to_cart"), (3, "purchase")),
        frozenset({"visit", "product", "cart"}),
        frozenset({"order", "payment"}),
    ),
    Journey(
        "checkout only before the last cart still counts from the first",
        ((1, "product_view"), (2, "add_to_cart"), (3, "begin_checkout"), (4, "add_to_cart"), (5, "purchase")),
        frozenset({"visit", "product", "cart", "checkout", "order", "payment"}),
    ),
    Journey(
        "nothing but a purchase",
        ((1, "purchase"),),
        frozenset({"visit"}),
        frozenset({"order", "payment"}),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Silence:
    """Seconds of a visitor's events without session id, each with its URL, and the seconds at which sessions start."""

    name: str
    events: tuple[tuple[int, str], ...]
    begins: tuple[int, ...]


_SPRING: Final = "https://shop.example/?utm_source=baidu&utm_medium=cpc"
_SUMMER: Final = "https://shop.example/?utm_source=weibo&utm_medium=social"
_PLAIN: Final = "https://shop.example/p/1"
SILENCES: Final = (
    Silence("exactly the timeout is one session", ((0, _PLAIN), (1800, _PLAIN)), (0,)),
    Silence("a second more is two", ((0, _PLAIN), (1801, _PLAIN)), (0, 1801)),
    Silence("midnight does not cut", ((4 * 3600 - 60, _PLAIN), (4 * 3600 + 60, _PLAIN)), (4 * 3600 - 60,)),
    Silence("equal times are one session", ((5, _PLAIN), (5, _PLAIN), (5, _PLAIN)), (5,)),
    Silence("a campaign begins a session", ((0, _PLAIN), (10, _SPRING)), (0, 10)),
    Silence("the same campaign again does not", ((0, _SPRING), (10, _SPRING), (20, _PLAIN)), (0,)),
    Silence("another campaign does", ((0, _SPRING), (10, _SUMMER), (20, _SPRING)), (0, 10, 20)),
    Silence(
        "longer than 24 hours is cut",
        tuple((1800 * number, _PLAIN) for number in range(60)),
        (0, 24 * 3600 + 1800),
    ),
)


def add_hand_cases(cases: Cases) -> None:
    """Journeys become sessions `j-<number>`, gaps become visitors `q-<number>`."""
    for number, journey in enumerate(JOURNEYS):
        cases.count += 1
        cases.add("sessions", session_id=f"j-{number}", visitor_id=f"j-v{number}", started_at=_NOON)
        for place, (second, event_type) in enumerate(journey.events):
            cases.add(
                "events", event_id=f"j-{number}-{place}", session_id=f"j-{number}", visitor_id=f"j-v{number}",
                event_type=event_type, occurred_at=_NOON + timedelta(seconds=second),
            )  # fmt: skip
    for number, silence in enumerate(SILENCES):
        cases.count += 1
        for place, (second, address) in enumerate(silence.events):
            cases.tables["events"].append(
                {
                    "event_id": f"q-{number}-{place:03d}",
                    "visitor_id": f"q-{number}",
                    "event_type": "page_view",
                    "occurred_at": cases.spelled(_NOON + timedelta(seconds=second)),
                    "page_url": address,
                }
            )


def begin_of(second: int) -> datetime:
    """The timestamp of a second of a case."""
    return _NOON + timedelta(seconds=second)
