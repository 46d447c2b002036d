"""Orders, lines and refunds in the reporting currency: validity, revenue, discounts and refunds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from shopper.crosscheck.oracle.bundles import GOODS, line_type, parents, root
from shopper.crosscheck.oracle.identity import UNKNOWN, VISITOR_PREFIX, Identities
from shopper.crosscheck.oracle.money import CENT, ZERO, Rates, half_up, product, spread, total
from shopper.crosscheck.oracle.settings import Row, Settings
from shopper.crosscheck.oracle.taxes import holds_tax, shipping_holds_tax, take_out_tax, tax_of_goods, without_tax
from shopper.crosscheck.oracle.validity import Verdict

_REFUND_COLUMNS: Final = (
    "customer_id", "order_item_id", "product_id", "quantity", "goods_amount", "shipping_amount", "tax_amount", "reason",
    "is_return", "is_exchange", "requested_at",
)  # fmt: skip


@dataclass
class Line:
    """One order line; money in the reporting currency, to the cent. A bundle has the amounts of its `parts` too.

    `lowest` are the parts that have none themselves.
    """

    order_item_id: str
    product_id: str | None
    quantity: Decimal
    gross_amount: Decimal
    list_amount: Decimal
    item_discount_amount: Decimal
    line_type: str = GOODS
    parts: list[Line] = field(default_factory=list)
    lowest: list[Line] = field(default_factory=list)
    order_discount_amount: Decimal = ZERO
    goods_refund_amount: Decimal = ZERO

    @property
    def value(self) -> Decimal:
        """Value of the line after its own discount; the order's discount is split in proportion to it."""
        return self.gross_amount - self.item_discount_amount

    @property
    def net_revenue(self) -> Decimal:
        return self.value - self.order_discount_amount


@dataclass
class Order:
    """An order. `invalid_reason` is None if it is valid. Refunds are at the order's rate.

    `lines` are the goods that are sold, bundles as one line; `other_lines` sell something else. `is_without_goods`:
    paid, but no line is goods, so the order is not valid. `shipping_amount` is what is charged after its discount.
    `charged_amount` is the revenue of an order if the shop lands no lines: what the total leaves for goods. None if the
    shop lands lines.
    """

    order_id: str
    customer_id: str
    visitor_id: str | None
    session_id: str | None
    sales_channel: str | None
    ordered_at: datetime
    order_date: date
    verdict: Verdict
    is_guest: bool
    is_test: bool
    is_valid: bool
    is_renewal: bool
    lines: list[Line] = field(default_factory=list)
    other_lines: list[Line] = field(default_factory=list)
    other_charges_amount: Decimal = ZERO
    is_without_goods: bool = False
    shipping_discount_amount: Decimal = ZERO
    charged_amount: Decimal | None = None
    shipping_amount: Decimal = ZERO
    tax_amount: Decimal = ZERO
    goods_tax_amount: Decimal = ZERO
    has_tax_in_prices: bool = False
    charged_discount_amount: Decimal = ZERO
    unapplied_discount_amount: Decimal = ZERO
    goods_refund_amount: Decimal = ZERO
    other_refund_amount: Decimal = ZERO
    landed: Landed | None = None

    @property
    def charged_beside(self) -> Decimal:
        """What the order charges beside goods. Tax inside the price of shipping is charged with it."""
        tax = self.goods_tax_amount if self.has_tax_in_prices else self.tax_amount
        return self.shipping_amount + tax + self.other_charges_amount

    @property
    def invalid_reason(self) -> str | None:
        return self.verdict.invalid_reason or (None if self.is_valid else "no_goods")

    @property
    def payment_method(self) -> str | None:
        return self.verdict.payment_method

    @property
    def paid_at(self) -> datetime | None:
        """The order's own, else that of its first payment that succeeded."""
        return self.verdict.paid_at

    @property
    def is_partly_paid(self) -> bool | None:
        return self.verdict.is_partly_paid

    @property
    def is_refund_implied(self) -> bool:
        return self.is_valid and self.verdict.refunded_at is not None

    @property
    def gmv(self) -> Decimal:
        of_lines = total(line.list_amount for line in self.lines)
        return of_lines if self.charged_amount is None else self.charged_amount + self.charged_discount_amount

    @property
    def units(self) -> Decimal:
        return sum((line.quantity for line in self.lines), Decimal(0))

    @property
    def item_discount_amount(self) -> Decimal:
        return total(line.item_discount_amount for line in self.lines)

    @property
    def order_discount_amount(self) -> Decimal:
        return total(line.order_discount_amount for line in self.lines) + self.charged_discount_amount

    @property
    def net_revenue(self) -> Decimal:
        of_lines = total(line.net_revenue for line in self.lines)
        return of_lines if self.charged_amount is None else self.charged_amount

    @property
    def net_revenue_after_refunds(self) -> Decimal:
        return self.net_revenue - self.goods_refund_amount


