"""Gift cards and store credit: what was sold, taken back, redeemed and credited by month, and what is outstanding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from shopper.crosscheck.oracle.money import ZERO, product, total
from shopper.crosscheck.oracle.orders import Line
from shopper.crosscheck.oracle.settings import Row, month_of
from shopper.crosscheck.oracle.shop import Shop


@dataclass
class Month:
    """Amounts of a month in the reporting currency."""

    sold: Decimal = ZERO
    refunded: Decimal = ZERO
    redeemed: Decimal = ZERO
    credited: Decimal = ZERO


def _part(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    if not whole:
        return ZERO
    cents = Fraction(amount) * Fraction(part) / Fraction(whole) * 100
    return Decimal(int((cents + Fraction(1, 2)) // 1)).scaleb(-2).quantize(ZERO, ROUND_HALF_UP)


def gift_card_months(shop: Shop, methods: Collection[str]) -> dict[date, Month]:
    """The months in which something moved. `methods` pay with stored value."""
    settings, rates = shop.staged.settings, shop.staged.rates
    found: dict[date, Month] = defaultdict(Month)
    totals = {row["order_id"]: row for row in shop.staged.rows["orders"]}
    refunds = {refund.refund_id: refund for refund in shop.refunds}
    payments: dict[str, list[Row]] = defaultdict(list)
    for row in shop.staged.rows["payments"]:
        if row["status"] in {"succeeded", "refunded"}:
            payments[row["order_id"]].append(row)
    by_order: dict[str, list[Row]] = defaultdict(list)
    for row in shop.staged.rows["refunds"]:
        by_order[row["order_id"]].append(row)
    for order in (order for order in shop.orders if order.is_valid or order.is_without_goods):
        cards = [line for line in order.other_lines if line.line_type == "gift_card"]
        for card in cards:
            found[month_of(order.order_date)].sold += card.gross_amount
        made = [
            (row, settings.local_date(row["attempted_at"]), row["payment_method"] in methods)
            for row in payments[order.order_id]
        ]
        amounts = [product(row["amount"] or ZERO, rates.on(row["currency"], day) or Decimal(1)) for row, day, _ in made]
        firm = total(amount for (row, *_), amount in zip(made, amounts, strict=True) if row["status"] == "succeeded")
        landed = totals[order.order_id]
        charge = landed["total_amount"]
        if charge is not None:
            charge = product(charge, rates.on(landed["currency"], order.order_date) or Decimal(1))
        credits = [
            stored and row["status"] == "refunded" and charge is not None and firm >= charge for row, _, stored in made
        ]
        paid, by_value = ZERO, ZERO
        for (_, day, stored), amount, is_credit in zip(made, amounts, credits, strict=True):
            paid += ZERO if is_credit else amount
            if stored and is_credit:
                found[month_of(day)].credited += amount
            elif stored:
                by_value += amount
                found[month_of(day)].redeemed += amount
        for row in by_order[order.order_id]:
            refund = refunds[row["refund_id"]]
            month = found[month_of(refund.refund_date)]
            amount = refund.goods_amount + refund.other_amount
            has_stored = any(stored for *_, stored in made)
            month.credited += _part(amount, by_value, paid) if has_stored and not any(credits) else ZERO
            month.refunded += _cards_back(refund.line_type, amount, refund.other_amount, cards, order.charged_beside)
    return {month: moved for month, moved in found.items() if moved != Month()}


def _cards_back(kind: str | None, amount: Decimal, other: Decimal, cards: list[Line], beside: Decimal) -> Decimal:
    """What a refund gives back of an order's cards."""
    if not cards or kind not in {None, "gift_card"}:
        return ZERO
    return amount if kind else _part(other, total(card.value for card in cards), beside)
