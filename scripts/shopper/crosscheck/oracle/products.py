"""Products: views, sales, returns and stock; categories by customer group, hour and season; restocking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from statistics import median
from typing import Any, Final

from shopper.crosscheck.oracle.bundles import GOODS
from shopper.crosscheck.oracle.identity import UNKNOWN
from shopper.crosscheck.oracle.money import CENT, ZERO, cents, product, total
from shopper.crosscheck.oracle.orders import Line, Order, named_kind, refunded_lines
from shopper.crosscheck.oracle.settings import Row
from shopper.crosscheck.oracle.shop import Shop
from shopper.crosscheck.oracle.visits import ADDS, page_of, second

_MILLE: Final = Decimal("0.001")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class SoldLine:
    """A line with a product in a valid order. `margin` is None if its cost is unknown."""

    order: Order
    line: Line
    returned_units: Decimal
    margin: Decimal | None
    returned_on: Mapping[date, Decimal]


@dataclass
class ProductFacts:
    """All facts of a product. `counts`: stock count by day; `notes`: units and goods amount of credit notes;
    `note_units`: their day and units.
    """

    product_id: str
    row: Row | None = None
    lines: list[SoldLine] = field(default_factory=list)
    views: int = 0
    view_seconds: int = 0
    carts: int = 0
    viewing_sessions: set[int] = field(default_factory=set)
    ordering_sessions: set[int] = field(default_factory=set)
    seen_dates: list[date] = field(default_factory=list)
    ratings: list[Decimal] = field(default_factory=list)
    notes: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    note_units: list[tuple[date, Decimal]] = field(default_factory=list)
    counts: dict[date, Row] = field(default_factory=dict)
    listed_date: date | None = None
    discontinued_date: date | None = None

    @property
    def category(self) -> str:
        """The category; `unknown` without one."""
        name = self.row["category"] if self.row else None
        return UNKNOWN if name is None else str(name)

    @property
    def sales(self) -> list[SoldLine]:
        return [sold for sold in self.lines if sold.line.quantity > 0]

    @property
    def sale_dates(self) -> set[date]:
        return {sold.order.order_date for sold in self.sales}

    def units(self, since: date = date.min) -> Decimal:
        return sum((sold.line.quantity for sold in self.lines if sold.order.order_date >= since), Decimal(0))

    def net_revenue(self, since: date = date.min) -> Decimal:
        return total(sold.line.net_revenue for sold in self.lines if sold.order.order_date >= since)

    def offered(self, shop_first: date, as_of: date) -> tuple[date, date] | None:
        """First and last day on offer; None if the product is listed after the as-of date."""
        signs = [*self.sale_dates, *self.seen_dates, *self.counts, *([self.listed_date] if self.listed_date else [])]
        first = min(signs, default=shop_first)
        if first > as_of:
            return None
        if self.discontinued_date is None:
            return first, as_of
        return first, max([self.discontinued_date, *self.sale_dates])

    def stock_on(self, day: date, valid_days: int) -> bool | None:
        """Whether it is in stock on the day: True if it was never counted, the last count was above 0, or it was sold
        since; None if the last count was 0 and is too old.
        """
        counted = max((one for one in self.counts if one <= day), default=None)
        if counted is None or self.counts[counted]["on_hand_quantity"] > 0:
            return True
        if any(counted <= sold <= day for sold in self.sale_dates):
            return True
        return None if (day - counted).days >= valid_days else False

    @property
    def returns(self) -> list[tuple[date, Decimal]]:
        """Day and units of all that came back."""
        return [*self.note_units, *(back for sold in self.lines for back in sold.returned_on.items())]


@dataclass(frozen=True)
class Stock:
    """The latest count of a product (None if never counted), and its stock at the end of the as-of date."""

    counted_date: date | None = None
    counted: Decimal | None = None
    sold: Decimal | None = None
    returned: Decimal | None = None
    on_hand: Decimal | None = None
    on_order: Decimal | None = None


@dataclass(frozen=True)
class Demand:
    """A product's days of the recent period (days out of stock: None if never counted), and the days, units and net
    revenue that its demand is measured on.
    """

    stock: Stock
    offered_days: int
    in_stock_days: int
    stock_out_days: int | None
    recent_units: Decimal
    recent_net_revenue: Decimal
    days: int
    units: Decimal
    net_revenue: Decimal

    @property
    def daily_units(self) -> Decimal | None:
        """Units per day in stock, rounded down to a millionth; None if unknown."""
        if not self.days:
            return None
        return Decimal(floor(Fraction(self.units) * 1_000_000 / self.days)).scaleb(-6)

    @property
    def possible_revenue(self) -> Decimal:
        """Revenue of the recent period if it had been in stock throughout, to the cent."""
        if not self.days:
            return ZERO
        exact = Fraction(self.net_revenue) * self.offered_days / self.days
        return Decimal(floor(exact * 100 + Fraction(1, 2))) * CENT

    @property
    def days_of_cover(self) -> Fraction | None:
        if self.stock.on_hand is None or not self.units:
            return None
        return max(Fraction(self.stock.on_hand), Fraction(0)) * self.days / Fraction(self.units)

    def lost(self, amount: Decimal, places: int) -> Fraction | None:
        """The amount lost on days out of stock, at the average of the days in stock, rounded half up."""
        if self.stock_out_days is None or not self.days:
            return None
        exact = Fraction(amount) * self.stock_out_days / self.days
        return Fraction(floor(exact * 10**places + Fraction(1, 2)), 10**places)


def recent_start(shop: Shop, recent_days: int) -> date:
    """The first of the last `recent_days` days up to the as-of date, but not before the shop's first day."""
    period = shop.staged.period
    assert period.as_of_date and period.first_date
    return max(period.as_of_date - timedelta(days=recent_days - 1), period.first_date)