@dataclass(frozen=True)
class Landed:
    """What an order charged in its own currency, unrounded: goods, all in, and its total where landed.

    `goods` and `shipping` are without tax, `priced` are the goods with the tax that is inside their prices.
    """

    currency: str
    goods: Fraction
    shipping: Fraction
    priced: Fraction
    charged: Fraction
    total: Decimal | None


@dataclass(frozen=True)
class Refund:
    """A refund, at the rate of its own date and at the order's rate (None for a credit note without order)."""

    refund_id: str
    order_id: str | None
    product_id: str | None
    customer_id: str
    refund_date: date
    goods_amount: Decimal
    other_amount: Decimal
    goods_amount_at_order_rate: Decimal | None
    other_amount_at_order_rate: Decimal | None
    line_type: str | None


def order_facts(
    staged: Mapping[str, list[Row]],
    settings: Settings,
    rates: Rates,
    identities: Identities,
    verdicts: Mapping[str, Verdict],
) -> list[Order]:
    """Every staged order with its lines and discounts, still without refunds, by order id."""
    products = {row["product_id"]: row for row in staged["products"]}
    visitors = order_visitors(staged["orders"], staged["sessions"], staged["events"])
    items: dict[str, list[Row]] = defaultdict(list)
    discounts: dict[str, Decimal] = defaultdict(Decimal)
    for row in staged["order_items"]:
        if row["unit_price"] < 0:
            discounts[row["order_id"]] -= row["quantity"] * row["unit_price"]
        else:
            items[row["order_id"]].append(row)
    orders = []
    for row in sorted(staged["orders"], key=lambda row: row["order_id"]):
        verdict = verdicts[row["order_id"]]
        visitor_id = visitors.get(row["order_id"])
        order = Order(
            order_id=row["order_id"],
            customer_id=order_customer(row["customer_id"], visitor_id, row["ordered_at"], identities),
            visitor_id=visitor_id,
            session_id=row["session_id"],
            sales_channel=row["sales_channel"],
            ordered_at=row["ordered_at"],
            order_date=settings.local_date(row["ordered_at"]),
            verdict=verdict,
            is_guest=row["customer_id"] is None,
            is_test=bool(row["is_test"]),
            is_valid=verdict.invalid_reason is None,
            is_renewal=bool(row["is_renewal"]),
        )
        rate = rates.on(row["currency"], order.order_date) or Decimal(1)
        landed = [
            _line(item, rate, products.get(item["product_id"]), rates, order.order_date)
            for item in sorted(items[row["order_id"]], key=lambda item: item["order_item_id"])
        ]
        order.lines, order.other_lines = _sold(landed, items[row["order_id"]])
        order.is_without_goods = order.is_valid and bool(landed) and not order.lines
        order.is_valid = order.is_valid and not order.is_without_goods
        order.other_charges_amount = (
            total(line.value for line in order.other_lines)
            + product(row["fees_amount"] or ZERO, rate)
            + product(row["tip_amount"] or ZERO, rate)
        )
        order.shipping_discount_amount = product(row["shipping_discount_amount"] or ZERO, rate)
        order.shipping_amount = max(
            product(row["shipping_amount"] or ZERO, rate) - order.shipping_discount_amount, ZERO
        )
        order.tax_amount = product(row["tax_amount"] or ZERO, rate)
        order.has_tax_in_prices = bool(row["prices_include_tax"])
        landed_discount = (row["discount_amount"] or ZERO) + discounts[row["order_id"]]
        discount = product(landed_discount, rate)
        if not staged["order_items"] and row["total_amount"] is not None:
            apart = order.charged_beside
            order.charged_amount = max(product(row["total_amount"], rate) - apart, ZERO)
            order.charged_discount_amount = discount
        else:
            spread_order_discount(order, discount)
        order.landed = _landed(row, items[row["order_id"]], order, landed_discount, bool(staged["order_items"]))
        if order.has_tax_in_prices:
            take_out_tax(order)
        orders.append(order)
    return orders


