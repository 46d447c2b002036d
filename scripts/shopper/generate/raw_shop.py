"""Combines sessions, people and orders from raw files, in plain Python, by the definitions of the marts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from shopper.generate.clock import AS_OF_DATE, DAY_SECONDS, local_day, local_hour
from shopper.generate.valid_rows import Cells, Order, is_bot, is_in_time, moment_of, newest, read, read_orders

VIEWS: Final = {
    "page_view": "page_view", "category_view": "category_view", "view_item_list": "category_view",
    "product_view": "product_view", "view_item": "product_view", "search": "search",
}  # fmt: skip
_MEDIA: Final = {
    "cpc": "paid_search",
    "paid_social": "paid_social",
    "display": "display",
    "affiliate": "affiliates",
    "email": "email",
}
_SEARCH_HOSTS: Final = ("www.baidu.com", "www.google.com", "cn.bing.com")
_SOCIAL_HOSTS: Final = ("weibo.com", "www.xiaohongshu.com", "www.zhihu.com")
_GATEWAYS: Final = ("www.alipay.com",)
_PLATFORM_CHANNELS: Final = {
    "ios_app": "app",
    "android_app": "app",
    "mini_program": "mini_program",
    "marketplace": "marketplace",
}
_INHERITED_SECONDS: Final = 30 * DAY_SECONDS


@dataclass(slots=True, eq=False)
class Visit:
    """A session with its events in order."""

    row: Cells
    start: int
    day: int
    hour: int
    is_bot: bool
    own_channel: str
    channel: str = ""
    person: str = ""
    events: list[tuple[int, str, Cells]] = field(default_factory=list)
    """(timestamp, event type, row); page views have canonical types"""
    orders: list[Order] = field(default_factory=list)

    @property
    def views(self) -> list[tuple[int, str, Cells]]:
        return [event for event in self.events if event[1] in VIEWS]

    @property
    def seconds(self) -> int:
        return self.events[-1][0] - self.events[0][0] if self.events else 0


@dataclass(slots=True, eq=False)
class Customer:
    """A canonical customer: an account with the accounts merged into it, or a visitor who ordered as a guest."""

    customer_id: str
    row: Cells
    orders: list[Order] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    @property
    def age(self) -> int | None:
        born = self.row.get("birth_date")
        if born is None:
            return None
        birth = date.fromisoformat(born)
        return AS_OF_DATE.year - birth.year - ((AS_OF_DATE.month, AS_OF_DATE.day) < (birth.month, birth.day))

    @property
    def first(self) -> Order:
        return self.orders[0]

    @property
    def last(self) -> Order:
        return self.orders[-1]


@dataclass(slots=True)
class RawShop:
    customers: list[Customer]
    visits: list[Visit]
    orders: list[Order]
    products: dict[str, Cells]

    @property
    def buyers(self) -> list[Customer]:
        return [customer for customer in self.customers if customer.orders]

    def category(self, product_id: str | None) -> str:
        return (self.products.get(product_id or "") or {}).get("category") or "unknown"

    @property
    def valid(self) -> list[Order]:
        return [order for order in self.orders if order.is_valid]


def read_shop(folder: Path) -> RawShop:
    """Read everything from a folder of raw CSV files."""
    accounts = newest(_accounts(folder), "customer_id", lambda row: moment_of(row["updated_at"]) or 0)
    canonical = {name: _canonical(name, accounts) for name in accounts}
    orders = read_orders(folder)
    visits = _visits(folder)
    _identify(list(visits.values()), canonical)
    _assign_channels(list(visits.values()))
    customers = {name: Customer(name, row) for name, row in accounts.items() if canonical[name] == name}
    for order in sorted(orders.values(), key=lambda one: (one.placed_at, one.row["order_id"] or "")):
        visit = visits.get(order.row["session_id"] or "")
        if visit is not None:
            visit.orders.append(order)
        named = order.row["customer_id"] if order.row["customer_id"] != "0" else None
        order.customer = canonical.get(named, named) if named else visit.person if visit else None
        if order.customer and order.is_valid:
            customers.setdefault(order.customer, Customer(order.customer, {})).orders.append(order)
    for visit in sorted(visits.values(), key=lambda one: one.start):
        if visit.person in customers and not visit.is_bot:
            customers[visit.person].visits.append(visit)
    products = newest(read(folder, "products"), "product_id", lambda row: 0)
    return RawShop(list(customers.values()), list(visits.values()), list(orders.values()), products)


def _accounts(folder: Path) -> list[Cells]:
    return [row for row in read(folder, "customers") if row["customer_id"] != "0" and _is_date(row["birth_date"])]


def _is_date(text: str | None) -> bool:
    try:
        return text is None or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _canonical(name: str, accounts: dict[str, Cells]) -> str:
    seen: list[str] = []
    while name in accounts and name not in seen and accounts[name]["merged_into_customer_id"]:
        seen.append(name)
        name = accounts[name]["merged_into_customer_id"] or name
    return min(seen[seen.index(name) :]) if name in seen else name


def _visits(folder: Path) -> dict[str, Visit]:
    visits: dict[str, Visit] = {}
    for row in read(folder, "sessions"):
        start = moment_of(row["started_at"])
        if start is not None and is_in_time(row["started_at"]) and row["visitor_id"] not in (None, "0"):
            visits[row["session_id"] or ""] = Visit(
                row, start, local_day(start), local_hour(start), is_bot(row), own_channel(row)
            )
    events = newest(_events(folder), "event_id", lambda row: -(moment_of(row["received_at"]) or 0))
    for row in events.values():
        visit = visits.get(row["session_id"] or "")
        at = moment_of(row["occurred_at"])
        if visit is not None and at is not None:
            kind = row["event_type"] or ""
            visit.events.append((at, VIEWS.get(kind, kind), row))
    for visit in visits.values():
        visit.events.sort(key=lambda event: (event[0], event[2]["event_id"] or ""))
    return visits


def _events(folder: Path) -> list[Cells]:
    return [
        row
        for row in read(folder, "events")
        if is_in_time(row["occurred_at"]) and row["visitor_id"] and row["event_type"] != "wiggle"
    ]


def own_channel(row: Cells) -> str:
    """The own channel of a session: by paid or owned source, else platform, else referrer."""
    medium = (row["utm_medium"] or "").lower()
    if medium in _MEDIA:
        return _MEDIA[medium]
    platform = _PLATFORM_CHANNELS.get(row["platform"] or "")
    if platform is not None:
        return platform
    host = (row["referrer_url"] or "").partition("://")[2].partition("/")[0]
    if not host or host in _GATEWAYS:
        return "direct"
    return "organic_search" if host in _SEARCH_HOSTS else "organic_social" if host in _SOCIAL_HOSTS else "referral"


def _by_visitor(visits: Sequence[Visit]) -> dict[str, list[Visit]]:
    groups: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda one: (one.start, one.row["session_id"] or "")):
        groups[visit.row["visitor_id"] or ""].append(visit)
    return groups


def _identify(visits: Sequence[Visit], canonical: dict[str, str]) -> None:
    """Set the customer of each session: named in it, else the visitor's next one, else the previous one, else the
    visitor.
    """
    for visitor, group in _by_visitor(visits).items():
        named = [_named(visit) for visit in group]
        for place, visit in enumerate(group):
            near = [*named[place:], *reversed(named[:place])]
            found = next((name for name in near if name), None)
            visit.person = canonical.get(found, found) if found else f"visitor:{visitor}"


def _named(visit: Visit) -> str | None:
    inside = (event[2]["customer_id"] for event in visit.events)
    return visit.row["customer_id"] or next((name for name in inside if name), None)


def _assign_channels(visits: Sequence[Visit]) -> None:
    """Set the channel of each session: a direct one inherits the visitor's last other channel within 30 days."""
    for group in _by_visitor(visits).values():
        last: Visit | None = None
        for visit in group:
            is_near = last is not None and visit.start - last.start <= _INHERITED_SECONDS
            visit.channel = (
                last.own_channel if visit.own_channel == "direct" and last and is_near else visit.own_channel
            )
            if visit.own_channel != "direct":
                last = visit


def acquisition_channel(customer: Customer, visits_by_order: dict[int, Visit]) -> str:
    """The channel of the session of the first valid order, else its sales channel."""
    visit = visits_by_order.get(id(customer.first))
    return visit.channel if visit else customer.first.row["sales_channel"] or "unattributed"