def product_facts(shop: Shop) -> dict[str, ProductFacts]:
    """The facts of every product that occurs in any table, by product."""
    rows, settings, period = shop.staged.rows, shop.staged.settings, shop.staged.period
    assert period.as_of_end_at
    found: dict[str, ProductFacts] = {}

    def goods(product_id: str) -> ProductFacts:
        return found.setdefault(product_id, ProductFacts(product_id))

    for row in rows["products"]:
        one = goods(row["product_id"])
        one.row = row
        one.listed_date = settings.local_date(row["listed_at"]) if row["listed_at"] else None
        if row["discontinued_at"] and row["discontinued_at"] < period.as_of_end_at:
            one.discontinued_date = settings.local_date(row["discontinued_at"])
    for sold in sold_lines(shop):
        assert sold.line.product_id is not None
        goods(sold.line.product_id).lines.append(sold)
    for row in rows["inventory_snapshots"]:
        goods(row["product_id"]).counts[row["snapshot_date"]] = row
    for refund in shop.refunds:
        if refund.product_id is not None and refund.line_type in {None, GOODS}:
            goods(refund.product_id)
    credits = {refund.refund_id: refund.goods_amount for refund in shop.refunds if refund.order_id is None}
    for row in rows["refunds"]:
        if row["refund_id"] in credits and row["product_id"] is not None:
            units = (row["quantity"] or Decimal(0)) if is_goods_return(row) else Decimal(0)
            goods(row["product_id"]).notes.append((units, credits[row["refund_id"]]))
            goods(row["product_id"]).note_units.append((settings.local_date(row["refunded_at"]), units))
    for row in rows["reviews"]:
        if row["product_id"] is not None:
            goods(row["product_id"]).ratings.append(row["rating"])
    orders = shop.session_orders()
    for session in (session for session in shop.sessions if not session.is_bot):
        bought = {
            line.product_id for order in orders.get(session.number, []) for line in order.lines if line.quantity > 0
        }
        views = [event for event in session.events if event["is_view"]]
        for place, event in enumerate(views):
            if page_of(event) == "product" and event["product_id"] is not None:
                one = goods(event["product_id"])
                until = views[place + 1] if place + 1 < len(views) else session.events[-1]
                one.views += 1
                one.view_seconds += (second(until["occurred_at"]) - second(event["occurred_at"])) // timedelta(
                    seconds=1
                )
                one.viewing_sessions.add(session.number)
                one.seen_dates.append(settings.local_date(event["occurred_at"]))
                if event["product_id"] in bought:
                    one.ordering_sessions.add(session.number)
        for event in session.events:
            if event["event_type"] in ADDS and event["product_id"] is not None:
                goods(event["product_id"]).carts += 1
                goods(event["product_id"]).seen_dates.append(settings.local_date(event["occurred_at"]))
    cards = {row["product_id"] for row in rows["products"] if row["product_kind"] == "gift_card"}
    return {product_id: one for product_id, one in found.items() if product_id not in cards or one.lines}