def _landed(row: Row, items: Iterable[Row], order: Order, discount: Decimal, has_lines: bool) -> Landed:
    """The charge of an order in its own currency."""
    sold = {name for line in order.lines for name in _ids(line)}
    shipped = {line.order_item_id for line in order.other_lines if line.line_type == "shipping"}
    goods, others, shipping_lines = Fraction(0), Fraction(0), Fraction(0)
    for item in items:
        value = Fraction(item["quantity"]) * Fraction(item["unit_price"]) - Fraction(item["discount_amount"] or 0)
        if item["order_item_id"] in sold:
            goods += max(value, Fraction(0))
        else:
            others += max(value, Fraction(0))
            shipping_lines += max(value, Fraction(0)) if item["order_item_id"] in shipped else 0
    shipping = max(Fraction(row["shipping_amount"] or 0) - Fraction(row["shipping_discount_amount"] or 0), Fraction(0))
    tax = Fraction(row["tax_amount"] or 0)
    apart = others + shipping + sum(Fraction(row[name] or 0) for name in ("fees_amount", "tip_amount"))
    apart += 0 if order.has_tax_in_prices else tax
    priced = goods - Fraction(discount) if has_lines else Fraction(row["total_amount"] or 0) - apart
    priced = max(priced, Fraction(0))
    inside = tax_of_goods(tax, priced, shipping + shipping_lines) if order.has_tax_in_prices else Fraction(0)
    delivery = shipping + shipping_lines
    if order.has_tax_in_prices and priced + delivery:
        delivery *= 1 - min(tax / (priced + delivery), Fraction(1))
    return Landed(row["currency"], priced - inside, delivery, priced, priced + apart, row["total_amount"])


def order_visitors(orders: Iterable[Row], sessions: Iterable[Row], events: Iterable[Row]) -> dict[str, str]:
    """Visitor by order.

    The order's own, else that of its session row, else of the first event with the order's id, else of the first event
    of its session. Simultaneous events are sorted by id.
    """
    by_session = {row["session_id"]: row["visitor_id"] for row in sessions}
    naming: dict[str, str] = {}
    first_seen: dict[str, str] = {}
    for event in sorted(events, key=lambda event: (event["occurred_at"], event["event_id"])):
        if event["order_id"] is not None:
            naming.setdefault(event["order_id"], event["visitor_id"])
        if event["session_id"] is not None:
            first_seen.setdefault(event["session_id"], event["visitor_id"])
    found = {}
    for row in orders:
        visitor_id = (
            row["visitor_id"]
            or by_session.get(row["session_id"])
            or naming.get(row["order_id"])
            or first_seen.get(row["session_id"])
        )
        if visitor_id:
            found[row["order_id"]] = visitor_id
    return found


def order_customer(account: str | None, visitor_id: str | None, ordered_at: datetime, identities: Identities) -> str:
    """The canonical customer. For a guest: the visitor's customer, else `visitor:<id>`, else `unknown`."""
    if account is not None:
        return identities.customer(account) or account
    if visitor_id is None:
        return UNKNOWN
    return identities.of_visitor(visitor_id, ordered_at) or VISITOR_PREFIX + visitor_id


