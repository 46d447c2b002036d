"""Generated orders: discounts, currencies, refunds, payments, versions and faults."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from generated import AS_OF, END, FIRST, Cases

_CURRENCIES = ["CNY", None, "USD", "usd", "JPY", "KWD"]
_STATUSES = ["placed", "paid", "Shipped", "COMPLETED", "cancelled", "canceled", "failed", "refunded", None]


def add_rates(cases: Cases) -> None:
    """Rates on irregular days. KWD starts late, XYZ has none."""
    day = FIRST.date() - timedelta(days=40)
    while day <= AS_OF + timedelta(days=5):
        for currency, middle in (("USD", 7.2), ("JPY", 0.048), ("KWD", 23.4)):
            if currency != "KWD" or day.isoformat() >= "2024-09-01":
                rate = Decimal(str(round(middle * cases.chance.uniform(0.9, 1.1), 6)))
                cases.add("exchange_rates", rate_date=day.isoformat(), currency=currency, rate=rate)
        day += timedelta(days=cases.chance.randint(1, 9))


def add_products(cases: Cases) -> list[str]:
    """Products with and without list price, some in a foreign currency; `p-unknown` is not in products."""
    chance = cases.chance
    products = [f"p{place:03d}" for place in range(60)]
    for product in products:
        price = None if chance.random() < 0.2 else cases.money(1, 400)
        currency = chance.choice(["CNY", None, "USD", "KWD"])
        cases.add("products", product_id=product, list_price=price, unit_cost=cases.money(1, 90), currency=currency)
    return [*products, "p-unknown"]


def add_order(cases: Cases, prefix: str, **given: object) -> tuple[str, datetime]:
    """Add a paid order. Returns its id and time."""
    order_id, ordered_at = f"{prefix}-o", cases.moment()
    values: dict[str, object] = {
        "order_id": order_id, "customer_id": f"{prefix}-c", "ordered_at": ordered_at,
        "paid_at": ordered_at + timedelta(minutes=1), "status": "paid", "currency": "CNY", "discount_amount": "0",
    }  # fmt: skip
    values.update(given)
    cases.add("orders", **values)
    moment = values["ordered_at"]
    assert isinstance(moment, datetime)
    return order_id, moment


def add_lines(cases: Cases, prefix: str, order_id: str, products: list[str], lines: int) -> Decimal:
    """Add lines with equal values, zero prices and quantities, and discounts up to above the line. Returns the sum of
    values.
    """
    chance = cases.chance
    even = cases.money(1, 50) if chance.random() < 0.3 else None
    value = Decimal(0)
    numbers = chance.sample(range(1, 120), lines)
    for number in numbers:
        quantity = chance.choices([Decimal(1), Decimal(2), Decimal(7), Decimal("0.5"), Decimal(0)], [60, 15, 10, 8, 7])[
            0
        ]
        price = even or (Decimal(0) if chance.random() < 0.08 else cases.money())
        gross = quantity * price
        discount = chance.choices([None, Decimal(0), round(gross / 3, 2), gross, gross + 1], [40, 30, 20, 6, 4])[0]
        value += max(gross - (discount or 0), Decimal(0))
        cases.add(
            "order_items", order_item_id=f"{prefix}-i{number}", order_id=order_id,
            product_id=chance.choice(products), quantity=quantity, unit_price=price, discount_amount=discount,
            unit_cost=chance.choice([None, Decimal("3.5")]),
        )  # fmt: skip
    return value


def add_discounts(cases: Cases, products: list[str], count: int) -> None:
    """Orders whose discount is split: small, odd cents, the total, above the total, on nothing."""
    for _ in range(count):
        prefix, chance = cases.begin("d"), cases.chance
        currency = chance.choice(_CURRENCIES)
        lines_first = Cases(chance.randint(0, 10**9))
        value = add_lines(lines_first, prefix, f"{prefix}-o", products, chance.choice([0, 1, 1, 2, 3, 3, 5, 7]))
        discount = chance.choice(
            [Decimal("0.01"), Decimal("0.02"), cases.money(0.01, 20), value, value + 5, round(value / 7, 2), None]
        )
        ordered_at = cases.moment()
        add_order(cases, prefix, currency=currency, discount_amount=discount, ordered_at=ordered_at)
        cases.tables["order_items"] += lines_first.tables["order_items"]


def add_refunds(cases: Cases, products: list[str], count: int) -> None:
    """Orders with refunds: of lines, of products, of everything, before the order, above it, in another currency,
    credit notes.
    """
    for _ in range(count):
        prefix, chance = cases.begin("r"), cases.chance
        currency = chance.choice(["CNY", "CNY", "USD", "JPY"])
        valid = chance.random() < 0.85
        order_id, ordered_at = add_order(
            cases, prefix, currency=currency, discount_amount=chance.choice([None, "3.33"]),
            ordered_at=cases.moment(FIRST + timedelta(days=30)), status="paid" if valid else "cancelled",
        )  # fmt: skip
        lines = chance.randint(1, 4)
        value = add_lines(cases, prefix, order_id, products, lines)
        own = cases.tables["order_items"][-lines:]
        for number in range(chance.choice([1, 1, 2, 3])):
            line = chance.choice(own)
            kind = chance.choice(["line", "product", "order", "note", "stranger", "orphan"])
            amount = chance.choice([round(value / 2, 2), value, value + 50, cases.money(0.01, 30), Decimal(0)])
            shipping = chance.choice([None, Decimal(0), round(amount / 5, 2)])
            tax = chance.choice([None, round(amount / 9, 3), amount])
            refunded_at = chance.choice(
                [ordered_at + timedelta(days=chance.randint(0, 120)), ordered_at - timedelta(days=2), cases.moment()]
            )
            cases.add(
                "refunds", refund_id=f"{prefix}-r{number}",
                order_id=None if kind == "note" else "no-such-order" if kind == "orphan" else order_id,
                customer_id=chance.choice([None, f"{prefix}-c", f"{prefix}-other"]),
                order_item_id={"line": line["order_item_id"], "stranger": "no-such-line"}.get(kind),
                product_id=line["product_id"] if kind == "product" else None,
                quantity=chance.choice([None, 1, 2]), amount=amount, shipping_amount=shipping, tax_amount=tax,
                currency=chance.choice([currency, "CNY", "KWD"]), is_return=chance.random() < 0.7,
                refunded_at=refunded_at,
            )  # fmt: skip


def add_payments(cases: Cases, products: list[str], count: int) -> None:
    """All combinations of status, paid_at, payments and test flag."""
    for _ in range(count):
        prefix, chance = cases.begin("y"), cases.chance
        status, ordered_at = chance.choice(_STATUSES), cases.moment()
        paid_at = chance.choice([None, ordered_at, ordered_at + timedelta(days=3), END + timedelta(days=1)])
        order_id, _moment = add_order(
            cases, prefix, status=status, ordered_at=ordered_at, paid_at=paid_at,
            is_test=chance.choice([None, False, False, True, "yes", "N"]),
        )  # fmt: skip
        add_lines(cases, prefix, order_id, products, chance.randint(1, 2))
        for number in range(chance.choice([0, 0, 1, 2])):
            cases.add(
                "payments", payment_id=f"{prefix}-p{number}", order_id=order_id, payment_method="Bank Instalment",
                attempted_at=ordered_at + timedelta(minutes=chance.choice([-1, 0, 5, 90_000])), amount="5",
                status=chance.choice(["succeeded", "failed", "pending", "refunded", "captured", None]),
                currency=chance.choice(["CNY", "USD"]),
            )  # fmt: skip


def add_dirt(cases: Cases, count: int) -> None:
    """Rows with values that do not cast, out of range, orphaned, duplicated, in several versions."""
    numbers = ["1", " 2 ", "\u00a03", "1e2", "-4", "+5", "NaN", "Inf", "1e308", "abc", "1,5", ".5", "7.", "0", None]
    moments = [
        "2024-03-10", "20240310", "2024-03-10T10:00", "2024-02-30T00:00:00Z", "1970-01-01T00:00:00Z", "0",
        "2024-03-10 10:00:00.123456", "2024-03-10T10:00:00+0530", "yesterday", "", "2031-01-01T00:00:00Z",
        "2025-07-01T00:00:00+08:00", "2025-06-30T23:59:59+08:00", "1710064800", "1710064800000", "-1",
        "99999999999999999999",
    ]  # fmt: skip
    for _ in range(count):
        prefix, chance = cases.begin("x"), cases.chance
        order_id = chance.choice([f"{prefix}-o", f" {prefix}-o\u3000", f"{prefix}-O"])
        for version in range(chance.choice([1, 1, 2, 3])):
            cases.tables["orders"].append(
                {
                    "order_id": chance.choice([order_id, order_id, order_id, "null", ""]),
                    "customer_id": chance.choice(["0", "undefined", f"{prefix}-c", None]),
                    "ordered_at": chance.choice([*moments, *["2024-05-05T05:05:05Z"] * 8]),
                    "paid_at": chance.choice([*moments, *["2024-05-06T05:05:05Z"] * 8]),
                    "status": chance.choice(["paid", "Paid ", "PAID", "nonsense", None]),
                    "sales_channel": chance.choice(["web", "WEB", "小程序", "moon", None]),
                    "currency": chance.choice(["CNY", "cny ", "XYZ", None, "KWD"]),
                    "discount_amount": chance.choice(numbers),
                    "is_test": chance.choice(["no", "0.0", "maybe", None]),
                    "points_redeemed": chance.choice(["3", "3.0", "3.5", None]),
                    "updated_at": chance.choice([None, f"2024-06-0{version + 1}", "2024-06-01T00:00:00Z", "never"]),
                }
            )
            if chance.random() < 0.2:
                cases.tables["orders"].append(dict(cases.tables["orders"][-1]))
        for number in range(chance.randint(0, 3)):
            cases.tables["order_items"].append(
                {
                    "order_item_id": f"{prefix}-i{chance.choice([number, 0])}",
                    "order_id": chance.choice([order_id, order_id, f"{prefix}-lost", None]),
                    "product_id": chance.choice(["p001", "(not set)", " p002", "007"]),
                    "quantity": chance.choice(numbers),
                    "unit_price": chance.choice([*numbers, "2.50", "2.50"]),
                    "discount_amount": chance.choice([None, "0", *numbers]),
                    "updated_at": chance.choice([None, "2024-06-01", "2024-06-02"]),
                }
            )