def sold_lines(shop: Shop) -> Iterator[SoldLine]:
    """Lines with a product in valid orders, with returned units and the margin."""
    by_day = returns_by_day(shop)
    for order, line, back, spent in line_costs(shop):
        if order.is_valid and line.product_id is not None:
            yield SoldLine(order, line, back, margin_of(line, spent), by_day.get(line.order_item_id, {}))


def line_costs(shop: Shop) -> Iterator[tuple[Order, Line, Decimal, Decimal | None]]:
    """Every line of goods with its order, its returned units, and the cost of the others. None: unknown."""
    costs = Costs(shop)
    returned = returned_units(shop)
    for order in shop.orders:
        for line in order.lines:
            back = min(returned[line.order_item_id], line.quantity)
            kept = line.quantity - back
            parts = costs.of_parts(order, line)
            known = [cost for cost in parts if cost is not None]
            if known and len(known) == len(parts):
                yield order, line, back, cents(total(known) * kept / line.quantity) if line.quantity else ZERO
            else:
                yield order, line, back, costs.of(order, line, kept)


def margin_of(line: Line, cost: Decimal | None) -> Decimal | None:
    """What a line of goods earned after refunds. None if its cost is unknown."""
    return None if cost is None else line.net_revenue - line.goods_refund_amount - cost


class Costs:
    """What units of a line cost: by the line's unit cost, else the product's. None: unknown."""

    def __init__(self, shop: Shop) -> None:
        self._items = {row["order_item_id"]: row for row in shop.staged.rows["order_items"]}
        self._products = {row["product_id"]: row for row in shop.staged.rows["products"]}
        self._currencies = {row["order_id"]: row["currency"] for row in shop.staged.rows["orders"]}
        self._rates = shop.staged.rates

    def of(self, order: Order, line: Line, quantity: Decimal) -> Decimal | None:
        """Cost of some units of the line itself, without its parts."""
        cost, currency = self._items[line.order_item_id]["unit_cost"], self._currencies[order.order_id]
        if cost is None and line.product_id in self._products:
            catalogued = self._products[line.product_id]
            cost, currency = catalogued["unit_cost"], catalogued["currency"]
        rate = self._rates.on(currency, order.order_date) if cost is not None else None
        return product(quantity, cost, rate) if cost is not None and rate is not None else None

    def of_parts(self, order: Order, line: Line) -> list[Decimal | None]:
        """Cost of each of the lowest parts of a bundle."""
        return [self.of(order, part, part.quantity) for part in line.lowest]


def returns_by_day(shop: Shop) -> dict[str, dict[date, Decimal]]:
    """Units that came back by line and day of the refund."""
    back: dict[str, dict[date, Decimal]] = defaultdict(dict)
    so_far: Mapping[str, Decimal] = {}
    for day in sorted({shop.staged.settings.local_date(row["refunded_at"]) for row in shop.staged.rows["refunds"]}):
        until = returned_units(shop, day)
        for item, units in until.items():
            back[item][day] = units - so_far.get(item, Decimal(0))
        so_far = until
    return back


def returned_units(shop: Shop, until: date | None = None) -> defaultdict[str, Decimal]:
    """Returned units by line according to refunds (up to a day), without exchanges; at most the units sold.

    Returns of named lines come first. Returns that name the same product, or the order, are taken together: they
    concern what is left then.
    """
    goods = {refund.refund_id: refund.goods_amount_at_order_rate or ZERO for refund in shop.refunds}
    by_order: dict[str, list[Row]] = defaultdict(list)
    orders, costs = {order.order_id: order for order in shop.orders}, Costs(shop)
    for row in shop.staged.rows["refunds"]:
        is_known = until is None or shop.staged.settings.local_date(row["refunded_at"]) <= until
        if is_goods_return(row) and is_known and row["order_id"] in orders:
            by_order[row["order_id"]] += _of_bundles(row, orders[row["order_id"]], costs)
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for order in (order for order in shop.orders if order.order_id in by_order):
        left = {line.order_item_id: (line.quantity, line.net_revenue) for line in order.lines}
        kinds: dict[str, dict[str, list[Row]]] = {"line": {}, "product": {}, "order": {}}
        for row in by_order[order.order_id]:
            kind, name = _named_by(row, order)
            kinds[kind].setdefault(name, []).append(row)
        for name, rows in kinds["line"].items():
            line = next(line for line in order.lines if line.order_item_id == name)
            back = _units_back(rows, [line], left, goods)[name]
            found[name] += back
            left[name] = (
                line.quantity - back,
                max(line.net_revenue - total(goods[row["refund_id"]] for row in rows), ZERO),
            )
        for name, rows in kinds["product"].items():
            alike = [line for line in order.lines if line.product_id == name]
            _add(found, _units_back(rows, alike, left, goods))
        for rows in kinds["order"].values():
            _add(found, _units_back(rows, order.lines, left, goods))
        for line in order.lines:
            found[line.order_item_id] = min(found[line.order_item_id], line.quantity)
    return found