def _line(item: Row, rate: Decimal, product_row: Row | None, rates: Rates, day: date) -> Line:
    """A line in the reporting currency.

    Its gross value is the list price (in the product's currency) or, if that is unknown or lower, the unit price. Its
    own discount is capped at its value.
    """
    gross = product(item["quantity"], item["unit_price"], rate)
    list_amount = gross
    if product_row and product_row["list_price"] is not None:
        list_rate = rates.on(product_row["currency"], day)
        if list_rate is not None:
            list_amount = max(gross, product(item["quantity"], product_row["list_price"], list_rate))
    return Line(
        order_item_id=item["order_item_id"],
        product_id=item["product_id"],
        quantity=item["quantity"],
        gross_amount=gross,
        list_amount=list_amount,
        item_discount_amount=min(gross, product(item["discount_amount"] or ZERO, rate)),
        line_type=line_type(item, product_row),
    )


def _sold(landed: list[Line], items: list[Row]) -> tuple[list[Line], list[Line]]:
    """The lines of goods that are sold, each with its parts' amounts, and the lines of something else.

    A part without a price is in the list price of its bundle.
    """
    by_id = {line.order_item_id: line for line in landed}
    above = parents(items, {one: line.line_type for one, line in by_id.items()})
    for one in above:
        by_id[root(one, above)].parts.append(by_id[one])
    for bundle in landed:
        family = [bundle, *bundle.parts]
        bundle.lowest = [part for part in bundle.parts if part.order_item_id not in above.values()]
        if bundle.parts:
            priced = total(line.list_amount for line in family if line.gross_amount)
            bundle.list_amount = max(bundle.list_amount, priced)
            bundle.item_discount_amount = total(line.item_discount_amount for line in family)
            bundle.gross_amount = total(line.gross_amount for line in family)
    goods = [line for line in landed if line.line_type == GOODS and line.order_item_id not in above]
    return goods, [line for line in landed if line.line_type != GOODS]


def spread_order_discount(order: Order, discount: Decimal) -> None:
    """Split an order's discount over the positive values of its lines, capped at their sum; keep the rest apart."""
    values = {line.order_item_id: line.value for line in order.lines}
    applied = min(discount, total(value for value in values.values() if value > 0))
    shares = spread(applied, values)
    for line in order.lines:
        line.order_discount_amount = shares.get(line.order_item_id, ZERO)
    order.unapplied_discount_amount = discount - applied


def known_refunds(staged: Mapping[str, list[Row]], verdicts: Mapping[str, Verdict]) -> list[Row]:
    """Every staged refund with the order and product of its line, and the refunds of whole orders that only the verdict
    on the order tells of.
    """
    lines = {row["order_item_id"]: row for row in staged["order_items"]}
    found: list[Row] = []
    for row in staged["refunds"]:
        line = lines.get(row["order_item_id"])
        order_id = row["order_id"] or (line["order_id"] if line else None)
        own = line["product_id"] if line and line["order_id"] == order_id else None
        product_id = own or row["product_id"]
        found.append({**row, "order_id": order_id, "product_id": product_id, "is_refund_implied": False})
    for order in staged["orders"]:
        refunded_at = verdicts[order["order_id"]].refunded_at
        if refunded_at is None:
            continue
        amount = order["total_amount"]
        if amount is None:
            of_lines = sum(
                row["quantity"] * row["unit_price"] - (row["discount_amount"] or 0)
                for row in staged["order_items"]
                if row["order_id"] == order["order_id"]
            )
            shipping = (order["shipping_amount"] or ZERO) - (order["shipping_discount_amount"] or ZERO)
            extra = max(shipping, ZERO) + (order["fees_amount"] or ZERO) + (order["tip_amount"] or ZERO)
            extra += ZERO if order["prices_include_tax"] else order["tax_amount"] or ZERO
            amount = max(of_lines - (order["discount_amount"] or ZERO) + extra, ZERO)
        found.append(
            {
                **dict.fromkeys(staged["refunds"][0] if staged["refunds"] else _REFUND_COLUMNS),
                "refund_id": f"implied:{order['order_id']}",
                "order_id": order["order_id"],
                "currency": order["currency"],
                "amount": amount,
                "is_refund_implied": True,
                "refunded_at": refunded_at,
            }
        )
    return found


