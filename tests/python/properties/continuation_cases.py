"""Visits that go on with an earlier one, and visits that only look like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from generated import END, FIRST, Cases
from order_cases import add_lines, add_order

_NOON: Final = datetime(2024, 5, 5, 12)
_SHOP: Final = "https://shop.example"


@dataclass(frozen=True)
class Return:
    """A visit by e-mail, a second visit that holds an order, and the channel of the second.

    `minutes`: from start to start. Events are (type, page type). `is_touch`: the second visit is an arrival, so it is
    on the path of the order.
    """

    name: str
    channel: str
    referrer: str | None
    minutes: int = 50
    first: tuple[tuple[str, str | None], ...] = ()
    second: tuple[tuple[str, str | None], ...] = ()
    landing: str | None = "/"
    query: str = ""
    source: str | None = None
    medium: str | None = None
    is_touch: bool = False


_CHECKOUT: Final = (("product_view", "product"), ("add_to_cart", "product"), ("begin_checkout", "checkout"))
_SHOPPING: Final = (
    ("product_view", "product"),
    ("add_to_cart", "product"),
    ("begin_checkout", None),
    ("purchase", None),
)

RETURNS: Final = (
    Return("Shop Pay", "email", "https://shop.app/"),
    Return("a listed gateway of Spain", "email", "https://sis.redsys.es/sis/realizarPago"),
    Return("PayPal in tags that a tool derived", "email", None, source="paypal.com", medium="referral"),
    Return("a sign-in at Google", "email", "https://accounts.google.com/"),
    Return("a sign-in at Facebook", "email", "https://www.facebook.com/login/device-based"),
    Return("a listed gateway a day later", "email", "https://www.paypal.com/", minutes=1440),
    Return("the shop's other domain", "email", "https://second-shop.example/cart"),
    Return("the shop's other domain, below it", "email", "https://pay.second-shop.example/"),
    Return("an unknown bank after the checkout", "email", "https://acs.anybank.example/", first=_CHECKOUT),
    Return(
        "an unknown bank, in derived tags", "email", None, first=_CHECKOUT, source="anybank.example",
        medium="referral",
    ),
    Return(
        "a sign-in at a social site, known by its host alone", "email", "https://www.facebook.com/",
        first=_CHECKOUT,
    ),
    Return(
        "an unknown sign-in after a sign-in page", "email", "https://id.any.example/",
        first=(("page_view", "payment"),),
    ),
    Return(
        "an unknown bank to the thank-you page", "email", "https://acs.anybank.example/", 300,
        landing="/checkout/thank_you",
    ),
    Return(
        "an unknown bank to the payment page", "email", "https://acs.anybank.example/", 300,
        second=(("page_view", "payment"),),
    ),
    Return(
        "an unknown bank, order first", "email", "https://acs.anybank.example/",
        second=(("page_view", None), ("purchase", None)),
    ),
    Return("an unknown bank, nothing but the order", "email", "https://acs.anybank.example/", landing=None),
    Return("a blog, then shopping", "referral", "https://blog.example.net/post", second=_SHOPPING, is_touch=True),
    Return(
        "a blog long after the checkout", "referral", "https://blog.example.net/", 120, _CHECKOUT, _SHOPPING,
        is_touch=True,
    ),
    Return(
        "a search engine after the checkout", "organic_search", "https://www.google.com/", 50, _CHECKOUT,
        is_touch=True,
    ),
    Return(
        "a post at a social site, clicked", "organic_social", "https://www.facebook.com/", 50, _CHECKOUT,
        query="?fbclid=IwAR0", is_touch=True,
    ),
    Return(
        "a tagged link after the checkout", "affiliates", "https://partner.example/", 50, _CHECKOUT, source="partner",
        medium="affiliate", is_touch=True,
    ),
    Return(
        "an ad after the checkout", "paid_search", "https://www.google.com/", 50, _CHECKOUT, query="?gclid=Cj0",
        is_touch=True,
    ),
    Return(
        "a tagged link from an own page", "affiliates", f"{_SHOP}/blog", source="partner", medium="affiliate",
        is_touch=True,
    ),
    Return(
        "social posts without a checkout", "organic_social", "https://www.facebook.com/", second=_SHOPPING,
        is_touch=True,
    ),
)  # fmt: skip

_REFERRERS: Final = [
    None, "https://shop.app/", "https://www.paypal.com/", "https://acs.anybank.example/3ds", "https://www.google.com/",
    "https://accounts.google.com/", "https://www.facebook.com/", "https://www.facebook.com/login.php",
    "https://blog.example.net/post", "https://second-shop.example/", "https://shop.example/cart", "https://t.co/x",
]  # fmt: skip
_LANDINGS: Final = [
    None, "/", "/p/1", "/checkout", "/checkouts/c/1/thank_you", "/checkout/cart", "/payment/return", "/account/login",
    "/?gclid=Cj0", "/?fbclid=IwAR0", "/?utm_source=mail&utm_medium=email", "/?utm_source=google&utm_medium=organic",
]  # fmt: skip
_EVENTS: Final = [
    ("page_view", None), ("page_view", "checkout"), ("page_view", "payment"), ("page_view", "account"), ("login", None),
    ("product_view", "product"), ("add_to_cart", "product"), ("begin_checkout", "checkout"), ("purchase", None),
    ("place_order", None), ("pay_order", "payment"), ("buy_now", "product"),
]  # fmt: skip


def add_hand_returns(cases: Cases, products: list[str]) -> None:
    """Two sessions per case, `r-<number>-1` and `r-<number>-2`, and the order `r-<number>`, which is in the second."""
    cases.add(
        "sessions", session_id="r-own", visitor_id="r-own", started_at=_NOON,
        landing_page_url="https://www.second-shop.example/",
    )  # fmt: skip
    for number, case in enumerate(RETURNS):
        cases.count += 1
        visitor, began = f"r-v{number}", _NOON + timedelta(minutes=case.minutes)
        cases.tables["sessions"].append(
            {
                "session_id": f"r-{number}-1", "visitor_id": visitor, "started_at": _NOON.isoformat(),
                "utm_source": "news", "utm_medium": "email", "landing_page_url": f"{_SHOP}/",
            }
        )  # fmt: skip
        cases.tables["sessions"].append(
            {
                "session_id": f"r-{number}-2", "visitor_id": visitor, "started_at": began.isoformat(),
                "referrer_url": case.referrer, "utm_source": case.source, "utm_medium": case.medium,
                "landing_page_url": case.landing and f"{_SHOP}{case.landing}{case.query}",
            }
        )  # fmt: skip
        for session, start, events in (("1", _NOON, case.first), ("2", began, case.second)):
            for place, (event_type, page_type) in enumerate(events):
                cases.tables["events"].append(
                    {
                        "event_id": f"r-{number}-{session}-{place}", "session_id": f"r-{number}-{session}",
                        "visitor_id": visitor, "event_type": event_type, "page_type": page_type,
                        "occurred_at": (start + timedelta(minutes=place)).isoformat(),
                    }
                )  # fmt: skip
        ordered_at = began + timedelta(minutes=10)
        cases.tables["orders"].append(
            {
                "order_id": f"r-{number}", "customer_id": f"r-c{number}", "visitor_id": visitor,
                "session_id": f"r-{number}-2", "ordered_at": ordered_at.isoformat(), "paid_at": ordered_at.isoformat(),
                "status": "paid",
            }
        )  # fmt: skip
        cases.tables["order_items"].append(
            {
                "order_item_id": f"r-{number}", "order_id": f"r-{number}", "product_id": products[0], "quantity": "1",
                "unit_price": "10",
            }
        )  # fmt: skip


def add_returns(cases: Cases, products: list[str], count: int) -> None:
    """A visitor's sessions minutes apart, from banks, sign-ins and real sources; some people use two devices."""
    for _ in range(count):
        prefix, chance = cases.begin("rt"), cases.chance
        began = cases.moment(FIRST, END - timedelta(days=3))
        visitors = [f"{prefix}-v{number}" for number in range(chance.choice([1, 1, 2]))]
        for number in range(chance.randint(2, 5)):
            visitor, session = chance.choice(visitors), f"{prefix}-s{number}"
            landing = chance.choice(_LANDINGS)
            is_mail = number == 0 and chance.random() < 0.5
            source = "news" if is_mail else chance.choice([None, None, None, "paypal.com", "anybank.example"])
            cases.add(
                "sessions", session_id=session, visitor_id=visitor, started_at=began,
                customer_id=chance.choice([None, None, f"{prefix}-c"]),
                referrer_url=chance.choice(_REFERRERS), landing_page_url=landing and _SHOP + landing,
                utm_source=source,
                utm_medium=chance.choice([None, None, "referral", "(none)"]) if not is_mail else "email",
            )  # fmt: skip
            moment = began
            for place in range(chance.choice([0, 0, 1, 2, 4])):
                event_type, page_type = chance.choice(_EVENTS)
                cases.add(
                    "events", event_id=f"{session}-e{place}", session_id=session, visitor_id=visitor,
                    event_type=event_type, page_type=page_type, occurred_at=moment,
                    page_url=chance.choice([None, f"{_SHOP}/p/1", f"{_SHOP}/account/login", f"{_SHOP}/checkout"]),
                )  # fmt: skip
                moment += timedelta(seconds=chance.choice([0, 1, 30, 300]))
            if chance.random() < 0.3:
                ordered_at = moment + timedelta(seconds=chance.choice([0, 5, 600, -5]))
                order_id, _moment = add_order(
                    cases, f"{prefix}-{number}", customer_id=f"{prefix}-c", visitor_id=visitor, session_id=session,
                    ordered_at=ordered_at, paid_at=ordered_at, status="paid",
                    is_renewal=chance.choice([None, None, False, True]),
                )  # fmt: skip
                add_lines(cases, f"{prefix}-{number}", order_id, products, 1)
            began += timedelta(minutes=chance.choice([10, 59, 60, 61, 120]), seconds=chance.choice([0, 0, 1]))