def _of_bundles(row: Row, order: Order, costs: Costs) -> list[Row]:
    """The return, in units of bundles where it names parts; no return where it names no goods."""
    kind = named_kind(row, order)
    if kind is None:
        return [{**row, "order_item_id": None, "product_id": None}]
    lines = refunded_lines(row, order)
    is_line = any(row["order_item_id"] in {one.order_item_id, *_names(one.parts)} for one in lines)
    if any(row["order_item_id"] == line.order_item_id for line in lines):
        return [row]
    if not is_line and any(line.product_id == row["product_id"] for line in lines):
        return [{**row, "order_item_id": None}]
    found = []
    for line in lines:
        named = row["order_item_id"] if is_line else None
        parts = [
            part
            for part in line.lowest
            if part.order_item_id == named or (not is_line and part.product_id == row["product_id"])
        ]
        amount = sum((part.quantity for part in parts), Decimal(0))
        known = costs.of_parts(order, line)
        by_cost = None not in known and any(known)
        weights = known if by_cost else [part.quantity for part in line.lowest]
        names = _names(parts)
        whole, own = Fraction(0), Fraction(0)
        for part, weight in zip(line.lowest, weights, strict=True):
            whole += Fraction(weight or 0)
            own += Fraction(weight or 0) if part.order_item_id in names else 0
        back = min(row["quantity"], amount) if row["quantity"] is not None else amount
        share = own / whole * (Fraction(back) / Fraction(amount) if amount else 1) if whole else Fraction(0)
        units = Decimal(floor(Fraction(line.quantity) * share * 1000 + Fraction(1, 2))) * _MILLE
        found.append(
            {
                **row,
                "quantity": units,
                "order_item_id": line.order_item_id if is_line else None,
                "product_id": line.product_id,
            }
        )
    return found


def _names(lines: Iterable[Line]) -> set[str]:
    return {line.order_item_id for line in lines}


def is_goods_return(row: Row) -> bool:
    """Whether the goods are back for good: a return, or an exchange with the value of the goods that it takes back."""
    if row["is_exchange"]:
        return bool(row["goods_amount"])
    return bool(row["is_return"])


def _add(found: defaultdict[str, Decimal], more: Mapping[str, Decimal]) -> None:
    for name, units in more.items():
        found[name] += units


def _named_by(row: Row, order: Order) -> tuple[str, str]:
    """What a refund names: a line of its order, else a product of it, else the order."""
    if any(line.order_item_id == row["order_item_id"] for line in order.lines):
        return "line", row["order_item_id"]
    if row["product_id"] is not None and any(line.product_id == row["product_id"] for line in order.lines):
        return "product", row["product_id"]
    return "order", order.order_id


def _units_back(
    rows: Sequence[Row],
    lines: Sequence[Line],
    left: Mapping[str, tuple[Decimal, Decimal]],
    goods: Mapping[str, Decimal],
) -> dict[str, Decimal]:
    """Units of each line that the returns of these lines bring back, at most what it has left."""
    back = _filled(sum((row["quantity"] or Decimal(0) for row in rows), Decimal(0)), lines, left)
    unsized = [row for row in rows if row["quantity"] is None]
    amount, earned = (
        total(goods[row["refund_id"]] for row in unsized),
        total(left[line.order_item_id][1] for line in lines),
    )
    if unsized:
        share = Fraction(1) if amount >= earned else Fraction(amount) / Fraction(earned)
        for line in lines:
            units = left[line.order_item_id][0]
            back[line.order_item_id] += Decimal(floor(Fraction(units) * 1000 * share)) * _MILLE
    return {name: min(units, left[name][0]) for name, units in back.items()}