def refund_facts(
    refunds: Iterable[Row],
    orders: Iterable[Order],
    settings: Settings,
    rates: Rates,
    identities: Identities,
    products: Collection[Row],
) -> list[Refund]:
    """Every staged refund. Its goods amount at the order's rate is added to the order and its lines.

    Refunds of an order are taken in order of time, then id.
    """
    kinds = {row["product_id"]: row["product_kind"] for row in products}
    by_id = {order.order_id: order for order in orders}
    given_back: dict[str, GivenBack] = defaultdict(GivenBack)
    facts = []
    for row in sorted(refunds, key=lambda row: (row["refunded_at"], row["refund_id"])):
        day = settings.local_date(row["refunded_at"])
        rate = rates.on(row["currency"], day) or Decimal(1)
        booked, booked_named = product(row["amount"], rate), _known_goods(row, rate)
        booked_goods = booked if booked_named is None else booked_named
        order = by_id.get(row["order_id"])
        kind: str | None = None
        if order is None and row["product_id"] in kinds:
            kind = "gift_card" if kinds[row["product_id"]] == "gift_card" else GOODS
            booked_goods = booked_goods if kind == GOODS else ZERO
        goods_restated = other_restated = None
        if order:
            order_rate = rates.on(row["currency"], order.order_date) or rate
            restated, named = product(row["amount"], order_rate), _known_goods(row, order_rate)
            kind = named_kind(row, order)
            given_back[order.order_id].take_landed(row, order, kind)
            net = without_tax(named, order) if named is not None and holds_tax(row) else named
            if net is not None and order.landed and shipping_holds_tax(row, order.landed):
                shipped = product(row["shipping_amount"], order_rate)
                net += shipped - without_tax(shipped, order)
            goods_restated = given_back[order.order_id].take(restated, net, order, kind)
            other_restated = max(restated - goods_restated, ZERO)
            expected = restated if named is None else named
            if kind != GOODS and kind is not None:
                booked_goods = ZERO
            elif goods_restated != expected:
                booked_goods = half_up(booked_goods * goods_restated, expected)
            order.goods_refund_amount += goods_restated
            order.other_refund_amount += other_restated
            _refund_lines(row, order, goods_restated)
        facts.append(
            Refund(
                refund_id=row["refund_id"],
                order_id=row["order_id"],
                product_id=row["product_id"],
                customer_id=order.customer_id if order else identities.customer(row["customer_id"]) or UNKNOWN,
                refund_date=day,
                goods_amount=booked_goods,
                other_amount=max(booked - booked_goods, ZERO),
                goods_amount_at_order_rate=goods_restated,
                other_amount_at_order_rate=other_restated,
                line_type=kind,
            )
        )
    return sorted(facts, key=lambda refund: refund.refund_id)


def _known_other(row: Row) -> Decimal | None:
    """Shipping and tax of a refund; None where neither is landed."""
    if row["shipping_amount"] is None and row["tax_amount"] is None:
        return None
    return (row["shipping_amount"] or ZERO) + (row["tax_amount"] or ZERO)


def _known_goods(row: Row, rate: Decimal) -> Decimal | None:
    """Goods of a refund at a rate: as landed, else the amount without its other parts; None where these are unknown."""
    if row["goods_amount"] is not None:
        return product(row["goods_amount"], rate)
    other = _known_other(row)
    return None if other is None else product(row["amount"], rate) - product(other, rate)


