"""Entities of the sample shop, before they are written as raw text. Money is in CNY; days and times as in `clock`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Product:
    product_id: str
    name: str
    category: str
    subcategory: str
    brand: str
    price: float
    cost: float | None
    images: int | None
    description: int | None
    listed_day: int
    discontinued_day: int | None = None
    weekly_prices: list[float] | None = None

    def price_on(self, day: int) -> float:
        """List price on a day. It changes only for products with planted price moves, by whole ISO weeks."""
        if self.weekly_prices is None:
            return self.price
        return self.weekly_prices[min(max(day, 0) // 7, len(self.weekly_prices) - 1)]


@dataclass(slots=True, eq=False)
class Line:
    product: Product
    quantity: int
    unit_price: float
    discount: float = 0.0
    planted: bool = False
    line_id: str = ""

    @property
    def net(self) -> float:
        return self.quantity * self.unit_price - self.discount


@dataclass(slots=True, eq=False)
class Order:
    person: Person
    day: int
    target: float
    is_first: bool = False
    lines: list[Line] = field(default_factory=list)
    session: Session | None = None
    sales_channel: str = "web"
    status: str = "completed"
    currency: str = "CNY"
    discount: float = 0.0
    shipping: float = 0.0
    promotion: str | None = None
    placed_at: int = 0
    paid_at: int | None = None
    completed_at: int | None = None
    cancelled_at: int | None = None
    refunded: float = 0.0
    is_settled: bool = False
    order_id: str = ""

    @property
    def is_valid(self) -> bool:
        return self.paid_at is not None and self.status not in ("cancelled", "failed")

    @property
    def net(self) -> float:
        """Net revenue before refunds."""
        return sum(line.net for line in self.lines) - self.discount

    @property
    def kept(self) -> float:
        """Net revenue after refunds of goods."""
        return self.net - self.refunded


@dataclass(slots=True, eq=False)
class Event:
    kind: str
    page: str | None = None
    gap: float = 1.0
    at: int = 0
    product: Product | None = None
    order: Order | None = None
    quantity: int | None = None
    search_term: str | None = None
    results: int | None = None
    sort: str | None = None
    content: str | None = None
    load_ms: int | None = None
    methods_offered: int | None = None
    promised_days: int | None = None
    placement: str | None = None
    anchor: Product | None = None


@dataclass(slots=True, eq=False)
class Session:
    person: Person
    day: int
    depth: int
    channel: str
    order: Order | None = None
    pages: int = 1
    seconds: float = 0.0
    is_known: bool = True
    platform: str = "web"
    device: str = "mobile"
    system: str = "Android"
    start: int = 0
    end: int = 0
    cart_product: Product | None = None
    recommended: str | None = None
    clicks_recommendation: bool = False
    carts_recommendation: bool = False
    events: list[Event] = field(default_factory=list)
    session_id: str = ""


@dataclass(slots=True, eq=False)
class Person:
    number: int
    plan: str
    order_days: list[int] = field(default_factory=list)
    targets: list[float] = field(default_factory=list)
    has_account: bool = True
    gender: str | None = None
    age: int | None = None
    age_band: str | None = None
    city: str = ""
    region: str = ""
    city_tier: str = ""
    channel: str = "direct"
    persona: str = "simplifier"
    system: str = "Android"
    platform: str = "web"
    favourites: tuple[str, ...] = ()
    registered_at: int = 0
    referrer: Person | None = None
    orders: list[Order] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    customer_id: str | None = None
    visitor_id: str = ""

    @property
    def is_buyer(self) -> bool:
        return bool(self.order_days)

    @property
    def first_day(self) -> int:
        return self.order_days[0]

    @property
    def last_day(self) -> int:
        return self.order_days[-1]
