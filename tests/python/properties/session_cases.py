"""Generated visits: gaps, midnight, campaigns, long sessions, funnels, traffic sources."""

from __future__ import annotations

from datetime import datetime, timedelta

from generated import END, FIRST, Cases
from order_cases import add_lines, add_order

_TYPES = [
    "page_view", "view_item_list", "product_view", "search", "addtocart", "begin_checkout", "purchase", "buy_now",
    "place_order", "pay_order", "login", "recommendation_impression", "remove_from_cart", "share",
]  # fmt: skip
_PAGES = [None, None, "home", "category", "product", "search", "cart", "checkout", "payment", "other"]
_QUERIES = [
    "", "", "", "", "?utm_source=baidu&utm_medium=cpc&utm_campaign=spring", "?utm_source=weibo&utm_medium=social",
    "?UTM_SOURCE=baidu&utm_medium=cpc&utm_campaign=spring", "?gclid=Cj0KCQjw", "?page=2", "?utm_source=&utm_medium=",
    "?utm_source=mail&utm_medium=email&utm_source=other", "?utm_campaign=spring%2520sale&utm_medium=cpc",
]  # fmt: skip
_REFERRERS = [
    None, None, None, "https://www.google.com/", "https://m.baidu.com/s?wd=1", "https://www.google.co.uk/search",
    "https://blog.example.net/post", "https://l.facebook.com/l.php", "https://www.alipay.com/return",
    "https://shop.example/cart", "https://tieba.baidu.com/p/1", "android-app://com.google.android.gm/",
]  # fmt: skip
_AGENTS = [
    None, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X)", "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "curl/8.4.0", "Mozilla/5.0 (Linux; Android 14; CUBOT X30)",
]  # fmt: skip


def _event(cases: Cases, prefix: str, number: int, visitor: str, moment: datetime, **given: object) -> None:
    chance = cases.chance
    values: dict[str, object] = {
        "event_id": f"{prefix}-e{number:04d}", "session_id": None, "visitor_id": visitor, "customer_id": None,
        "event_type": chance.choice(_TYPES), "occurred_at": moment, "page_type": chance.choice(_PAGES),
        "page_url": f"https://shop.example/p/{number}{chance.choice(_QUERIES)}",
    }  # fmt: skip
    values.update(given)
    cases.add("events", **values)


def add_derived(cases: Cases, count: int) -> None:
    """Events without session id: gaps below, at and above the timeout, equal times, midnight, chains longer than 24
    hours.
    """
    gaps = [0, 0, 1, 60, 1799, 1800, 1801, 3600, 86_399, 86_400]
    for _ in range(count):
        prefix, chance = cases.begin("e"), cases.chance
        moment = cases.moment(FIRST, END - timedelta(days=4))
        is_chain = chance.random() < 0.1
        visitors = [f"{prefix}-v{number}" for number in range(chance.choice([1, 1, 2]))]
        numbers = list(range(chance.randint(1, 9) if not is_chain else 80))
        chance.shuffle(numbers)
        for number in numbers:
            moment += timedelta(seconds=chance.choice([1500, 1700, 1800]) if is_chain else chance.choice(gaps))
            customer = chance.choice([None, None, None, f"{prefix}-c"])
            extra = {"page_url": None} if is_chain else {}
            _event(cases, prefix, number, chance.choice(visitors), moment, customer_id=customer, **extra)


def add_given(cases: Cases, products: list[str], count: int) -> None:
    """Session rows with and without events, events of a session without a row, long and shared sessions."""
    for _ in range(count):
        prefix, chance = cases.begin("s"), cases.chance
        began = cases.moment(FIRST + timedelta(days=40), END - timedelta(days=6))
        hours = chance.choice([0, 0.1, 1, 23.9, 24, 24.1, 30, 100])
        visitor = f"{prefix}-v"
        has_row = chance.random() < 0.8
        if has_row:
            ended = chance.choice([None, began + timedelta(hours=hours), began - timedelta(hours=1)])
            page = chance.choice([None, f"https://shop.example/{chance.choice(_QUERIES)}"])
            cases.add(
                "sessions", session_id=f"{prefix}-s", visitor_id=visitor,
                customer_id=chance.choice([None, f"{prefix}-c"]), started_at=began, ended_at=ended,
                platform=chance.choice([None, "web", "ios_app", "mini_program"]),
                device_type=chance.choice([None, "mobile", "desktop"]), user_agent=chance.choice(_AGENTS),
                referrer_url=chance.choice(_REFERRERS), landing_page_url=page,
                utm_source=chance.choice([None, None, None, "google", "Weibo"]),
                utm_medium=chance.choice([None, None, None, "cpc", "email"]),
            )  # fmt: skip
        for number in range(chance.choice([0, 1, 1, 2, 4, 6])):
            offset = chance.choice([0, 0, 1, 20, 600, 3600 * hours, 3600 * 24, 3600 * 24 + 1, -30])
            other = chance.random() < 0.04
            _event(
                cases, prefix, number, f"{prefix}-w" if other else visitor, began + timedelta(seconds=int(offset)),
                session_id=f"{prefix}-s", customer_id=chance.choice([None, None, f"{prefix}-c", f"{prefix}-d"]),
                order_id=chance.choice([None, None, None, f"{prefix}-o"]),
            )  # fmt: skip
        if chance.random() < 0.5:
            order_id, _moment = add_order(
                cases, prefix, customer_id=chance.choice([None, f"{prefix}-c"]),
                visitor_id=chance.choice([None, visitor]), session_id=chance.choice([None, f"{prefix}-s"]),
                ordered_at=began + timedelta(seconds=chance.choice([0, 30, 1800, 1801, 3600 * 25])),
                sales_channel=chance.choice(["web", "app", None]),
            )  # fmt: skip
            add_lines(cases, prefix, order_id, products, 1)