@dataclass
class GivenBack:
    """What an order has given back so far, at its rate: refunds without parts (of named goods, of the order), goods of
    the others, goods of all. In the order's own currency: all of it, and the goods.
    """

    unsplit_goods: Decimal = ZERO
    unsplit: Decimal = ZERO
    named: Decimal = ZERO
    goods: Decimal = ZERO
    landed: Fraction = Fraction(0)
    landed_goods: Fraction = Fraction(0)
    is_implied: bool = False

    def take(self, amount: Decimal, named: Decimal | None, order: Order, kind: str | None) -> Decimal:
        """Goods of the next refund: as named, else in the order's own proportion; at most what the order has left, and
        all of that once the order has been refunded in full.

        `kind` is what the named line sells, None where the refund names none: then the order's other charges share
        in it.
        """
        charged = order.net_revenue + order.charged_beside - order.other_charges_amount
        if kind == GOODS:
            self.unsplit_goods += amount if named is None else ZERO
            self.named += named or ZERO
        elif kind is None:
            self.unsplit += amount if named is None else ZERO
            goods_and_others = order.net_revenue + order.other_charges_amount
            self.named += (
                half_up((named or ZERO) * order.net_revenue, goods_and_others)
                if (order.other_charges_amount)
                else named or ZERO
            )
        proportional = half_up(self.unsplit_goods * order.net_revenue, charged) + half_up(
            self.unsplit * order.net_revenue, charged + order.other_charges_amount
        )
        before, self.goods = self.goods, min(self.named + proportional, order.net_revenue)
        if self._is_full(order):
            self.goods = order.net_revenue
        return self.goods - before

    def take_landed(self, row: Row, order: Order, kind: str | None) -> None:
        """Add a refund in the order's own currency."""
        self.is_implied = self.is_implied or row["is_refund_implied"]
        landed = order.landed
        if landed is None or row["currency"] != landed.currency:
            return
        amount, other = Fraction(row["amount"]), _known_other(row)
        self.landed += amount
        if kind not in {None, GOODS}:
            return
        known = (
            row["goods_amount"] if row["goods_amount"] is not None else None if other is None else row["amount"] - other
        )
        if known is not None and holds_tax(row) and landed.priced:
            known = Fraction(known) * landed.goods / landed.priced
        if known is not None and shipping_holds_tax(row, landed):
            known += Fraction(row["shipping_amount"]) * (1 - landed.goods / landed.priced)
        if known is None:
            self.landed_goods += amount * landed.goods / landed.charged if landed.charged else 0
        elif kind == GOODS or not order.other_charges_amount:
            self.landed_goods += Fraction(known)

    def _is_full(self, order: Order) -> bool:
        landed = order.landed
        if self.is_implied:
            return True
        if landed is None or not landed.charged:
            return False
        if landed.total and self.landed >= landed.total:
            return True
        return self.landed_goods >= max(landed.goods - Fraction(5, 1000), Fraction(1, 1000))


def named_kind(row: Row, order: Order) -> str | None:
    """What the line that a refund names sells, else the lines of its product; None where it names none of the order."""
    landed = [*order.lines, *(part for line in order.lines for part in line.parts), *order.other_lines]
    for line in landed:
        if line.order_item_id == row["order_item_id"]:
            return line.line_type
    kinds = {line.line_type for line in landed if line.product_id and line.product_id == row["product_id"]}
    return GOODS if GOODS in kinds else min(kinds, default=None)


def refunded_lines(row: Row, order: Order) -> list[Line]:
    """The goods that a refund concerns: the named line, else those of its product, else all. A part stands for its
    bundle; a refund of something else has none.
    """
    by_line = [line for line in order.lines if row["order_item_id"] in _ids(line)]
    kind = named_kind(row, order)
    if by_line or kind not in {None, GOODS}:
        return by_line
    sold = [line for line in order.lines if line.product_id is not None and line.product_id == row["product_id"]]
    within = [line for line in order.lines if any(part.product_id == row["product_id"] for part in line.parts)]
    return order.lines if kind is None else sold or within


def _ids(line: Line) -> set[str]:
    return {line.order_item_id, *(part.order_item_id for part in line.parts)}


def _refund_lines(row: Row, order: Order, goods: Decimal) -> None:
    """Add a refund's goods to its lines in proportion to line value; evenly if no line has a positive value."""
    candidates = refunded_lines(row, order)
    shares = spread(goods, {line.order_item_id: line.value for line in candidates})
    shares = shares or spread(goods, {line.order_item_id: CENT for line in candidates})
    for line in candidates:
        line.goods_refund_amount += shares.get(line.order_item_id, ZERO)
