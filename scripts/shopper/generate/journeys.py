"""The events of sessions: page views, carts, orders, searches, recommendations, load times.

Each page is one event: `category_view`, `product_view`, `search`, or `page_view` for any other page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shopper.generate.baskets import category_weights
from shopper.generate.chance import Chance
from shopper.generate.entities import Event, Person, Product, Session

PAGE_KINDS: Final = ("page_view", "category_view", "product_view", "search")
CONTENT: Final = ("fashion", "parenting", "tech", "recipes", "fitness", "outdoor")
_LEISURE: Final = ("fitness", "outdoor")
_SLOW_MS: Final = 3_000
_SLOW_SHARE: Final = 0.12
_LANDINGS: Final = {
    "paid_search": {"search": 4, "category": 3, "product": 2},
    "organic_search": {"product": 4, "category": 4, "content": 2},
    "paid_social": {"category": 4, "product": 3, "content": 2},
    "organic_social": {"content": 4, "product": 3, "category": 2},
    "email": {"category": 5, "home": 2},
}
_ANY_LANDING: Final = {"home": 6, "category": 2, "search": 1}
_TERMS: Final = {
    "beauty": ("洗面乳", "lipstick", "防晒"), "clothing": ("连衣裙", "down jacket", "牛仔裤"),
    "digital": ("耳机", "power bank", "smart watch"), "sports": ("跑步鞋", "yoga mat", "帐篷"),
    "home": ("四件套", "air fryer", "枕头"), "daily_goods": ("抽纸", "洗衣液", "toothpaste"),
    "food": ("咖啡", "nuts", "茶叶"), "books": ("词典", "novel", "考研"), "baby": ("纸尿裤", "stroller", "奶粉"),
}  # fmt: skip
_UNKNOWN_TERMS: Final = ("gift card", "滑雪板", "iphone 20", "咖啡机", "espresso machine", "宠物粮")


class EventWriter:
    """Writes the events of sessions. Products are chosen by preference; complete product pages lead to more cart
    additions.
    """

    def __init__(self, chance: Chance, products: Sequence[Product]) -> None:
        self.chance = chance
        self.products = products
        self.by_category: dict[str, list[Product]] = {}
        for product in products:
            self.by_category.setdefault(product.category, []).append(product)

    def any_product(self, person: Person, categories: Sequence[str] | None = None) -> Product:
        category = self.chance.choice(list(categories)) if categories else self.chance.one(category_weights(person))
        return self.chance.choice(self.by_category[category])

    def write_events(self, session: Session) -> None:
        """Fill `session.events`: order, kinds and pages. The gaps add up to the duration of the session."""
        if session.depth == 0:
            self._wander(session)
        else:
            self._shop(session)
        self._sideline(session)
        self._time(session)

    def _page(self, kind: str, session: Session, product: Product | None = None, category: str | None = None) -> Event:
        chance = self.chance
        sorts_by_price = chance.yes(0.7 if session.person.persona == "bargainer" else 0.06)
        sort = chance.choice(["price_asc", "price_asc", "price_desc"]) if sorts_by_price else None
        if kind == "category":
            return Event("category_view", f"category/{category}", sort=sort)
        if kind == "search":
            term = chance.choice(_TERMS[category or chance.choice(list(_TERMS))])
            return Event("search", "search", search_term=term, results=chance.randint(4, 60), sort=sort)
        if kind == "content":
            leisure = session.person.persona == "sportster"
            return Event("page_view", "content", content=chance.choice(_LEISURE if leisure else CONTENT))
        if kind == "product":
            return Event("product_view", "product", product=product)
        return Event("page_view", kind)

    def _wander(self, session: Session) -> None:
        """Pages without a product. A search without results often ends such a visit."""
        chance = self.chance
        for place in range(session.pages):
            kind = (
                chance.one(self._landings(session))
                if place == 0
                else chance.one({"category": 5, "search": 2, "content": 2, "account": 1})
            )
            kind = "category" if kind == "product" else kind
            event = self._page(kind, session, category=chance.one(category_weights(session.person)))
            if event.kind == "search" and chance.yes(0.45):
                event.results, event.search_term = 0, chance.choice(_UNKNOWN_TERMS)
            session.events.append(event)

    def _landings(self, session: Session) -> dict[str, int]:
        if session.person.persona == "sportster" and session.depth < 2:
            return {"content": 7, "home": 2, "category": 2}
        return _LANDINGS.get(session.channel, _ANY_LANDING)

    def _lists(self, session: Session) -> dict[str, int]:
        if session.person.persona == "sportster":
            return {"category": 4, "search": 1, "content": 6}
        return {"category": 8, "search": 3, "content": 1}

    def _shop(self, session: Session) -> None:
        wanted = self._wanted(session)
        tail = ["checkout"] if session.depth >= 3 else []
        if session.depth >= 2 and session.pages >= 5:
            tail = ["cart", *tail]
        head = max(1, session.pages - len(tail))
        self._approach(session, wanted, head)
        if session.depth >= 2:
            self._order(session, wanted, tail)
        if session.recommended is not None:
            self._recommend(session)

    def _wanted(self, session: Session) -> list[Product]:
        """Products to view: ordered or added to the cart last, others by preference."""
        if session.depth >= 4 and session.order is not None:
            return [line.product for line in session.order.lines][:3]
        if session.cart_product is not None:
            return [session.cart_product]
        return [self.any_product(session.person)]

    def _approach(self, session: Session, wanted: list[Product], pages: int) -> None:
        """Landing page, list pages and product pages; the first wanted product comes last."""
        chance, person = self.chance, session.person
        target = wanted[0]
        looks = self._product_looks(session, pages)
        lists = pages - looks
        for place in range(lists):
            kinds = self._landings(session) if place == 0 else self._lists(session)
            kind = chance.one(kinds)
            kind = "category" if kind == "product" or (place == lists - 1 and chance.yes(0.6)) else kind
            session.events.append(
                self._page(
                    kind,
                    session,
                    category=target.category if place == lists - 1 else chance.one(category_weights(person)),
                )
            )
        for place in range(looks - 1):
            others = wanted[1:]
            if place < len(others):
                product = others[place]
            elif person.persona == "surfer":
                product = self.any_product(person, list(self.by_category))
            else:
                product = self.any_product(person, None if chance.yes(0.5) else [target.category])
            session.events.append(self._page("product", session, product))
        session.events.append(self._page("product", session, target))

    def _product_looks(self, session: Session, pages: int) -> int:
        if pages <= 2:
            return 1
        if session.person.persona == "surfer":
            return max(1, pages * 2 // 3)
        return self.chance.randint(1, max(1, pages - 2))

    def _order(self, session: Session, wanted: list[Product], tail: list[str]) -> None:
        chance, order, depth = self.chance, session.order, session.depth
        quantities = {line.product.product_id: line.quantity for line in order.lines} if order else {}
        buys_now = depth >= 3 and len(wanted) == 1 and chance.yes(0.12)
        for product in wanted:
            kind = "buy_now" if buys_now else "add_to_cart"
            quantity = quantities.get(product.product_id, 1)
            session.events.append(Event(kind, "product", gap=0.5, product=product, quantity=quantity))
        if chance.yes(0.05) and depth == 2:
            session.events.append(Event("remove_from_cart", "cart", gap=0.4, product=wanted[0], quantity=1))
            session.events.append(Event("add_to_cart", "cart", gap=0.4, product=wanted[0], quantity=1))
        session.events += [Event("page_view", page) for page in tail]
        if depth >= 3 and not buys_now:
            offered = chance.choice([2, 2, 3, 4] if depth == 3 else [2, 3, 4, 4, 5])
            promised = chance.choice([None, 2, 3, 4, 5] if depth == 3 else [None, 1, 1, 2, 3])
            session.events.append(
                Event("begin_checkout", "checkout", gap=0.3, methods_offered=offered, promised_days=promised)
            )
        if depth == 5 and session.platform == "mini_program":
            session.events.append(Event("purchase", "checkout", gap=0.8, order=order))
            return
        if depth >= 4:
            session.events.append(Event("place_order", "checkout", gap=0.8, order=order))
        if depth == 5:
            session.events.append(Event("pay_order", "payment", gap=0.6, order=order))

    def _recommend(self, session: Session) -> None:
        """A recommendation on the first product page: viewed, perhaps clicked, perhaps added to the cart."""
        chance = self.chance
        place = next(number for number, event in enumerate(session.events) if event.kind == "product_view")
        anchor = session.events[place].product
        if anchor is None:
            return
        is_same = session.recommended == "same"
        offered = [one for one in self.products if (one.category == anchor.category) == is_same and one is not anchor]
        shown = chance.choice(offered)
        inserted = [
            Event("recommendation_impression", "product", gap=0.1, product=shown, placement="product", anchor=anchor)
        ]
        if session.clicks_recommendation:
            inserted.append(
                Event("recommendation_click", "product", gap=0.4, product=shown, placement="product", anchor=anchor)
            )
            inserted.append(self._page("product", session, shown))
        if session.carts_recommendation:
            inserted.append(Event("add_to_cart", "product", gap=0.5, product=shown, quantity=1))
        session.events[place + 1 : place + 1] = inserted

    def _sideline(self, session: Session) -> None:
        """Logins, wishlist additions, shares, and recommendations without an anchor product."""
        chance, person = self.chance, session.person
        if len(session.events) == 1:
            return
        views = [number for number, event in enumerate(session.events) if event.kind == "product_view"]
        if views and chance.yes(0.09):
            place = chance.choice(views)
            session.events.insert(
                place + 1, Event("add_to_wishlist", "product", gap=0.2, product=session.events[place].product)
            )
        if person.has_account and views and chance.yes(0.3 if person.persona == "connector" else 0.05):
            place = max(number for number, event in enumerate(session.events) if event.kind == "product_view")
            session.events.insert(place + 1, Event("share", "product", gap=0.3, product=session.events[place].product))
        if chance.yes(0.02):
            session.events.insert(1, Event("follow", session.events[0].page, gap=0.2))
        first = session.events[0]
        if first.page == "home" and session.recommended is None and chance.yes(0.35):
            product = self.any_product(person)
            session.events.insert(
                1, Event("recommendation_impression", "home", gap=0.1, product=product, placement="home")
            )
            following = session.events[2] if len(session.events) > 2 else None
            if following is not None and following.kind == "product_view":
                following.product = product if session.depth == 1 else following.product
                if following.product is product:
                    session.events.insert(
                        2, Event("recommendation_click", "home", gap=0.2, product=product, placement="home")
                    )
        carts = [
            number for number, event in enumerate(session.events) if event.page == "cart" and event.kind == "page_view"
        ]
        if carts and session.recommended is None and chance.yes(0.3):
            product = self.any_product(person)
            session.events.insert(
                carts[0] + 1, Event("recommendation_impression", "cart", gap=0.1, product=product, placement="cart")
            )
        if session.is_known and chance.yes(0.3):
            checkout = next((number for number, event in enumerate(session.events) if event.page == "checkout"), 1)
            session.events.insert(checkout, Event("login", "account", gap=0.2))

    def _time(self, session: Session) -> None:
        """Set timestamps from the gaps. A session with one event has duration 0."""
        gaps = [event.gap * self.chance.uniform(0.5, 1.5) for event in session.events[1:]]
        scale = session.seconds / sum(gaps) if gaps else 0.0
        passed = 0.0
        session.events[0].at = session.start
        for event, gap in zip(session.events[1:], gaps, strict=True):
            passed += gap * scale
            event.at = session.start + round(passed)
        session.end = session.events[-1].at
        session.pages = sum(event.kind in PAGE_KINDS for event in session.events)
        if session.order is not None:
            session.order.placed_at = next(event.at for event in session.events if event.order is session.order)
            if session.depth == 5:
                session.order.paid_at = next(
                    event.at for event in reversed(session.events) if event.order is session.order
                )


def plant_recommendations(chance: Chance, sessions: Sequence[Session], ratio: float) -> None:
    """Plant recommendations of the same and of another category: equal click rates, cart additions in the planted
    ratio.

    Same category: 400 sessions, 100 clicks, 40 recommended products in the cart, 240 sessions with a cart. Other
    category: half of these, times the ratio for carts. Clicks without a cart are in sessions without any cart.
    """
    pool = [one for one in sessions if one.pages >= 3 and one.person.persona != "surfer"]
    browsing = [one for one in pool if one.depth == 1]
    carting = [one for one in pool if one.depth in (2, 3)]
    buying = [one for one in pool if one.depth >= 2]
    for kind, number, carts in (("same", 400, 1.0), ("off", 200, ratio)):
        clicks, taken = number // 4, round(number * 0.1 * carts)
        groups = (
            (carting, taken, True, True),
            (browsing, clicks - taken, True, False),
            (buying, round(number * 0.6 * carts) - taken, False, False),
            (browsing, number - clicks - round(number * 0.6 * carts) + taken, False, False),
        )
        for group, count, is_clicked, is_carted in groups:
            for session in chance.some([one for one in group if one.recommended is None], count):
                session.recommended = kind
                session.clicks_recommendation = is_clicked
                session.carts_recommendation = is_carted
                session.pages += is_clicked


def plant_load_times(chance: Chance, sessions: Sequence[Session], slow_exit_rate: float) -> None:
    """Set the load times of pages. Of those above 3 seconds, the planted share ends the session, on every device."""
    for device in ("mobile", "desktop", "tablet"):
        last, inner = [], []
        for session in sessions:
            if session.device != device:
                continue
            views = [event for event in session.events if event.kind in PAGE_KINDS]
            inner += views[:-1]
            if session.events[-1] is views[-1]:
                last.append(views[-1])
            else:
                views[-1].load_ms = _quick(chance, device)
        slow = round(_SLOW_SHARE * (len(last) + len(inner)) * (1.0 if device == "mobile" else 0.4))
        ends = min(round(slow * slow_exit_rate), len(last))
        chosen = chance.some(last, ends) + chance.some(inner, round(ends / slow_exit_rate) - ends)
        for event in chosen:
            event.load_ms = _SLOW_MS + chance.randint(40, 3_600)
        for event in last + inner:
            if event.load_ms is None:
                event.load_ms = _quick(chance, device)


def _quick(chance: Chance, device: str) -> int:
    """A load time of at most 3 seconds, in milliseconds."""
    if device == "desktop":
        return chance.randint(280, 1_900)
    return chance.choice([chance.randint(350, 999), chance.randint(1_000, 1_999), chance.randint(1_000, 2_950)])