def add_arrivals(cases: Cases, count: int) -> None:
    """A visitor's sessions from many sources, with direct ones between, with gaps of about the attribution window."""
    month = timedelta(days=30)
    for _ in range(count):
        prefix, chance = cases.begin("a"), cases.chance
        began = cases.moment(FIRST, END - timedelta(days=150))
        for number in range(chance.randint(1, 4)):
            direct = chance.random() < 0.5
            cases.add(
                "sessions", session_id=f"{prefix}-s{number}", visitor_id=f"{prefix}-v", started_at=began,
                platform=chance.choice([None, "web", "web", "android_app"]),
                referrer_url=None if direct else chance.choice(_REFERRERS),
                landing_page_url=None if direct else f"https://shop.example/{chance.choice(_QUERIES)}",
                utm_source=None if direct else chance.choice([None, "google", "newsletter", "(direct)"]),
                utm_medium=None if direct else chance.choice([None, "cpc", "organic", "email", "(none)"]),
                click_id=None if direct else chance.choice([None, None, "Cj0KCQjwabc", "IwAR1abc", "?"]),
            )  # fmt: skip
            began += chance.choice(
                [month, month - timedelta(seconds=1), month + timedelta(seconds=1), timedelta(days=2)]
            )


def add_funnels(cases: Cases, products: list[str], count: int) -> None:
    """Sessions of a visitor with steps in any order: repeats, ties, gaps, the edge of the visitor's window."""
    steps = [
        "page_view", "category_view", "product_view", "product_view", "add_to_cart", "add_to_cart", "begin_checkout",
        "place_order", "pay_order", "buy_now", "purchase", "login",
    ]  # fmt: skip
    week = 7 * 86_400
    for _ in range(count):
        prefix, chance = cases.begin("f"), cases.chance
        began = chance.choice([cases.moment(FIRST, END - timedelta(days=20)), cases.moment(END - timedelta(days=9))])
        visitor, moment = f"{prefix}-v", began
        for place in range(chance.randint(1, 3)):
            session = f"{prefix}-s{place}"
            if moment >= END:
                break
            cases.add(
                "sessions", session_id=session, visitor_id=visitor, started_at=moment, device_type="mobile",
                operating_system=chance.choice(["iOS", "Android", None]),
            )  # fmt: skip
            chosen = chance.sample(steps, chance.randint(0, 9))
            if chance.random() < 0.6:
                chosen.sort(key=steps.index)
            for number, kind in enumerate(chosen):
                moment += timedelta(seconds=chance.choice([0, 0, 1, 15]))
                page = "checkout" if chance.random() < 0.05 else "other"
                _event(
                    cases, f"{prefix}-{place}", number, visitor, moment, session_id=session, event_type=kind,
                    page_type=page, page_url=None,
                )  # fmt: skip
            if chance.random() < 0.25:
                paid_at = chance.choice([None, moment, moment + timedelta(seconds=5), moment + timedelta(days=8)])
                order_id, _moment = add_order(
                    cases, f"{prefix}-{place}", visitor_id=visitor, session_id=session, ordered_at=moment,
                    paid_at=paid_at, status=chance.choice(["paid", "cancelled", "placed"]),
                    is_test=chance.random() < 0.1,
                )  # fmt: skip
                add_lines(cases, f"{prefix}-{place}", order_id, products, 1)
            moment = chance.choice(
                [
                    began + timedelta(seconds=week), began + timedelta(seconds=week - 1),
                    began + timedelta(seconds=week + 1), moment + timedelta(hours=2), moment,
                ]
            )  # fmt: skip