def _filled(
    quantity: Decimal, lines: Sequence[Line], left: Mapping[str, tuple[Decimal, Decimal]]
) -> dict[str, Decimal]:
    """Units poured over lines in proportion to their value; what a line cannot take goes to the others.

    Lines without value take what then is left, with equal weights.
    """
    found = {line.order_item_id: Decimal(0) for line in lines}
    rest = quantity
    for weights in (
        {line.order_item_id: Fraction(line.value) for line in lines if line.value > 0},
        {line.order_item_id: Fraction(1) for line in lines if line.value <= 0},
    ):
        open_lines = dict(weights)
        while open_lines:
            all_weights = sum(open_lines.values(), Fraction(0))
            full = [
                one
                for one, weight in open_lines.items()
                if Fraction(rest) * weight >= Fraction(left[one][0]) * all_weights
            ]
            if not full:
                break
            for one in full:
                found[one] = left[one][0]
                rest -= found[one]
                del open_lines[one]
        if open_lines:
            for one, units in _thousandths(rest, open_lines).items():
                found[one] = units
            rest = Decimal(0)
        rest = max(rest, Decimal(0))
    return found


def _thousandths(quantity: Decimal, weights: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """Units split by weight in thousandths, by largest remainder, ties by id."""
    whole = int(quantity * 1000)
    exact = {one: whole * weight / sum(weights.values(), Fraction(0)) for one, weight in weights.items()}
    remaining = whole - sum(floor(share) for share in exact.values())
    extra = sorted(exact, key=lambda one: (floor(exact[one]) - exact[one], one))[:remaining]
    return {one: (floor(share) + (one in extra)) * _MILLE for one, share in exact.items()}


def stock(goods: ProductFacts) -> Stock:
    """The latest count, what was sold and came back after its day, and what is left."""
    if not goods.counts:
        return Stock()
    counted_date = max(goods.counts)
    counted = goods.counts[counted_date]["on_hand_quantity"]
    on_order = goods.counts[counted_date]["on_order_quantity"]
    sold = goods.units(counted_date + _DAY)
    returned = sum((units for day, units in goods.returns if day > counted_date), Decimal(0))
    left = counted + returned - sold
    if left < 0 and sold:
        # More was sold than was there: what was on order has come.
        left = max(left + max(on_order or Decimal(0), Decimal(0)), Decimal(0))
        on_order = None if on_order is None else Decimal(0)
    return Stock(counted_date, counted, sold, returned, left, on_order)


def demand(goods: ProductFacts, shop: Shop, rule: Mapping[str, int]) -> Demand:
    """The demand of a product, computed day by day."""
    period, start = shop.staged.period, recent_start(shop, rule["recent_days"])
    assert period.as_of_date and period.first_date
    span = goods.offered(period.first_date, period.as_of_date)
    earliest = max(period.first_date, period.as_of_date - (rule["demand_lookback_days"] - 1) * _DAY)
    states = {
        day: goods.stock_on(day, rule["snapshot_valid_days"])
        for day in (_days(max(span[0], min(start, earliest)), span[1]) if span else [])
    }
    recent = {day: state for day, state in states.items() if day >= start}
    out = sum(state is False for state in recent.values())
    measured = [day for day, state in recent.items() if state]
    if len(measured) < min(rule["min_demand_days"], len(recent)):
        measured = [day for day, state in states.items() if state and day >= earliest][-rule["min_demand_days"] :]
    kept = set(measured)
    sold = [line for line in goods.lines if line.order.order_date in kept]
    return Demand(
        stock(goods), len(recent), sum(state is True for state in recent.values()), out if goods.counts else None,
        goods.units(start), goods.net_revenue(start), len(measured),
        sum((one.line.quantity for one in sold), Decimal(0)), total(one.line.net_revenue for one in sold),
    )  # fmt: skip


def idle_days(goods: ProductFacts, last: date, as_of: date, rule: Mapping[str, int]) -> int:
    """Days after a day up to the as-of date, without those on which it was not in stock or its stock is not known."""
    without = sum(not goods.stock_on(day, rule["snapshot_valid_days"]) for day in _days(last + _DAY, as_of))
    return (as_of - last).days - without


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def share_above(amounts: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """By name, the share of the total held by names with strictly more; 1 for a name with nothing."""
    whole = Fraction(total(amounts.values()))
    above, seen, shares = Fraction(0), Fraction(0), dict[Decimal, Fraction]()
    for one in sorted(amounts.values(), reverse=True):
        above = above if one in shares else seen
        shares.setdefault(one, above / whole if one > 0 else Fraction(1))
        seen += Fraction(one)
    return {name: shares[one] for name, one in amounts.items()}


def class_of(share: Fraction, classes: Iterable[Row], has_earned: bool) -> str:
    """The class whose range contains the share; the last class if nothing was earned."""
    ordered = sorted(classes, key=lambda row: row["share_above_from"])
    if not has_earned:
        return str(ordered[-1]["abc_class"])
    return str([row["abc_class"] for row in ordered if share >= Fraction(row["share_above_from"])][-1])


def first_rule(rules: Iterable[Row], measured: Mapping[str, Any]) -> Row:
    """The first rule by priority whose bounds hold. A null bound `<measure>_from` or `<measure>_below` always holds."""
    for rule in sorted(rules, key=lambda row: row["priority"]):
        if all(
            (rule[f"{name}_from"] is None or (value is not None and value >= rule[f"{name}_from"]))
            and (rule.get(f"{name}_below") is None or (value is not None and value < rule[f"{name}_below"]))
            for name, value in measured.items()
        ):
            return rule
    raise ValueError("no rule holds")


@dataclass
class Part:
    """The part of a valid order in one category."""

    order: Order
    units: Decimal | None = None
    net_revenue: Decimal = ZERO


def order_parts(shop: Shop, goods: Mapping[str, ProductFacts]) -> list[tuple[str, Part]]:
    """Parts of every valid order by category. An order without lines has the category `unknown`."""
    found = []
    has_lines = bool(shop.staged.rows["order_items"])
    for order in (order for order in shop.orders if order.is_valid):
        parts: dict[str, Part] = {}
        for line in order.lines:
            category = goods[line.product_id].category if line.product_id is not None else UNKNOWN
            part = parts.setdefault(category, Part(order, Decimal(0)))
            part.units = (part.units or Decimal(0)) + line.quantity
            part.net_revenue += line.net_revenue
        if not parts:
            parts[UNKNOWN] = Part(order, order.units if has_lines else None, order.net_revenue)
        found += list(parts.items())
    return found


@dataclass
class Item:
    """Sales of a product or category: customer and day of each order with units of it."""

    orders: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    days: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))

    @property
    def aov(self) -> Decimal:
        exact = Fraction(total(self.orders.values())) / len(self.orders)
        return Decimal(floor(exact * 100 + Fraction(1, 2))) * CENT

    @property
    def median_gap_days(self) -> Fraction | None:
        gaps = [
            Fraction((after - before).days) for days in self.days.values() for before, after in pairwise(sorted(days))
        ]
        return median(gaps) if gaps else None

    def repurchases(self, within_days: int, as_of: date) -> tuple[int, int]:
        """Number of customers whose first purchase is at least `within_days` old, and of those who bought again in
        time.
        """
        old = [sorted(days) for days in self.days.values() if (as_of - min(days)).days >= within_days]
        return len(old), sum(len(days) > 1 and (days[1] - days[0]).days <= within_days for days in old)


def sold_items(goods: Iterable[ProductFacts]) -> dict[tuple[str, str], Item]:
    """Sales by level and item. Orders of unknown customers have no repurchase gap."""
    found: dict[tuple[str, str], Item] = defaultdict(Item)
    for one in goods:
        for sold in one.sales:
            for key in (("product", one.product_id), ("category", one.category)):
                found[key].orders[sold.order.order_id] += sold.line.net_revenue
                if sold.order.customer_id != UNKNOWN:
                    found[key].days[sold.order.customer_id].add(sold.order.order_date)
    return found


@dataclass
class Season:
    """The days of a season within the shop's period, and their occurrences."""

    days: set[date] = field(default_factory=set)
    occurrences: set[date] = field(default_factory=set)


def seasons(first: date, last: date, occasions: Iterable[Row], dates: Iterable[Row]) -> dict[tuple[str, str], Season]:
    """Seasons by type and name: calendar months and occasions."""
    found: dict[tuple[str, str], Season] = defaultdict(Season)
    for day in _days(first, last):
        month = found["month", f"{day.month:02d}"]
        month.days.add(day)
        month.occurrences.add(day.replace(day=1))
    spans = {row["occasion"]: (row["days_before"], row["days_after"]) for row in occasions}
    for row in dates:
        before, after = spans[row["occasion"]]
        begin, end = row["occasion_date"] - before * _DAY, row["occasion_date"] + after * _DAY
        for day in _days(max(begin, first), min(end, last)):
            found["occasion", row["occasion"]].days.add(day)
            found["occasion", row["occasion"]].occurrences.add(row["occasion_date"])
    return found
